using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>A marketplace searches its own hosts, and an authority any shop.</summary>
public sealed class OwnHostsTests
{
    private static readonly OperatorSettings Market = new("Market", "Street 1", "A. Person", "contact@market.example", null, null, null, null, "en", null, OperatorRole.Marketplace);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Hosts_are_read_as_people_type_them()
    {
        (IReadOnlyList<string> hosts, IReadOnlyList<string> wrong) = OwnHosts.Read("https://www.Market.example/shop, market.example\nmarket.kr:8443; http://");
        Assert.Equal(["market.example", "market.kr:8443"], hosts);
        Assert.Equal(["http://"], wrong);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_marketplace_is_refused_foreign_hosts_and_the_web(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var context = new VerbContext(db, "anna", new ManualClock());
        long before = (await CreateAsync(context, "https://other.example/")).Value!.SearchId;
        await new CancelRun(await db.SearchRuns.Select(x => x.Id).SingleAsync(Stop)).RunAsync(context, Stop);
        Assert.Contains("names its own hosts", (await Operators.SetAsync(context, Market, null, Stop)).Detail, StringComparison.Ordinal);
        Assert.True((await Operators.SetAsync(context, Market with { Hosts = "market.example" }, null, Stop)).Done);

        VerbOutcome<SearchRunRow> foreign = await CreateAsync(context, "https://market.example/", "https://notmarket.example/");
        Assert.Equal(Refusal.Invalid, foreign.Refusal);
        Assert.StartsWith("“notmarket.example” is none of the marketplace's own hosts", foreign.Detail, StringComparison.Ordinal);
        VerbOutcome<SearchRunRow> own = await CreateAsync(context, "https://www.market.example/", "https://seller.market.example/");
        Assert.True(own.Done, own.Detail);
        var wish = new SearchWish(null, ["https://market.example.evil.example/"], null, 10, null);
        Assert.Equal(Refusal.Invalid, (await new EditSearch(own.Value!.SearchId, wish, null).RunAsync(context, Stop)).Refusal);
        // A search that was made before the operator was said runs no further.
        Assert.Equal(Refusal.Conflict, (await new QueueRun(before).RunAsync(context, Stop)).Refusal);
        Assert.Contains("no shops on the web", (await new FindShops(null, ["DK"], ["da: dukke"]).RunAsync(context, Stop)).Detail, StringComparison.Ordinal);

        Assert.True((await Operators.SetAsync(context, Market with { Role = OperatorRole.Authority }, null, Stop)).Done);
        Assert.True((await new QueueRun(before).RunAsync(context, Stop)).Done);
    }

    private static Task<VerbOutcome<SearchRunRow>> CreateAsync(VerbContext context, params string[] shops) => CreateSearch.RunAsync(context, new CreateSearch.Request(null, shops, null, null, null), Stop);
}

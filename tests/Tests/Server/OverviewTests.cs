using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Installation;
using Touchstone.Server.Console.Overview;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ConsoleSet.Name)]
public sealed class OverviewTests(ServerFixture server)
{
    private static readonly OverviewReport Quiet = new(0, [], new Dictionary<long, string?>(), [], [], [], 0, 0, [new DayCount(new DateOnly(2026, 1, 1), 0, 0)], 0, 0, 0, [], false);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_that_read_no_page_and_a_register_that_is_empty_are_said()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        foreach ((string name, RunState state, int pages) in ((string, RunState, int)[])[("Reads nothing", RunState.Finished, 0), ("Breaks", RunState.Failed, 3), ("Reads well", RunState.Finished, 3)])
        {
            var search = new SearchRow { Name = name, ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now };
            search.Runs.Add(new SearchRunRow { State = state, QueuedAt = now, Pages = pages, Listings = pages });
            db.Searches.Add(search);
        }
        db.Registers.Add(new RegisterRow { Name = "empty-one", Format = "csv", CreatedAt = now, ImportedAt = now });
        await db.SaveChangesAsync(Stop);
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/", UriKind.Relative), Stop));
        Assert.Contains("The search “Reads nothing” read no page", html, StringComparison.Ordinal);
        Assert.Contains("The search “Breaks” failed.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("The search “Reads well”", html, StringComparison.Ordinal);
        Assert.Contains("The register “empty-one” holds nothing", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Every hit is decided.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_warning_leads_somewhere_and_the_worst_comes_first()
    {
        Assert.Empty(OverviewWarnings.Of(Quiet));
        var run = new SearchRunRow { SearchId = 7, State = RunState.Failed, Search = new SearchRow { Name = "Lamps", ShopUrls = "", CreatedBy = "test" } };
        IReadOnlyList<Warning> all = OverviewWarnings.WorstFirst(OverviewWarnings.Of(Quiet with { DeadMessages = 1, MessagesLate = 2, Troubled = [run], StaleRegisters = [new StaleRegister(3, "old", null, false)] }));
        Assert.All(all, x => Assert.StartsWith("/", x.Href, StringComparison.Ordinal));
        Assert.Equal(["danger", "danger", "warn", "warn"], all.Select(x => x.Tone));
    }
}

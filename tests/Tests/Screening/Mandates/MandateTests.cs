using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening;
using Touchstone.Screening.Mandates;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Screening.Mandates;

/// <summary>Mandates that people record: they open a shop that its robots rules close, and each fetch says so.</summary>
public sealed class MandateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recorded_mandate_opens_the_shop_names_itself_at_each_fetch_and_ends()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        site.Text("/robots.txt", "User-agent: *\nDisallow: /").Html("/", CrawlHarness.Product("Duck")).Bytes("/i/Duck.jpg", Drawn.EditedCopy(Drawn.Package(1)), "image/jpeg");
        await using TestCore core = await TestCore.StartAsync(null, crawling => crawling.Politeness.MinInterval = TimeSpan.Zero);
        await using TouchstoneDb db = await core.OpenAsync();
        var context = new VerbContext(db, "anna", core.Get<TimeProvider>());
        VerbOutcome<MandateRow> recorded = await new RecordMandate(site.Url("/"), "Regulation (EU) 2019/1020, article 14", context.Clock.GetUtcNow().AddDays(30)).RunAsync(context, Stop);
        Assert.True(recorded.Done, recorded.Detail);
        Assert.Equal((site.Host, "anna"), (recorded.Value!.Host, recorded.Value.Approver));

        VerbOutcome<SearchRunRow> created = await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [site.Url("/")], null, null, null), Stop);
        SearchRunRow? run = await core.Get<SearchRunner>().RunNextAsync("test", created.Value!.Id, null, Stop);
        Assert.Equal(1, run!.Listings);
        ObservationExchangeRow exchange = await db.ObservationExchanges.AsNoTracking().SingleAsync(Stop);
        Assert.Equal($"mandate:{recorded.Value.Key}", exchange.Policy);
        Assert.Equal(exchange.Policy, (await db.RememberedUrls.AsNoTracking().SingleAsync(u => u.Url == site.Url("/"), Stop)).Policy);

        Assert.True((await new EndMandate(recorded.Value.Id, "The shop is closed.").RunAsync(context, Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new EndMandate(recorded.Value.Id, null).RunAsync(context, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new EndMandate(999, null).RunAsync(context, Stop)).Refusal);
        string[] actions = await db.Audit.AsNoTracking().Where(a => a.Subject == $"mandate/{recorded.Value.Id}").OrderBy(a => a.Id).Select(a => a.Action).ToArrayAsync(Stop);
        Assert.Equal(["mandate.recorded", "mandate.ended"], actions);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_log_says_the_end_in_the_time_that_it_names_and_a_NUL_is_refused(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var context = new VerbContext(db, "anna", clock);
        DateTimeOffset until = clock.GetUtcNow().AddDays(2);
        MandateRow row = (await new RecordMandate("shop.example", "law", until.ToOffset(TimeSpan.FromHours(9))).RunAsync(context, Stop)).Value!;
        Assert.Contains($"until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC", (await db.Audit.AsNoTracking().SingleAsync(a => a.Action == "mandate.recorded", Stop)).Detail, StringComparison.Ordinal);
        // One spelling of a host, as the crawler has it: another would never be met.
        foreach ((string written, string host) in ((string, string)[])[("Shop.Example.", "shop.example"), ("https://shop.example:443/x", "shop.example"), ("b\u00fccher.example:8443", "xn--bcher-kva.example:8443"), ("localhost:80", "localhost:80"), ("[::1]", "[::1]")])
            Assert.Equal(host, (await new RecordMandate(written, "law", until).RunAsync(context, Stop)).Value!.Host);
        Assert.Equal(Refusal.Invalid, (await new RecordMandate("shop.example", "la\0w", until).RunAsync(context, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new EndMandate(row.Id, "\0").RunAsync(context, Stop)).Refusal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_book_knows_what_holds_now_within_seconds_and_the_configuration_first(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var options = new PolitenessOptions();
        using var book = new MandateBook(database, options, clock);
        var context = new VerbContext(db, "anna", clock);
        Assert.Null(await book.FindAsync("shop.example", clock.GetUtcNow(), Stop));
        MandateRow row = (await new RecordMandate("Shop.example", "law", clock.GetUtcNow().AddHours(1)).RunAsync(context, Stop)).Value!;
        clock.Advance(MandateBook.Freshness);
        Assert.Equal(new Mandate("M1", "shop.example", "law", "anna", row.Expires), await book.FindAsync("www.shop.example", clock.GetUtcNow(), Stop));
        Assert.Null(await book.FindAsync("sub.shop.example", clock.GetUtcNow(), Stop));
        Assert.Null(await book.FindAsync("shop.example", row.Expires, Stop));
        options.Mandates.Add(new Mandate("C-1", "shop.example", "order", "J. Doe", row.Expires));
        Assert.Equal("C-1", (await book.FindAsync("shop.example", clock.GetUtcNow(), Stop))?.Id);
        options.Mandates.Clear();
        Assert.True((await new EndMandate(row.Id, null).RunAsync(context, Stop)).Done);
        clock.Advance(MandateBook.Freshness);
        Assert.Null(await book.FindAsync("shop.example", clock.GetUtcNow(), Stop));
    }

    [Theory]
    [InlineData("", "law", 1)]
    [InlineData("no host", "law", 1)]
    [InlineData("nohost", "law", 1)]
    [InlineData("shop.example", " ", 1)]
    [InlineData("shop.example", "law", 0)]
    [InlineData("shop.example", "law", 732)]
    public async Task What_is_no_mandate_is_refused(string host, string basis, int days)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        Assert.Equal(Refusal.Invalid, (await new RecordMandate(host, basis, clock.GetUtcNow().AddDays(days)).RunAsync(new VerbContext(db, "anna", clock), Stop)).Refusal);
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Screening.Finding;

/// <summary>From an alert to its hits by market: words, service, shops, search, hits; with real parts on loopback.</summary>
public sealed class FoundSearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_finds_the_shop_of_its_alert_and_lists_its_hit_for_the_markets_that_the_shop_targets()
    {
        await using LoopbackSite web = await LoopbackSite.StartAsync(), shop = await LoopbackSite.StartAsync(), other = await LoopbackSite.StartAsync();
        await using TestCore core = await TestCore.StartAsync(null, crawling => crawling.Politeness.MinInterval = TimeSpan.Zero);
        long alert = await core.AddReferenceAsync("Face mask", Drawn.EditedCopy(Drawn.Package(1)));
        shop.Bytes("/i/1.jpg", Drawn.EditedCopy(Drawn.Package(1)), "image/jpeg").Html("/", Offer(shop.Url("/i/1.jpg"), "da", "Fri fragt til Danmark"));
        other.Html("/", "<html><body><h1>Nothing here</h1><p>We sell nothing at all, and have nothing to show to anybody.</p></body></html>");
        web.AsSearXng((words, language) => words.StartsWith("ansigtsmaske", StringComparison.Ordinal) && language == "da-DK" ? [(shop.Url("/"), "Masks"), (other.Url("/"), "Nothing"), ("https://third.example/", "Third")] : []);
        await using TouchstoneDb db = await core.OpenAsync();
        var context = new VerbContext(db, "anna", core.Get<TimeProvider>());
        Assert.True((await core.Get<SearchProviders>().SetAsync(context, new ProviderWish(SearchProviderKind.SearXng, web.Url("/"), null, true, 0), Stop)).Done);

        VerbOutcome<SearchRunRow> created = await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [], alert, null, null) { FindMarkets = ["DK"], MostFoundShops = 2 }, Stop);
        Assert.True(created.Done, created.Detail);
        SearchRunRow? run = await core.Get<SearchRunner>().RunNextAsync("test", created.Value!.Id, null, Stop);
        Assert.Equal((RunState.Finished, (string?)null, 1), (run!.State, run.Error, run.Hits));

        // The shop's own search is asked in the market's language.
        Assert.Contains("/soeg?q=ansigtsmaske", shop.Requests);
        Assert.Contains("/soeg?q=face%20mask", shop.Requests);

        SearchRow search = await db.Searches.AsNoTracking().SingleAsync(Stop);
        Assert.Equal($"{shop.Url("/")}\n{other.Url("/")}", search.ShopUrls);
        FoundShopRow[] found = await db.FoundShops.AsNoTracking().OrderBy(s => s.Id).ToArrayAsync(Stop);
        Assert.Equal([(shop.Host, FoundShopState.Accepted, 1), (other.Host, FoundShopState.Accepted, 2), ("third.example", FoundShopState.Proposed, 3)], found.Select(s => (s.Host, s.State, s.Rank)));
        Assert.Equal(("SearXNG", search.Id), (found[0].Provider, found[0].SearchId));

        HitRow hit = await db.Hits.AsNoTracking().Include(h => h.Listing!.Shop).SingleAsync(Stop);
        ShopTargets targets = (await ShopMarkets.OfAsync(db, [hit.Listing!.Shop!.Host], Stop))[shop.Host];
        Assert.Equal(("DK", MarketStanding.Targets), (targets.Markets[0].Country, targets.Markets[0].Standing));
        MarketSignalRow dispatch = targets.Signals.First(s => s.Kind == Touchstone.Crawling.Extraction.Shop.MarketSignalKind.Dispatch);
        Assert.Equal(("DK", shop.Url("/")), (dispatch.Countries, dispatch.PageUrl));
        Assert.Contains("fragt til Danmark", dispatch.Text, StringComparison.Ordinal);
        Assert.Contains(await db.Audit.AsNoTracking().Select(a => a.Action).ToListAsync(Stop), a => a == "finding.decided");

        // Once more: the shops that it has are not found again, and it takes no more than it may.
        Assert.True((await new QueueRun(search.Id).RunAsync(context, Stop)).Done);
        SearchRunRow? again = await core.Get<SearchRunner>().RunNextAsync("test", null, null, Stop);
        Assert.Equal(RunState.Finished, again!.State);
        Assert.Equal(search.ShopUrls, (await db.Searches.AsNoTracking().SingleAsync(Stop)).ShopUrls);
        Assert.Equal(["third.example"], await db.FoundShops.AsNoTracking().Where(s => s.Id > found[2].Id).Select(s => s.Host).ToArrayAsync(Stop));
    }

    [Fact]
    public async Task A_search_that_finds_no_shop_says_so()
    {
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        var context = new VerbContext(db, "anna", core.Get<TimeProvider>());
        Assert.Equal(Refusal.Invalid, (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [], null, null, null) { FindMarkets = ["DK"], MostFoundShops = 2 }, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [], null, null, "mask") { FindMarkets = ["XX"], MostFoundShops = 2 }, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [], null, null, "mask") { FindMarkets = ["DK"] }, Stop)).Refusal);
        VerbOutcome<SearchRunRow> created = await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [], null, null, "mask") { FindMarkets = ["DK"], MostFoundShops = 2 }, Stop);
        SearchRunRow? run = await core.Get<SearchRunner>().RunNextAsync("test", created.Value!.Id, null, Stop);
        Assert.Equal(RunState.Failed, run!.State);
        Assert.Contains("No shop was found", run.Error, StringComparison.Ordinal);
        Assert.Equal("No service is set that searches the web.", (await db.Findings.AsNoTracking().SingleAsync(Stop)).Problems);
    }

    private static string Offer(string picture, string language, string dispatch) => $$$"""
        <html lang="{{{language}}}"><head><title>Package</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Package","image":["{{{picture}}}"],"offers":{"@type":"Offer","price":"9.95","priceCurrency":"DKK"}}</script></head>
        <body><h1>Package</h1><p>9.95 DKK</p><button>Add to cart</button><p>{{{dispatch}}}</p><form action="/soeg"><input type="search" name="q"></form></body></html>
        """;
}

using System.Text;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Tests.Crawling.Fetching;
using Touchstone.Tests.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling;

/// <summary>A shop that was crawled before is asked only for what changed, and is read as if all of it had come.</summary>
public sealed class RevisitTests : IAsyncLifetime
{
    private readonly HeldUrls _memory = new();
    private LoopbackSite _site = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await LoopbackSite.StartAsync();
        _site.Text("/robots.txt", $"User-agent: *\nSitemap: {_site.Url("/map.xml")}")
            .Tagged("/map.xml", $"<urlset><url><loc>{_site.Url("/product/mapped")}</loc></url></urlset>", "\"m\"", "application/xml")
            .Tagged("/", CrawlHarness.List("/product/duck", "/product/bear"), "\"home\"")
            .Tagged("/product/duck", CrawlHarness.Product("Duck"), "W/\"d1\"")
            .Tagged("/product/bear", CrawlHarness.Product("Bear"), "\"b1\"")
            .Tagged("/product/mapped", CrawlHarness.Product("Mapped"), "\"x\"");
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private async Task<(CrawlReport Report, RecordingSink Sink, MemoryFrontierStore Store)> CrawlAsync()
    {
        await using CrawlHarness crawl = new(null, null, _memory, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        return (report, crawl.Sink, crawl.Store);
    }

    [Fact]
    public async Task A_shop_that_did_not_change_sends_no_body_and_gives_the_same_listings()
    {
        (CrawlReport first, RecordingSink before, _) = await CrawlAsync();
        Assert.Equal((4, 0, 3), (first.Progress.Pages, first.Progress.NotModified, first.Progress.Listings));
        _site.Headers.Clear();
        (CrawlReport second, RecordingSink after, MemoryFrontierStore store) = await CrawlAsync();
        Assert.Equal((4, 4, 3), (second.Progress.Pages, second.Progress.NotModified, second.Progress.Listings));
        Assert.Equal(before.Listings, after.Listings);
        Assert.Equal("Done listing:not-modified", store.Fate(_site.Url("/product/mapped")));
        Assert.Equal("Done sitemap:not-modified", store.Fate(_site.Url("/map.xml")));
        Assert.Equal(5, _site.Headers.Count(h => h.ContainsKey("If-None-Match")));
        Assert.All(after.Pages, p => Assert.Equal((304, 304, 0), (p.Fetch.Status, p.Fetch.Exchanges.Single().Status, p.Fetch.Exchanges.Single().Body.Length)));
        CrawledPage duck = after.Pages.Single(p => p.Fetch.Url == _site.Url("/product/duck"));
        Assert.Equal((200, duck.Html), (duck.Fetch.Remembered!.Status, Encoding.UTF8.GetString(duck.Fetch.Remembered.Body.Span)));
        Assert.Equal(_site.Url("/product/duck"), duck.Extraction.Listing!.Url);
    }

    [Fact]
    public async Task A_page_that_changed_is_read_anew_and_the_rest_is_not()
    {
        await CrawlAsync();
        _site.Tagged("/product/duck", CrawlHarness.Product("Swan"), "W/\"d2\"");
        (CrawlReport second, RecordingSink after, _) = await CrawlAsync();
        Assert.Equal((4, 3), (second.Progress.Pages, second.Progress.NotModified));
        Assert.Equal(["Bear", "Mapped", "Swan"], after.Listings);
        (CrawlReport third, RecordingSink last, _) = await CrawlAsync();
        Assert.Equal(4, third.Progress.NotModified);
        Assert.Equal(["Bear", "Mapped", "Swan"], last.Listings);
    }

    [Fact]
    public async Task A_server_that_says_not_modified_without_being_asked_gave_nothing()
    {
        _site.Html("/", CrawlHarness.List("/odd")).Status("/odd", 304);
        (CrawlReport report, _, MemoryFrontierStore store) = await CrawlAsync();
        Assert.Equal("Failed http-304", store.Fate(_site.Url("/odd")));
        Assert.Contains(report.Counts, c => c is { State: FrontierState.Failed });
    }

    [Fact]
    public async Task A_picture_rests_for_a_week_and_no_answer_is_trusted_for_ever()
    {
        ManualClock clock = new();
        OutboundOptions outbound = new();
        outbound.AllowedInternalHosts.Add(_site.Host);
        using OutboundHttp http = new(outbound, clock);
        PolitenessOptions politeness = new() { MinInterval = TimeSpan.Zero };
        HostGate gate = new(politeness, clock);
        PoliteFetcher fetcher = new(http, new RobotsCache(http, gate, politeness, clock), gate, clock, null, _memory);
        _site.Tagged("/i.jpg", "picture", "\"i\"", "image/jpeg").Text("/plain.jpg", "plain", "image/jpeg");
        foreach (string path in (string[])["/i.jpg", "/plain.jpg", "/i.jpg", "/plain.jpg"])
        {
            FetchOutcome picture = await fetcher.FetchPictureAsync(_site.Url(path), null, new Visit(), Token);
            Assert.Equal((null, "image/jpeg"), (picture.Failure, picture.ContentType?.Split(';')[0]));
            Assert.Equal(path == "/i.jpg" ? "picture" : "plain", Encoding.UTF8.GetString(picture.Body.Span));
        }
        Assert.Single(_site.Requests, "/i.jpg");
        Assert.Single(_site.Requests, "/plain.jpg");
        Assert.Equal(200, (await fetcher.FetchAsync(_site.Url("/"), FetchLimits.Page, null, Token)).Status);
        clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(304, (await fetcher.FetchAsync(_site.Url("/"), FetchLimits.Page, null, Token)).Status);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(200, (await fetcher.FetchAsync(_site.Url("/"), FetchLimits.Page, null, Token)).Status);
        FetchOutcome confirmed = await fetcher.FetchPictureAsync(_site.Url("/i.jpg"), null, new Visit(), Token);
        Assert.Equal((304, "picture"), (confirmed.Status, Encoding.UTF8.GetString(confirmed.Body.Span)));
        clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(304, (await fetcher.FetchAsync(_site.Url("/"), FetchLimits.Page, null, Token)).Status);
        Assert.Equal("memory", (await fetcher.FetchPictureAsync(_site.Url("/i.jpg"), null, new Visit(), Token)).Policy);
        clock.Advance(TimeSpan.FromDays(29));
        FetchOutcome whole = await fetcher.FetchPictureAsync(_site.Url("/i.jpg"), null, new Visit(), Token);
        Assert.Equal((200, null), (whole.Status, whole.Remembered));
    }
}

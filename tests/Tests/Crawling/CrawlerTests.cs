using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Tests.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling;

public sealed class CrawlerTests : IAsyncLifetime
{
    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_shop_is_read_whole_and_what_was_left_out_has_its_reason()
    {
        _site.Text("/robots.txt", $"User-agent: *\nDisallow: /secret/\nSitemap: {_site.Url("/maps/s.xml")}")
            .Text("/maps/s.xml", $"<urlset><url><loc>{_site.Url("/hidden")}</loc></url></urlset>", "application/xml")
            .Html("/", CrawlHarness.List("/product/duck", "/product/bear", "/cart", "/secret/1", "/gone", "/manual.pdf", "/report", "https://elsewhere.example/"))
            .Html("/product/duck", CrawlHarness.Product("Duck", "<a href='/product/bear?utm_source=duck'>bear</a>"))
            .Html("/product/bear", CrawlHarness.Product("Bear"))
            .Html("/hidden", CrawlHarness.Product("Hidden"))
            .Bytes("/report", [1, 2, 3], "application/pdf");
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(["Bear", "Duck", "Hidden"], crawl.Sink.Listings);
        Assert.Equal(new CrawlProgress(1, 4, 0, 3, 0, 3, 1, 0, null), report.Progress);
        Assert.Equal("Done page", crawl.Store.Fate(_site.Url("/")));
        Assert.Equal("Done sitemap", crawl.Store.Fate(_site.Url("/maps/s.xml")));
        Assert.Equal("Skipped excluded", crawl.Store.Fate(_site.Url("/cart")));
        Assert.Equal("Skipped robots", crawl.Store.Fate(_site.Url("/secret/1")));
        Assert.Equal("Skipped not-html", crawl.Store.Fate(_site.Url("/report")));
        Assert.Equal("Failed http-404", crawl.Store.Fate(_site.Url("/gone")));
        Assert.Null(crawl.Store.Fate(_site.Url("/manual.pdf")));
        Assert.Equal(_site.Requests.Distinct(), _site.Requests);
        Assert.All(crawl.Sink.Pages, p => Assert.Equal("robots", p.Fetch.Policy));
    }

    [Fact]
    public async Task Each_page_is_a_span_from_its_request_to_its_end_and_says_its_error()
    {
        List<Activity> spans = [];
        string site = _site.Url("/");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CrawlTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("url.full") is string url && url.StartsWith(site, StringComparison.Ordinal)) lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        _site.Html("/", CrawlHarness.List("/product/duck", "/gone")).Html("/product/duck", CrawlHarness.Product("Duck"));
        await using CrawlHarness crawl = new(null, null, _site);
        crawl.Sink.Before = page => page.Fetch.Url.EndsWith("duck", StringComparison.Ordinal) ? Task.Delay(60) : Task.CompletedTask;
        await crawl.RunAsync(CrawlHarness.Request(site));
        Activity Of(string path) => Assert.Single(spans, x => x.OperationName == "page" && (string)x.GetTagItem("url.full")! == _site.Url(path));
        Assert.Equal((ActivityStatusCode.Error, "http-404"), (Of("/gone").Status, Of("/gone").StatusDescription));
        Assert.Equal((ActivityStatusCode.Unset, "Done"), (Of("/product/duck").Status, Of("/product/duck").GetTagItem("touchstone.crawl.state")));
        Assert.True(Of("/product/duck").Duration > TimeSpan.FromMilliseconds(50), "What the page was made to wait for is within its span.");
    }

    [Fact]
    public async Task What_is_found_too_deep_at_first_is_read_where_a_nearer_page_names_it()
    {
        string[] products = [.. Enumerable.Range(0, 12).Select(i => $"/product/{i}")];
        _site.Html("/", CrawlHarness.List("/product/0", "/c/all")).Html("/c/all", CrawlHarness.List(products));
        for (int i = 0; i < products.Length; i++) _site.Html(products[i], CrawlHarness.Product($"Thing {i}", i < 11 ? $"<a href='/product/{i + 1}'>Others like it</a>" : ""));
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { MaxDepth = 3 });
        Assert.Equal(12, crawl.Sink.Listings.Count());
        Assert.DoesNotContain(report.Counts, c => c.Reason == "depth");
    }

    [Fact]
    public async Task A_page_that_takes_too_long_to_read_is_asked_for_once_and_counted_as_not_read()
    {
        _site.Html("/", CrawlHarness.List("/product/slow")).Html("/product/slow", CrawlHarness.Product("Slow"));
        await using CrawlHarness crawl = new(null, null, _site);
        Task<PageReading> Reader(string html, string url, string? type) => Task.FromResult(url.EndsWith("slow", StringComparison.Ordinal) ? PageReading.TookTooLong("Reading it took more than a processor has.") : PageReading.Read(html, url, type));
        Crawler crawler = new(crawl.Store, crawl.Fetcher, new HostGate(crawl.Politeness, TimeProvider.System), crawl.Renderer, new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, Reader);
        await crawler.RunAsync(CrawlHarness.Request(_site.Url("/")), crawl.Sink, null, TestContext.Current.CancellationToken);
        Assert.Equal("Failed read-timeout", crawl.Store.Fate(_site.Url("/product/slow")));
        Assert.Equal(1, _site.Requests.Count(r => r == "/product/slow"));
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on_and_fetches_nothing_again_that_was_done()
    {
        string[] products = [.. Enumerable.Range(1, 8).Select(i => $"/product/{i}")];
        _site.Html("/", CrawlHarness.List(products));
        foreach (string path in products) _site.Html(path, CrawlHarness.Product("Thing " + path[9..]));
        MemoryFrontierStore store = new(TimeProvider.System);
        await using (CrawlHarness killed = new(store, null, _site))
        {
            killed.Sink.Before = _ => killed.Sink.Pages.Count >= 4 ? throw new IOException("the machine went away") : Task.CompletedTask;
            await Assert.ThrowsAsync<IOException>(() => killed.RunAsync(CrawlHarness.Request(_site.Url("/"))));
            Assert.Equal(4, killed.Sink.Pages.Count);
        }
        string[] before = [.. _site.Requests];
        await using CrawlHarness second = new(store, null, _site);
        CrawlReport report = await second.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal((9, 8, 5), (report.Progress.Pages, report.Progress.Listings, report.PagesFetched));
        string[] repeated = [.. _site.Requests.Skip(before.Length).Intersect(before)];
        Assert.Equal(["/robots.txt", before[^1]], repeated.OrderBy(r => r == "/robots.txt" ? 0 : 1));
    }

    [Fact]
    public async Task A_page_over_which_two_processes_ended_is_given_up_and_an_error_that_the_process_outlived_counts_for_nothing()
    {
        _site.Html("/", CrawlHarness.List("/product/bomb", "/product/2")).Html("/product/bomb", CrawlHarness.Product("Bomb")).Html("/product/2", CrawlHarness.Product("Two"));
        MemoryFrontierStore store = new(TimeProvider.System);
        for (int process = 0; process < 2; process++)
        {
            await using CrawlHarness killed = new(store, null, _site);
            killed.Sink.Before = page => page.Fetch.Url.EndsWith("bomb", StringComparison.Ordinal) ? throw new IOException("the machine went away") : Task.CompletedTask;
            for (int again = 0; again < 3; again++) await Assert.ThrowsAsync<IOException>(() => killed.RunAsync(CrawlHarness.Request(_site.Url("/"))));
        }
        Assert.Equal(6, _site.Requests.Count(x => x == "/product/bomb"));
        await using CrawlHarness third = new(store, null, _site);
        CrawlReport report = await third.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal("Failed ended-workers", store.Fate(_site.Url("/product/bomb")));
        Assert.Equal((1, 1), (report.Progress.Listings, report.Progress.Failed));
        Assert.Equal(6, _site.Requests.Count(x => x == "/product/bomb"));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_its_urls_to_others_at_once()
    {
        _site.Html("/", CrawlHarness.List("/product/1"));
        await using CrawlHarness crawl = new(null, null, _site);
        using CancellationTokenSource cancel = new();
        crawl.Sink.Before = async _ =>
        {
            await cancel.CancelAsync();
            cancel.Token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => crawl.Crawler.RunAsync(CrawlHarness.Request(_site.Url("/")), crawl.Sink, null, cancel.Token));
        Assert.DoesNotContain(await crawl.Store.CountAsync(1, TestContext.Current.CancellationToken), c => c.State == FrontierState.Leased);
    }

    [Fact]
    public async Task A_failing_page_is_tried_again_and_given_up_in_the_end()
    {
        int asked = 0;
        _site.Html("/", CrawlHarness.List("/product/flaky", "/product/broken")).Status("/product/broken", 500);
        _site.On("/product/flaky", context =>
        {
            if (Interlocked.Increment(ref asked) < 3)
            {
                context.Response.StatusCode = 502;
                return Task.CompletedTask;
            }
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(CrawlHarness.Product("Flaky"));
        });
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal("Done listing", crawl.Store.Fate(_site.Url("/product/flaky")));
        Assert.Equal("Failed http-500", crawl.Store.Fate(_site.Url("/product/broken")));
        Assert.Equal(3, _site.Requests.Count(r => r == "/product/broken"));
        Assert.Equal((2, 1), (report.Progress.Pages, report.Progress.Failed));
    }

    [Fact]
    public async Task Redirects_lead_to_one_fetch_of_their_target_and_never_out_of_the_shop()
    {
        _site.Html("/", CrawlHarness.List("/old1", "/old2", "/new", "/out", "/sorted?b=2&a=1", "/loop1"))
            .Redirect("/old1", "/new", 301).Redirect("/old2", "/new").Html("/new", CrawlHarness.Product("New"))
            .Redirect("/out", "https://elsewhere.example/")
            .Redirect("/sorted?a=1&b=2", "/sorted?b=2&a=1").Html("/sorted?b=2&a=1", CrawlHarness.Product("Sorted"))
            .Redirect("/loop1", "/loop2").Redirect("/loop2", "/loop1");
        await using CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(["New", "Sorted"], crawl.Sink.Listings);
        Assert.Single(_site.Requests, "/new");
        Assert.Equal("Skipped redirect", crawl.Store.Fate(_site.Url("/old1")));
        Assert.Equal("Skipped off-site", crawl.Store.Fate(_site.Url("/out")));
        Assert.Equal("Skipped redirect", crawl.Store.Fate(_site.Url("/loop2")));
    }

    [Fact]
    public async Task Budget_depth_and_query_traps_bound_a_run()
    {
        _site.Html("/", CrawlHarness.List([.. Enumerable.Range(0, 5).Select(i => $"/f?color={i}"), "/a/1"]));
        for (int i = 0; i < 5; i++) _site.Html($"/f?color={i}", CrawlHarness.List("/"));
        for (int i = 1; i < 9; i++) _site.Html($"/a/{i}", CrawlHarness.List($"/a/{i + 1}"));
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { MaxDepth = 3, MaxQueriesPerPath = 2 });
        Assert.Contains(new FrontierCount(FrontierState.Skipped, "repeats", 3), report.Counts);
        Assert.Equal("Done page", crawl.Store.Fate(_site.Url("/a/3")));
        Assert.Equal("Skipped depth", crawl.Store.Fate(_site.Url("/a/4")));

        await using CrawlHarness small = new(null, null, _site);
        CrawlReport bounded = await small.RunAsync(CrawlHarness.Request(_site.Url("/")) with { PageBudgetPerHost = 2 });
        Assert.Equal(2, bounded.Progress.Pages);
        Assert.Equal(0, bounded.Progress.Pending);
        Assert.Contains(bounded.Counts, c => c is { State: FrontierState.Skipped, Reason: "budget" });
    }

    [Fact]
    public async Task A_budget_counts_what_an_earlier_process_fetched()
    {
        _site.Html("/", CrawlHarness.List("/1", "/2", "/3")).Html("/1", "<p>x</p>").Html("/2", "<p>x</p>").Html("/3", "<p>x</p>");
        MemoryFrontierStore store = new(TimeProvider.System);
        CrawlRequest request = CrawlHarness.Request(_site.Url("/")) with { PageBudgetPerHost = 3 };
        await using (CrawlHarness first = new(store, null, _site))
        {
            first.Sink.Before = _ => first.Sink.Pages.Count >= 2 ? throw new IOException("gone") : Task.CompletedTask;
            await Assert.ThrowsAsync<IOException>(() => first.RunAsync(request));
        }
        await using CrawlHarness second = new(store, null, _site);
        CrawlReport report = await second.RunAsync(request);
        Assert.Equal((3, 1), (report.Progress.Pages, report.PagesFetched));
    }

    [Fact]
    public async Task Hosts_are_fetched_side_by_side_but_each_one_request_at_a_time()
    {
        await using LoopbackSite other = await LoopbackSite.StartAsync();
        TaskCompletionSource bothAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asking = 0;
        foreach (LoopbackSite site in new[] { _site, other })
        {
            int here = 0;
            site.Html("/", CrawlHarness.List("/product/1", "/product/2", "/product/3"));
            for (int i = 1; i <= 3; i++)
            {
                string name = $"{site.Host} {i}";
                site.On($"/product/{i}", async context =>
                {
                    Assert.Equal(1, Interlocked.Increment(ref here));
                    if (Interlocked.Increment(ref asking) == 2) bothAsked.SetResult();
                    await bothAsked.Task.WaitAsync(Eventually.Patience);
                    context.Response.ContentType = "text/html";
                    Interlocked.Decrement(ref here);
                    await context.Response.WriteAsync(CrawlHarness.Product(name));
                });
            }
        }
        await using CrawlHarness crawl = new(null, null, _site, other);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/"), other.Url("/")));
        Assert.Equal(6, report.Progress.Listings);
    }

    [Fact]
    public async Task A_page_that_shows_nothing_without_a_browser_is_counted()
    {
        _site.Html("/", "<html><head><script src='/app.js'></script></head><body><div id='root'></div></body></html>");
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(1, report.NeedBrowser);
        Assert.Equal("Done page:needs-browser", crawl.Store.Fate(_site.Url("/")));
        Assert.False(crawl.Sink.Pages.Single().Rendered);
    }

    [Fact]
    public async Task A_sitemap_that_names_itself_or_others_of_its_kind_ends()
    {
        _site.Text("/sitemap.xml", $"<sitemapindex><sitemap><loc>{_site.Url("/sitemap.xml")}</loc></sitemap><sitemap><loc>{_site.Url("/2.xml")}</loc></sitemap><sitemap><loc>{_site.Url("/3.xml")}</loc></sitemap></sitemapindex>", "text/xml")
            .Text("/2.xml", $"<urlset><url><loc>{_site.Url("/product/1")}</loc></url><url><loc>https://elsewhere.example/x</loc></url></urlset>", "text/xml")
            .Html("/", "x").Html("/product/1", CrawlHarness.Product("One"));
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { MaxSitemapsPerHost = 1 });
        Assert.Equal(1, report.Progress.Listings);
        Assert.Equal("Skipped trap:sitemaps", crawl.Store.Fate(_site.Url("/3.xml")));
        Assert.Equal("Skipped off-site", crawl.Store.Fate("https://elsewhere.example/x"));
        Assert.Single(_site.Requests, "/sitemap.xml");
    }

    [Fact]
    public async Task A_bad_request_is_refused_with_its_value()
    {
        await using CrawlHarness crawl = new();
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => crawl.RunAsync(CrawlHarness.Request("ftp://x")));
        Assert.Contains("ftp://x", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => crawl.RunAsync(CrawlHarness.Request()));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => crawl.RunAsync(CrawlHarness.Request("http://x/") with { ParallelHosts = 0 }));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Crawling.Fetching;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>Searches as the server runs them, over a shop on loopback: real crawler, database, model and pictures.</summary>
public sealed class SecondRunTests : IAsyncLifetime
{
    private static readonly byte[] Picture = ImageEncoder.Png(Drawn.Package(7));
    private LoopbackSite _shop = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _shop = await LoopbackSite.StartAsync();
        _shop.Tagged("/", CrawlHarness.List("/product/Duck", "/product/Bear"), "\"home\"").Tagged("/product/Duck", CrawlHarness.Product("Duck"), "\"duck\"").Tagged("/product/Bear", CrawlHarness.Product("Bear"), "\"bear\"");
        foreach (string name in (string[])["Duck", "Bear"])
        {
            _shop.On($"/i/{name}.jpg", async context =>
            {
                context.Response.ContentType = "image/png";
                await context.Response.Body.WriteAsync(Picture);
            });
        }
    }

    public async ValueTask DisposeAsync() => await _shop.DisposeAsync();

    private Task<TestCore> StartAsync(Action<IServiceCollection>? configure = null) => TestCore.StartAsync(configure, crawling => crawling.Politeness.MinInterval = TimeSpan.Zero);

    private async Task<SearchRunRow> RunAsync(TestCore core, string name)
    {
        await using TouchstoneDb db = await core.OpenAsync();
        var run = new SearchRunRow
        {
            Search = new SearchRow { Name = name, ShopUrls = _shop.Url("/"), PageBudget = 100, CreatedBy = "test", CreatedAt = core.Get<TimeProvider>().GetUtcNow() },
            QueuedAt = core.Get<TimeProvider>().GetUtcNow(),
        };
        db.SearchRuns.Add(run);
        await db.SaveChangesAsync(Token);
        return (await core.Get<SearchRunner>().RunNextAsync("test", run.Id, null, Token))!;
    }

    [Fact]
    public async Task A_second_run_of_an_unchanged_shop_asks_conditionally_and_reads_no_page_and_no_picture_again()
    {
        await using TestCore core = await StartAsync();
        await core.AddReferenceAsync("alert", Picture);
        SearchRunRow first = await RunAsync(core, "first");
        Assert.Equal((RunState.Finished, 3, 0, 2, 2), (first.State, first.Pages, first.NotModified, first.Listings, first.Hits));
        _shop.Requests.Clear();
        _shop.Headers.Clear();
        SearchRunRow second = await RunAsync(core, "second");
        Assert.Equal((RunState.Finished, 3, 3, 2, 0), (second.State, second.Pages, second.NotModified, second.Listings, second.ImagesDescribed));
        Assert.DoesNotContain(_shop.Requests, x => x.StartsWith("/i/", StringComparison.Ordinal));
        (string Path, bool Conditional)[] asked = [.. _shop.Requests.Zip(_shop.Headers, (path, headers) => (path, headers.ContainsKey("If-None-Match"))).Where(x => x.path != "/robots.txt" && x.path != "/sitemap.xml")];
        Assert.Equal([("/", true), ("/product/Bear", true), ("/product/Duck", true)], asked.Order());
    }

    [Fact]
    public async Task Two_runs_at_once_ask_each_page_once_and_both_see_all_of_the_shop()
    {
        await using TestCore core = await StartAsync();
        await core.AddReferenceAsync("alert", Picture);
        await core.Follower.RefreshAsync(null, Token);
        SearchRunRow[] runs = await Task.WhenAll(RunAsync(core, "one"), RunAsync(core, "two"));
        Assert.All(runs, run => Assert.Equal((RunState.Finished, 3, 0, 2, 2), (run.State, run.Pages, run.NotModified, run.Listings, run.Hits)));
        Assert.Equal(["/", "/product/Bear", "/product/Duck"], _shop.Requests.Where(x => !x.StartsWith("/i/", StringComparison.Ordinal) && x is not ("/robots.txt" or "/sitemap.xml")).Order());
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.Equal(3, await db.Frontier.CountAsync(f => f.Reason!.EndsWith(":shared"), Token));
        // A later run asks again: what was given before it began is not what it wants.
        _shop.Requests.Clear();
        await RunAsync(core, "three");
        Assert.Contains("/product/Duck", _shop.Requests);
    }

    [Fact]
    public async Task The_trace_of_a_run_holds_its_pages_and_their_screenings()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name is Traces.SourceName or CrawlTraces.SourceName, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue };
        ActivitySource.AddActivityListener(listener);
        await using TestCore core = await StartAsync();
        await core.AddReferenceAsync("alert", Picture);
        await RunAsync(core, "traced");
        Activity[] pages = [.. ended.Where(a => a.OperationName == "page" && a.GetTagItem("touchstone.crawl.state") is "Done" && a.GetTagItem("url.full") is string url && url.StartsWith(_shop.Url("/"), StringComparison.Ordinal))];
        Assert.Equal(3, pages.Length);
        Activity run = Assert.Single(ended, a => a.OperationName == "run" && a.TraceId == pages[0].TraceId);
        Assert.All(pages, page => Assert.Equal(run.SpanId, page.ParentSpanId));
        Assert.Equal(2, ended.Count(a => a.OperationName == "screening" && pages.Any(page => page.SpanId == a.ParentSpanId) && a.GetTagItem("touchstone.screening.verdict") is "Match"));
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_moment_fails_no_run()
    {
        var broken = new BreakingMemory();
        await using TestCore core = await StartAsync(services => services.AddSingleton<IUrlMemory>(broken));
        SearchRunRow run = await RunAsync(core, "broken");
        Assert.Equal((RunState.Finished, null, 3, 2), (run.State, run.Error, run.Pages, run.Listings));
        Assert.True(broken.Broke);
    }

    /// <summary>Fails once as the embedded database does when its file is locked for too long.</summary>
    private sealed class BreakingMemory : IUrlMemory
    {
        private readonly HeldUrls _urls = new();
        private int _asked;

        public bool Broke { get; private set; }

        public Task<RememberedUrl?> FindAsync(string url, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) != 2) return _urls.FindAsync(url, cancellationToken);
            Broke = true;
            throw new SqliteException("database is locked", 5);
        }

        public Task KeepAsync(string url, FetchExchange answer, CancellationToken cancellationToken) => _urls.KeepAsync(url, answer, cancellationToken);

        public Task ConfirmAsync(string url, DateTimeOffset checkedAt, CancellationToken cancellationToken) => _urls.ConfirmAsync(url, checkedAt, cancellationToken);
    }
}

using System.Collections.Concurrent;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;
using Touchstone.Tests.Crawling.Frontier;

namespace Touchstone.Tests.Crawling;

/// <summary>A crawler with real parts over loopback sites; its frontier outlives it, as a database would.</summary>
public sealed class CrawlHarness : IAsyncDisposable
{
    private readonly OutboundHttp _http;

    public CrawlHarness(MemoryFrontierStore? store = null, RenderingOptions? rendering = null, params LoopbackSite[] sites)
        : this(store, rendering, null, sites)
    {
    }

    public CrawlHarness(MemoryFrontierStore? store, RenderingOptions? rendering, IUrlMemory? memory, params LoopbackSite[] sites)
        : this(store, rendering, memory, [.. sites.Select(static s => s.Host)])
    {
    }

    public CrawlHarness(MemoryFrontierStore? store, RenderingOptions? rendering, IUrlMemory? memory, params string[] hosts)
    {
        Store = store ?? new MemoryFrontierStore(TimeProvider.System);
        OutboundOptions outbound = new();
        foreach (string host in hosts) outbound.AllowedInternalHosts.Add(host);
        _http = new OutboundHttp(outbound, TimeProvider.System);
        HostGate gate = new(Politeness, TimeProvider.System);
        Fetcher = new PoliteFetcher(_http, new RobotsCache(_http, gate, Politeness, TimeProvider.System), gate, TimeProvider.System, null, memory);
        Renderer = new ChromiumRenderer(rendering ?? new RenderingOptions { Enabled = false }, TimeProvider.System);
        Crawler = new Crawler(Store, Fetcher, gate, Renderer, new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(20) }, TimeProvider.System);
    }

    public PolitenessOptions Politeness { get; } = new() { MinInterval = TimeSpan.Zero, MaxCrawlDelay = TimeSpan.Zero };

    public MemoryFrontierStore Store { get; }

    public PoliteFetcher Fetcher { get; }

    public ChromiumRenderer Renderer { get; }

    public Crawler Crawler { get; }

    public RecordingSink Sink { get; } = new();

    public Task<CrawlReport> RunAsync(CrawlRequest request) => Crawler.RunAsync(request, Sink, null, TestContext.Current.CancellationToken);

    public static CrawlRequest Request(params string[] startUrls) => new() { RunId = 1, StartUrls = startUrls, Worker = "test" };

    public async ValueTask DisposeAsync()
    {
        await Renderer.DisposeAsync();
        _http.Dispose();
    }

    public static string Product(string name, string more = "") => $$$"""
        <html lang="en"><head><title>{{{name}}}</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"{{{name}}}","image":"/i/{{{name}}}.jpg","offers":{"@type":"Offer","price":"9.99","priceCurrency":"EUR"}}</script></head>
        <body><h1>{{{name}}}</h1><p>A fine thing that everybody should have at home, in the garden and on the road.</p>{{{more}}}</body></html>
        """;

    public static string List(params string[] links) =>
        $"<html><body><h1>All our things</h1><p>Here is a list of the many fine things that this shop has to offer to you today.</p><ul>{string.Concat(links.Select(l => $"<li><a href='{l}'>{l}</a></li>"))}</ul></body></html>";
}

/// <summary>Keeps what it is handed; a test can make it fail.</summary>
public sealed class RecordingSink : ICrawlSink
{
    public ConcurrentQueue<CrawledPage> Pages { get; } = new();

    public Func<CrawledPage, Task>? Before { get; set; }

    public IEnumerable<string> Listings => Pages.Where(p => p.Extraction.Listing is not null).Select(p => p.Extraction.Listing!.Name!).Order(StringComparer.Ordinal);

    public async Task PageAsync(CrawledPage page, CancellationToken cancellationToken)
    {
        if (Before is not null) await Before(page);
        Pages.Enqueue(page);
    }
}

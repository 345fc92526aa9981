using System.Diagnostics;
using Touchstone.Crawling;

namespace Touchstone.Tests.Crawling;

/// <summary>Prints pages per second over loopback; asserts only that every page came.</summary>
public sealed class CrawlSpeedTests
{
    [Fact]
    public async Task Four_shops_of_a_hundred_products_are_read()
    {
        LoopbackSite[] sites = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoopbackSite.StartAsync()));
        foreach (LoopbackSite site in sites)
        {
            string[] products = [.. Enumerable.Range(0, 100).Select(i => $"/product/{i}")];
            site.Html("/", CrawlHarness.List(products));
            foreach (string path in products) site.Html(path, CrawlHarness.Product("Thing " + path, string.Concat(Enumerable.Repeat("<p>Words about the thing, its size and what it is made of.</p>", 200))));
        }
        await using CrawlHarness crawl = new(null, null, sites);
        Stopwatch watch = Stopwatch.StartNew();
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request([.. sites.Select(s => s.Url("/"))]));
        TestContext.Current.TestOutputHelper?.WriteLine($"{report.PagesFetched} pages in {watch.Elapsed.TotalSeconds:0.00} s: {report.PagesFetched / watch.Elapsed.TotalSeconds:0} pages/s");
        Assert.Equal(400, report.Progress.Listings);
        foreach (LoopbackSite site in sites) await site.DisposeAsync();
    }
}

using System.Globalization;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>A shop whose addresses tell nothing by themselves, with many more stories than products: what its offers look like is learned from the first ones that are read.</summary>
public sealed class LearntAddressesTests : IAsyncLifetime
{
    private const int Products = 120, PerList = 20, Stories = 300;

    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task What_looks_like_the_offers_that_were_read_is_read_before_the_rest()
    {
        string[] lists = [.. Enumerable.Range(0, Products / PerList).Select(n => $"/range-{(char)('a' + n)}")];
        // Every page leads to stories, which lead to further ones.
        string Story(int n) => $"/told-{n % Stories}";
        string More(int from) => string.Concat(Enumerable.Range(from, 3).Select(n => $"<a href='{Story(n)}'>A story</a>"));
        _site.Html("/", CrawlHarness.List([.. Enumerable.Range(0, 40).Select(Story), .. lists]));
        for (int n = 0; n < Stories; n++) _site.Html(Story(n), $"<html><body><h1>A story</h1><p>Long ago somebody had a lamp, and told everybody of it.</p>{More((n * 3) + 40)}</body></html>");
        for (int list = 0; list < lists.Length; list++)
        {
            string[] links = [.. Enumerable.Range(list * PerList, PerList).Select(PathOf)];
            _site.Html(lists[list], CrawlHarness.List(links).Replace("</body>", More(list) + "</body>", StringComparison.Ordinal));
        }
        for (int n = 0; n < Products; n++) _site.Html(PathOf(n), CrawlHarness.Product(string.Create(CultureInfo.InvariantCulture, $"Thing {n}"), More(n)));
        await using CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));

        Assert.Equal(Products, crawl.Sink.Listings.Count());
        int last = _site.Requests.ToList().FindLastIndex(r => r.StartsWith("/fine-", StringComparison.Ordinal));
        Assert.True(last < Products + lists.Length + 100, $"The last product was asked for as request {last} of {_site.Requests.Count}.");
    }

    private static string PathOf(int product) => $"/fine-wooden-thing-{string.Concat(product.ToString(CultureInfo.InvariantCulture).Select(c => (char)('a' + c - '0')))}";
}

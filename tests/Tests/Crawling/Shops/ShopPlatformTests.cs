using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Touchstone.Crawling;
using Touchstone.Crawling.Discovery;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>Shops as the software of shops makes them: none has a sitemap, and their front pages link to no product. What they hand to programs, and their own search, lead to the offers.</summary>
public sealed class ShopPlatformTests : IAsyncLifetime
{
    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_Shopify_shop_is_read_by_its_list_of_products_page_by_page()
    {
        _site.Html("/", Front("<link rel='stylesheet' href='https://cdn.shopify.com/s/files/1/theme.css'>"));
        for (int page = 1; page <= 2; page++)
        {
            int count = page == 1 ? 250 : 3;
            var products = Enumerable.Range((page - 1) * 250, count).Select(i => new { id = 1000L + i, title = $"Thing {i}", handle = $"thing-{i}", updated_at = "2026-05-01T10:00:00+02:00", variants = new[] { new { id = 1, price = "9.90", available = true } }, images = new[] { new { src = $"https://cdn.shopify.com/{i}.jpg" } } });
            _site.Text(string.Create(CultureInfo.InvariantCulture, $"/products.json?limit=250&page={page}"), JsonSerializer.Serialize(new { products }), "application/json; charset=utf-8");
        }
        Products("/products/thing-", 253);
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(253, crawl.Sink.Listings.Count());
        Assert.Equal(2, _site.Requests.Count(r => r.StartsWith("/products.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_a_Shopify_shop_what_is_looked_for_comes_first()
    {
        _site.Html("/", Front("<link rel='stylesheet' href='https://cdn.shopify.com/s/files/1/theme.css'>"));
        var products = Enumerable.Range(0, 40).Select(i => new { handle = $"thing-{i}", title = i == 37 ? "Hydrogel beads" : $"Thing {i}" });
        _site.Text("/products.json?limit=250&page=1", JsonSerializer.Serialize(new { products }), "application/json");
        Products("/products/thing-", 40);
        await using CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { Words = ["hydrogel beads"], PageBudgetPerHost = 3 });
        Assert.Contains("Thing 37", crawl.Sink.Listings);
    }

    [Fact]
    public async Task A_WooCommerce_shop_is_asked_by_its_store_interface_for_the_words()
    {
        _site.Html("/", Front($"<meta name='generator' content='WooCommerce 8.9.1'><link rel='https://api.w.org/' href='{_site.Url("/blog/wp-json/")}'>"));
        object[] found = [.. Enumerable.Range(0, 100).Select(i => Woo(i))], rest = [Woo(100)];
        _site.Text("/blog/wp-json/wc/store/v1/products?search=face%20mask&per_page=100&page=1", JsonSerializer.Serialize(found), "application/json; charset=UTF-8");
        _site.Text("/blog/wp-json/wc/store/v1/products?search=face%20mask&per_page=100&page=2", JsonSerializer.Serialize(rest), "application/json; charset=UTF-8");
        Products("/product/mask-", 101);
        await using CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { Words = ["face mask"] });
        Assert.True(crawl.Sink.Listings.Count() == 101, string.Join('\n', _site.Requests.Take(8)));

        object Woo(int i) => new { id = i, name = $"Mask {i}", permalink = _site.Url($"/product/mask-{i}"), prices = new { price = "990", currency_code = "EUR" }, images = new[] { new { id = 1, src = _site.Url($"/i/{i}.jpg") } } };
    }

    [Theory]
    [InlineData("<link rel='stylesheet' href='/catalog/view/theme/default/stylesheet.css'>", "/index.php?route=product/search&search=face%20mask", "OpenCart")]
    [InlineData("<script type='text/x-magento-init'>{}</script>", "/catalogsearch/result/?q=face%20mask", "Magento")]
    [InlineData("<meta name='generator' content='PrestaShop'>", "/index.php?controller=search&s=face%20mask", "PrestaShop")]
    [InlineData("<link rel='search' type='application/opensearchdescription+xml' href='/opensearch.xml' title='Shop'>", "/find?words=face%20mask&page=1&from=", null)]
    [InlineData("<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":\"WebSite\",\"url\":\"/\",\"potentialAction\":{\"@type\":\"SearchAction\",\"target\":\"/s?term={search_term_string}\",\"query-input\":\"required name=search_term_string\"}}</script>", "/s?term=face%20mask", null)]
    public async Task A_shop_without_a_form_is_searched_where_its_software_has_its_search(string head, string search, string? platform)
    {
        string front = Front(head);
        Assert.Equal(platform, PageReading.Read(front, _site.Url("/"), "text/html").Links.Platform?.ToString());
        _site.Html("/", front);
        _site.Text("/opensearch.xml", $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>Shop</ShortName>
            <Url type="application/x-suggestions+json" template="{_site.Url("/suggest?q={searchTerms}")}"/>
            <Url type="text/html" method="get" template="{_site.Url("/find?words={searchTerms}&amp;page={startPage}&amp;from={referrer:source?}")}"/></OpenSearchDescription>
            """, "application/opensearchdescription+xml");
        _site.Others(context =>
        {
            // However the address is spelled: the words, under their parameter.
            bool asked = context.Request.Path == search.Split('?')[0] && context.Request.Query.Any(p => p.Value == "face mask");
            return WriteAsync(context, asked ? CrawlHarness.List("/found/one") : context.Request.Path == "/found/one" ? CrawlHarness.Product("Found") : null);
        });
        await using CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { Words = ["face mask"] });
        Assert.True(crawl.Sink.Listings.SequenceEqual(["Found"]), string.Join('\n', _site.Requests));
    }

    [Fact]
    public async Task A_shop_that_gives_no_list_to_programs_has_no_failure_for_it_and_is_read_by_its_links()
    {
        _site.Html("/", Front("<meta name='generator' content='WooCommerce 8.9.1'>").Replace("</body>", "<a href='/product/one'>One</a></body>", StringComparison.Ordinal)).Html("/product/one", CrawlHarness.Product("One"));
        _site.Status("/wp-json/wc/store/v1/products?search=&per_page=100&page=1", 401);
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(["One"], crawl.Sink.Listings);
        Assert.Equal(0, report.Progress.Failed);
        Assert.Contains(report.Counts, c => c.Reason == CrawlReasons.NoFeed);
    }

    [Theory]
    [InlineData("{\"products\":[{\"handle\":\"a\"}]}", "https://shop.example/collections/masks/products.json?limit=250&page=1", "https://shop.example/products/a")]
    [InlineData("{\"products\":[{\"handle\":\"a b\"}]}", "https://shop.example/da/products.json", "https://shop.example/da/products/a%20b")]
    [InlineData("[{\"permalink\":\"https://shop.example/p/a\",\"name\":\"A\"}]", "https://shop.example/wp-json/wc/store/v1/products", "https://shop.example/p/a")]
    [InlineData("[1,2,3]", "https://shop.example/wp-json/wc/store/v1/products", null)]
    [InlineData("{\"code\":\"rest_no_route\"}", "https://shop.example/wp-json/wc/store/v1/products", null)]
    [InlineData("{\"products\":", "https://shop.example/products.json", null)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "https://shop.example/products.json", null)]
    public void Lists_of_products_are_read_and_other_answers_are_none(string json, string url, string? page)
    {
        SitemapContent content = SitemapReader.Read(System.Text.Encoding.UTF8.GetBytes(json), url, "application/json");
        Assert.Equal(page is null ? SitemapFormat.Unknown : SitemapFormat.ProductFeed, content.Format);
        Assert.Equal(page, content.Pages.SingleOrDefault()?.Url);
        Assert.Empty(content.Sitemaps);
    }

    private async Task<CrawlHarness> CrawlAsync()
    {
        CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        return crawl;
    }

    private void Products(string path, int count)
    {
        for (int i = 0; i < count; i++) _site.Html($"{path}{i}", CrawlHarness.Product($"Thing {i}"));
    }

    private static string Front(string head) => $"<html lang='en'><head><title>Shop</title>{head}</head><body><h1>Welcome to our shop</h1><p>Everything for house and garden, delivered within two days to your door and well packed.</p></body></html>";

    private static Task WriteAsync(HttpContext context, string? html)
    {
        context.Response.ContentType = "text/html";
        if (html is null) context.Response.StatusCode = 404;
        return html is null ? Task.CompletedTask : context.Response.WriteAsync(html);
    }
}

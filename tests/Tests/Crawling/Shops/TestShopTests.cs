using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>Whole shops, built as shop programs build them: every product once, with its price and all its pictures, no list as a product, nothing done, and few requests.</summary>
public sealed class TestShopTests : IAsyncLifetime
{
    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    public static TheoryData<string> Shops { get; } = ["default cart", "default cart with readable addresses", "front controller", "front controller with a language", "front controller with readable canonical addresses", "parameters that say where a link stands", "tags, facets and sorts", "slider and long list", "slider with a sitemap"];

    [Theory]
    [MemberData(nameof(Shops))]
    public async Task A_shop_is_read_whole_once_and_without_doing_anything(string kind)
    {
        TestShop shop = kind switch { "default cart" => new DefaultCartShop(readable: false), "default cart with readable addresses" => new DefaultCartShop(readable: true), "front controller" => new FrontControllerShop(), "front controller with a language" => new FrontControllerShop(language: true), "front controller with readable canonical addresses" => new FrontControllerShop(readable: true), "parameters that say where a link stands" => new ParameterShop(), "tags, facets and sorts" => new TaggedShop(), "slider and long list" => new SliderShop(sitemap: false), _ => new SliderShop(sitemap: true) };
        shop.Open(_site);
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { PageBudgetPerHost = 100_000 });

        ListingFacts[] listings = [.. crawl.Sink.Pages.Select(p => p.Extraction.Listing).OfType<ListingFacts>()];
        Assert.Equal(shop.Products.Select(p => p.Name).Order(StringComparer.Ordinal), listings.Select(l => l.Name!).Order(StringComparer.Ordinal));
        Assert.Equal(listings.Length, listings.Select(l => l.Url).Distinct(StringComparer.Ordinal).Count());
        foreach (ShopProduct product in shop.Products)
        {
            ListingFacts found = listings.Single(l => l.Name == product.Name);
            Assert.Equal((product.Name, product.Price), (found.Name!, found.Price));
            Assert.Equal(product.Pictures.Select(_site.Url).Order(StringComparer.Ordinal), found.Images.Order(StringComparer.Ordinal));
            Assert.True(found.Brand is null || found.Brand == product.Brand, $"{product.Name} has the brand {found.Brand}");
        }
        Assert.DoesNotContain(_site.Requests, shop.DoneTo);
        int pages = _site.Requests.Count(r => r != "/robots.txt" && !r.EndsWith(".xml", StringComparison.Ordinal));
        Assert.True(pages <= 2 * shop.Products.Count, $"{pages} page requests for {shop.Products.Count} products: {string.Join(' ', _site.Requests)}");
        Assert.DoesNotContain(report.Counts, c => CrawlReasons.IsLoss(c.Reason));
    }
}

using Touchstone.Crawling.Extraction;
using Touchstone.Market;
using Touchstone.Market.Catalogue;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Market;

public sealed class DemoMarketTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-market-").FullName;
    private readonly HttpClient _http = new();
    private DemoMarket _market = null!;

    public async ValueTask InitializeAsync() => _market = await DemoMarket.StartAsync(_folder, Path.Combine(AppContext.BaseDirectory, "demo", "marks"), 0, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _market.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_server_rendered_shop_states_all_facts() => await AssertFactsAsync(DemoShopKind.ServerRendered, "EUR", x => x.Price, x => x.Sources.Contains("json-ld"));

    [Fact]
    public async Task The_messy_shop_states_them_in_its_way() =>
        await AssertFactsAsync(DemoShopKind.Messy, "DKK", x => x.Number % 2 == 0 ? x.Price : x.Price * 10, x => x.Sources.Contains("microdata") || x.Sources.Contains("opengraph"));

    [Fact]
    public async Task The_client_rendered_shop_shows_nothing_without_a_browser()
    {
        string url = _market.UrlOf(_market.Catalogue.Of(DemoShopKind.ClientRendered).First());
        ExtractionOutcome outcome = new ListingExtractor().Extract(await _http.GetStringAsync(url), url);
        Assert.Equal(NoListingReason.ClientRendered, outcome.Reason);
    }

    [Fact]
    public async Task A_disallowed_page_is_there_and_its_fetch_is_counted()
    {
        DemoListing hidden = _market.Catalogue.Listings.First(x => x.IsDisallowed);
        Assert.Equal(0, _market.DisallowedRequests);
        await _http.GetStringAsync(_market.UrlOf(hidden));
        Assert.Equal(1, _market.DisallowedRequests);
    }

    private async Task AssertFactsAsync(DemoShopKind shop, string currency, Func<DemoListing, decimal> price, Func<ListingFacts, bool> source)
    {
        var extractor = new ListingExtractor();
        foreach (DemoListing listing in _market.Catalogue.Of(shop).Where((x, i) => i % 6 == 0 && x.Fault == PictureFault.None))
        {
            string url = _market.UrlOf(listing);
            ExtractionOutcome outcome = extractor.Extract(await _http.GetStringAsync(url), url);
            Assert.NotNull(outcome.Listing);
            Assert.Equal(listing.Title, outcome.Listing.Name);
            Assert.Equal(price(listing), outcome.Listing.Price);
            Assert.Equal(currency, outcome.Listing.Currency);
            Assert.True(source(outcome.Listing));
            byte[] picture = await _http.GetByteArrayAsync(outcome.Listing.Images[0]);
            Assert.NotNull(new ImageDecoder().Decode(picture).Image);
        }
    }
}

using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Extraction;

public class VisiblePageTests
{
    private static ListingFacts Listing(string html, string url)
    {
        ExtractionOutcome outcome = new ListingExtractor().Extract(html, url);
        Assert.True(outcome.Listing is not null, $"{outcome.Reason}: {outcome.Detail}");
        return outcome.Listing;
    }

    [Fact]
    public void Reads_the_sale_price_and_not_the_former_or_a_related_one()
    {
        ListingFacts facts = Listing(PlatformPages.Blog, "https://kitchen.example/product/board");
        Assert.Equal(("Walnut Chopping Board", 38.50m, "GBP", Availability.InStock, "WCB-100"), (facts.Name, facts.Price, facts.Currency, facts.Availability, facts.Sku));
        Assert.Equal(["https://kitchen.example/img/board-1.jpg", "https://kitchen.example/img/board-2.jpg"], facts.Images);
        Assert.Equal(["Home", "Kitchen", "Boards"], facts.Breadcrumbs);
        Assert.Equal(["heuristics"], facts.Sources);
    }

    [Fact]
    public void Reads_raised_cents_tables_and_a_sold_out_note()
    {
        ListingFacts facts = Listing(PlatformPages.German, "https://spielzeug.example/bahn");
        Assert.Equal(("Holzeisenbahn Starterset", 49.90m, "EUR", Availability.OutOfStock), (facts.Name, facts.Price, facts.Currency, facts.Availability));
        Assert.Equal(("SW10023", "4006381333931"), (facts.Sku, facts.Gtin));
        Assert.Contains("Brumm", facts.Brand, StringComparison.Ordinal);
        Assert.Equal(["https://spielzeug.example/media/bahn_1280x1280.jpg"], facts.Images);
        Assert.Equal(["Startseite", "Holzspielzeug"], facts.Breadcrumbs);
    }

    [Fact]
    public void Reads_the_state_that_a_script_embeds()
    {
        ListingFacts facts = Listing(PlatformPages.Script, "https://harbour.example.au/products/linen");
        Assert.Equal(("Linen Shirt", 89.00m, "Harbour", "LS-S", Availability.InStock), (facts.Name, facts.Price, facts.Brand, facts.Sku, facts.Availability));
        Assert.Contains("embedded-state", facts.Sources);
    }

    [Fact]
    public void Reads_labels_in_other_languages()
    {
        ListingFacts facts = Listing(PlatformPages.Polish, "https://sklep.example.pl/kubek");
        Assert.Equal(("Kubek ceramiczny 300 ml", 1249.50m, "PLN", "Glina", "KC-300", Availability.InStock), (facts.Name, facts.Price, facts.Currency, facts.Brand, facts.Sku, facts.Availability));
        Assert.Equal(["Strona główna", "Kubki"], facts.Breadcrumbs);
    }

    [Theory]
    [InlineData(nameof(PlatformPages.Category))]
    [InlineData(nameof(PlatformPages.Article))]
    public void Says_that_lists_and_articles_sell_nothing(string page)
    {
        string html = page == nameof(PlatformPages.Category) ? PlatformPages.Category : PlatformPages.Article;
        Assert.Equal(NoListingReason.NoProduct, new ListingExtractor().Extract(html, "https://shop.example/cups").Reason);
    }
}

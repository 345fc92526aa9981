using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>The number of an offer that has no article number in sight, and other facts that shops say in their own way.</summary>
public sealed class AddressNumberTests
{
    private const string Title = "<h1>Duffel bag with wheels</h1><p class=price>$87.11</p>";
    private const string Buy = "<button>Add to cart</button>";

    [Theory]
    [InlineData("https://shop.example/dp/B01GOH7PKA", "<form><input type=hidden name=ASIN value=B01GOH7PKA></form>", "B01GOH7PKA")]
    [InlineData("https://shop.example/itm/bag-with-wheels-302474151804", "<script>var state = {\"itemId\":\"302474151804\",\"qty\":1};</script>", "302474151804")]
    [InlineData("https://shop.example/Prod/144432/", "<div data-product-id=144432></div>", "144432")]
    [InlineData("https://shop.example/bag.html?childSku=545642356", "<script>window.sku = '545642356'</script>", "545642356")]
    [InlineData("https://shop.example/M67296549.htm", "<input name=prod_no value=M67296549>", "M67296549")]
    public void A_part_of_the_address_that_the_page_calls_a_products_number_is_its_number(string url, string named, string sku) => Assert.Equal(sku, Listing(url, Title + Buy + named).Sku);

    [Theory]
    // Nothing says what the number is; another product's card says it; a page or a size is no number; a part of a longer number is another one.
    [InlineData("https://shop.example/itm/302474151804", "<img src='/pictures/302474151804.jpg'>")]
    [InlineData("https://shop.example/bag-144432", "<section class=related-products><div data-product-id=144432></div></section>")]
    [InlineData("https://shop.example/bag?page=2000", "<input name=product_id value=77>")]
    [InlineData("https://shop.example/bag-14443", "<script>var x = {\"productId\":\"144432\"}</script>")]
    public void What_the_page_does_not_call_so_is_none(string url, string other) => Assert.Null(Listing(url, Title + Buy + other).Sku);

    [Fact]
    public void An_article_number_of_the_markup_comes_first_and_one_in_sight_after_the_addresss()
    {
        const string url = "https://shop.example/dp/B08LNDXM65", form = "<input type=hidden name=asin value=B08LNDXM65>";
        Assert.Equal("X-1", Listing(url, Title + Buy + form + "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Duffel bag with wheels\",\"sku\":\"X-1\",\"offers\":{\"price\":87.11}}</script>").Sku);
        Assert.Equal("B08LNDXM65", Listing(url, Title + Buy + form + "<table><tr><th>Référence</th><td>QB737</td></tr></table>").Sku);
    }

    [Fact]
    public void An_offer_that_is_out_of_stock_and_shows_no_price_is_one_all_the_same()
    {
        ListingFacts gone = Listing("https://shop.example/dp/B07FW264WL", "<h1>Potato chips</h1><div id=availability>Currently unavailable.</div><input type=hidden name=ASIN value=B07FW264WL><table><tr><th>ASIN</th><td>B07FW264WL</td></tr></table>");
        Assert.Equal((Availability.OutOfStock, "B07FW264WL", null), (gone.Availability, gone.Sku, gone.Price));
        Assert.Null(new ListingExtractor().Extract("<h1>Our service</h1><p>Currently unavailable.</p>", "https://shop.example/service/2024").Listing);
    }

    [Fact]
    public void A_number_of_the_address_alone_beside_the_title_is_the_offers() =>
        Assert.Equal("31273", Listing("https://shop.example/products/product?code=31273", $"<h1>Spray</h1><div>31273</div><p class=price>€ 79.00</p>{Buy}").Sku);

    [Fact]
    public void Who_asks_a_price_and_says_nothing_of_stock_offers()
    {
        ListingFacts offer = Listing("https://ads.example/projector-1", "<h1>Projector</h1><table><tr><th>Art. no.</th><td>P-100</td></tr></table><p class=price>€ 120.00</p>");
        Assert.Equal((120m, Availability.InStock), (offer.Price, offer.Availability));
    }

    [Theory]
    [InlineData("<table><tr><td><b>7</b> pieces, today <span>294</span> <span>€</span></td></tr></table>", 294)]
    // Cents in an element of their own; other sellers' prices; the price without tax; a sale beside markup that still has the former price.
    [InlineData("<div class='price_F salePrice_k'>$229<span class=rightEnd_6>99</span></div>", 229.99)]
    [InlineData("<p class=price>$48.99</p><p>5 options from $42.99</p>", 48.99)]
    [InlineData("<ul class=list><li class=price><span class=live>100.00€</span></li><li class=small>Brez DDV: <span>81.97€</span></li></ul>", 100)]
    [InlineData("<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Red dress\",\"offers\":{\"price\":\"219.99\",\"priceCurrency\":\"EUR\"}}</script><div><span class=original-price>€219.99</span></div><div class=product-price><span class=current-price>€110.00</span></div>", 110)]
    public void The_price_asked(string html, double price) => Assert.Equal((decimal)price, Listing("https://shop.example/red-dress", $"<h1>Red dress</h1>{html}{Buy}").Price);

    [Fact]
    public void A_label_is_no_seller_and_a_product_in_no_item_counts_whatever_stands_around_it()
    {
        Assert.Null(Listing("https://shop.example/bag", Title + Buy + "<div><span>Sold by</span><span>Sold by</span></div>").Seller);
        ListingFacts orphan = Listing("https://shop.example/product/9249556", "<div id=content><div itemprop=mainEntityOfPage itemscope itemtype='https://schema.org/Product'><span itemprop=name>Watch</span><span itemprop=sku content=9249556>924/9556</span>"
            + "<div itemprop=offers itemscope itemtype='https://schema.org/Offer'><meta itemprop=price content=9.99><meta itemprop=priceCurrency content=GBP></div></div></div>");
        Assert.Equal(("9249556", 9.99m, "GBP"), (orphan.Sku, orphan.Price, orphan.Currency));
    }

    private static ListingFacts Listing(string url, string body)
    {
        ExtractionOutcome outcome = new ListingExtractor().Extract($"<!doctype html><html lang=en><title>Shop</title><body>{body}</body></html>", url);
        Assert.True(outcome.Listing is not null, outcome.Detail);
        return outcome.Listing;
    }
}

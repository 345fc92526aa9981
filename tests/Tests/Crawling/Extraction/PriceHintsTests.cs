using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>What a page reports to those that count its visitors, what it calls a price, and what it says of the stock.</summary>
public sealed class PriceHintsTests
{
    private const string TwoPrices = "<div class='row'><span>$45.00</span></div><div class='row'><span>$39.00</span></div><p>SKU: A-1</p><button>Buy now</button>";

    [Theory]
    [InlineData("<script>fbq('track', 'ViewContent', {content_ids: ['7'], content_type: 'product', value: 45.00, currency: 'USD'});</script>")]
    [InlineData("<script>gtag('event', 'view_item', {currency: 'USD', value: 45, items: [{item_id: '7', price: 45}]});</script>")]
    [InlineData("<script>var google_tag_params = {dynx_itemid: '7', dynx_pagetype: 'offerdetail', dynx_totalvalue: '45.00'};</script>")]
    [InlineData("<meta name='description' content='Desk Lamp for $45.00 at our shop'>")]
    [InlineData("<form action='/cart/add'><input type='hidden' name='product_price' value='45.00'></form>")]
    public void Of_two_prices_the_one_that_the_page_reports_is_asked(string hint) => Assert.Equal(45m, Read(TwoPrices + hint).Price);

    [Fact]
    public void What_is_reported_is_the_price_where_the_page_shows_none() =>
        Assert.Equal((45m, "EUR"), Read("<p>SKU: A-77</p><button>In den Warenkorb</button><script>ttq.track('ViewContent',{content_id:'7',value:45.0,currency:'EUR'})</script>", "https://shop.example.de/p/lamp") is var facts ? (facts.Price!.Value, facts.Currency!) : default);

    [Fact]
    public void Several_reported_amounts_are_a_list_s() =>
        Assert.Null(Read("<p>SKU: A-77</p><button>Buy now</button><script>fbq('track','ViewContent',{value:45});fbq('track','ViewContent',{value:46});</script>").Price);

    [Theory]
    [InlineData("<table><tr><td><b>建議售價</b> <del>$420</del>元</td></tr><tr><td><b>特價</b> <b><font>7</font> 折</b> <span>294</span><span> 元 </span></td></tr></table><p>〈商品編號：M6729〉</p>", "https://shop.example.tw/p/lamp", 294, "M6729")]
    [InlineData("<p>Ref: 7731</p><div><p>Preis: 294,00 €</p><p>ab 300 € versandkostenfrei</p></div>", "https://shop.example.de/p/lamp", 294, "7731")]
    public void A_price_is_known_by_its_label_where_nothing_else_names_it(string body, string url, int price, string sku)
    {
        ListingFacts facts = Read(body, url);
        Assert.Equal((price, sku), ((int?)facts.Price, facts.Sku));
    }

    [Theory]
    [InlineData("<p class='stock'>המוצר אינו במלאי</p>")]
    [InlineData("<p class='stock'>補貨中</p>")]
    [InlineData("<p class='stock'>Товар закончился</p>")]
    [InlineData("<p class='stock'>판매종료</p>")]
    [InlineData("<p class='stock'>Producto agotada temporalmente</p>")]
    [InlineData("<p class='stock'>Actuellement pas en stock</p>")]
    public void What_is_gone_is_said_in_many_ways(string body) => Assert.Equal(Availability.OutOfStock, Read("<p class='price'>25.00 €</p><p>SKU: A-1</p>" + body).Availability);

    private static ListingFacts Read(string body, string url = "https://shop.example/things/lamp") =>
        new ListingExtractor().Extract($"<html><head><title>Desk Lamp</title></head><body><h1>Desk Lamp</h1>{body}<p>A lamp for a desk.</p></body></html>", url).Listing!;
}

using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Which of several prices is the one asked: net and gross, former and present, for members, for a piece, of several offers, on request; and in which currency.</summary>
public sealed class PriceKindsTests
{
    private const string Url = "https://shop.example/p/kettle";

    [Theory]
    [InlineData("<div><span class='price'>100,00 € zzgl. MwSt.</span><span class='price'>119,00 € inkl. MwSt.</span></div>", 119)]
    [InlineData("<div><span class='price price-net'>€100.00</span><span class='price price-gross'>€119.00</span></div>", 119)]
    [InlineData("<div><span class='price'>£100.00 <small>ex VAT</small></span> <span class='price'>£119.00 <small>inc VAT</small></span></div>", 119)]
    [InlineData("<p class='price'>€119.00 <s>€160.00</s></p>", 119)]
    [InlineData("<p class='price'><s>€160.00</s> €119.00</p>", 119)]
    [InlineData("<p class='price'>€119.00</p><p class='member-price'>Members pay €99.00</p>", 119)]
    [InlineData("<p class='price'>€119.00</p><p>Subscribe &amp; save: €99.00</p>", 119)]
    [InlineData("<p><span>€119.00</span> / piece</p><p>10+ pieces: €99.00</p>", 119)]
    [InlineData("<p class='price'>€119.00</p><p>or 4 payments of €29.75</p><p>from €10/month</p>", 119)]
    [InlineData("<p>12x <b>€10.00</b></p><p class='price'>€119.00</p>", 119)]
    [InlineData("<p class='price'>€100.00 excl. VAT €119.00 incl. VAT</p>", 119)]
    [InlineData("<p><s>€160.00</s> <span class='tag'>Sale</span> (save 25%)</p><h3>€119.00</h3>", 119)]
    [InlineData("<div class='current-price weight-regular'>€119.00</div><div class='regular-price'>€160.00</div>", 119)]
    [InlineData("<div class='details-footer'><span class='price'>€119.00</span></div><div class='offers'><p class='seller-price'>€125.00</p></div>", 119)]
    [InlineData("<div class='price-layout-normal'><div class='tw-font-normal leading-[normal]'>€119.00</div><div class='tw-line-through'>€160.00</div></div>", 119)]
    [InlineData("<div><span class='price'>€119.00</span><span class='discount-price'>-€41.00</span></div>", 119)]
    [InlineData("<p class='price'><span class='hidden'>€119.00</span><span><span class='price-sign'>€</span><span class='price-whole'>119<span class='price-point'>.</span></span><span class='price-fraction'>00</span></span></p>", 119)]
    [InlineData("<p class='price-per-unit'>€119.00<abbr>/</abbr><abbr>unit</abbr></p><p class='price-per-measure'>€23.80/kg</p>", 119)]
    [InlineData("<p class='price'>€119.00</p><div><b>Bought together</b><p>Total price: <span class='price'>€187.00</span></p></div>", 119)]
    [InlineData("<p class='price'>Lowest price of the 30 days before the reduction: €99.00 Price: €119.00</p>", 119)]
    [InlineData("<p class='price'>-30% €170.00 €119.00</p>", 119)]
    [InlineData("<p class='price'>Est Value: €170.00 Outlet price: €119.00</p>", 119)]
    [InlineData("<p class='price'>10+ €99.00 €119.00</p>", 119)]
    [InlineData("<p class='price'>Deposit €20.00 Total €119.00</p>", 119)]
    [InlineData("<p class='price'>incl. €1.50 deposit €119.00</p>", 119)]
    [InlineData("<p class='price'>Versand: 4,90 € Preis: 119,00 €</p>", 119)]
    [InlineData("<p class='price'>(5,95 € = 100 ml) 119,00 €</p>", 119)]
    [InlineData("<p class='price'>100,00 € IVA esclusa 119,00 € IVA inclusa</p>", 119)]
    [InlineData("<p class='price'>Nettó ár: 100,00 € Bruttó ár: 119,00 €</p>", 119)]
    [InlineData("<p class='price'>Az elmúlt 30 nap legalacsonyabb ára: 99,00 € 119,00 €</p>", 119)]
    [InlineData("<p class='price'>119–170 €</p>", 119)]
    [InlineData("<p class='price'>Price: 119.00 - 170.00 EUR</p>", 119)]
    [InlineData("<p class='price'>Size 38 - 119.00 €</p>", 119)]
    [InlineData("<table><tr><td>up to 9</td><td>€119.00</td></tr><tr><td>from 10</td><td>€99.00</td></tr></table>", 119)]
    [InlineData("<div><label>Subscribe and save 10%</label><span class='price'>€107.10</span></div><div><label>Once</label><span class='price'>€119.00</span></div>", 119)]
    [InlineData("<label>Wrapping <span class='price'>+€3.00</span></label><p class='price'>€119.00</p>", 119)]
    [InlineData("<p class='price'>€119.00 at once or €131.00 in 10x of €13.10 without interest</p>", 119)]
    [InlineData("<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Kettle\",\"offers\":{\"price\":\"100.00\",\"priceCurrency\":\"EUR\"}}</script><p class='price'>€119.00 incl. VAT</p>", 119)]
    [InlineData("<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Kettle\",\"offers\":{\"price\":\"100.00\",\"priceCurrency\":\"EUR\"}}</script><p class='price'>€100.00 excl. VAT</p><p class='price'>€119.00 incl. VAT</p>", 119)]
    [InlineData("<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Kettle\",\"offers\":{\"price\":\"119.00\",\"priceCurrency\":\"EUR\"}}</script><p class='price'>€119.00</p><p>from two: €141.61</p>", 119)]
    public void Of_prices_on_the_page_the_one_that_everybody_pays_now_is_read(string body, int price) => Assert.Equal(price, Read(body).Price);

    [Theory]
    [InlineData("<div style='display:none'><span class='price'>€45.00</span></div>", 45)]
    [InlineData("<div style='display:none'><span class='price'>€45.00</span></div><p class='price'>€119.00</p>", 119)]
    public void A_hidden_price_counts_where_no_other_is_asked(string body, int price) => Assert.Equal(price, Read(body + "<p>SKU: K-1</p>").Price);

    [Theory]
    [InlineData("""{"price":"30.00","priceCurrency":"EUR","itemCondition":"https://schema.org/UsedCondition"},{"price":"45.00","priceCurrency":"EUR","itemCondition":"https://schema.org/NewCondition"}""", "EUR")]
    [InlineData("""{"price":"50.00","priceCurrency":"USD"},{"price":"45.00","priceCurrency":"EUR"}""", "EUR")]
    [InlineData("""{"price":"30.00","priceCurrency":"EUR","availability":"OutOfStock"},{"price":"45.00","priceCurrency":"EUR","availability":"InStock"}""", "EUR")]
    public void Of_several_offers_the_one_that_this_page_s_buyer_is_made_is_read(string offers, string currency)
    {
        ListingFacts facts = Read(Markup($"[{offers}]"), "https://shop.example.de/p/kettle");
        Assert.Equal((45m, currency), (facts.Price, facts.Currency));
    }

    [Fact]
    public void Markup_that_still_states_what_the_sharing_tags_call_the_price_before_states_the_present_one() =>
        Assert.Equal(36m, Read("<meta property='product:original_price:amount' content='45.00'><meta property='product:sale_price:amount' content='36.00'>" + Markup("""{"price":"45.00","priceCurrency":"EUR"}""")).Price);

    [Fact]
    public void A_used_thing_that_nobody_offers_new_has_its_price() => Assert.Equal(30m, Read(Markup("""{"price":"30.00","priceCurrency":"EUR","itemCondition":"UsedCondition"}""")).Price);

    [Theory]
    [InlineData("0.01", "<p class='price'>Price on request</p>")]
    [InlineData("999999.00", "<p class='price'>Preis auf Anfrage</p>")]
    [InlineData("1.00", "<p>가격 문의</p>")]
    public void A_price_that_is_told_on_request_is_none(string written, string note) => Assert.Null(Read(Markup($$"""{"price":"{{written}}","priceCurrency":"EUR"}""") + note).Price);

    [Theory]
    [InlineData("Need more than 50? Ask for a quote")]
    [InlineData("Ask for a quote")]
    [InlineData("More than 50: price on request")]
    public void A_price_stands_where_only_many_are_asked_for(string note) => Assert.Equal(45m, Read(Markup("""{"price":"45.00","priceCurrency":"EUR"}""") + $"<p>{note}</p>").Price);

    [Fact]
    public void The_variants_of_what_is_told_on_request_have_no_price_either()
    {
        ListingFacts facts = Read("""<script type="application/ld+json">{"@type":"ProductGroup","name":"Enamel Kettle Blue","hasVariant":[{"@type":"Product","name":"Blue","sku":"B","offers":{"price":1,"priceCurrency":"EUR"}},{"@type":"Product","name":"Red","sku":"R","offers":{"price":1,"priceCurrency":"EUR"}}]}</script><p class='price'>Price on request</p>""");
        Assert.Equal((null, 2), (facts.Price, facts.Variants.Count));
        Assert.All(facts.Variants, static v => Assert.Null(v.Price));
    }

    [Fact]
    public void A_price_that_the_page_shows_stands_beside_the_offer_to_tell_another() =>
        Assert.Equal(45m, Read(Markup("""{"price":"45.00","priceCurrency":"EUR"}""") + "<p class='price'>€45.00</p><p>Contact us for a quote for 100 or more</p>").Price);

    [Theory]
    [InlineData("<p>정가<br>45,000원<br>판매가<br>39,000원</p>", "https://shop.example.kr/p/kettle", 39000)]
    [InlineData("<p>정가 45,000원<br>39,000원</p>", "https://shop.example.kr/p/kettle", 39000)]
    [InlineData("<p><span>정가</span> <span>45,000원</span> <span>판매가</span> <span>39,000원</span></p>", "https://shop.example.kr/p/kettle", 39000)]
    [InlineData("<div>Старая цена</div><div>1 500 ₽</div><div>Новая цена</div><div>450 ₽</div>", "https://shop.example.ru/p/kettle", 450)]
    [InlineData("<div>Старая цена</div><div>1 500 ₽</div><div>450 ₽</div>", "https://shop.example.ru/p/kettle", 450)]
    [InlineData("<div>450 ₽</div><div>Раньше</div><div>1 500 ₽</div>", "https://shop.example.ru/p/kettle", 450)]
    [InlineData("<div>UVP 29,99 €</div><div>8,99 €</div>", "https://shop.example.de/p/kettle", 8.99)]
    public void A_word_for_a_former_price_speaks_of_the_next_amount_alone(string body, string url, double price) => Assert.Equal((decimal)price, Read(body, url).Price);

    [Theory]
    [InlineData("<p class='price'>39,10 лв. (19,99 €)</p>")]
    [InlineData("<p class='price'>39,10 лв. / 19,99 €</p>")]
    [InlineData("<div><span class='price'>39,10 лв.</span><span class='price'>19,99 €</span></div>")]
    [InlineData("""<script type="application/ld+json">{"@type":"Product","name":"Enamel Kettle Blue","sku":"K-1","offers":[{"price":"39.10","priceCurrency":"BGN"},{"price":"19.99","priceCurrency":"EUR"}]}</script>""")]
    public void Of_a_price_in_euro_and_in_the_currency_before_it_the_euro_counts(string body)
    {
        ListingFacts facts = Read(body, "https://shop.example.bg/p/kettle");
        Assert.Equal((19.99m, "EUR"), (facts.Price, facts.Currency));
    }

    [Theory]
    [InlineData("tw", "TWD"), InlineData("cn", "CNY"), InlineData("example", "CNY")]
    public void The_sign_of_the_yuan_is_the_country_s(string country, string currency) => Assert.Equal(currency, Read("<p class='price'>294 元</p>", $"https://shop.{country}/p/kettle").Currency);

    [Theory]
    [InlineData("<p class='price'>¥149.00</p><a href='/'>返回首页</a>", "保温水壶 蓝色", "CNY")]
    [InlineData("<p class='price'>¥149.00</p><a href='/'>カートを見る</a>", "電気保温水筒 青色", "JPY")]
    [InlineData("<p>Price/السعر: <b>L.E 149.00</b></p>", "Enamel Kettle", "EGP")]
    public void A_sign_of_several_currencies_is_read_by_the_letters_around_it(string body, string title, string currency)
    {
        ListingFacts? facts = new ListingExtractor().Extract($"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}<button class='add-to-cart'>+</button><p>SKU: K-1</p></body></html>", Url).Listing;
        Assert.Equal((149m, currency), (facts?.Price, facts?.Currency));
    }

    [Fact]
    public void A_price_stands_in_the_header_of_the_cart_s_form_and_beside_a_second_title()
    {
        string? Price(string body) => new ListingExtractor().Extract($"<html><head><title>Kettle</title></head><body>{body}<div class='related'><p class='price'>€9.00</p></div></body></html>", Url).Listing?.Price?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("119.00", Price("<h1>Kettle</h1><form action='/cart/add'><header><p class='price'>€119.00</p><button>Add to cart</button></header></form>"));
        Assert.Equal("119.00", Price("<div class='mobile'><h1>Kettle</h1></div><div class='product-grid__container'><h1>Kettle</h1><p class='price'>€119.00</p><button>Add to cart</button></div>"));
        Assert.Equal("119.00", Price("<h1><a href='/brumm'>Brumm</a> Kettle of enamel in blue</h1><p data-test-id='price'>€119.00</p><button>Add to cart</button><h1>Brumm Kettle of enamel in blue: ratings</h1>"));
    }

    [Theory]
    [InlineData("https://shop.example.tn/kettle", "1 119,000 DT", 1119, "TND"), InlineData("https://shop.example.dz/kettle", "1 119 DA", 1119, "DZD")]
    public void A_word_of_a_country_s_currency_counts_there(string url, string text, int price, string currency)
    {
        ListingFacts facts = Read($"<p><span>{text}</span></p>", url);
        Assert.Equal((price, currency), (facts.Price, facts.Currency));
    }

    [Fact]
    public void A_measure_is_no_price() => Assert.Null(new ListingExtractor().Extract("<h1>Microphone</h1><p>Maximum SPL:110db</p><button class='add-to-cart'>Add to cart</button><p>SKU: M-1</p>", Url).Listing?.Price);

    [Fact]
    public void The_dollar_is_the_one_that_the_visitor_chose() =>
        Assert.Equal("CAD", Read("<select name='currency'><option value='USD'>$ USD</option><option value='CAD' selected>$ CAD</option></select><p class='price'>$45.00</p>").Currency);

    [Fact]
    public void What_BigCommerce_leaves_for_its_scripts_has_no_name() =>
        Assert.Equal((45m, "EUR"), Read("""<script>var BCData = {"product_attributes":{"sku":"K-1","price":{"with_tax":{"formatted":"€45.00","value":45,"currency":"EUR"}},"instock":true}};</script><p>SKU: K-1</p>""") is var facts ? (facts.Price!.Value, facts.Currency!) : default);

    private static string Markup(string offers) => $$"""<script type="application/ld+json">{"@type":"Product","name":"Enamel Kettle Blue","sku":"K-1","offers":{{offers}}}</script>""";

    private static ListingFacts Read(string body, string url = Url)
    {
        ExtractionOutcome outcome = new ListingExtractor().Extract($"<html><head><title>Enamel Kettle Blue</title></head><body><main><h1>Enamel Kettle Blue</h1>{body}<button class='add-to-cart'>Add to cart</button></main></body></html>", url);
        Assert.True(outcome.Listing is not null, $"{outcome.Reason}: {outcome.Detail}");
        return outcome.Listing;
    }
}

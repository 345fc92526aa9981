using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Which node, variant, offer and price a page means.</summary>
public sealed class OfferChoiceTests
{
    private const string Address = "https://shop.example/p/lamp-blue";

    [Theory]
    [InlineData("""{"@type":"Product","@id":"#p","name":"Lamp"}""", """{"@type":"Product","@id":"#p","sku":"L-1","gtin13":"4006381333931","brand":"Orlo","offers":{"price":"9.50","priceCurrency":"EUR"}}""")]
    [InlineData("""{"@type":"Product","@id":"https://shop.example/p/lamp-blue#p","sku":"L-1","gtin13":"4006381333931","name":"Lamp"}""", """{"@id":"#p","@type":"Thing","brand":{"@type":"Brand","@id":"#b"},"offers":{"@type":"Offer","@id":"#o"}}""", """[{"@id":"#o","@type":"Offer","price":9.5,"priceCurrency":"EUR"},{"@id":"#b","@type":"Brand","name":"Orlo"}]""")]
    [InlineData("""{"@graph":[{"@type":"WebPage","@id":"#w","mainEntity":{"@id":"#p"}},{"@type":"Product","@id":"#p","name":"Lamp","mainEntityOfPage":{"@id":"#w"},"sku":"L-1","gtin13":"4006381333931","brand":"Orlo","offers":{"price":9.5,"priceCurrency":"EUR"}}]}""")]
    public void Nodes_of_one_id_are_one_node(params string[] blocks)
    {
        ListingFacts facts = Listing(blocks);
        Assert.Equal(("Lamp", "L-1", "4006381333931", "Orlo", 9.50m, "EUR"), (facts.Name, facts.Sku, facts.Gtin, facts.Brand, facts.Price, facts.Currency));
    }

    [Fact]
    public void An_offer_with_the_id_of_its_product_is_another_node()
    {
        ListingFacts facts = Listing("""{"@type":"Product","@id":"https://shop.example/p/lamp-blue","name":"Lamp","sku":"L-1","gtin":"4006381333931","brand":{"@type":"Brand","name":"Orlo"},"offers":{"@type":"Offer","@id":"https://shop.example/p/lamp-blue","price":"9.50","priceCurrency":"EUR","availability":"https://schema.org/InStock"}}""");
        Assert.Equal(("Lamp", "L-1", "4006381333931", "Orlo", 9.50m, "EUR"), (facts.Name, facts.Sku, facts.Gtin, facts.Brand, facts.Price, facts.Currency));
    }

    [Fact]
    public void A_list_whose_products_share_an_id_is_no_product() =>
        Assert.Null(Extract([.. Enumerable.Range(1, 5).Select(i => $$$"""{"@type":"Product","@id":"#product","name":"Thing {{{i}}}","offers":{"price":{{{i}}},"priceCurrency":"EUR"}}""")], "All our things").Listing);

    [Theory]
    [InlineData("00471100", "007", "036000291452")]
    [InlineData("12345678901234567890123456789012345", "1.50", "036000291452")]
    public void Numbers_keep_their_digits(string sku, string mpn, string gtin)
    {
        ListingFacts facts = Listing($$$"""{"@type":"Product","name":"Lamp","sku":{{{sku}}},"mpn":{{{mpn}}},"gtin12":{{{gtin}}},"offers":{"price":9.5,"priceCurrency":"EUR",} }""");
        Assert.Equal((sku, mpn, gtin), (facts.Sku, facts.Mpn, facts.Gtin));
    }

    [Theory]
    [InlineData("“@type”:“Product”, “name”:“Lamp”, “sku”:“L-1”, “offers”:{“price”:“9.50”, “priceCurrency”:“EUR”}")]
    [InlineData("&#8220;@type&#8221;:&#8220;Product&#8221;,&#8220;name&#8221;:&#8220;Lamp&#8221;,&#8220;sku&#8221;:&#8220;L-1&#8221;,&#8220;offers&#8221;:{&#8220;price&#8221;:9.5,&#8220;priceCurrency&#8221;:&#8220;EUR&#8221;}")]
    [InlineData("\"@type\":\"Product\",\"name\":\"Lamp\",\"sku\":\"L-1\",\"offers\":{\"priceCurrency\":\"EUR\",\"price\":9,50}")]
    [InlineData("\"@type\":\"Product\",\"name\":\"Lamp\",\"sku\":\"L-1\",\"offers\":{\"priceCurrency\":\"EUR\",\"price\":9,50, \"availability\":\"InStock\"}")]
    public void Quotes_and_decimals_count_as_text_programs_and_countries_write_them(string members)
    {
        ListingFacts facts = Listing("{" + members + "}");
        Assert.Equal(("Lamp", "L-1", 9.50m, "EUR"), (facts.Name, facts.Sku, facts.Price, facts.Currency));
    }

    [Theory]
    [InlineData("4.006381333931E+12", "4006381333931")]
    [InlineData("4006381333931.0", "4006381333931")]
    [InlineData("\"https://id.shop.example/01/04006381333931/10/A1?17=271231\"", "4006381333931")]
    [InlineData("\"(01)04006381333931(10)A1\"", "4006381333931")]
    [InlineData("\"]C1010400638133393110A1\"", "4006381333931")]
    [InlineData("\"4006381333931, 8710103123453\"", "4006381333931")]
    [InlineData("null,\"@id\":\"https://id.shop.example/01/04006381333931\"", "4006381333931")]
    [InlineData("\"٤٠٠٦٣٨١٣٣٣٩٣١\"", "4006381333931")]
    [InlineData("\"https://dl.example/gtin/00036000291452\"", "036000291452")]
    [InlineData("\"04252614\"", "042100005264")]
    [InlineData("\"https://shop.example/p/4006381333931\"", null)]
    public void A_trade_number_is_read_from_each_of_its_forms(string gtin, string? number) =>
        Assert.Equal(number, Listing($$$"""{"@type":"Product","name":"Lamp","gtin":{{{gtin}}},"offers":{"price":9.5,"priceCurrency":"EUR"} }""").Gtin);

    [Theory]
    [InlineData("https://shop.example/p/lamp-red", "https://shop.example/p/lamp-blue")]
    [InlineData("/p/lamp-red", "/p/lamp-blue/")]
    [InlineData("https://shop.example/p/lamp-blue?colour=red", "https://shop.example/p/lamp-blue?colour=blue", "?colour=blue&ref=1")]
    [InlineData("https://shop.example/p/lamp-blue?v=12", "https://shop.example/p/lamp-blue?v=1", "?v=1")]
    [InlineData("/p/lamp-blue#red", "/p/lamp-blue#blue", "#blue")]
    [InlineData("/all/new/p/lamp-blue?v=1", "/all/new/p/lamp-blue?v=2", "?v=2")]
    [InlineData("/de/p/lamp-red", "/de/p/lamp-blue")]
    public void The_variant_that_the_address_names_is_the_one(string first, string second, string query = "")
    {
        ListingFacts facts = Extract(
            [$$$"""{"@type":"ProductGroup","name":"Lamp","hasVariant":[{"@type":"Product","name":"Lamp red","sku":"R","gtin13":"4006381333931","url":"{{{first}}}","image":"/red.jpg","offers":{"price":5,"priceCurrency":"EUR"}},{"@type":"Product","name":"Lamp blue","sku":"B","gtin13":"4006381333948","url":"{{{second}}}","image":"/blue.jpg","offers":{"price":7,"priceCurrency":"EUR"}}]}"""],
            "Lamp", Address + query).Listing!;
        Assert.Equal(("B", "4006381333948", 7m, "https://shop.example/blue.jpg"), (facts.Sku, facts.Gtin, facts.Price, facts.Images[0]));
    }

    [Theory]
    [InlineData("""{"priceSpecification":[{"price":8,"valueAddedTaxIncluded":false},{"price":10,"valueAddedTaxIncluded":true}]}""")]
    [InlineData("""{"price":8,"priceSpecification":[{"price":8,"valueAddedTaxIncluded":"false"},{"price":10,"valueAddedTaxIncluded":"true"}]}""")]
    [InlineData("""{"price":8,"valueAddedTaxIncluded":"http://schema.org/False","priceSpecification":{"price":10}}""")]
    [InlineData("""{"priceSpecification":[{"price":9,"validForMemberTier":{"@type":"MemberProgramTier","name":"Gold"}},{"price":10}]}""")]
    [InlineData("""{"priceSpecification":[{"price":12,"priceType":"https://schema.org/StrikethroughPrice"},{"price":10}]}""")]
    [InlineData("""{"priceSpecification":[{"price":4,"referenceQuantity":{"value":100,"unitCode":"GRM"}},{"price":10}]}""")]
    [InlineData("""{"priceSpecification":[{"price":9,"eligibleQuantity":{"minValue":10}},{"price":10,"eligibleQuantity":{"minValue":1}}]}""")]
    [InlineData("""{"priceSpecification":[{"@type":"DeliveryChargeSpecification","price":3},{"price":10}]}""")]
    [InlineData("""[{"price":9,"eligibleCustomerType":"http://purl.org/goodrelations/v1#Reseller"},{"price":10}]""")]
    [InlineData("""[{"price":9,"validForMemberTier":"gold"},{"price":10}]""")]
    [InlineData("""[{"price":0},{"price":10}]""")]
    [InlineData("""{"priceSpecification":[{"price":2,"billingDuration":6,"billingIncrement":1,"unitCode":"MON"},{"price":10}]}""")]
    [InlineData("""{"0":{"@type":"Offer","price":10},"2":{"@type":"Offer","price":12}}""")]
    public void The_price_is_what_everybody_pays_for_one_now(string offers) =>
        Assert.Equal(10m, Listing($$$"""{"@type":"Product","name":"Lamp","sku":"L","offers":{{{offers}}} }""").Price);

    [Fact]
    public void A_price_that_is_crossed_out_in_the_markup_is_the_former_one() => Assert.Equal(10m, new ListingExtractor().Extract(
        "<div itemscope itemtype='https://schema.org/Product'><h1 itemprop='name'>Lamp</h1><div itemprop='offers' itemscope itemtype='https://schema.org/Offer'><del><span itemprop='price'>12.00</span></del> <span itemprop='price'>10.00</span><meta itemprop='priceCurrency' content='EUR'></div></div>", Address).Listing?.Price);

    [Fact]
    public void Nothing_is_given_away() => Assert.Null(Listing("""{"@type":"Product","name":"Lamp","sku":"L","offers":{"price":"0.00","priceCurrency":"EUR"}}""").Price);

    [Theory]
    [InlineData("١٬٢٣٤٫٥٠ ر.س", "1234.50", "SAR")]
    [InlineData("۱۲۳٬۰۰۰ تومان", "123000", "IRR")]
    [InlineData("￥１２，８００", "12800", "JPY")]
    [InlineData("₹१,२३४", "1234", "INR")]
    [InlineData("฿๑๒๓", "123", "THB")]
    [InlineData("CHF 1ʼ234.50", "1234.50", "CHF")]
    [InlineData("CHF 1′234.50", "1234.50", "CHF")]
    [InlineData("CHF 1‘234.50", "1234.50", "CHF")]
    [InlineData("CHF 1＇234.50", "1234.50", "CHF")]
    [InlineData("\u200E1\u202F234,50\u00A0€\u200F", "1234.50", "EUR")]
    public void Prices_are_read_in_every_script_and_with_every_apostrophe(string text, string amount, string currency)
    {
        PriceReading reading = PriceParser.Read(text);
        Assert.Equal((decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency), (reading.Amount, reading.Currency));
        ListingFacts facts = new ListingExtractor().Extract($"<html><head><title>Lamp</title></head><body><h1>Lamp</h1><p class='product-price'>{text}</p><button class='add-to-cart'>Buy</button></body></html>", Address).Listing!;
        Assert.Equal((reading.Amount, reading.Currency), (facts.Price, facts.Currency));
    }

    [Theory]
    [InlineData("UVP 29,99 € 19,99 €")]
    [InlineData("statt 29,99 € nur 19,99 €")]
    [InlineData("Prix conseillé 29,99 € 19,99 €")]
    [InlineData("au lieu de 29,99 € 19,99 €")]
    [InlineData("antes 29,99 € ahora 19,99 €")]
    [InlineData("Adviesprijs 29,99 € 19,99 €")]
    [InlineData("RRP €29.99 €19.99")]
    [InlineData("€19.99 was €29.99")]
    [InlineData("(€1.30/100g) €19.99")]
    [InlineData("13,00 €/kg 19,99 €")]
    [InlineData("19,99 € (13,00 € pro Liter)")]
    [InlineData("1 kg = 13,00 € 19,99 €")]
    public void Of_several_prices_in_a_text_the_one_asked_is_read(string text) => Assert.Equal((19.99m, "EUR"), (PriceParser.Read(text).Amount, PriceParser.Read(text).Currency));

    private static ListingFacts Listing(params string[] blocks)
    {
        ExtractionOutcome outcome = Extract(blocks, "Lamp");
        Assert.True(outcome.Listing is not null, $"{outcome.Reason}: {outcome.Detail}");
        return outcome.Listing;
    }

    private static ExtractionOutcome Extract(string[] blocks, string title, string url = Address) => new ListingExtractor().Extract(
        $"<html><head><title>{title}</title>{string.Concat(blocks.Select(b => $"<script type='application/ld+json'>{b}</script>"))}</head><body><h1>{title}</h1><img src='/k.jpg' alt='{title}' width='600'></body></html>", url);
}

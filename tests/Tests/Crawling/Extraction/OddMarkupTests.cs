using System.Text;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Markup of products that is broken, or more than the vocabulary foresees, and what it means all the same.</summary>
public sealed class OddMarkupTests
{
    private const string Url = "https://shop.example/p/jug";
    private const string Offer = """{"@type":"Offer","price":"31.50","priceCurrency":"EUR"}""";

    [Theory]
    [InlineData("""{"@type":"Product","name":"Glass Jug","description":"half \ud83d of a smile","sku":"J-7","offers":OFFER}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","half \ude00":"key","sku":"J-7","offers":OFFER}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug" "sku":"J-7" "offers":OFFER}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"","sku":"J-7","offers":OFFER,"offers":{}}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"J-7","@reverse":{"itemOffered":OFFER}}""")]
    [InlineData("""[{"@type":"Product","name":"Glass Jug","sku":"J-7"},OFFER]""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"Article no.: J-7","offers":OFFER}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"J-7","offers":{"@type":"Offer","price":31.499999999999999,"priceCurrency":"Euro"}}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"J-7","offers":{"@type":"Offer","price":"<del>40,00 €</del> <ins>31,50 €</ins>"}}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"J-7","offers":{"@type":"Offer","price":"31.50","priceCurrency":"&euro;"}}""")]
    [InlineData("""{"@type":"Product","name":"Glass Jug","sku":"J-7","offers":{"@type":"Offer","price":"31.50","priceCurrency":{"@id":"https://schema.org/EUR"}}}""")]
    public void One_block_says_what_it_means(string json)
    {
        ListingFacts facts = Read(Block(json));
        Assert.Equal(("Glass Jug", "J-7", 31.50m, "EUR"), (facts.Name, facts.Sku, facts.Price, facts.Currency));
    }

    [Fact]
    public void What_is_encoded_twice_is_read() => Assert.Equal("J-7", Read(Block(System.Text.Json.JsonSerializer.Serialize("""{"@type":"Product","name":"Glass Jug","sku":"J-7"}"""))).Sku);

    [Theory]
    [InlineData("de", "Glaskrug")]
    [InlineData("en", "Glass Jug")]
    public void Of_several_languages_the_page_s_is_read(string language, string name) =>
        Assert.Equal(name, Read(Block("""{"@type":"Product","name":[{"@value":"Glaskrug","@language":"de"},{"@value":"Glass Jug","@language":"en-GB"}],"offers":OFFER}"""), language).Name);

    [Theory]
    [InlineData("""[false, null, "/i/a.jpg"]""", "/i/a.jpg")]
    [InlineData("""{"@id":"https://shop.example/#/schema/picture"}""")]
    [InlineData(""" "https://shop.example/i/a.jpg, https://shop.example/i/b.jpg" """, "/i/a.jpg", "/i/b.jpg")]
    [InlineData(""" "[\"/i/a.jpg\",\"/i/b.jpg\"]" """, "/i/a.jpg", "/i/b.jpg")]
    [InlineData(""" "<img class=\"x\" src=\"/i/a.jpg\">" """, "/i/a.jpg")]
    [InlineData(""" "https:https://shop.example/i/a.jpg" """, "/i/a.jpg")]
    [InlineData(""" "https://other.examplehttps://shop.example/i/a.jpg" """, "/i/a.jpg")]
    [InlineData("""{"@type":"ImageObject","thumbnail":{"@type":"ImageObject","contentUrl":"/i/a.jpg"}}""", "/i/a.jpg")]
    [InlineData(""" "https://shop.example/i/woocommerce-placeholder-600x600.png" """)]
    [InlineData(""" "https://shop.example/i/no-image-available.jpg" """)]
    public void A_picture_is_what_is_one(string image, params string[] expected) =>
        Assert.Equal(expected.Select(static e => "https://shop.example" + e), Read(Block($$"""{"@type":"Product","name":"Glass Jug","image":{{image}},"offers":OFFER}""")).Images);

    [Theory]
    [InlineData("Nicht vorrätig", Availability.OutOfStock)]
    [InlineData("Rupture de stock", Availability.OutOfStock)]
    [InlineData("En stock", Availability.InStock)]
    [InlineData("https://schema.org/OutOfStock", Availability.OutOfStock)]
    public void Stock_is_read_from_words_for_people_too(string stated, Availability expected) =>
        Assert.Equal(expected, Read(Block($$"""{"@type":"Product","name":"Glass Jug","offers":{"price":"31.50","priceCurrency":"EUR","availability":"{{stated}}"} }""")).Availability);

    [Theory]
    [InlineData("""{"price":40,"priceCurrency":"EUR","priceSpecification":{"priceType":"https://schema.org/SalePrice","price":31.5,"priceCurrency":"EUR"}}""")]
    [InlineData("""{"priceSpecification":[{"price":15.75,"priceCurrency":"EUR","unitCode":"LTR"},{"price":31.5,"priceCurrency":"EUR","unitCode":"C62"}]}""")]
    public void Of_price_specifications_that_of_one_piece_now_is_read(string offer) => Assert.Equal(31.5m, Read(Block($$"""{"@type":"Product","name":"Glass Jug","offers":{{offer}} }""")).Price);

    [Theory]
    [InlineData("<meta property='product:original_price:amount' content='31.50'><meta property='product:original_price:currency' content='EUR'>")]
    [InlineData("<meta property='product:sale_price:amount' content='0.00'><meta property='product:price:amount' content='31.50'><meta property='product:price:currency' content='EUR'>")]
    public void A_reduced_price_that_is_none_hides_no_price(string meta)
    {
        ListingFacts facts = Read("<meta property='og:type' content='product'>" + meta);
        Assert.Equal((31.50m, "EUR"), (facts.Price, facts.Currency));
    }

    [Theory]
    [InlineData("?sku=J-8", "/p/jug", "/p/jug")]
    [InlineData("?c=red&s=2", "/p/jug?c=red&amp;s=1", "/p/jug?c=red&amp;s=2")]
    public void The_variant_of_the_address_is_read(string query, string first, string second)
    {
        string group = $$"""{"@type":"ProductGroup","name":"Glass Jug","hasVariant":[{"@type":"Product","sku":"J-7","offers":{"price":"31.50","priceCurrency":"EUR","url":"{{first}}"} },{"@type":"Product","sku":"J-8","offers":{"price":"35.50","priceCurrency":"EUR","url":"{{second}}"} }]}""";
        ListingFacts facts = Read(Block(group), url: Url + query);
        Assert.Equal(("J-8", 35.50m), (facts.Sku, facts.Price));
    }

    [Fact]
    public void A_zero_in_a_page_is_passed_over() => Assert.Equal("J-7", new ListingExtractor().Extract(Encoding.UTF8.GetBytes("<html>\0<h1>Glass Jug</h1><p class='price'>€31.50</p><p>SKU: J-7</p><button>Add to cart</button>"), Url, "text/html").Listing?.Sku);

    [Theory]
    [InlineData("""{"a":"\ud83d"}""", """{"a":"\uFFFD"}""")]
    [InlineData("""{"a":"\ud83d\ude00"}""", """{"a":"\ud83d\ude00"}""")]
    [InlineData("""{"a":"\\ud83d"}""", """{"a":"\\ud83d"}""")]
    [InlineData("""{"a":"\ude00\ud83d x\u00e9"}""", """{"a":"\uFFFD\uFFFD x\u00e9"}""")]
    [InlineData("""{"a":"\ud83""", """{"a":"\ud83""")]
    public void Json_is_mended_where_a_character_is_half(string json, string mended) => Assert.Equal(mended, WholeCharacters.MendJson(json));

    private static string Block(string json) => $"""<script type="application/ld+json">{json.Replace("OFFER", Offer, StringComparison.Ordinal)}</script>""";

    private static ListingFacts Read(string markup, string language = "en", string url = Url)
    {
        ExtractionOutcome outcome = new ListingExtractor().Extract($"<html lang='{language}'><head>{markup}<title>Glass Jug</title></head><body><h1>Glass Jug</h1><button>Add to cart</button></body></html>", url);
        return outcome.Listing ?? throw new InvalidOperationException(outcome.Detail);
    }
}

using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

public class ListingExtractorTests
{
    private const string Url = "https://shop.example/p/1";

    private static ExtractionOutcome Extract(string html) => new ListingExtractor().Extract(html, Url);

    private static ListingFacts Listing(string html)
    {
        ExtractionOutcome outcome = Extract(html);
        Assert.True(outcome.Listing is not null, $"{outcome.Reason}: {outcome.Detail}");
        return outcome.Listing;
    }

    [Fact]
    public void Reads_json_ld()
    {
        ListingFacts facts = Listing("""
            <html lang="de"><head><script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Teddy &amp; Friends","sku":"T-1","gtin13":"4006381333931",
            "brand":{"@type":"Brand","name":"Bruno"},"image":["/a.jpg","https://cdn.example/b.jpg"],
            "offers":{"@type":"Offer","price":19.90,"priceCurrency":"EUR","availability":"https://schema.org/InStock","seller":{"@type":"Organization","name":"Shop"}}}</script></head><body><h1>Teddy &amp; Friends</h1></body></html>
            """);
        Assert.Equal("Teddy & Friends", facts.Name);
        Assert.Equal(19.90m, facts.Price);
        Assert.Equal("EUR", facts.Currency);
        Assert.Equal(Availability.InStock, facts.Availability);
        Assert.Equal("T-1", facts.Sku);
        Assert.Equal("4006381333931", facts.Gtin);
        Assert.Equal("Bruno", facts.Brand);
        Assert.Equal("Shop", facts.Seller);
        Assert.Equal("de", facts.Language);
        Assert.Equal(["https://shop.example/a.jpg", "https://cdn.example/b.jpg"], facts.Images);
        Assert.Contains("json-ld", facts.Sources);
    }

    [Theory]
    [InlineData("""{"@type":"Product","name":"Cup","offers":{"price":"5","priceCurrency":"EUR"},}""")]
    [InlineData("""// a comment\n{"@type":"Product","name":"Cup", /* more */ "offers":{"price":"5","priceCurrency":"EUR"}}""")]
    [InlineData("""<!-- {"@type":"Product","name":"Cup","offers":{"price":"5","priceCurrency":"EUR"}} -->""")]
    [InlineData("""//<![CDATA[\n{"@type":"Product","name":"Cup","offers":{"price":"5","priceCurrency":"EUR"}}\n//]]>""")]
    [InlineData("""{"@type":"Product","name":"Cup","description":"line\nbreak\tand "quotes" inside","offers":{"price":"5","priceCurrency":"EUR"}}""")]
    [InlineData("""{"@type":"Product","name":"Cup","offers":{"price":"5","priceCurrency":"EUR"}""")]
    [InlineData("""{"@type":"WebPage"}{"@type":"Product","name":"Cup","offers":{"price":"5","priceCurrency":"EUR"}}""")]
    [InlineData("""{"@graph":[{"@type":"WebPage"},{"@type":["Product","Thing"],"name":"Cup","offers":[{"@id":"#o"}]},{"@id":"#o","@type":"Offer","price":"5","priceCurrency":"EUR"}]}""")]
    [InlineData("""[{"@type":"http://schema.org/Product","name":"Cup","offers":{"@type":"AggregateOffer","lowPrice":"5.00","highPrice":"9","priceCurrency":"EUR"}}]""")]
    [InlineData("""{"@type":"ItemPage","mainEntity":{"@type":"schema:Product","name":"Cup","offers":{"priceSpecification":{"price":5,"priceCurrency":"EUR"}}}}""")]
    [InlineData("""{&quot;@type&quot;:&quot;Product&quot;,&quot;name&quot;:&quot;Cup&quot;,&quot;offers&quot;:{&quot;price&quot;:5,&quot;priceCurrency&quot;:&quot;EUR&quot;}}""")]
    [InlineData("""{'@type':'Product',name:'Cup','offers':{price:5.00,'priceCurrency':'EUR'}};""")]
    [InlineData("""{"@type":"ProductGroup","name":"Cup","hasVariant":[{"@type":"Product","offers":{"price":5,"priceCurrency":"EUR"}},{"@type":"Product","offers":{"price":7,"priceCurrency":"EUR"}}]}""")]
    public void Reads_broken_and_unusual_json_ld(string block)
    {
        ListingFacts facts = Listing($"<html><body><h1>Cup</h1><script type='application/ld+json'>{block.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal)}</script></body></html>");
        Assert.Equal("Cup", facts.Name);
        Assert.Equal(5m, facts.Price);
        Assert.Equal("EUR", facts.Currency);
    }

    [Fact]
    public void Reads_microdata_with_itemref()
    {
        ListingFacts facts = Listing("""
            <body><div itemscope itemtype="http://schema.org/Product" itemref="more"><h1 itemprop="name">Blue cup</h1>
            <div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><meta itemprop="priceCurrency" content="PLN"><span itemprop="price">1 249,50</span>
            <link itemprop="availability" href="http://schema.org/OutOfStock"></div></div><div id="more"><span itemprop="sku">77</span><img itemprop="image" src="x.png"></div></body>
            """);
        Assert.Equal(("Blue cup", 1249.50m, "PLN", Availability.OutOfStock, "77"), (facts.Name, facts.Price, facts.Currency, facts.Availability, facts.Sku));
        Assert.Equal(["https://shop.example/p/x.png"], facts.Images);
    }

    [Fact]
    public void Reads_rdfa()
    {
        ListingFacts facts = Listing("""
            <body vocab="http://schema.org/"><div typeof="Product"><h1 property="name">Lamp</h1><div property="offers" typeof="Offer"><span property="priceCurrency" content="GBP">£</span><span property="price">12.50</span></div></div></body>
            """);
        Assert.Equal(("Lamp", 12.50m, "GBP"), (facts.Name, facts.Price, facts.Currency));
        Assert.Contains("rdfa", facts.Sources);
    }

    [Fact]
    public void Reads_opengraph()
    {
        ListingFacts facts = Listing("""
            <head><meta property="og:type" content="product"><meta property="og:title" content="Red cup"><meta property="product:price:amount" content="8.00"><meta property="product:price:currency" content="USD">
            <meta property="product:availability" content="oos"><meta property="og:image" content="/c.jpg"></head><body><p>Buy a cup.</p></body>
            """);
        Assert.Equal(("Red cup", 8m, "USD", Availability.OutOfStock), (facts.Name, facts.Price, facts.Currency, facts.Availability));
    }

    [Fact]
    public void Takes_the_product_that_the_heading_names()
    {
        ListingFacts facts = Listing("""
            <body><div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Green tea</span><span itemprop="offers" itemscope><span itemprop="price">1</span></span></div>
            <h1>Black tea</h1><div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Black tea</span><span itemprop="offers" itemscope><span itemprop="price">2</span></span></div></body>
            """);
        Assert.Equal(("Black tea", 2m), (facts.Name, facts.Price));
    }

    [Theory]
    [InlineData("{\"a\": 1}", NoListingReason.NotHtml)]
    [InlineData("   ", NoListingReason.NotHtml)]
    [InlineData("<html><body><h1>About us</h1><p>We have sold cups for many years and love them. Read our story below, it is long and full of cups.</p></body></html>", NoListingReason.NoProduct)]
    [InlineData("<html><body><div id='root'></div><script src='app.js'></script></body></html>", NoListingReason.ClientRendered)]
    [InlineData("<html><body><noscript>You need to enable JavaScript to run this app.</noscript><div id='app'>Loading</div><script>start()</script></body></html>", NoListingReason.ClientRendered)]
    public void Says_why_there_is_no_listing(string html, NoListingReason reason) => Assert.Equal(reason, Extract(html).Reason);

    [Theory]
    [InlineData("https://shop.example/p/9", "https://shop.example:8443/p/9", false)]
    [InlineData("https://shop.example/p/9", "https://other.example/p/9", false)]
    [InlineData("https://shop.example:8443/p/9?a=b", "https://shop.example:8443/p/9", true)]
    [InlineData("https://shop.example/p/9?a=b", "https://shop.example:443/p/9", true)]
    public void A_canonical_address_counts_on_the_same_host_and_port_only(string url, string canonical, bool counts)
    {
        string html = $"<html><head><link rel=canonical href='{canonical}'><meta property='og:type' content='product'><meta property='product:price:amount' content='5'><title>Cup</title></head><body><h1>Cup</h1></body></html>";
        Assert.Equal(counts ? new Uri(canonical).AbsoluteUri : url, new ListingExtractor().Extract(html, url).Listing?.Url);
    }

    [Fact]
    public void Decodes_bytes_by_header_mark_meta_and_content()
    {
        ListingExtractor extractor = new();
        const string html = "<html><head><meta property='og:type' content='product'><meta property='product:price:amount' content='5'><title>Größe</title></head><body><h1>Größe</h1></body></html>";
        byte[] latin = System.Text.Encoding.Latin1.GetBytes(html);
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(html);
        Assert.Equal("Größe", extractor.Extract(latin, Url, "text/html; charset=iso-8859-1").Listing?.Name);
        Assert.Equal("Größe", extractor.Extract(latin, Url, "text/html").Listing?.Name);
        Assert.Equal("Größe", extractor.Extract(utf8, Url, null).Listing?.Name);
        Assert.Equal(NoListingReason.NotHtml, extractor.Extract(utf8, Url, "image/png").Reason);
        Assert.Equal(NoListingReason.NotHtml, extractor.Extract(new byte[600], Url, null).Reason);
    }
}

using System.Text;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Text;

/// <summary>JSON of programs that cut texts in the middle of a character.</summary>
public sealed class CutCharactersTests
{
    [Fact]
    public void A_page_whose_description_was_cut_in_a_character_is_read()
    {
        const string page = """
            <html><head><title>Duck</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Duck","description":"For the bath \ud83d","offers":{"@type":"Offer","price":"9.99","priceCurrency":"EUR"}}</script></head><body><h1>Duck</h1></body></html>
            """;
        Assert.Equal("Duck", new ListingExtractor().Extract(page, "https://shop.example/p/1").Listing?.Name);
    }

    [Fact]
    public void A_list_of_products_with_such_a_text_is_read() =>
        Assert.Equal("https://shop.example/products/duck", Assert.Single(SitemapReader.Read(Encoding.UTF8.GetBytes(@"{""products"":[{""title"":""Duck \ud83d"",""handle"":""duck"",""images"":[]}]}"), "https://shop.example/products.json").Pages).Url);
}

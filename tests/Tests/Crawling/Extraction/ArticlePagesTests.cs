using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

public sealed class ArticlePagesTests
{
    [Theory]
    // A test names the product that it is about.
    [InlineData("""<meta property="og:type" content="article"><script type="application/ld+json">{"@type":"Product","name":"Darkest Game","review":{"@type":"Review","reviewRating":{"@type":"Rating","ratingValue":74}}}</script><h1>Darkest Game review</h1><p>It is a good game.</p>""")]
    // An article is rated in the words for products.
    [InlineData("""<meta property="og:type" content="article"><div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Clearing snow: what to know</span><div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating"><span itemprop="ratingValue">4</span></div></div><h1>Clearing snow: what to know</h1>""")]
    // A magazine states the price of reading on.
    [InlineData("""<meta property="og:type" content="article"><meta property="product:price:amount" content="1"><meta property="product:price:currency" content="EUR"><meta property="product:retailer_item_id" content="12842649"><h1>Haylage: better than its name?</h1><p>Text of the article.</p>""")]
    // A book that is reviewed has its ISBN and a link to a shop.
    [InlineData("""<article itemscope itemtype="http://schema.org/BlogPosting"><h1 itemprop="name">Review: Love and War</h1><p>ISBN: 9783453580565</p><a class="buy" href="https://elsewhere.example/">Buy it now</a></article>""")]
    public void A_page_that_calls_itself_an_article_and_states_no_offer_sells_nothing(string body) =>
        Assert.Equal(NoListingReason.NoProduct, Read(body).Reason);

    [Theory]
    [InlineData("""<meta property="og:type" content="article"><script type="application/ld+json">{"@type":"Product","name":"Oak board","offers":{"@type":"Offer","price":"25","priceCurrency":"EUR"}}</script><h1>Oak board</h1>""")]
    [InlineData("""<meta property="og:type" content="article"><h1>Oak board</h1><p class="product-price">€ 25,00</p><form><button>Add to cart</button></form>""")]
    public void A_shop_that_calls_its_pages_articles_is_read_all_the_same(string body) => Assert.Equal(25m, Read(body).Listing?.Price);

    [Fact]
    public void A_link_that_leads_nowhere_is_the_button_that_its_name_says()
    {
        ExtractionOutcome read = Read("""<h1>Pork crisps</h1><p class="price">$99</p><a id="buy_btn" href="javascript:;"></a>""");
        Assert.Equal(Availability.InStock, read.Listing?.Availability);
    }

    [Fact]
    public void Words_that_a_button_shows_in_other_states_say_nothing_of_the_stock()
    {
        ExtractionOutcome read = Read("""<h1>Zestaw</h1><p class="price">99,00 zł</p><a class="add-to-basket" href="#"><span class="can-buy">Dodaj do koszyka</span><span class="unavailable-label">Produkt niedostępny</span></a>""");
        Assert.Equal(Availability.InStock, read.Listing?.Availability);
    }

    [Fact]
    public void What_is_sold_out_on_a_page_that_a_shop_program_calls_an_article_has_its_number()
    {
        const string Page = "<html><head><meta property='og:type' content='article'><title>Blue cup</title></head><body><h1>Blue cup</h1><p class='price'>€5.00</p><p class='stock'>Out of stock</p>";
        Assert.Equal((5m, Availability.OutOfStock), new ListingExtractor().Extract(Page + "<p>SKU: A-100</p>", "https://shop.example/product/cup").Listing is { } facts ? (facts.Price, facts.Availability) : default);
        Assert.Null(new ListingExtractor().Extract(Page, "https://shop.example/product/cup").Listing);
    }

    private static ExtractionOutcome Read(string body) => new ListingExtractor().Extract($"<html lang=en><body>{body}</body></html>", "https://shop.example/things/board");
}

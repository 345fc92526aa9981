using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

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
        Assert.Equal("AUD", facts.Currency);
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

    [Fact]
    public void Mends_a_price_whose_point_divides_thousands_if_the_page_shows_it()
    {
        ListingFacts facts = Listing("""
            <html lang="de"><head><script type="application/ld+json">{"@type":"Product","name":"Bohrer","sku":"4006381333931","offers":{"price":"1.299","priceCurrency":"EUR"}}</script></head>
            <body><h1>Bohrer</h1><span class="price">1.299,00 €</span></body></html>
            """, "https://werkzeug.example.de/bohrer");
        Assert.Equal((1299.00m, "4006381333931"), (facts.Price, facts.Gtin));
    }

    [Fact]
    public void Reads_the_page_s_own_product_where_only_the_others_have_markup()
    {
        string others = string.Concat(Enumerable.Range(1, 5).Select(static i => $"<div itemscope itemtype='http://schema.org/Product'><a href='{i}'><img src='{i}.jpg'></a><span itemprop='name'>Table {i}</span><span itemprop='offers' itemscope><span itemprop='price'>${i}</span></span></div>"));
        ListingFacts facts = Listing($"<html><head><title>Oak Chair</title></head><body><h1>Oak Chair</h1><p class='product-price'>$199.00</p><button class='add-to-cart'>Add to cart</button><div class='reco'>{others}</div></body></html>", "https://chairs.example.com/oak");
        Assert.Equal(("Oak Chair", 199m, Availability.InStock), (facts.Name, facts.Price, facts.Availability));
    }

    [Theory]
    [InlineData("Sold out", Availability.OutOfStock)]
    [InlineData("Zurzeit nicht lieferbar", Availability.OutOfStock)]
    [InlineData("Rupture de stock", Availability.OutOfStock)]
    [InlineData("En stock", Availability.InStock)]
    [InlineData("Produkt dostępny", Availability.InStock)]
    [InlineData("Pre-order now", Availability.PreOrder)]
    [InlineData("Нет в наличии", Availability.OutOfStock)]
    [InlineData("在庫あり", Availability.InStock)]
    [InlineData("This product is discontinued", Availability.Discontinued)]
    [InlineData("단종된 상품입니다", Availability.Discontinued)]
    public void Reads_stock_notes(string note, Availability expected)
    {
        ListingFacts facts = Listing($"<html><body><h1>Blue cup</h1><p class='price'>$5.00</p><p class='stock'>{note}</p><p>SKU: A-1</p></body></html>", "https://shop.example/cup");
        Assert.Equal(expected, facts.Availability);
    }

    [Theory]
    [InlineData("<li><div class='displaynone'>This combination is not available.</div></li>", Availability.InStock)]
    [InlineData("<p>Free delivery on orders over $50</p>", Availability.InStock)]
    [InlineData("<p class='stock'>On order</p>", Availability.BackOrder)]
    [InlineData("<p class='stock'>En arrivage</p>", Availability.BackOrder)]
    public void Only_what_people_see_and_what_speaks_of_the_stock_is_a_stock_note(string note, Availability expected) =>
        Assert.Equal(expected, Listing($"<html><body><h1>Blue cup</h1><p class='price'>$5.00</p>{note}<p>SKU: A-1</p></body></html>", "https://shop.example/cup").Availability);

    [Fact]
    public void A_product_that_says_itself_that_it_is_gone_is_gone_whatever_the_template_of_its_offer_says() =>
        Assert.Equal(Availability.BackOrder, Listing("<div itemscope itemtype='https://schema.org/Product'><h1 itemprop=name>Blue cup</h1><div itemprop=availability href='https://schema.org/BackOrder'>Soon</div><span itemprop=offers itemscope itemtype='https://schema.org/Offer'><meta itemprop=price content=5><link itemprop=availability href='https://schema.org/InStock'></span></div>", "https://shop.example/cup").Availability);

    [Fact]
    public void Reads_the_numbers_that_a_Korean_shop_shows()
    {
        ListingFacts facts = Listing("<html lang=ko><body><h1>파란 컵 2개</h1><p class='price'>5,000원</p><button>장바구니 담기</button><ul><li>Global Trade Item Number: 8801234567893</li><li>컵나라상품번호: 9096188 - 267</li></ul></body></html>", "https://shop.example/vp/cup");
        Assert.Equal(("8801234567893", "9096188"), (facts.Gtin, facts.Sku));
    }

    [Fact]
    public void A_drawing_may_stand_between_a_label_and_its_value_and_both_in_a_card_out_of_sight() =>
        Assert.Equal("9783161484100", Listing("<h1>Blue cups of the world</h1><p class='price'>$5.00</p><button>Add to cart</button><ul><li aria-hidden='true' style='visibility: hidden'><div><div><span>ISBN-13</span></div><div><i class='icon'></i></div><div><span>978-3-16-148410-0</span></div></div></li></ul>", "https://shop.example/cups").Gtin);

    [Fact]
    public void Keeps_one_address_per_picture_the_largest()
    {
        ListingFacts facts = Listing("""
            <html><body><h1>Blue cup</h1><p class="price">$5.00</p><button>Add to cart</button><div class="gallery"><img src="/i/bluecup-front_150x150.jpg"><img srcset="/i/bluecup-front_300x.jpg 300w, /i/bluecup-front_1200x.jpg 1200w"><img data-src="/i/bluecup-back_800x.jpg" src="data:image/gif;base64,R0lG"><img src="/i/logo.png"></div></body></html>
            """, "https://shop.example/cup");
        Assert.Equal(["https://shop.example/i/bluecup-front_1200x.jpg", "https://shop.example/i/bluecup-back_800x.jpg"], facts.Images);
    }

    [Fact]
    public void Takes_the_shop_s_name_off_the_title_where_there_is_no_heading()
    {
        ListingFacts facts = Listing("<html><head><title>Red cup | Cup House</title></head><body><p class='price'>$5.00</p><button>Add to cart</button></body></html>", "https://www.cuphouse.example/red");
        Assert.Equal("Red cup", facts.Name);
    }

    [Fact]
    public void Takes_the_lower_of_two_prices_side_by_side_and_the_brand_of_the_data_layer()
    {
        ListingFacts facts = Listing(PlatformPages.Italian, "https://www.tool.example.it/p/12");
        Assert.Equal(("Trapano a colonna", 349.00m, "EUR", "TC-12", "Fora", Availability.InStock), (facts.Name, facts.Price, facts.Currency, facts.Sku, facts.Brand, facts.Availability));
    }

    [Fact]
    public void A_front_page_sells_no_single_product() =>
        Assert.Equal(NoListingReason.NoProduct, new ListingExtractor().Extract(PlatformPages.Front, "https://garden.example/").Reason);

    [Theory]
    [InlineData("Visit the Brumm Store", "Brumm")]
    [InlineData("Visiter la boutique Brumm", "Brumm")]
    [InlineData("Ver mais artigos da Marca: Brumm", "Brumm")]
    [InlineData("Brumm", "Brumm")]
    [InlineData("<img alt='Brumm Logo' src='/brumm.png'>", "Brumm")]
    [InlineData("\u200EBrumm", "Brumm")]
    [InlineData("by Ada Brumm (Author)", null)]
    public void A_link_to_more_of_a_brand_names_the_brand(string text, string? brand) =>
        Assert.Equal(brand, Listing($"<h1>Wooden train</h1><a class=product-brand href='/brumm'>{text}</a><p class=price>€ 19,00</p><button>Add to cart</button>", "https://shop.example/p/train").Brand);

    [Theory]
    [InlineData("$metabrand"), InlineData("{{ product.brand }}"), InlineData("%BRAND%")]
    public void What_a_template_left_unfilled_is_neither_brand_nor_seller(string left)
    {
        ListingFacts facts = Listing($"<script type='application/ld+json'>{{\"@type\":\"Product\",\"name\":\"Wooden train\",\"brand\":\"{left}\",\"offers\":{{\"price\":19,\"seller\":{{\"name\":\"{left}\"}}}}}}</script><h1>Wooden train</h1>", "https://shop.example/p/train");
        Assert.Equal((null, null), (facts.Brand, facts.Seller));
    }

    [Theory]
    [InlineData("KX-200", "KX-200"), InlineData("Fake wounds", null)]
    public void A_model_without_a_digit_is_a_description(string model, string? mpn) =>
        Assert.Equal(mpn, Listing($"<script type='application/ld+json'>{{\"@type\":\"Product\",\"name\":\"Wooden train\",\"model\":\"{model}\",\"offers\":{{\"price\":19}}}}</script><h1>Wooden train</h1>", "https://shop.example/p/train").Mpn);

    [Theory]
    [InlineData("4248", null), InlineData("1234", "1234"), InlineData("501", "501")]
    public void A_brand_of_four_digits_is_a_row_unless_the_name_has_it(string brand, string? read) =>
        Assert.Equal(read, Listing($"<script type='application/ld+json'>{{\"@type\":\"Product\",\"name\":\"Cologne 1234\",\"brand\":\"{brand}\",\"offers\":{{\"price\":19}}}}</script><h1>Cologne 1234</h1>", "https://shop.example/p/cologne").Brand);

    [Theory]
    [InlineData("<span>Vendor sourced &amp; brand new!</span>"), InlineData("<span>Seller who offers good customer service</span>")]
    public void A_sentence_that_begins_with_a_label_names_nobody(string sentence)
    {
        ListingFacts facts = Listing($"<h1>Wooden train</h1><p class=price>€ 19,00</p><button>Add to cart</button>{sentence}", "https://shop.example/p/train");
        Assert.Equal((null, null), (facts.Brand, facts.Seller));
    }

    [Fact]
    public void Words_behind_a_label_of_the_seller_that_belong_to_it_are_no_seller() =>
        Assert.Null(Listing("<h1>Wooden train</h1><p class=price>€ 19,00</p><button>Add to cart</button><div><span>Seller</span><span>information</span></div>", "https://shop.example/p/train").Seller);

    [Fact]
    public void A_brand_of_the_markup_may_be_such_a_link_too() =>
        Assert.Equal("Brumm", Listing("<div itemscope itemtype='https://schema.org/Product'><h1 itemprop=name>Wooden train</h1><span itemprop=brand>Ver mais artigos da Marca: Brumm</span><span itemprop=offers itemscope itemtype='https://schema.org/Offer'><meta itemprop=price content=19></span></div>", "https://shop.example/p/train").Brand);
}

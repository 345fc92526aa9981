using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>What shop programs and their frameworks write around prices, brands, numbers and pictures.</summary>
public sealed class ShopMarkupTests
{
    private const string Url = "https://shop.example/things/lamp";

    [Theory]
    [InlineData("<ul class='list-unstyled'><li><h2>$602.00</h2></li><li>Ex Tax: $500.00</li></ul>")]
    [InlineData("<ul class='list-unstyled'><li><span style='text-decoration: line-through;'>$722.00</span></li><li><h2>$602.00</h2></li><li>Ex Tax: $500.00</li><li>Price in reward points: 400</li><li>10 or more $588.00</li><li>20 or more $544.40</li></ul>")]
    [InlineData("<div class='list-inline font-normal'><strong>$602.00</strong> <small>Ex Tax: $500.00</small></div>")]
    [InlineData("<div class='price-box'><span class='price-including-tax'><span class='price'>$602.00</span></span><span class='price-excluding-tax'><span class='price'>$500.00</span></span></div>")]
    [InlineData("<h2><span class='normalprice'>$722.00 </span>&nbsp;<span class='productSpecialPrice'>$602.00</span><span class='productPriceDiscount'><br>Save:&nbsp;17% off</span></h2>")]
    public void Reads_the_price_whatever_lays_it_out(string price) => Assert.Equal((602.00m, "USD"), (Read(price).Price, Read(price).Currency));

    [Theory]
    [InlineData("<div id='manufacturerInfo'><h2>Manufacturer Info</h2></div>", null)]
    [InlineData("<div class='brand'>Info</div>", null)]
    [InlineData("<ul><li>Model: AB-12</li><li>Manufactured by: Norrvik</li></ul>", "Norrvik")]
    [InlineData("<p>Brand: <a href='/b/1'>Norrvik</a></p><div class='manufacturer'><h3>Manufacturer information</h3></div>", "Norrvik")]
    public void A_word_beside_the_brand_s_is_no_brand(string markup, string? brand) => Assert.Equal(brand, Read($"<p class='price'>$5.00</p>{markup}").Brand);

    [Theory]
    [InlineData("<p>Model: RX-7 199.00</p>", "RX-7")]
    [InlineData("<p>MPN: AB-12 $49.90</p>", "AB-12")]
    [InlineData("<p>MPN: AB-12</p>", "AB-12")]
    [InlineData("<ul><li>Model: AB-12</li><li>1000 Units in Stock</li></ul>", "AB-12")]
    public void A_maker_s_number_holds_no_price(string markup, string mpn) => Assert.Equal(mpn, Read($"<p class='price'>$5.00</p>{markup}").Mpn);

    [Fact]
    public void A_structured_number_holds_no_price_either()
    {
        ListingFacts facts = Read("""<script type="application/ld+json">{"@type":"Product","name":"Desk Lamp","model":"DL-4 - $25.00","offers":{"price":"25.00","priceCurrency":"USD"}}</script>""");
        Assert.Equal("DL-4", facts.Mpn);
    }

    [Theory]
    [InlineData("<p>Model RP 3000 with all the top parts</p>")]
    [InlineData("<p>ID 20</p><p>Try 2 for the price of 1</p>")]
    public void A_word_is_no_currency(string text)
    {
        ListingFacts facts = Read($"<p class='price'>25.00</p>{text}<p>SKU: A-1</p>");
        Assert.Equal((25.00m, null), (facts.Price, facts.Currency));
    }

    [Theory]
    [InlineData("<div class='product-slider'>{0}</div>")]
    [InlineData("<div class='product-carousel'>{0}</div>")]
    [InlineData("<div class='gallery'><ul>{0}</ul></div>")]
    public void Slides_are_the_product_s_own_pictures(string gallery)
    {
        string slides = string.Concat(Enumerable.Range(1, 4).Select(i => $"<li class='slide'><a href='{(i == 2 ? "#" : $"/i/lamp-{i}.jpg")}'><img src='/i/lamp-{i}.jpg' alt='Desk Lamp'></a></li>"));
        ListingFacts facts = Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, gallery, slides) + "<p class='price'>$5.00</p>");
        Assert.Equal(Enumerable.Range(1, 4).Select(i => $"https://shop.example/i/lamp-{i}.jpg"), facts.Images);
    }

    [Theory]
    [InlineData("<form data-product_variations='[{\"image\":{\"src\":\"/i/v-300x300.jpg\",\"full_src\":\"/i/v.jpg\"}}]'></form>")]
    [InlineData("<select><option data-image='/i/v.jpg'>Red</option></select>")]
    [InlineData("<div class='swatches'><button data-variant-image='/i/v.jpg'>Red</button></div>")]
    [InlineData("<div data-product='{\"images\":[{\"bySize\":{\"small_default\":{\"url\":\"/i/v.jpg\"}}}],\"manufacturer\":{\"image\":\"/i/maker.jpg\"}}'></div>")]
    [InlineData("<script type='text/x-magento-init'>{\"[data-gallery-role=gallery]\":{\"mage/gallery/gallery\":{\"data\":[{\"thumb\":\"/i/t.jpg\",\"img\":\"/i/m.jpg\",\"full\":\"/i/v.jpg\"}]}}}</script>")]
    public void Pictures_of_variants_are_read_from_what_scripts_show(string markup)
    {
        ListingFacts facts = Read($"<div class='gallery'><img src='/i/lamp.jpg' alt='Desk Lamp'></div><p class='price'>$5.00</p>{markup}");
        Assert.Equal(["https://shop.example/i/lamp.jpg", "https://shop.example/i/v.jpg"], facts.Images);
    }

    [Fact]
    public void Pictures_of_two_related_products_are_not_its_own()
    {
        string related = string.Concat(Enumerable.Range(1, 2).Select(i => $"<div class='col-md-3'><div class='product-thumb transition'><div class='image'><a href='/things/{i}'><img src='/i/other-{i}-200x200.jpg' alt='Lamp {i}'></a></div><div class='caption'><h4><a href='/things/{i}'>Lamp {i}</a></h4></div></div></div>"));
        Assert.Equal(["https://shop.example/i/lamp.jpg"], Read($"<p class='price'>$5.00</p><ul class='thumbnails'><li><a class='thumbnail' href='/i/lamp.jpg'><img src='/i/lamp-228x228.jpg' alt='Desk Lamp'></a></li></ul><h3>Related Products</h3><div class='row'>{related}</div>").Images);
    }

    [Theory]
    [InlineData("<h1>Tag: lamps</h1>", "")]
    [InlineData("<h1>Desk Lamp</h1>", "")]
    [InlineData("<h1>Lamps</h1>", " itemscope itemtype='http://schema.org/Product'")]
    [InlineData("", "")]
    public void A_list_of_one_is_a_list(string heading, string item)
    {
        string card = $"<article class='product-miniature'{item}><a class='thumbnail product-thumbnail' href='/lamps/4-desk-lamp.html'><img src='/i/4-home_default/lamp.jpg' alt='Desk Lamp'></a><div class='product-description'><h3 class='product-title' itemprop='name'><a href='/lamps/4-desk-lamp.html'>Desk Lamp</a></h3><span class='price' itemprop='price'>$5.00</span><button class='add-to-cart'>Add to cart</button></div></article>";
        ExtractionOutcome outcome = new ListingExtractor().Extract($"<html lang='en'><head><title>Lamps</title></head><body>{heading}<div class='products row'>{card}</div></body></html>", "https://shop.example/tag/lamps");
        Assert.Equal(NoListingReason.NoProduct, outcome.Reason);
    }

    [Fact]
    public void A_product_that_links_to_one_of_the_same_name_is_still_a_product() =>
        Assert.Equal(5.00m, Read("<p class='price'>$5.00</p><button class='add-to-cart'>Add to cart</button><div class='also'><a href='/things/lamp-used'><img src='/i/u.jpg'><h3>Desk Lamp</h3></a><span class='price'>$3.00</span></div>").Price);

    private static ListingFacts Read(string content)
    {
        ExtractionOutcome outcome = new ListingExtractor().Extract($"<html lang='en'><head><title>Desk Lamp</title></head><body><h1>Desk Lamp</h1>{content}<button id='button-cart'>Add to Cart</button></body></html>", Url);
        Assert.True(outcome.Listing is not null, $"{outcome.Reason}: {outcome.Detail}");
        return outcome.Listing;
    }
}

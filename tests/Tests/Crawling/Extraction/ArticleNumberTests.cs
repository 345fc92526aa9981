using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Extraction;

public sealed class ArticleNumberTests
{
    [Fact]
    public void A_number_shown_to_people_as_the_product_code_goes_before_one_that_only_markup_holds()
    {
        ListingFacts? facts = Read("""
            <script type="application/ld+json">{"@type":"Product","name":"Faux fur throw","sku":"237972452","offers":{"price":"80","priceCurrency":"GBP","availability":"InStock"}}</script>
            <h1>Faux fur throw</h1><p>£80.00</p><button>Add to basket</button><p class="product-code">Product code: 64981901</p>
            """);
        Assert.Equal("64981901", facts?.Sku);
    }

    [Fact]
    public void A_number_of_markup_that_the_page_shows_stays()
    {
        ListingFacts? facts = Read("""
            <script type="application/ld+json">{"@type":"Product","name":"Faux fur throw","sku":"237972452","offers":{"price":"80","priceCurrency":"GBP","availability":"InStock"}}</script>
            <h1>Faux fur throw</h1><p>£80.00</p><button>Add to basket</button><p>Ref. 237972452</p><p class="product-code">Product code: 64981901</p>
            """);
        Assert.Equal("237972452", facts?.Sku);
    }

    [Theory]
    [InlineData("<div style='display:none'>113</div><p>Cód.: PZ00801</p>")]
    [InlineData("<p>Room for 113cm</p><p>Store Style #:&nbsp;PZ00801</p>")]
    public void A_number_of_markup_that_stands_hidden_or_in_another_word_is_not_shown(string shown)
    {
        ListingFacts? facts = Read("""<script type="application/ld+json">{"@type":"Product","name":"Gift bag","sku":"113","offers":{"price":"5","priceCurrency":"GBP"}}</script><h1>Gift bag</h1><p>£5.00</p><button>Add to basket</button>""" + shown);
        Assert.Equal("PZ00801", facts?.Sku);
    }

    [Fact]
    public void A_number_at_the_end_of_the_way_to_the_page_is_the_products()
    {
        ListingFacts? facts = Read("""<nav><ol><li>Shirts</li><li><b>Item # TA224626</b></li></ol></nav><h1>Shirt</h1><p class="price">£29.95</p><button>Add to basket</button>""");
        Assert.Equal("TA224626", facts?.Sku);
    }

    [Theory]
    [InlineData("<li>GTIN (EAN): 4006381333931</li>")]
    [InlineData("<li>EAN / UPC: 4006381333931</li>")]
    [InlineData("<li>ISBN/EAN 4006381333931</li>")]
    public void A_label_may_say_two_names_of_a_number(string line) =>
        Assert.Equal(("4006381333931", "K-200"), Read($"""<h1>Kettle</h1><p class="price">£9.99</p><button>Add to basket</button><ul>{line}<li>SKU / Art.-Nr.: K-200</li></ul>""") is { } facts ? (facts.Gtin, facts.Sku) : (null, null));

    [Theory]
    [InlineData("""{"@type":"Product","name":"Small","offers":{"price":9}},{"@type":"Product","name":"Large","offers":{"price":9}}""", "S17")]
    [InlineData("""{"@type":"Product","name":"Small","sku":"S17-1","offers":{"price":9}},{"@type":"Product","name":"Large","sku":"S17-2","offers":{"price":9}}""", "S17-1")]
    public void A_group_whose_variants_have_no_numbers_has_its_own(string variants, string number)
    {
        ListingFacts? facts = Read($$"""<script type="application/ld+json">{"@type":"ProductGroup","name":"Serum","productGroupID":"S17","hasVariant":[{{variants}}]}</script><h1>Serum</h1>""");
        Assert.Equal(number, facts?.Sku);
    }

    [Fact]
    public void The_makers_model_number_said_twice_is_not_the_shops_number()
    {
        ListingFacts? facts = Read("""
            <h1>Watch set</h1><p class="price">£9.99</p><button>Add to basket</button>
            <ul><li>Model number akg-008. </li></ul><table><tr><td>Model number</td><td>akg-008</td></tr></table>
            """);
        Assert.Equal(("akg-008", null), (facts?.Mpn, facts?.Sku));
    }

    [Theory]
    [InlineData("Numero modello articolo")]
    [InlineData("Item model number")]
    [InlineData("Numéro du modèle de l'article")]
    [InlineData("Número de modelo del producto")]
    public void The_makers_number_has_many_labels_and_a_label_is_no_brand(string label)
    {
        ListingFacts? facts = Read($"<h1>Radio</h1><p class='price'>9,99 €</p><button>Buy now</button><table><tr><th>Manufacturer recommended age</th><td>3 years</td></tr><tr><th>{label}</th><td>EUA1026P</td></tr></table>");
        Assert.Equal(("EUA1026P", null), (facts?.Mpn, facts?.Brand));
    }

    [Fact]
    public void Where_the_two_numbers_are_swapped_the_one_in_the_address_is_the_shops()
    {
        ListingFacts? facts = Read("""
            <script type="application/ld+json">{"@type":"Product","name":"Computer Tower 9010","sku":"OPTI 9010 TOWER","mpn":"144432","offers":{"price":"1679","priceCurrency":"EUR"}}</script>
            <h1>Computer Tower 9010</h1><p>OPTI 9010 TOWER</p>
            """, "https://shop.example/Prod/144432/");
        Assert.Equal("144432", facts?.Sku);
    }

    [Fact]
    public void A_number_behind_the_letters_of_its_kind_in_the_address_is_found()
    {
        ListingFacts? facts = Read("""
            <script>dataLayer.push({"adAge":"0 days","adId":278526196});</script><h1>Remote control</h1><p class="price">€ 5,00</p><button>Jetzt kaufen</button>
            """, "https://ads.example/tv/c7200a278526196/remote.html");
        Assert.Equal("278526196", facts?.Sku);
    }

    private static ListingFacts? Read(string body, string url = "https://shop.example/p/throw") =>
        new ListingExtractor().Extract($"<html lang=en><body>{body}</body></html>", url).Listing;
}

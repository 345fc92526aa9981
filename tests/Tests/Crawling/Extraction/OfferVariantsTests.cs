using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

public sealed class OfferVariantsTests
{
    private const string Buy = """<form class="cart"><p class="price">€ 19,00</p><button>In den Warenkorb</button></form>""";

    [Fact]
    public void A_product_groups_variants_are_offers_of_one_listing()
    {
        ListingFacts facts = Read("""
            <script type="application/ld+json">{"@type":"ProductGroup","name":"Rain coat","productGroupID":"RC","variesBy":["color","size"],"hasVariant":[
             {"@type":"Product","name":"Rain coat red S","color":"Red","size":"S","sku":"RC-R-S","gtin13":"4006381333931","image":"/red.jpg","offers":{"@type":"Offer","price":"49.00","priceCurrency":"EUR","availability":"https://schema.org/InStock"}},
             {"@type":"Product","name":"Rain coat blue M","color":"Blue","size":{"@type":"SizeSpecification","name":"M"},"sku":"RC-B-M","mpn":"M-77","offers":{"@type":"Offer","price":"52.00","priceCurrency":"EUR","availability":"https://schema.org/OutOfStock"}}]}</script><h1>Rain coat</h1>
            """);
        Assert.Equal(
            [
                new() { Name = "Red / S", Sku = "RC-R-S", Gtin = "4006381333931", Price = 49m, Currency = "EUR", Availability = Availability.InStock, Image = "https://shop.example/red.jpg" },
                new() { Name = "Blue / M", Sku = "RC-B-M", Mpn = "M-77", Price = 52m, Currency = "EUR", Availability = Availability.OutOfStock },
            ],
            facts.Variants);
        Assert.Equal(("Rain coat", 2), (facts.Name, facts.VariantsFound));
    }

    [Fact]
    public void Several_offers_of_one_product_are_variants_where_each_says_which_it_is()
    {
        ListingFacts facts = Read("""
            <script type="application/ld+json">{"@type":"Product","name":"Boots","offers":{"@type":"AggregateOffer","lowPrice":"62.95","priceCurrency":"EUR","offers":[
             {"@type":"Offer","sku":"B-40","price":"70.50","priceCurrency":"EUR","availability":"OutOfStock"},{"@type":"Offer","sku":"B-41","price":"62.95","priceCurrency":"EUR","availability":"InStock","itemOffered":{"@type":"Product","name":"41","gtin13":"4006381333931"}}]}}</script><h1>Boots</h1>
            """);
        Assert.Equal([(null, "B-40", null, 70.5m), ("41", "B-41", "4006381333931", 62.95m)], facts.Variants.Select(v => (v.Name, v.Sku, v.Gtin, v.Price)));
    }

    [Theory]
    // Two sellers of one thing.
    [InlineData("""{"@type":"Offer","sku":"A1","price":"5","seller":{"name":"Anna"}},{"@type":"Offer","sku":"B1","price":"6","seller":{"name":"Bent"}}""")]
    // Nothing says which is which; the same one twice; one alone.
    [InlineData("""{"@type":"Offer","price":"5"},{"@type":"Offer","price":"6"}""")]
    [InlineData("""{"@type":"Offer","sku":"A1","price":"5"},{"@type":"Offer","sku":"A1","price":"6"}""")]
    [InlineData("""{"@type":"Offer","sku":"A1","price":"5"}""")]
    public void Offers_that_do_not_say_what_tells_them_apart_are_no_variants(string offers) =>
        Assert.Empty(Read($$"""<script type="application/ld+json">{"@type":"Product","name":"Boots","offers":[{{offers}}]}</script><h1>Boots</h1>""").Variants);

    [Fact]
    public void Shopifys_variants_have_their_options_prices_in_hundredths_and_barcodes()
    {
        ListingFacts facts = Read("""
            <h1>Linen Shirt</h1><form><button name="add">Add to cart</button></form><script>var meta = {"currency":"AUD"};</script>
            <script type="application/json">{"id":1,"title":"Linen Shirt","vendor":"Harbour","price":8900,"variants":[
             {"id":11,"title":"S / White","option1":"S","option2":"White","sku":"LS-S","price":8900,"available":true,"barcode":"4006381333931","featured_image":{"src":"//cdn.example/s.jpg"}},
             {"id":12,"title":"M / White","option1":"M","option2":"White","sku":"LS-M","price":9150,"available":false}]}</script>
            """);
        Assert.Equal([("S / White", "LS-S", "4006381333931", 89m, Availability.InStock, "https://cdn.example/s.jpg"), ("M / White", "LS-M", null, 91.5m, Availability.OutOfStock, null)], facts.Variants.Select(v => (v.Name, v.Sku, v.Gtin, v.Price!.Value, v.Availability!.Value, v.Image)));
    }

    [Fact]
    public void Woo_commerces_variations_are_named_by_the_options_of_the_form()
    {
        ListingFacts facts = Read("""
            <h1>Cup</h1><p class="price">€ 5,00</p><form class="variations_form cart" data-product_variations='[{"attributes":{"attribute_pa_colour":"red"},"display_price":5,"sku":"C-R","is_in_stock":true,"image":{"full_src":"/r.jpg"}},{"attributes":{"attribute_pa_colour":"blue"},"display_price":6.5,"sku":"C-B","is_in_stock":false}]'>
            <label for="c">Colour</label><select id="c" name="attribute_pa_colour"><option value="">Choose an option</option><option value="red">Ruby red</option><option value="blue">Sea blue</option></select><button>Add to cart</button></form>
            """);
        Assert.Equal([("Ruby red", "C-R", 5m, Availability.InStock, "https://shop.example/r.jpg"), ("Sea blue", "C-B", 6.5m, Availability.OutOfStock, null)], facts.Variants.Select(v => (v.Name, v.Sku, v.Price!.Value, v.Availability!.Value, v.Image)));
    }

    [Fact]
    public void The_options_of_a_list_are_variants_and_other_lists_are_not()
    {
        ListingFacts facts = Read($$"""
            <h1>T-shirt</h1><label for="s">Größe</label><select id="s" name="size"><option value="">Bitte wählen</option><option value="1">S</option><option value="2" disabled>M</option><option value="3">L - ausverkauft</option></select>
            <select name="quantity"><option>1</option><option>2</option><option>3</option></select><select name="shipping_country"><option>Deutschland</option><option>Österreich</option></select>{{Buy}}
            """);
        Assert.Equal([("S", null), ("M", Availability.OutOfStock), ("L - ausverkauft", Availability.OutOfStock)], facts.Variants.Select(v => (v.Name, v.Availability)));
    }

    [Fact]
    public void Radio_buttons_are_variants_and_options_of_several_lists_are_said_with_their_list()
    {
        ListingFacts facts = Read("""
            <h1>Lamp</h1><form><fieldset><legend>Colour:</legend><input type="radio" id="r1" name="colour" value="1"><label for="r1">Red</label><input type="radio" id="r2" name="colour" value="2"><label for="r2">Blue</label></fieldset>
            <label for="z">Size</label><select id="z" name="size"><option>30 cm</option><option>50 cm</option></select>
            <input type="radio" name="payment" value="card"><input type="radio" name="payment" value="invoice"><p class="price">€ 19,00</p><button>Add to cart</button></form>
            """);
        Assert.Equal(["Size: 30 cm", "Size: 50 cm", "Colour: Red", "Colour: Blue"], facts.Variants.Select(v => v.Name));
    }

    [Fact]
    public void What_one_part_states_completes_the_others()
    {
        ListingFacts facts = Read("""
            <script type="application/ld+json">{"@type":"Product","name":"Linen Shirt","offers":[{"@type":"Offer","sku":"LS-S","price":"89.00","priceCurrency":"AUD","availability":"InStock"},{"@type":"Offer","sku":"LS-M","price":"89.00","priceCurrency":"AUD","availability":"OutOfStock"}]}</script>
            <h1>Linen Shirt</h1><script type="application/json">{"id":1,"title":"Linen Shirt","vendor":"Harbour","price":8900,"variants":[{"id":11,"option1":"S","sku":"LS-S","barcode":"4006381333931"},{"id":12,"option1":"M","sku":"LS-M"}]}</script>
            """);
        Assert.Equal([("S", "LS-S", "4006381333931", 89m, Availability.InStock), ("M", "LS-M", null, 89m, Availability.OutOfStock)], facts.Variants.Select(v => (v.Name, v.Sku, v.Gtin, v.Price!.Value, v.Availability!.Value)));
    }

    [Fact]
    public void The_first_hundred_are_kept_and_all_are_counted()
    {
        string offers = string.Join(',', Enumerable.Range(1, 250).Select(i => $$"""{"@type":"Offer","sku":"A-{{i}}","price":"5"}"""));
        ListingFacts facts = Read($$"""<script type="application/ld+json">{"@type":"Product","name":"Boots","offers":[{{offers}}]}</script><h1>Boots</h1>""");
        Assert.Equal((100, 250, "A-100"), (facts.Variants.Count, facts.VariantsFound, facts.Variants[^1].Sku));
    }

    [Fact]
    public void What_another_process_read_holds_variants_and_safety()
    {
        PageReading read = PageReading.Read("""<html lang=en><body><main><h1>Boots</h1><script type="application/ld+json">{"@type":"Product","name":"Boots","offers":[{"@type":"Offer","sku":"A-1","price":"5"},{"@type":"Offer","sku":"A-2","price":"6"}]}</script></main></body></html>""", "https://shop.example/p/thing", "text/html");
        ListingFacts facts = PageReading.FromBytes(read.ToBytes()).Extraction.Listing!;
        Assert.Equal(read.Extraction.Listing!.Variants, facts.Variants);
        Assert.Equal(read.Extraction.Listing.Safety, facts.Safety);
        Assert.Equal((2, 2, 10), (facts.Variants.Count, facts.VariantsFound, facts.Safety.Count));
    }

    private static ListingFacts Read(string body)
    {
        ExtractionOutcome read = new ListingExtractor().Extract($"<html lang=en><body><main>{body}</main></body></html>", "https://shop.example/p/thing");
        Assert.True(read.Listing is not null, read.Detail);
        return read.Listing;
    }
}

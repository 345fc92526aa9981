using Touchstone.Crawling.Extraction;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>The product in the state that frameworks leave for their scripts, however it is wrapped.</summary>
public sealed class ScriptStateTests
{
    [Theory]
    [InlineData("""<script>self.__next_f.push([1,"5:[\"$\",\"div\",null,{\"product\":{\"name\":\"Desk Lamp Arc\",\"sku\":\"DL-77\",\"pri"]);self.__next_f.push([1,"ce\":{\"amount\":49.5},\"currency\":\"EUR\",\"inStock\":true}}]\n"])</script>""")]
    [InlineData("""<script>self.__next_f=self.__next_f||[];self.__next_f.push([0])</script><script>self.__next_f.push([1,"5:[\"$\",\"div\",null,{\"product\":{\"name\":\"Desk Lamp Arc\",\"sku\":\"DL-77\",\"pri"])</script><p>A lamp.</p><script>self.__next_f.push([1,"ce\":{\"amount\":49.5},\"currency\":\"EUR\",\"inStock\":true}}]\n"])</script>""")]
    [InlineData("""<script>window.__STATE__ = JSON.parse("{\"product\":{\"name\":\"Desk Lamp Arc\",\"sku\":\"DL-77\",\"price\":49.5,\"currency\":\"EUR\",\"inStock\":true}}");</script>""")]
    [InlineData("""<script>window.__STATE__ = JSON.parse('{"product":{"name":"Desk Lamp Arc","sku":"DL-77","price":"49.50","currency":"EUR","inStock":true}}');</script>""")]
    [InlineData("""<script>window.__STATE__=JSON.parse(decodeURIComponent("%7B%22product%22%3A%7B%22name%22%3A%22Desk%20Lamp%20Arc%22%2C%22sku%22%3A%22DL-77%22%2C%22price%22%3A49.5%2C%22currency%22%3A%22EUR%22%2C%22inStock%22%3Atrue%7D%7D"));</script>""")]
    [InlineData("""<script>window.__NUXT__=(function(a,b,c,d){return {layout:"default",data:[{product:{name:a,sku:b,price:c,currency:"EUR",inStock:d}}]}}("Desk Lamp Arc","DL-77",49.5,true));</script>""")]
    [InlineData("""<script type="application/json" id="__NUXT_DATA__">[["Reactive",1],{"data":2},["Reactive",3],{"product":4},{"name":5,"sku":6,"price":7,"currency":8,"inStock":9},"Desk Lamp Arc","DL-77",49.5,"EUR",true]</script>""")]
    [InlineData("""<div id="app" data-page='{"component":"Product","props":{"product":{"name":"Desk Lamp Arc","sku":"DL-77","price":49.5,"currency":"EUR","inStock":true}}}'></div>""")]
    [InlineData("""<product-view :product='{"name":"Desk Lamp Arc","sku":"DL-77","price":49.5,"currency":"EUR","inStock":true}'></product-view>""")]
    public void The_product_is_found_however_its_state_is_wrapped(string state)
    {
        ListingFacts facts = Read(state);
        Assert.Equal((49.5m, "EUR", "DL-77"), (facts.Price, facts.Currency, facts.Sku));
    }

    [Theory]
    [InlineData("""{"sales":{"value":49.5,"currency":"EUR"},"list":{"value":60}}""")]
    [InlineData("""{"with_tax":{"formatted":"€49.50","value":49.5,"currency":"EUR"},"without_tax":{"value":41.25}}""")]
    [InlineData("""{"minimum_price":{"regular_price":{"value":60},"final_price":{"value":49.5,"currency":"EUR"}}}""")]
    [InlineData("""{"minVariantPrice":{"amount":"49.5","currencyCode":"EUR"}}""")]
    [InlineData("""{"centAmount":4950,"fractionDigits":2,"currencyCode":"EUR"}""")]
    [InlineData("""{"price":"4950","regular_price":"6000","currency_code":"EUR","currency_minor_unit":2}""")]
    [InlineData("""{"value":49.5,"sale":0,"currency":"EUR"}""")]
    [InlineData("""{"special":"0.0000","value":49.5,"currency":"EUR"}""")]
    [InlineData("""{"current":{"centAmount":0,"fractionDigits":2},"value":49.5,"currency":"EUR"}""")]
    [InlineData("""{"current_retail":49.5,"reg_retail":60,"currency":"EUR"}""")]
    public void Of_an_object_for_a_price_what_is_asked_now_counts(string price)
    {
        ListingFacts facts = Read($$$"""<script type="application/json">{"product":{"name":"Desk Lamp Arc","sku":"DL-77","price":{{{price}}}}}</script>""");
        Assert.Equal((49.5m, "EUR"), (facts.Price, facts.Currency));
    }

    [Theory]
    [InlineData("""<script>window.__NUXT__=(function(a){return {product:{name:"Desk Lamp Arc",price:a</script>""")]
    [InlineData("""<script>self.__next_f.push([1,"5:{\"product\":{\"name\":\"Desk Lamp Arc\",\"pri</script>""")]
    [InlineData("""<script type="application/json">[{"name":0,"price":0},[0,1]]</script>""")]
    [InlineData("""<div data-page='{"a":{"a":{"a":'></div>""")]
    public void State_that_is_cut_or_turns_in_a_circle_tells_nothing(string state) => Assert.Null(Read(state).Price);

    public static TheoryData<string> Multiplied => new()
    {
        "<script>window.__NUXT__=(function(a){return {price:[" + string.Concat(Enumerable.Repeat("a,", 20_000)) + "]}}([" + string.Concat(Enumerable.Repeat("\"sku\",", 100_000)) + "]));</script>",
        "<script>window.__NUXT__=(function(a){return {price:[" + string.Concat(Enumerable.Repeat("a,", 20_000)) + "]}}({" + string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"k{i}:1,")) + "}));</script>",
        "<script type='application/json'>[{" + string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"\"k{i}\":\"sku\",")) + "\"k\":0}," + string.Concat(Enumerable.Repeat("{\"name\":0,\"price\":0,\"a\":0},", 20_000)) + "1]</script>",
        "<script type='application/json'>[[" + string.Concat(Enumerable.Repeat("\"sku\",", 100_000)) + "1]," + string.Concat(Enumerable.Repeat("{\"name\":0,\"price\":0},", 20_000)) + "1]</script>",
    };

    [Theory]
    [MemberData(nameof(Multiplied), DisableDiscoveryEnumeration = true)]
    public async Task State_that_multiplies_ends_and_the_markup_is_read_all_the_same(string state)
    {
        const string markup = """<script type="application/ld+json">{"@type":"Product","name":"Desk Lamp Arc","sku":"DL-77","offers":{"price":"49.50","priceCurrency":"EUR"}}</script>""";
        ListingFacts facts = await ProcessorTime.WithinAsync(TimeSpan.FromSeconds(60), () => Read(markup + state), TestContext.Current.CancellationToken);
        Assert.Equal((49.5m, "EUR", "DL-77"), (facts.Price, facts.Currency, facts.Sku));
    }

    private static ListingFacts Read(string state) =>
        new ListingExtractor().Extract($"<html lang='en'><head><title>Desk Lamp Arc</title><meta property='og:type' content='product'></head><body><h1>Desk Lamp Arc</h1>{state}<p>A lamp for a desk.</p><button>Add to cart</button></body></html>", "https://shop.example/things/lamp-77").Listing!;
}

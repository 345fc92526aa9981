using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>What a page reports to those that count its visitors, what it calls a price, and what it says of the stock.</summary>
public sealed class PriceHintsTests
{
    private const string TwoPrices = "<div class='row'><span>$45.00</span></div><div class='row'><span>$39.00</span></div><p>SKU: A-1</p><button>Buy now</button>";

    [Theory]
    [InlineData("<script>fbq('track', 'ViewContent', {content_ids: ['7'], content_type: 'product', value: 45.00, currency: 'USD'});</script>")]
    [InlineData("<script>gtag('event', 'view_item', {currency: 'USD', value: 45, items: [{item_id: '7', price: 45}]});</script>")]
    [InlineData("<script>var google_tag_params = {dynx_itemid: '7', dynx_pagetype: 'offerdetail', dynx_totalvalue: '45.00'};</script>")]
    [InlineData("<meta name='description' content='Desk Lamp for $45.00 at our shop'>")]
    [InlineData("<form action='/cart/add'><input type='hidden' name='product_price' value='45.00'></form>")]
    public void Of_two_prices_the_one_that_the_page_reports_is_asked(string hint) => Assert.Equal(45m, Read(TwoPrices + hint).Price);

    [Theory]
    [InlineData("<script>fbq('track','ViewContent',{value:19.99,currency:'USD'})</script>", "USD")]
    [InlineData("<script>var shop = {currency: 'SEK'}; fbq('track','ViewContent',{value:19.99,currency:'USD'})</script>", "USD")]
    [InlineData("<script>var shop = {currency: 'SEK'}; fbq('track','ViewContent',{value:19.99})</script>", "SEK")]
    [InlineData("<script>fbq('track','ViewContent',{value:19.99})</script>", "EUR")]
    public void What_is_reported_is_in_the_currency_that_the_script_names_then_in_the_country_s(string script, string currency) =>
        Assert.Equal((19.99m, currency), Read("<p>SKU: A-77</p><button>Buy now</button>" + script, "https://shop.example.de/p/lamp") is var facts ? (facts.Price!.Value, facts.Currency!) : default);

    [Fact]
    public void What_is_reported_is_the_price_where_the_page_shows_none() =>
        Assert.Equal((45m, "EUR"), Read("<p>SKU: A-77</p><button>In den Warenkorb</button><script>ttq.track('ViewContent',{content_id:'7',value:45.0,currency:'EUR'})</script>", "https://shop.example.de/p/lamp") is var facts ? (facts.Price!.Value, facts.Currency!) : default);

    [Fact]
    public void Several_reported_amounts_are_a_list_s() =>
        Assert.Null(Read("<p>SKU: A-77</p><button>Buy now</button><script>fbq('track','ViewContent',{value:45});fbq('track','ViewContent',{value:46});</script>").Price);

    [Theory]
    [InlineData("<table><tr><td><b>建議售價</b> <del>$420</del>元</td></tr><tr><td><b>特價</b> <b><font>7</font> 折</b> <span>294</span><span> 元 </span></td></tr></table><p>〈商品編號：M6729〉</p>", "https://shop.example.tw/p/lamp", 294, "M6729")]
    [InlineData("<p>Ref: 7731</p><div><p>Preis: 294,00 €</p><p>ab 300 € versandkostenfrei</p></div>", "https://shop.example.de/p/lamp", 294, "7731")]
    public void A_price_is_known_by_its_label_where_nothing_else_names_it(string body, string url, int price, string sku)
    {
        ListingFacts facts = Read(body, url);
        Assert.Equal((price, sku), ((int?)facts.Price, facts.Sku));
    }

    [Theory]
    [InlineData("<p class='stock'>המוצר אינו במלאי</p>")]
    [InlineData("<p class='stock'>補貨中</p>")]
    [InlineData("<p class='stock'>Товар закончился</p>")]
    [InlineData("<p class='stock'>판매종료</p>")]
    [InlineData("<p class='stock'>Producto agotada temporalmente</p>")]
    [InlineData("<p class='stock'>Actuellement pas en stock</p>")]
    [InlineData("<p class='stock'>재고 없음</p>")]
    [InlineData("<p class='stock'>재고없음</p>")]
    [InlineData("<p class='stock'>재고: 0개</p>")]
    [InlineData("<p class='stock'>판매 중지</p>")]
    [InlineData("<p class='stock'>판매 종료</p>")]
    [InlineData("<p class='stock'>매진</p>")]
    [InlineData("<p class='stock'>Non più disponibile</p>")]
    [InlineData("<p class='stock'>Non è disponibile</p>")]
    [InlineData("<p class='stock'>No está disponible</p>")]
    [InlineData("<p class='stock'>Ya no se encuentra disponible</p>")]
    [InlineData("<p class='stock'>N'est pas disponible</p>")]
    [InlineData("<p class='stock'>Não está disponível</p>")]
    [InlineData("<p class='stock'>Nu este disponibil</p>")]
    [InlineData("<p class='stock'>Nu mai este în stoc</p>")]
    [InlineData("<p class='stock'>Nije na zalihi</p>")]
    [InlineData("<p class='stock'>Nije na stanju</p>")]
    [InlineData("<p class='stock'>Nie je na sklade</p>")]
    [InlineData("<p class='stock'>Nie ma w magazynie</p>")]
    [InlineData("<p class='stock'>Няма в наличност</p>")]
    [InlineData("<p class='stock'>Не е в наличност</p>")]
    [InlineData("<p class='stock'>Δεν είναι διαθέσιμο</p>")]
    [InlineData("<p class='stock'>ΔΕΝ ΕΙΝΑΙ ΔΙΑΘΕΣΙΜΟ</p>")]
    [InlineData("<p class='stock'>Inte i lager</p>")]
    [InlineData("<p class='stock'>Finns inte i lager</p>")]
    [InlineData("<p class='stock'>Ikke længere på lager</p>")]
    [InlineData("<p class='stock'>Niet in voorraad</p>")]
    [InlineData("<p class='stock'>Nicht sofort lieferbar</p>")]
    [InlineData("<p class='stock'>Nėra sandėlyje</p>")]
    [InlineData("<p class='stock'>Nav noliktavā</p>")]
    [InlineData("<p class='stock'>Pole laos</p>")]
    [InlineData("<p class='stock'>Ei ole varastossa</p>")]
    [InlineData("<p class='stock'>Nemáme skladem</p>")]
    [InlineData("<p class='stock'>Není na skladě</p>")]
    [InlineData("<p class='stock'>Neni\u0301 ted skladem</p>")]
    [InlineData("<p class='stock'>NA\u0303O ESTA\u0301 EM ESTOQUE</p>")]
    [InlineData("<p class='stock'>Mhux disponibbli</p>")]
    [InlineData("<p class='stock'>Níl i stoc</p>")]
    [InlineData("<p class='stock'>It isn't available</p>")]
    [InlineData("<p class='stock'>没有现货</p>")]
    [InlineData("<p class='stock'>Stokta değil</p>")]
    public void What_is_gone_is_said_in_many_ways(string body) => Assert.Equal(Availability.OutOfStock, Read("<p class='price'>25.00 €</p><p>SKU: A-1</p>" + body).Availability);

    [Theory]
    [InlineData("재고 3개")]
    [InlineData("Nu leverbaar")]
    [InlineData("Nu på lager")]
    [InlineData("Finns i butik")]
    [InlineData("Nicht nur online verfügbar")]
    [InlineData("Plus de 10 disponibles")]
    [InlineData("Tent pole in stock")]
    [InlineData("Sat nav available now")]
    [InlineData("Lampe pas chère en stock")]
    [InlineData("Auf Lager, Abholung nicht sofort verfügbar")]
    [InlineData("Disponible")]
    [InlineData("Διαθέσιμο")]
    [InlineData("Disponibbli")]
    public void A_word_that_denies_elsewhere_denies_nothing_here(string note) => Assert.Equal(Availability.InStock, Read("<p class='price'>25.00 €</p><p>SKU: A-1</p><p class='stock'>" + note + "</p>").Availability);

    [Theory]
    [InlineData("Finns inte i butik")]
    [InlineData("Recensioner finns inte ännu")]
    public void What_does_not_exist_says_nothing_of_the_stock(string note) => Assert.Equal(Availability.InStock, Read("<p class='price'>25.00 €</p><p>SKU: A-1</p><button>Köp</button><p class='stock'>" + note + "</p>").Availability);

    private static ListingFacts Read(string body, string url = "https://shop.example/things/lamp") =>
        new ListingExtractor().Extract($"<html><head><title>Desk Lamp</title></head><body><h1>Desk Lamp</h1>{body}<p>A lamp for a desk.</p></body></html>", url).Listing!;
}

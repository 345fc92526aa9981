using Touchstone.Crawling;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>What a page says of the countries that it sells to, in the languages of shops.</summary>
public sealed class MarketSignalsTests
{
    [Theory]
    [InlineData("Versand nach Österreich und Deutschland innerhalb von 3 Tagen", "AT DE")]
    [InlineData("Wir liefern nach Deutschland, Österreich und in die Schweiz.", "AT CH DE")]
    [InlineData("Lieferung innerhalb Deutschlands", "")]
    [InlineData("Fri fragt til Danmark over 499 kr.", "DK")]
    [InlineData("Levering i Danmark og Sverige", "DK SE")]
    [InlineData("Free shipping to Germany", "DE")]
    [InlineData("We deliver to the Netherlands, Belgium and Luxembourg", "BE LU NL")]
    [InlineData("Delivery: Ireland, United Kingdom", "GB IE")]
    [InlineData("We do not ship to Denmark", "")]
    [InlineData("Wir liefern nicht nach Österreich", "")]
    [InlineData("Ships from Germany within two days", "")]
    [InlineData("Versand aus Deutschland", "")]
    [InlineData("Shipping takes two days. Item location: Galway, Ireland", "")]
    [InlineData("Postage cost, Item location: Clara, Ireland Posts to: United Kingdom", "")]
    [InlineData("The seller hasn't specified a postage method to Netherlands", "")]
    [InlineData("Offers In-House Shipping Ships fromOak Park, IL, United States", "")]
    [InlineData("We ship from Germany to Austria", "AT")]
    [InlineData("Shipping, Payment & Policies Toomey Auctioneers Oak Park, IL, USA", "")]
    [InlineData("Postage to: United Kingdom, Antigua and Barbuda, Austria, Belgium", "AT BE GB")]
    [InlineData("Livraison gratuite en France et en Belgique", "BE FR")]
    [InlineData("Envío gratis a España", "ES")]
    [InlineData("Spedizione gratuita in Italia", "IT")]
    [InlineData("Gratis verzending naar Nederland en België", "BE NL")]
    [InlineData("Darmowa dostawa na terenie całej Polski", "PL")]
    [InlineData("Fri frakt inom Sverige", "SE")]
    [InlineData("국내 배송: 한국", "KR")]
    [InlineData("Made in China. Shipping takes 4 days.", "")]
    [InlineData("Our story began in Denmark, in a small workshop", "")]
    public void Dispatch_is_read_where_the_page_says_it(string text, string countries) => Assert.Equal(countries, Countries(Read($"<p>{text}</p>"), MarketSignalKind.Dispatch));

    [Theory]
    [InlineData("USt-IdNr.: DE 136 695 976", "DE")]
    [InlineData("USt-IdNr.: DE 136 695 975", "")]
    [InlineData("CVR-nr. 13585628", "DK")]
    [InlineData("CVR-nr. 13585629", "")]
    [InlineData("P.IVA 00743110157", "IT")]
    [InlineData("NIP: 526-025-09-95", "PL")]
    [InlineData("BTW: NL004495445B01", "NL")]
    [InlineData("VAT no. IE6388047V", "IE")]
    [InlineData("사업자등록번호: 120-81-47521", "KR")]
    [InlineData("Telephone DE 136 695 976", "")]
    [InlineData("Order 13585628", "")]
    [InlineData("Registration Number 259460", "")]
    [InlineData("Company number 01234567", "GB")]
    public void A_tax_number_is_read_after_its_name_and_with_its_check_digit(string text, string countries) => Assert.Equal(countries, Countries(Read($"<footer>{text}</footer>"), MarketSignalKind.VatNumber));

    // Of each country a number of a company, some of persons.
    [Theory]
    [InlineData("AT", "ATU13585627"), InlineData("BE", "BE0428759497"), InlineData("BE", "BE428759497"), InlineData("BG", "BG175074752"), InlineData("CH", "CHE-107.787.577 MWST"), InlineData("CY", "CY10259033P")]
    [InlineData("CZ", "CZ25123891"), InlineData("DE", "DE136695976"), InlineData("DK", "DK13585628"), InlineData("EE", "EE100931558"), InlineData("ES", "ESB58378431"), InlineData("ES", "ES54362315K"), InlineData("ES", "ESX5253868R")]
    [InlineData("FI", "FI20774740"), InlineData("FR", "FR40303265045"), InlineData("GB", "GB980780684"), InlineData("GR", "EL094259216"), InlineData("HR", "HR33392005961"), InlineData("HU", "HU12892312"), InlineData("IE", "IE6433435F")]
    [InlineData("IE", "IE6433435OA"), InlineData("IE", "IE8D79739I"), InlineData("IT", "IT00743110157"), InlineData("LT", "LT119511515"), InlineData("LT", "LT100004801610"), InlineData("LU", "LU15027442"), InlineData("LV", "LV40003521600")]
    [InlineData("MT", "MT11679112"), InlineData("NL", "NL004495445B01"), InlineData("NL", "NL002455799B11"), InlineData("NO", "NO995525828MVA"), InlineData("PL", "PL5260250995"), InlineData("PT", "PT501964843"), InlineData("RO", "RO18547290")]
    [InlineData("SE", "SE556703748501"), InlineData("SI", "SI50223054"), InlineData("SK", "SK2022749619")]
    public void A_tax_number_with_a_digit_changed_is_none(string country, string number)
    {
        Assert.Equal([country], TaxNumber.Find($"VAT no. {number}").Select(n => n.Country));
        // The fifth from the end is a digit that counts in each.
        int at = number.LastIndexOfAny([.. "0123456789"], number.Length - 5);
        Assert.Empty(TaxNumber.Find($"VAT no. {number[..at]}{(char)('0' + ((number[at] - '0' + 1) % 10))}{number[(at + 1)..]}"));
    }

    [Theory]
    [InlineData("da", "DK")]
    [InlineData("de", "AT BE CH DE LI LU")]
    [InlineData("de-AT", "AT")]
    [InlineData("en_US", "AE AU CA GB HK IE IN MT MY NZ PH PK PR SG US ZA")]
    [InlineData("ko", "KR")]
    [InlineData("tlh", "")]
    public void The_language_counts_with_its_country_where_that_is_stated(string language, string countries) => Assert.Equal(countries, Countries(Read("<p>x</p>", language), MarketSignalKind.Language));

    [Theory]
    [InlineData("https://shop.dk/p", "DK")]
    [InlineData("https://www.shop.co.uk/p", "GB")]
    [InlineData("https://shop.com/p", "")]
    [InlineData("https://shop.eu/p", "")]
    [InlineData("https://shop.io/p", "")]
    [InlineData("https://shop.co/p", "")]
    [InlineData("http://127.0.0.1:8080/p", "")]
    public void The_ending_of_the_host_counts_unless_it_is_everybodys(string url, string countries) => Assert.Equal(countries, Countries(Read("<p>x</p>", url: url), MarketSignalKind.Domain));

    [Fact]
    public void A_page_for_another_country_counts_where_the_same_shop_has_it()
    {
        string links = "<link rel='alternate' hreflang='de-AT' href='https://shop.example/at/p'><link rel='alternate' hreflang='fr-FR' href='https://shop.fr/p'>";
        Assert.Equal("AT", Countries(Read(links), MarketSignalKind.Language));
    }

    [Fact]
    public void Payment_alternates_and_choices_of_countries_are_read()
    {
        IReadOnlyList<MarketSignal> signals = Read("""
            <img src="/pay.svg" alt="MobilePay"><p>Betal med Dankort</p>
            <select name="country"><option value="DK">Danmark</option><option value="NO">Norge</option></select>
            """);
        Assert.Equal("DK FI", Countries(signals, MarketSignalKind.Payment));
        Assert.Equal("DK NO", Countries(signals, MarketSignalKind.Dispatch));
        string world = string.Concat(MarketCountry.All.Select(c => $"<option value='{c.Code}'>{c.Names[0]}</option>"));
        Assert.Equal("", Countries(Read($"<select name='shipping_country'>{world}</select>"), MarketSignalKind.Dispatch));
    }

    [Fact]
    public void An_offer_says_its_currency_and_its_destinations_in_its_markup()
    {
        IReadOnlyList<MarketSignal> signals = Read("""
            <script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Mask","offers":{"@type":"Offer","price":"99","priceCurrency":"DKK",
            "shippingDetails":{"@type":"OfferShippingDetails","shippingDestination":{"@type":"DefinedRegion","addressCountry":["DK","SE"]}},"seller":{"@type":"Organization","address":{"addressCountry":"CN"}}}}</script>
            <h1>Mask</h1><p>99 DKK</p><button>Add to cart</button>
            """);
        Assert.Equal("DK", Countries(signals, MarketSignalKind.Currency));
        Assert.Equal("DK SE", Countries(signals, MarketSignalKind.Dispatch));
    }

    [Fact]
    public async Task Signals_pass_to_another_process_whole_and_hostile_text_ends_soon()
    {
        PageReading reading = PageReading.Read(Page("<p>Versand nach Dänemark</p>", "da"), "https://shop.dk/", "text/html");
        Assert.Equal(reading.Signals.Select(s => s.Text), PageReading.FromBytes(reading.ToBytes()).Signals.Select(s => s.Text));
        await ProcessorTime.WithinAsync(TimeSpan.FromSeconds(20), () => Read($"<p>{string.Concat(Enumerable.Repeat("shipping VAT NIP ", 60_000))}</p>"), TestContext.Current.CancellationToken);
    }

    private static IReadOnlyList<MarketSignal> Read(string body, string? language = null, string url = "https://shop.example/p") => PageReading.Read(Page(body, language), url, "text/html").Signals;

    private static string Page(string body, string? language) => $"<html{(language is null ? "" : $" lang='{language}'")}><head><title>Shop</title></head><body>{body}</body></html>";

    private static string Countries(IReadOnlyList<MarketSignal> signals, MarketSignalKind kind) =>
        string.Join(' ', signals.Where(s => s.Kind == kind).SelectMany(s => s.Countries).Distinct().Order(StringComparer.Ordinal));
}

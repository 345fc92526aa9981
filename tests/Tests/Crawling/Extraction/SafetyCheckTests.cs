using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Tests.Crawling.Extraction;

public sealed class SafetyCheckTests
{
    private const string Offer = """<h1>Wooden train</h1><img src="/train.jpg" alt="Wooden train"><form><p class="price">€ 19,00</p><button>In den Warenkorb</button></form><p>Artikel-Nr.: SW10023</p>""";

    [Fact]
    public void Everything_stated_in_german_is_found_with_its_text()
    {
        IReadOnlyDictionary<SafetyPoint, SafetyStatement> points = Read("de", """
            <details><summary>Angaben zur Produktsicherheit</summary><h4>Herstellerinformationen:</h4><p>Shenzhen Toys Co., Ltd.<br>No. 12 Longhua Road<br>518109 Shenzhen, China<br>E-Mail: service@toys.example</p>
            <h4>Verantwortliche Person für die EU:</h4><p>EU Rep GmbH<br>Musterstraße 1<br>20095 Hamburg, Deutschland<br>info@eurep.example</p>
            <p>Achtung! Nicht für Kinder unter 3 Jahren geeignet. Erstickungsgefahr.</p></details>
            """);
        Assert.Equal("Shenzhen Toys Co.", points[SafetyPoint.Manufacturer].Text);
        Assert.Contains("518109 Shenzhen, China", points[SafetyPoint.ManufacturerAddress].Text, StringComparison.Ordinal);
        Assert.Equal("service@toys.example", points[SafetyPoint.ManufacturerContact].Text);
        Assert.Equal(("EU Rep GmbH", "Verantwortliche Person für die EU"), (points[SafetyPoint.ResponsiblePerson].Text, points[SafetyPoint.ResponsiblePerson].Where));
        Assert.Contains("20095 Hamburg", points[SafetyPoint.ResponsibleAddress].Text, StringComparison.Ordinal);
        Assert.Equal("info@eurep.example", points[SafetyPoint.ResponsibleContact].Text);
        Assert.Contains("Erstickungsgefahr", points[SafetyPoint.Warnings].Text, StringComparison.Ordinal);
        Assert.All(points.Values, p => Assert.Equal(SafetyState.Found, p.State));
    }

    [Theory]
    [InlineData("en", "Manufacturer", "Toys Ltd, 5 High Street, London SW1A 1AA, United Kingdom, mail@toys.example", "EU Responsible Person", "Warning: Keep away from fire.")]
    [InlineData("da", "Fabrikant", "Legetøj A/S, Havnegade 5, 518109 Shenzhen, Kina, mail@toys.example", "Ansvarlig person i EU", "Advarsel: Ikke egnet til børn under 3 år.")]
    [InlineData("fr", "Fabricant", "Jouets SA, 5 rue du Port, 1003 Lausanne, Suisse, mail@toys.example", "Personne responsable dans l'UE", "Attention : ne convient pas aux enfants de moins de 3 ans.")]
    [InlineData("es", "Fabricante", "Juguetes SA, Calle 5, 518109 Shenzhen, China, mail@toys.example", "Persona responsable en la UE", "Advertencia: no apto para niños menores de 3 años.")]
    [InlineData("it", "Produttore", "Giochi Ltd, No. 5 Road, 518109 Shenzhen, Cina, mail@toys.example", "Persona responsabile UE", "Avvertenze: non adatto a bambini di età inferiore a 3 anni.")]
    [InlineData("nl", "Fabrikant", "Speelgoed Ltd, No. 5 Road, 518109 Shenzhen, China, mail@toys.example", "Verantwoordelijke persoon in de EU", "Waarschuwing: niet geschikt voor kinderen jonger dan 3 jaar.")]
    [InlineData("pl", "Producent", "Zabawki Ltd, No. 5 Road, 518109 Shenzhen, Chiny, mail@toys.example", "Osoba odpowiedzialna w UE", "Ostrzeżenie: nieodpowiednie dla dzieci poniżej 3 lat.")]
    [InlineData("sv", "Tillverkare", "Leksaker Ltd, No. 5 Road, 518109 Shenzhen, Kina, mail@toys.example", "Ansvarig person i EU", "Varning: ej lämplig för barn under 3 år.")]
    public void Each_languages_words_are_known_in_tables(string language, string maker, string made, string responsible, string warning)
    {
        IReadOnlyDictionary<SafetyPoint, SafetyStatement> points = Read(language, $"<table><tr><th>{maker}</th><td>{made}</td></tr><tr><th>{responsible}</th><td>Rep BV, Keizersgracht 2, 1015 CN Amsterdam, Nederland, rep@rep.example</td></tr></table><p>{warning}</p>");
        Assert.Equal("mail@toys.example", points[SafetyPoint.ManufacturerContact].Text);
        Assert.Equal(("Rep BV", "rep@rep.example"), (points[SafetyPoint.ResponsiblePerson].Text, points[SafetyPoint.ResponsibleContact].Text));
        Assert.All(points.Values, p => Assert.Equal(SafetyState.Found, p.State));
    }

    [Fact]
    public void A_maker_in_the_union_needs_nobody_else_and_one_outside_it_does()
    {
        Assert.Equal((SafetyState.NotNeeded, SafetyReason.MakerInUnion), State(Read("de", "<p>Hersteller: Brumm GmbH, Waldweg 3, 70173 Stuttgart, Deutschland, post@brumm.example</p>")[SafetyPoint.ResponsiblePerson]));
        Assert.Equal((SafetyState.Missing, null), State(Read("de", "<p>Hersteller: Toys Ltd, No. 5 Road, 518109 Shenzhen, China, mail@toys.example</p>")[SafetyPoint.ResponsiblePerson]));
        Assert.Equal((SafetyState.CannotBeTold, SafetyReason.MakerCountryUnknown), State(Read("de", "<p>Hersteller: Brumm</p>")[SafetyPoint.ResponsiblePerson]));
    }

    [Fact]
    public void Markup_names_the_maker_with_its_address()
    {
        IReadOnlyDictionary<SafetyPoint, SafetyStatement> points = Read("en", """
            <script type="application/ld+json">{"@type":"Product","name":"Wooden train","manufacturer":{"@type":"Organization","name":"Brumm GmbH","email":"mailto:post@brumm.example","address":{"@type":"PostalAddress","streetAddress":"Waldweg 3","postalCode":"70173","addressLocality":"Stuttgart","addressCountry":"Germany"}},"offers":{"price":"19","priceCurrency":"EUR"}}</script>
            """);
        Assert.Equal(("Brumm GmbH", "Waldweg 3, 70173, Stuttgart, Germany", "post@brumm.example"), (points[SafetyPoint.Manufacturer].Text, points[SafetyPoint.ManufacturerAddress].Text, points[SafetyPoint.ManufacturerContact].Text));
        Assert.Equal(SafetyState.NotNeeded, points[SafetyPoint.ResponsibleAddress].State);
    }

    [Fact]
    public void The_shops_own_address_in_the_footer_is_not_the_makers()
    {
        IReadOnlyDictionary<SafetyPoint, SafetyStatement> points = Read("de", "<footer><p>Hersteller und Händler: Shop GmbH, Ring 1, 10115 Berlin, Deutschland, shop@shop.example</p><p>Warnung: nichts</p></footer>");
        Assert.Equal([SafetyState.Missing, SafetyState.Missing, SafetyState.Missing], new[] { SafetyPoint.Manufacturer, SafetyPoint.ManufacturerAddress, SafetyPoint.Warnings }.Select(p => points[p].State));
    }

    [Fact]
    public void A_warning_in_another_language_is_missing_in_the_pages()
    {
        SafetyStatement warning = Read("de", "<p>WARNING: Choking hazard. Not suitable for children under 3 years.</p>")[SafetyPoint.Warnings];
        Assert.Equal((SafetyState.Missing, SafetyReason.OtherLanguage), State(warning));
        Assert.Contains("Choking hazard", warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<a href="/gpsr/train">Angaben zur Produktsicherheit</a>""", SafetyReason.OnAnotherPage)]
    [InlineData("""<button data-url="/gpsr">Produktsicherheit</button>""", SafetyReason.BroughtByScript)]
    [InlineData("""<img src="/i/1.jpg" alt="Produktsicherheit: Hersteller und Warnhinweise">""", SafetyReason.OnlyInPicture)]
    public void What_may_be_stated_where_it_cannot_be_read_cannot_be_told(string part, SafetyReason why)
    {
        IReadOnlyDictionary<SafetyPoint, SafetyStatement> points = Read("de", part);
        Assert.Equal((SafetyState.CannotBeTold, why), State(points[SafetyPoint.ManufacturerAddress]));
        Assert.Equal((SafetyState.CannotBeTold, why), State(points[SafetyPoint.Warnings]));
    }

    [Fact]
    public void An_offer_that_states_nothing_misses_what_it_must_state()
    {
        IReadOnlyDictionary<SafetyPoint, SafetyStatement> points = Read("de", "<p>Ein schöner Zug mit 2 Jahren Hersteller­garantie. Herstellung in Handarbeit, Hersteller testen ihn.</p>");
        Assert.Equal(
            [SafetyPoint.Manufacturer, SafetyPoint.ManufacturerAddress, SafetyPoint.ManufacturerContact, SafetyPoint.Warnings],
            points.Values.Where(p => p.State == SafetyState.Missing).Select(p => p.Point));
        Assert.Equal(10, points.Count);
    }

    [Fact]
    public void What_a_marketplace_says_of_the_party_is_not_its_name()
    {
        SafetyStatement person = Read("de", "<h4>Verantwortliche Person für die EU</h4><p>In der EU ansässiger Wirtschaftsbeteiligter, der sicherstellt, dass das Produkt den erforderlichen Vorschriften entspricht:<br>Zirbel GmbH, Ziegelweg 29, 9020 Klagenfurt, AT · hallo@zirbel.example</p>")[SafetyPoint.ResponsiblePerson];
        Assert.Equal("Zirbel GmbH", person.Text);
    }

    [Theory]
    // A link to a page about safety in general; the heading of a list behind a label that stands alone.
    [InlineData("<ul><li><a href='/safety'>Sicherheitshinweise</a></li><li><a href='/contact'>Kontakt</a></li></ul>", SafetyPoint.Warnings)]
    public void A_link_of_that_name_is_no_warning(string part, SafetyPoint point) => Assert.NotEqual(SafetyState.Found, Read("de", part)[point].State);

    [Fact]
    public void A_line_behind_a_label_is_the_maker_only_where_no_brand_is_stated()
    {
        const string label = "<div>Hersteller</div><div>Anzeige</div>";
        Assert.Equal("Anzeige", Read("de", label)[SafetyPoint.Manufacturer].Text);
        Assert.Equal("Brumm", Read("de", """<script type="application/ld+json">{"@type":"Product","name":"Wooden train","brand":"Brumm","offers":{"price":"19","priceCurrency":"EUR"}}</script>""" + label)[SafetyPoint.Manufacturer].Text);
    }

    private static (SafetyState, SafetyReason?) State(SafetyStatement statement) => (statement.State, statement.Reason);

    private static IReadOnlyDictionary<SafetyPoint, SafetyStatement> Read(string language, string part)
    {
        ExtractionOutcome read = new ListingExtractor().Extract($"<html lang={language}><body><main>{Offer}{part.Replace("<footer>", "</main><footer>", StringComparison.Ordinal)}</body></html>", "https://shop.example/p/train");
        Assert.True(read.Listing is not null, read.Detail);
        return read.Listing.Safety.ToDictionary(p => p.Point);
    }
}

using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Sellers;

/// <summary>Who stands behind a page, as it states it.</summary>
public sealed class PageTraitsTests
{
    [Theory]
    [InlineData("<p>Mail: <b>Sales@Bright-Toys.example</b></p>", "Email sales@bright-toys.example")]
    [InlineData("<a href='mailto:info%40bright.example?subject=Hi'>write</a>", "Email info@bright.example")]
    [InlineData("<img src='logo@2x.png'> icon@3x.webp and demo@example.com", "")]
    [InlineData("<a href=\"tel:+45 70 12 34 56\">call</a>", "Phone 4570123456")]
    [InlineData("<td>USt-IdNr.:</td><td>DE 123 456 788</td>", "Vat DE123456788")]
    [InlineData("<p>VAT number: NL 0044.95.445.B01 and KvK 1</p>", "Vat NL004495445B01")]
    [InlineData("<p>Moms SE556703748501</p><p>Org.nr 556703-7485</p>", "Vat SE5567037485")]
    [InlineData("<p>TVA FR 40 303 265 045, SIREN 303 265 045</p><p>SIRET 303 265 045 00015</p>", "Vat FR303265045")]
    [InlineData("<p>Org.nr. NO 995 525 828 MVA</p>", "Vat NO995525828")]
    [InlineData("<p>IČO: 36 123 455, DIČ: 2022749619, IČ DPH: SK2022749619</p>", "Vat SK2022749619;Vat SK36123455")]
    [InlineData("<p>IČO: 25123891, DIČ: CZ25123891, IČ DPH: SK2022749619</p>", "Vat CZ25123891;Vat SK2022749619")]
    [InlineData("<p>IČO: 25123891</p>", "Vat CZ25123891")]
    [InlineData("<p>사업자 등록번호 안내 : [123-45-67891]</p>", "Vat KR1234567891")]
    [InlineData("<p>사업자등록번호：123-45-67891</p>", "Vat KR1234567891")]
    [InlineData("<p>19,00 € inkl. MwSt.</p><p>Art.-Nr. MT11679112</p>", "")]
    [InlineData("<p>19,00 € inkl. MwSt. Art.-Nr. MT11679112</p>", "")]
    [InlineData("<table><tr><th>USt-IdNr.</th>\n    <td>\n      DE 123 456 788</td></tr></table>", "Vat DE123456788")]
    [InlineData("<p>CVR-nr. 12 34 56 07</p>", "Vat DK12345607")]
    [InlineData("<p>사업자등록번호: 123-45-67891</p>", "Vat KR1234567891")]
    [InlineData("<p>VAT DE 123 456 789</p><p>CVR 12 34 56 78</p>", "")]
    [InlineData("<p>P. IVA 12345678903</p>", "Vat IT12345678903")]
    [InlineData("<p>Part number DE123456788</p>", "")]
    [InlineData("<p>EU responsible person: Bright Europe GmbH, Main Street 1</p>", "ResponsiblePerson bright europe gmbh")]
    [InlineData("<h4>EU-Verantwortliche Person:</h4><p>Bright Europe GmbH</p><p>Hauptstraße 1, 10115 Berlin</p>", "ResponsiblePerson bright europe gmbh")]
    [InlineData("<h4>欧盟责任人：</h4><p>Bright Europe GmbH</p>", "ResponsiblePerson bright europe gmbh")]
    [InlineData("<a>Responsible person</a><a>Our stores</a>", "")]
    [InlineData("<script>var m='spy@tracker.example'</script><p>nothing</p>", "")]
    public void What_a_page_states_is_read_in_the_form_in_which_it_is_compared(string html, string expected) =>
        Assert.Equal(expected, string.Join(';', PageTraits.Of(html).Select(t => $"{t.Kind} {t.Value}")));

    [Fact]
    public void Six_of_a_country_are_six_numbers() =>
        Assert.Equal(["DE123456788", "DE136695976"], PageTraits.Of(string.Concat(Enumerable.Repeat("<p>USt-IdNr. DE123456788</p><p>USt-IdNr. DE123456789</p>", 6)) + "<p>USt-IdNr. DE136695976</p>").Select(t => t.Value));

    [Fact]
    public async Task A_hostile_page_takes_time_by_its_length_alone_and_gives_few()
    {
        string many = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"<a{i} <b>a{i}@shop{i}.example VAT VAT VAT: "));
        string[] empty =
        [
            new('@', 1_000_000),
            string.Concat(Enumerable.Repeat("VAT (", 200_000)),
            .. ((string[])[new('a', 690), new('-', 690)]).Select(line => "<footer>" + string.Concat(Enumerable.Repeat($"importer<br>{line}<br>", 400))),
        ];
        (int mails, int others) = await ProcessorTime.WithinAsync(
            TimeSpan.FromSeconds(20), () => (PageTraits.Of(many).Count(t => t.Kind == TraitKind.Email), empty.Sum(page => PageTraits.Of(page).Count)), TestContext.Current.CancellationToken);
        Assert.Equal((6, 0), (mails, others));
    }
}

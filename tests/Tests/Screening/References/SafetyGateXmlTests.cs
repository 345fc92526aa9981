using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;

namespace Touchstone.Tests.Screening.References;

/// <summary>Each oddity that people who parse the weekly report have met, in documents of the project's own making.</summary>
public sealed class SafetyGateXmlTests
{
    private static string Alert(string fields, string number = "SR/00001/26") =>
        $"<notifications><caseNumber><![CDATA[{number}]]></caseNumber><product><![CDATA[Toy]]></product>{fields}</notifications>";

    private static string Report(params string[] alerts) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><weeklyReport><publicationDate>13/11/2026</publicationDate>{string.Concat(alerts)}</weeklyReport>";

    private static async Task<ParsedReference> ReadOneAsync(string fields) =>
        Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(new SafetyGateXmlImporter(), Report(Alert(fields))))).Reference;

    [Fact]
    public async Task Whole_alert_is_typed()
    {
        ParsedReference alert = await ReadOneAsync("""
            <category><![CDATA[Toys]]></category><brand><![CDATA[Wobblo]]></brand><name><![CDATA[Sequin slime]]></name>
            <type_numberOfModel><![CDATA[WB-77]]></type_numberOfModel><batchNumber><![CDATA[2611-A]]></batchNumber><barcode><![CDATA[4006381333931]]></barcode>
            <riskType><![CDATA[Chemical, Choking]]></riskType><level><![CDATA[Serious risk]]></level><danger><![CDATA[Too much boron.]]></danger>
            <measures><![CDATA[Recall of the product from end users]]></measures><description><![CDATA[Green slime in a tub.]]></description>
            <companyRecallCode>RC-9</companyRecallCode><productionDates>2025</productionDates><notifyingCountry>The Netherlands</notifyingCountry>
            <countryOfOrigin>People's Republic of China</countryOfOrigin><onlineTrader>bigmarket.example</onlineTrader><URLrecall>https://wobblo.example/recall</URLrecall>
            <reference>https://alerts.example/alert/1</reference><pictures><picture>https://alerts.example/p/1.jpg</picture><picture>https://alerts.example/p/2.jpg</picture></pictures>
            """);
        Assert.Equal("SR/00001/26", alert.ExternalId);
        Assert.Equal("Toy: Sequin slime", alert.Title);
        Assert.Equal(ReferenceKind.Alert, alert.Kind);
        Assert.Equal(["Wobblo"], alert.Brands);
        Assert.Equal(["WB-77"], alert.Models);
        Assert.Equal("Toys", alert.Category);
        Assert.Equal([RiskType.Chemical, RiskType.Choking], alert.Risks);
        Assert.Equal(RiskLevel.Serious, alert.Level);
        Assert.Equal("Netherlands", alert.NotifyingCountry);
        Assert.Equal("China", alert.CountryOfOrigin);
        Assert.Equal("bigmarket.example", alert.OnlineTrader);
        Assert.Equal("https://wobblo.example/recall", alert.RecallUrl);
        Assert.Equal(new DateOnly(2026, 11, 13), alert.PublishedOn);
        Assert.Equal(2, alert.Pictures.Count);
        Assert.Contains(new ParsedIdentifier(IdentifierScheme.Gtin, "4006381333931", true), alert.Identifiers);
        Assert.Contains(ParsedIdentifier.Of(IdentifierScheme.Batch, "2611-A"), alert.Identifiers);
        Assert.Contains(ParsedIdentifier.Of(IdentifierScheme.Recall, "RC-9"), alert.Identifiers);
        Assert.StartsWith("<notifications>", alert.RawPayload, StringComparison.Ordinal);
        Assert.Contains("<![CDATA[Wobblo]]>", alert.RawPayload, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null The hook may break.", "The hook may break.")]
    [InlineData("null null It burns.", "It burns.")]
    [InlineData("nullify the warranty", "nullify the warranty")]
    [InlineData("null", null)]
    public void Danger_loses_the_literal_null(string text, string? expected) => Assert.Equal(expected, SafetyGateRecord.DangerOf(text));

    [Theory]
    [InlineData("Unknown")]
    [InlineData("unknown")]
    [InlineData("N/A")]
    [InlineData("-")]
    [InlineData("")]
    public async Task Unknown_values_are_absent(string word)
    {
        ParsedReference alert = await ReadOneAsync($"<brand>{word}</brand><type_numberOfModel>{word}</type_numberOfModel><batchNumber>{word}</batchNumber><barcode>{word}</barcode><productionDates>{word}</productionDates><countryOfOrigin>{word}</countryOfOrigin><onlineTrader>{word}</onlineTrader>");
        Assert.Empty(alert.Brands);
        Assert.Empty(alert.Models);
        Assert.Empty(alert.Identifiers);
        Assert.Empty(alert.ProductionDates);
        Assert.Null(alert.CountryOfOrigin);
        Assert.Null(alert.OnlineTrader);
    }

    [Theory]
    [InlineData("nincs")]
    [InlineData("Nincs márka")]
    [InlineData("brak")]
    [InlineData("Brak marki")]
    [InlineData("ohne Marke")]
    [InlineData("sans marque")]
    [InlineData("Senza marca")]
    [InlineData("sin marca")]
    [InlineData("geen merk")]
    [InlineData("No brand")]
    [InlineData("\"no name\"")]
    [InlineData("intet mærke")]
    [InlineData("inget märke")]
    [InlineData("ei merkkiä")]
    [InlineData("bez značky")]
    [InlineData("bez znacky")]
    [InlineData("без марка")]
    [InlineData("χωρίς μάρκα")]
    [InlineData("fără marcă")]
    [InlineData("sem marca")]
    public async Task No_brand_in_any_language_is_no_brand(string words) => Assert.Empty((await ReadOneAsync($"<brand><![CDATA[{words}]]></brand>")).Brands);

    [Theory]
    [InlineData("Wobblo <a href=\"https://www.bigmarket.exam", "Wobblo")]
    [InlineData("<p>Wobblo</p", "Wobblo")]
    [InlineData("Wobblo<br", "Wobblo")]
    [InlineData("<b>Wobblo &amp; Sons</b>", "Wobblo & Sons")]
    [InlineData("Size < 3", "Size < 3")]
    public async Task Brand_loses_markup_even_where_it_is_cut_off(string brand, string expected) => Assert.Equal([expected], (await ReadOneAsync($"<brand><![CDATA[{brand}]]></brand>")).Brands);

    [Fact]
    public async Task Link_in_the_model_gives_its_text_and_the_offers_number()
    {
        ParsedReference alert = await ReadOneAsync("<type_numberOfModel><![CDATA[<a href=\"https://www.bigmarket.example/dp/B0ABCD1234?th=1\" target=\"_blank\">XJ-900</a>]]></type_numberOfModel>");
        Assert.Equal(["XJ-900"], alert.Models);
        Assert.Contains(ParsedIdentifier.Of(IdentifierScheme.Marketplace, "B0ABCD1234"), alert.Identifiers);
    }

    [Fact]
    public async Task Several_models_and_brands_in_one_string_come_apart()
    {
        ParsedReference alert = await ReadOneAsync("<brand>Opal/Vauxwall; Zorba, ACME Co., Ltd.</brand><type_numberOfModel><![CDATA[XC 250; XC 300\nHQ-1, HQ-2 / HQ-3<br/>A/B-9]]></type_numberOfModel>");
        Assert.Equal(["Opal", "Vauxwall", "Zorba", "ACME Co., Ltd."], alert.Brands);
        Assert.Equal(["XC 250", "XC 300", "HQ-1", "HQ-2", "HQ-3", "A/B-9"], alert.Models);
        Assert.Equal(6, alert.Identifiers.Count(x => x.Scheme == IdentifierScheme.Model));
    }

    [Theory]
    [InlineData("01/01/202331/12/2023", new[] { "01/01/2023", "31/12/2023" })]
    [InlineData("01.06.2014 - 30.03.2023", new[] { "01.06.2014 - 30.03.2023" })]
    [InlineData("2023-01-012023-02-03", new[] { "2023-01-01", "2023-02-03" })]
    [InlineData("07/2021\n06/2022", new[] { "07/2021", "06/2022" })]
    public void Glued_production_dates_come_apart(string text, string[] expected) => Assert.Equal(expected, SafetyGateRecord.Periods(text));

    [Fact]
    public void Barcodes_hold_many_things()
    {
        IReadOnlyList<ParsedIdentifier> codes = ParsedIdentifier.Barcodes("4006381333931\n5901234123457, 4 006381 333931\nEAN: 4006381333932\nASIN B0ABCD1234\n123456789\n64-78-Q");
        Assert.Contains(new ParsedIdentifier(IdentifierScheme.Gtin, "4006381333931", true), codes);
        Assert.Contains(new ParsedIdentifier(IdentifierScheme.Gtin, "5901234123457", true), codes);
        Assert.Contains(new ParsedIdentifier(IdentifierScheme.Gtin, "4006381333932", false), codes);
        Assert.Contains(new ParsedIdentifier(IdentifierScheme.Gtin, "123456789", false), codes);
        Assert.Contains(ParsedIdentifier.Of(IdentifierScheme.Marketplace, "B0ABCD1234"), codes);
        Assert.Contains(ParsedIdentifier.Of(IdentifierScheme.Marketplace, "64-78-Q"), codes);
        Assert.Equal(6, codes.Count);
    }

    [Fact]
    public async Task List_gives_the_reports_without_the_comma_behind_their_urls()
    {
        List<ImportRecord> records = await ImportBench.ReadAsync(new SafetyGateListImporter(), """
            <weeklyReports>
              <weeklyReport><reference>Report-2026-45</reference><publicationDate>06/11/2026</publicationDate><year>2026</year><week>45</week><URL><![CDATA[https://alerts.example/detail/xml/10000045?language=en,]]></URL></weeklyReport>
              <weeklyReport><reference>Report-2026-46</reference><publicationDate>13/11/2026</publicationDate><year>2026</year><week>46</week><URL>not a link</URL></weeklyReport>
            </weeklyReports>
            """);
        Assert.Equal(2, records.Count);
        ImportRecord.Elsewhere first = Assert.IsType<ImportRecord.Elsewhere>(records[0]);
        Assert.Equal("https://alerts.example/detail/xml/10000045?language=en", first.Url);
        Assert.Equal(new DateOnly(2026, 11, 6), first.PublishedOn);
        Assert.Contains("Report-2026-46", Assert.IsType<ImportRecord.Rejected>(records[1]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_neighbour_costs_no_good_alert()
    {
        string open = "<notifications><caseNumber>SR/00002/26</caseNumber><product>Lamp</product><brand><![CDATA[never closed</brand></notifications>";
        string crossed = "<notifications><caseNumber>SR/00003/26</product></notifications>";
        string nameless = "<notifications><caseNumber></caseNumber><product>Kite</product></notifications>";
        string cut = "<notifications><caseNumber>SR/00006/26</caseNumber><product>Ro";
        List<ImportRecord> records = await ImportBench.ReadAsync(
            new SafetyGateXmlImporter(), Report(Alert("", "SR/00001/26"), open, Alert("<brand><![CDATA[B]]></brand>", "SR/00004/26"), crossed, nameless, Alert("", "SR/00005/26")).Replace("</weeklyReport>", cut, StringComparison.Ordinal));
        Assert.Equal(["SR/00001/26", "SR/00004/26", "SR/00005/26"], records.OfType<ImportRecord.Accepted>().Select(x => x.Reference.ExternalId));
        Assert.Equal(["document:2", "document:4", "document:5", "document:7"], records.OfType<ImportRecord.Rejected>().Select(x => x.Row));
        Assert.All(records.OfType<ImportRecord.Rejected>(), x => Assert.NotEmpty(x.Reason));
    }

    [Fact]
    public async Task Document_type_and_entities_of_strangers_are_not_expanded()
    {
        List<ImportRecord> records = await ImportBench.ReadAsync(
            new SafetyGateXmlImporter(), "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><r>" + Alert("<brand>&e;</brand>") + "</r>");
        Assert.IsType<ImportRecord.Rejected>(Assert.Single(records));
    }

    [Fact]
    public async Task Words_outside_the_vocabularies_are_kept_as_text()
    {
        ParsedReference alert = await ReadOneAsync("<riskType>Fire, Invisible rays</riskType><level>Uncanny</level><category>Teleporters</category>");
        Assert.Equal([RiskType.Fire], alert.Risks);
        Assert.Equal(["Invisible rays"], alert.OtherRisks);
        Assert.Null(alert.Level);
        Assert.Equal("Uncanny", alert.LevelText);
        Assert.Equal("Teleporters", alert.Category);
    }

    [Fact]
    public void The_risk_vocabulary_has_22_types_and_reads_its_own_names()
    {
        Assert.Equal(22, Enum.GetValues<RiskType>().Length);
        foreach (RiskType type in Enum.GetValues<RiskType>())
        {
            Assert.True(Risks.TryParse(Risks.NameOf(type).ToUpperInvariant(), out RiskType read));
            Assert.Equal(type, read);
        }
    }

    [Fact]
    public async Task A_document_of_many_alerts_is_cut_the_same_at_any_buffer_border()
    {
        // Longer than several read buffers, with sections that hold what looks like tags.
        string filler = string.Concat(Enumerable.Repeat("lorem <b>ipsum</b> ]] > ", 400));
        string document = Report([.. Enumerable.Range(0, 60).Select(i => Alert($"<description><![CDATA[{filler[..(i * 131 % filler.Length)]}]]></description>", $"N{i}"))]);
        List<ImportRecord> records = await ImportBench.ReadAsync(new SafetyGateXmlImporter(), document);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"N{i}"), records.OfType<ImportRecord.Accepted>().Select(x => x.Reference.ExternalId));
    }

    [Fact]
    public async Task A_report_whose_elements_have_a_prefix_is_one()
    {
        const string report = "<?xml version=\"1.0\"?><w:report xmlns:w=\"urn:w\"><w:publicationDate>2026-05-01</w:publicationDate><w:notifications><w:caseNumber>SR/00001/26</w:caseNumber><w:product>Drum</w:product></w:notifications></w:report>";
        using ImportFiles files = ImportFiles.Of("report.xml", System.Text.Encoding.UTF8.GetBytes(report));
        Assert.IsType<SafetyGateXmlImporter>(RegisterFormats.Detect(files, "report.xml"));
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(new SafetyGateXmlImporter(), report))).Reference;
        Assert.Equal(("SR/00001/26", "Drum", new DateOnly(2026, 5, 1)), (drum.ExternalId, drum.Title, drum.PublishedOn!.Value));
    }
}

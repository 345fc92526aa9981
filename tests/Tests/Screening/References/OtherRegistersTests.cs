using System.IO.Compression;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.References;

public sealed class OtherRegistersTests
{
    private const string NewMark = """
        <?xml version="1.0" encoding="UTF-8"?>
        <tmk:TrademarkTransaction xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common" xmlns:tmk="http://www.wipo.int/standards/XMLSchema/ST96/Trademark"><tmk:TrademarkBag>
        <tmk:Trademark><com:RegistrationOfficeCode>EM</com:RegistrationOfficeCode><com:RegistrationNumber>018000001</com:RegistrationNumber><com:RegistrationDate>2019-05-02</com:RegistrationDate>
          <com:ExpiryDate>2029-01-15</com:ExpiryDate>
          <tmk:MarkRepresentation><tmk:MarkReproduction><tmk:WordMarkSpecification><tmk:MarkVerbalElementText>GLIM</tmk:MarkVerbalElementText></tmk:WordMarkSpecification>
            <tmk:MarkImageBag><tmk:MarkImage><com:FileName>glim.png</com:FileName>
              <tmk:ViennaClassificationBag><tmk:ViennaClassification><tmk:ViennaCategory>26</tmk:ViennaCategory><tmk:ViennaDivision>4</tmk:ViennaDivision><tmk:ViennaSection>2</tmk:ViennaSection></tmk:ViennaClassification></tmk:ViennaClassificationBag>
            </tmk:MarkImage></tmk:MarkImageBag></tmk:MarkReproduction></tmk:MarkRepresentation>
          <tmk:GoodsServicesBag><tmk:GoodsServices><tmk:ClassDescriptionBag><tmk:ClassDescription><tmk:ClassNumber>11</tmk:ClassNumber><tmk:GoodsServicesDescriptionText>Lamps</tmk:GoodsServicesDescriptionText></tmk:ClassDescription></tmk:ClassDescriptionBag></tmk:GoodsServices></tmk:GoodsServicesBag>
          <tmk:ApplicantBag><tmk:Applicant><com:Contact><com:Name><com:EntityName>Glim Lighting B.V.</com:EntityName></com:Name></com:Contact></tmk:Applicant></tmk:ApplicantBag></tmk:Trademark>
        <tmk:Trademark><com:RegistrationOfficeCode>BX</com:RegistrationOfficeCode></tmk:Trademark>
        <tmk:Trademark><com:RegistrationOfficeCode>BX</com:RegistrationOfficeCode><com:ApplicationNumber><com:ApplicationNumberText>77</com:ApplicationNumberText></com:ApplicationNumber>
          <tmk:MarkCurrentStatusDate>2021-03-04</tmk:MarkCurrentStatusDate><tmk:MarkCurrentStatusExternalDescriptionText>Application withdrawn</tmk:MarkCurrentStatusExternalDescriptionText></tmk:Trademark>
        </tmk:TrademarkBag></tmk:TrademarkTransaction>
        """;

    [Fact]
    public async Task Mark_of_ST96_has_its_classes_territory_and_picture()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("marks/glim.png", ImportBench.Picture(5));
        await bench.WriteAsync("marks/marks.xml", NewMark);
        ImportReport report = await bench.ImportAsync(Path.Combine(bench.Folder, "marks"));
        Assert.Equal((3, 2, 1, 1), (report.Read, report.Added, report.Rejected, report.Pictures.Stored));
        List<ReferenceRow> rows = await bench.RowsAsync();
        ReferenceRow mark = rows[0];
        Assert.Equal(("EM-018000001", ReferenceKind.Mark, "GLIM", "Glim Lighting B.V."), (mark.ExternalId, mark.Kind, mark.Title, mark.RightHolder));
        Assert.Equal("Nice 11\nVienna 26.4.2", mark.Classes);
        Assert.Equal("EU", mark.Territory);
        Assert.Equal(new DateOnly(2029, 1, 15), mark.ExpiresOn);
        Assert.Equal("BE\nLU\nNL", rows[1].Territory);
        Assert.Equal(new DateOnly(2021, 3, 4), rows[1].ExpiresOn);
    }

    [Fact]
    public async Task Real_marks_of_both_standards_and_an_archive()
    {
        string folder = SharedData.Require("web/uspto-trademark");
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport files = await bench.ImportAsync(folder);
        Assert.Equal((3, 2, 1, 0), (files.Read, files.Added, files.Rejected, files.Pictures.Total));
        ReferenceRow java = (await bench.RowsAsync())[0];
        Assert.Equal(("JAVA", "US", "Oracle America, Inc."), (java.Title, java.Territory, java.RightHolder));
        Assert.Equal("Nice 9", java.Classes);
        Assert.Equal(new DateOnly(2018, 8, 4), java.ExpiresOn);

        ImportReport zip = await bench.ImportAsync(Path.Combine(folder, "sn76044902.zip"), "archive");
        Assert.Equal((1, 1, 1), (zip.Read, zip.Added, zip.Pictures.Stored));
        ReferenceRow python = (await bench.RowsAsync()).Single(x => x.Register!.Name == "archive");
        Assert.Equal(("PYTHON", "PYTHON SOFTWARE FOUNDATION"), (python.Title, python.RightHolder));
        Assert.Equal("Nice 9\nNice 42", python.Classes);
        Assert.Equal(1, (await bench.ImportAsync(Path.Combine(folder, "sn76044902.zip"), "archive")).Unchanged);
    }

    [Fact]
    public async Task Alerts_of_Safety_Gate_add_up_and_the_second_import_changes_nothing()
    {
        string folder = SharedData.Require("web/rapex-alerts");
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport first = await bench.ImportAsync(Path.Combine(folder, "rapex_alerts.json"), "safety-gate");
        Assert.Equal((290, 290, 0), (first.Read, first.Added, first.Rejected));
        ImportReport second = await bench.ImportAsync(Path.Combine(folder, "rapex_alerts.json"), "safety-gate");
        Assert.Equal((0, 0, 290), (second.Added, second.Changed, second.Unchanged));
        List<ReferenceRow> rows = await bench.RowsAsync();
        Assert.All(rows, x => Assert.NotNull(ProductCategories.Find(x.Category)));
        Assert.Equal(275, rows.Count(x => x.CountryOfOrigin is not null));
        Assert.Contains(rows, x => x.Identifiers.Any(i => i.Scheme == "Gtin" && i.Valid));
        Assert.DoesNotContain(rows, x => x.Brand is "None" or "Unknown" or "");

        ImportReport notices = await bench.ImportAsync(Path.Combine(folder, "soi_sk_notices.json"), "soi", with: x => x with { DownloadPictures = false });
        Assert.Equal((110, 60, 50, 50), (notices.Read, notices.Added, notices.Unchanged, notices.Repeated));
        ReferenceRow slime = (await bench.RowsAsync()).Single(x => x.Title.Contains("MAGIC CLAY", StringComparison.Ordinal));
        Assert.StartsWith("Detská hračka", slime.Title, StringComparison.Ordinal);
        Assert.Equal("China", slime.CountryOfOrigin);
        Assert.Equal(new DateOnly(2024, 11, 27), slime.PublishedOn);
        Assert.Contains(slime.Identifiers, x => x.Value == "8584156293704");
    }

    [Fact]
    public async Task Recalls_of_the_CPSC_add_up_and_the_second_import_changes_nothing()
    {
        string folder = SharedData.Require("web/cpsc-2014-json");
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport first = await bench.ImportAsync(folder, "cpsc");
        Assert.Equal(3677, first.Read);
        Assert.Equal(0, first.Rejected);
        Assert.Equal(3203 + 60, first.Added);
        Assert.Equal(first.Read, first.Added + first.Repeated);
        ImportReport second = await bench.ImportAsync(folder, "cpsc");
        Assert.Equal((0, 0, 3677, 0), (second.Added, second.Changed, second.Unchanged, second.Rejected));
    }

    [Fact]
    public async Task Enforcement_report_of_openFDA_has_the_barcodes_of_its_text()
    {
        ParsedReference cookie = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(new CpscJsonImporter(), """
            {"count":1,"recalls":[{"recall_number":"F-0001-2026","recalling_firm":"Orlo Foods","product_description":"Lemon cookies, 4 oz, UPC 0 36000 29145 2; 8 oz UPC: 042100005264, tin of 12","code_info":"Lot A7","reason_for_recall":"Milk is not declared.","classification":"Class I","report_date":"20260424"}]}
            """))).Reference;
        Assert.Equal(("FDA-F-0001-2026", "Orlo Foods", "Milk is not declared.", new DateOnly(2026, 4, 24)), (cookie.ExternalId, Assert.Single(cookie.Brands), cookie.Danger, cookie.PublishedOn!.Value));
        Assert.Equal(["036000291452", "042100005264"], cookie.Identifiers.Select(x => x.Value));
    }

    [Fact]
    public async Task Real_enforcement_reports_are_all_read()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport report = await bench.ImportAsync(SharedData.Require("web/fda-recalls/recalls.json"), "fda");
        Assert.Equal((1058, 0), (report.Read, report.Rejected));
        Assert.Contains(await bench.RowsAsync(), x => x.Identifiers.Any(i => i.Scheme == "Gtin" && i.Valid));
    }

    [Fact]
    public async Task Recalls_in_XML_are_one_reference_a_recall()
    {
        string file = SharedData.Require("web/gsa-cpsc-xml/xml/cpsc.xml");
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport report = await bench.ImportAsync(file);
        Assert.Equal((4, 2, 2), (report.Read, report.Added, report.Repeated));
        Assert.Equal(2, (await bench.RowsAsync())[0].Identifiers.Count);
    }

    [Fact]
    public async Task Recall_of_the_present_interface_is_read_with_its_pictures()
    {
        List<ImportRecord> records = await ImportBench.ReadAsync(new CpscJsonImporter(), """
            [{"RecallID":9001,"RecallNumber":"26001","RecallDate":"2026-10-01T00:00:00","Description":"A lamp.","URL":"https://recalls.example/26001","Title":"Glim recalls lamps",
              "Products":[{"Name":"Desk lamp","Model":"GL-1; GL-2","Type":"Lamps"}],"Images":[{"URL":"https://recalls.example/1.jpg","Caption":"lamp"}],"Manufacturers":[{"Name":"Glim Inc."}],
              "ManufacturerCountries":[{"Country":"China"}],"ProductUPCs":[{"UPC":"036000291452"}],"Hazards":[{"Name":"The lamp can catch fire.","HazardType":"Fire"}],"Remedies":[{"Name":"Refund."}],"Retailers":[]},
             {"RecallID":9002,"Title": broken},
             {"RecallID":9003,"RecallNumber":"26003","Title":"Kettles","Products":[]}]
            """);
        ParsedReference lamp = Assert.IsType<ImportRecord.Accepted>(records[0]).Reference;
        Assert.Equal(("CPSC-26001", "Desk lamp", new DateOnly(2026, 10, 1)), (lamp.ExternalId, lamp.Title, lamp.PublishedOn));
        Assert.Equal([RiskType.Fire], lamp.Risks);
        Assert.Equal(["GL-1", "GL-2"], lamp.Models);
        Assert.Equal(new PictureSource.Web("https://recalls.example/1.jpg"), Assert.Single(lamp.Pictures));
        Assert.Contains(new ParsedIdentifier(IdentifierScheme.Gtin, "036000291452", true), lamp.Identifiers);
        Assert.IsType<ImportRecord.Rejected>(records[1]);
        Assert.Equal("CPSC-26003", Assert.IsType<ImportRecord.Accepted>(records[2]).Reference.ExternalId);
    }

    [Theory, InlineData(""), InlineData("a licence")]
    public async Task Brand_marks_are_drawn_black_on_white(string comment)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("icons/data/simple-icons.json", """[{"title":"Glim","slug":"glim","hex":"FF0000","source":"https://glim.example/logo","license":{"type":"CC-BY-4.0"},"aliases":{"aka":["GLM"]}},{"title":"Gone","slug":"gone","hex":"000000","source":"https://gone.example"}]""");
        string before = comment.Length == 0 ? "" : $"<!-- {string.Join('\n', Enumerable.Repeat(comment, 300))} -->";
        await bench.WriteAsync("icons/icons/glim.svg", before + """<svg role="img" viewBox="0 0 24 12" xmlns="http://www.w3.org/2000/svg"><title>Glim</title><path d="M0 0h24v12H0z"/></svg>""");
        ImportReport report = await bench.ImportAsync(Path.Combine(bench.Folder, "icons"));
        Assert.Equal((2, 1, 1), (report.Added, report.Pictures.Stored, report.Pictures.Failed));
        ReferenceRow mark = (await bench.RowsAsync())[0];
        Assert.Equal((ReferenceKind.Mark, "Glim; GLM", "https://glim.example/logo"), (mark.Kind, mark.Brand, mark.SourceUrl));
        byte[] png = (await bench.Blobs.GetAsync(mark.Images.First().ImageSha256!, TestContext.Current.CancellationToken))!;
        Touchstone.Vision.Imaging.RgbImage drawn = new Touchstone.Vision.Imaging.ImageDecoder().Decode(png).Image!;
        Assert.Equal((256, 144), (drawn.Width, drawn.Height));
        Assert.Equal(255, drawn.Pixels[0]);
        Assert.Equal(0, drawn.Pixels[((72 * 256) + 128) * 3]);
        Assert.Equal(2, (await bench.ImportAsync(Path.Combine(bench.Folder, "icons"))).Unchanged);
    }

    [Fact]
    public async Task Table_is_read_with_other_names_separators_and_a_byte_order_mark()
    {
        List<ImportRecord> records = await ImportBench.ReadAsync(new CsvImporter(), "\ufeffProduct Name;EAN;Owner;E-Mail;Valid in;Valid until;Classes;Kind;Photo\r\n\"Lamp; \"\"big\"\"\";4006381333931|111;Glim;owner@glim.example;Netherlands, DE;31.12.2030;Nice 11|Locarno 26-05;design;https://glim.example/a.png|b.png\r\n", "table.csv");
        ParsedReference lamp = Assert.IsType<ImportRecord.Accepted>(Assert.Single(records)).Reference;
        Assert.Equal("Lamp; \"big\"", lamp.Title);
        Assert.Equal(ReferenceKind.Design, lamp.Kind);
        Assert.Equal(["NL", "DE"], lamp.Territory);
        Assert.Equal(new DateOnly(2030, 12, 31), lamp.ExpiresOn);
        Assert.Equal("owner@glim.example", lamp.RightHolderContact);
        Assert.Equal([new RightClass(RightClassScheme.Nice, "11"), new RightClass(RightClassScheme.Locarno, "26-05")], lamp.Classes);
        Assert.Equal([new PictureSource.Web("https://glim.example/a.png"), new PictureSource.File("b.png")], lamp.Pictures);
        Assert.Equal([true, false], lamp.Identifiers.Select(x => x.Valid));
    }

    [Fact]
    public async Task Text_of_a_table_and_of_a_mark_is_text_and_no_markup()
    {
        List<ImportRecord> records = await ImportBench.ReadAsync(new CsvImporter(), "id,title,brand,model,description,risk_types,right_holder\n1,Ac<me> & Co &amp; <b>lamp</b>,Ac<me> & Co,X<1>,a <br> b,Zap<s>,H<old>er\n", "table.csv");
        ParsedReference lamp = Assert.IsType<ImportRecord.Accepted>(Assert.Single(records)).Reference;
        Assert.Equal(("Ac<me> & Co &amp; <b>lamp</b>", "Ac<me> & Co", "X<1>", "a <br> b", "H<old>er"), (lamp.Title, lamp.Brands.Single(), lamp.Models.Single(), lamp.Description, lamp.RightHolder));
        Assert.Equal(["Zap<s>"], lamp.OtherRisks);
        records = await ImportBench.ReadAsync(new MarkXmlImporter(), NewMark.Replace(">GLIM<", ">GL&lt;IM&gt; &amp; Co<", StringComparison.Ordinal), "marks.xml");
        ParsedReference mark = records.OfType<ImportRecord.Accepted>().First().Reference;
        Assert.Equal(("GL<IM> & Co", "GL<IM> & Co"), (mark.Title, mark.Brands.Single()));
    }

    [Fact]
    public async Task Broken_lines_of_a_table_cost_only_themselves()
    {
        List<ImportRecord> records = await ImportBench.ReadAsync(
            new CsvImporter(), "id,title,kind,expires_on\n1,Good,,\n2,\"never closed,,\n3,\"two\nlines\",,\n4,,,\n5,Fine,gadget,\n6,Fine,,someday\n7,a,b,c,d\n\n8,Last,mark,2030-01-01\n", "table.csv");
        Assert.Equal(["1", "3", "8"], records.OfType<ImportRecord.Accepted>().Select(x => x.Reference.ExternalId));
        Assert.Equal(["table.csv:3", "table.csv:6", "table.csv:7", "table.csv:8", "table.csv:9"], records.OfType<ImportRecord.Rejected>().Select(x => x.Row));
    }

    [Fact]
    public async Task Archive_with_a_table_and_pictures_is_read_like_a_folder()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = Path.Combine(bench.Folder, "all.zip");
        await using (ZipArchive zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            await using (Stream table = await zip.CreateEntry("register/table.csv").OpenAsync(TestContext.Current.CancellationToken)) table.Write("title,picture\nLamp,l.png\n"u8);
            await using (Stream picture = await zip.CreateEntry("register/pictures/l.png").OpenAsync(TestContext.Current.CancellationToken)) picture.Write(ImportBench.Picture(3));
        }
        ImportReport report = await bench.ImportAsync(path);
        Assert.Equal((1, 1), (report.Added, report.Pictures.Stored));
    }
}

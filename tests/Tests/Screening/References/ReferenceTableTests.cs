using System.IO.Compression;
using System.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;

namespace Touchstone.Tests.Screening.References;

/// <summary>Tables and feeds as spreadsheet programs, portals and shop software write them.</summary>
public sealed class ReferenceTableTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Recalls of toys\nAs of;2027-05-01\n\nNo;Title;Brand\n7;Drum;Orlo\n")]
    [InlineData("sep=;\n\"Filter: toys, EU\"\nNo;Title;Brand\n7;Drum;Orlo\n")]
    [InlineData("Product\tcount\n\t\nTitle;of;the;list\nNo;Title;Brand\n7;Drum;Orlo\n", 0)]
    public async Task Lines_above_the_header_are_no_references(string table, int drums = 1)
    {
        List<ImportRecord> records = await ReadAsync("toys.csv", table);
        Assert.Equal(drums, records.OfType<ImportRecord.Accepted>().Count(x => x.Reference is { Title: "Drum", Brands: ["Orlo"] }));
    }

    [Fact]
    public async Task A_table_without_a_header_is_refused_as_a_whole()
    {
        using ImportFiles files = ImportFiles.Of("toys.csv", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("7;Drum;Orlo\n", 30)) + "id;title\n8;Cup\n"));
        Assert.Null(RegisterFormats.Detect(files, "toys.csv"));
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in new CsvImporter().ReadAsync(files, "toys.csv", Stop)) records.Add(record);
        Assert.Equal(("toys.csv:1", true), Assert.IsType<ImportRecord.Rejected>(Assert.Single(records)) is var none ? (none.Row, none.OfFile) : default);
    }

    [Fact]
    public async Task The_further_lines_of_a_product_add_to_it()
    {
        List<ImportRecord> records = await ReadAsync("shop.csv", """
            Handle,Title,Body (HTML),Vendor,Type,Published,Variant SKU,Variant Price,Variant Barcode,Image Src
            drum,Toy drum,<p>Loud &amp; red</p>,Orlo,Toys,true,D-1,9.90,4006381333931,https://shop.example/a.jpg
            drum,,,,,,D-2,9.90,036000291452,https://shop.example/b.jpg
            drum,,,,,,,,,https://shop.example/c.jpg
            cup,Cup,,Orlo,Cups,true,C-1,3.00,,
            pot,,,,,,P-1,3.00,,
            """);
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(records[0]).Reference;
        Assert.Equal(("drum", ReferenceKind.GenuineProduct, "Loud & red"), (drum.ExternalId, drum.Kind, drum.Description));
        Assert.Equal(("Orlo", 3, 0), (Assert.Single(drum.Brands), drum.Pictures.Count, drum.Models.Count));
        Assert.Equal(["4006381333931", "D-1", "036000291452", "D-2"], drum.Identifiers.Select(x => x.Value));
        Assert.Equal(("shop.csv:2", "shop.csv:5"), (records[0].Row, records[1].Row));
        Assert.Equal(("shop.csv:6", "The line has no title."), (records[2].Row, Assert.IsType<ImportRecord.Rejected>(records[2]).Reason));
        Assert.Equal(3, records.Count);
    }

    [Fact]
    public async Task Several_addresses_in_a_field_are_several_pictures()
    {
        List<ImportRecord> records = await ReadAsync("products.csv", """
            ID,Type,SKU,Name,Published,"Visibility in catalog","Regular price",Categories,"GTIN, UPC, EAN, or ISBN",Images
            44,variable,drum-1,Drum,1,visible,9,"Toys > Drums",4006381333931,"https://shop.example/w_300,h_20/a.jpg, https://shop.example/b.jpg"
            """);
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(records)).Reference;
        Assert.Equal(["https://shop.example/w_300,h_20/a.jpg", "https://shop.example/b.jpg"], drum.Pictures.Select(x => Assert.IsType<PictureSource.Web>(x).Url));
        Assert.Equal(("Toys > Drums", 0), (drum.Category, drum.Models.Count));
        Assert.Equal(["4006381333931", "drum-1"], drum.Identifiers.Select(x => x.Value));
    }

    [Fact]
    public async Task Of_two_columns_that_may_be_the_title_the_first_that_is_filled_counts()
    {
        List<ImportRecord> records = await ReadAsync("recalls.csv", "number,Title,Product\n1,Drum recalled,Drum\n2,,Cup\n");
        Assert.Equal(["Drum recalled", "Cup"], records.Select(x => Assert.IsType<ImportRecord.Accepted>(x).Reference.Title));
    }

    [Theory]
    [InlineData("<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\"><channel><title>Shop</title><item><title>Page</title><g:title>Drum</g:title><link>https://shop.example/d</link>{0}</item></channel></rss>")]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:g=\"http://base.google.com/ns/1.0\"><title>Shop</title><entry><title>Drum</title><link href=\"https://shop.example/d\"/>{0}</entry></feed>")]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:g=\"http://base.google.com/ns/1.0\"><title>Shop</title><entry><title>Page</title><g:title>Drum</g:title><link href=\"https://shop.example/d\"/>{0}</entry></feed>")]
    public async Task A_feed_for_advertisers_is_read(string feed)
    {
        const string members = "<g:id>d1</g:id><description>&lt;b&gt;Loud&lt;/b&gt;</description><g:image_link>https://shop.example/a.jpg</g:image_link><g:additional_image_link>https://shop.example/b.jpg</g:additional_image_link><g:brand>Orlo</g:brand><g:gtin>4006381333931</g:gtin><g:price>9 EUR</g:price>";
        List<ImportRecord> records = await ReadAsync("feed.xml", feed.Replace("{0}", members, StringComparison.Ordinal));
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(records)).Reference;
        Assert.Equal(("d1", "Drum", "Loud", "https://shop.example/d"), (drum.ExternalId, drum.Title, drum.Description, drum.SourceUrl));
        Assert.Equal((2, "Orlo", "4006381333931", ReferenceKind.GenuineProduct), (drum.Pictures.Count, Assert.Single(drum.Brands), Assert.Single(drum.Identifiers).Value, drum.Kind));
    }

    [Fact]
    public async Task Each_mark_of_a_transaction_is_read_with_its_owner()
    {
        static string Mark(string number, string words, string key) => $"<TradeMark><RegistrationOfficeCode>EM</RegistrationOfficeCode><ApplicationNumber>{number}</ApplicationNumber><WordMarkSpecification><MarkVerbalElementText>{words}</MarkVerbalElementText></WordMarkSpecification><ApplicantDetails><ApplicantKey><Identifier>{key}</Identifier></ApplicantKey></ApplicantDetails></TradeMark>";
        static string Owner(string key, string name) => $"<Applicant><ApplicantIdentifier>{key}</ApplicantIdentifier><FreeFormatNameLine>{name}</FreeFormatNameLine></Applicant>";
        List<ImportRecord> records = await ReadAsync("marks.xml", $"<Transaction xmlns=\"http://www.example.com/XMLSchema/trademarks\"><TradeMarkTransactionBody><TransactionContentDetails><TransactionData><TradeMarkDetails>{Mark("1", "ORLO", "7")}{Mark("2", "MOWE", "8")}</TradeMarkDetails><ApplicantDetails>{Owner("7", "Orlo AG")}{Owner("8", "Mowe A/S")}</ApplicantDetails></TransactionData></TransactionContentDetails></TradeMarkTransactionBody></Transaction>");
        Assert.Equal(["ORLO of Orlo AG", "MOWE of Mowe A/S"], records.Select(x => Assert.IsType<ImportRecord.Accepted>(x).Reference).Select(x => $"{x.Title} of {x.RightHolder}"));
    }

    [Fact]
    public async Task The_office_of_a_mark_may_stand_in_its_number()
    {
        List<ImportRecord> records = await ReadAsync("mark.xml", "<n:TrademarkBag xmlns:n=\"urn:n\" xmlns:c=\"urn:c\"><n:Trademark><c:ApplicationNumber><c:IPOfficeCode>US</c:IPOfficeCode><c:ApplicationNumberText>75000001</c:ApplicationNumberText></c:ApplicationNumber><n:MarkVerbalElementText>ORLO</n:MarkVerbalElementText></n:Trademark></n:TrademarkBag>");
        Assert.Equal("US-app-75000001", Assert.IsType<ImportRecord.Accepted>(Assert.Single(records)).Reference.ExternalId);
    }

    [Fact]
    public async Task Marks_of_the_US_office_are_read()
    {
        List<ImportRecord> records = await ReadAsync("apc.xml", """
            <?xml version="1.0" encoding="UTF-8"?><!DOCTYPE trademark-applications-daily [ <!ELEMENT x ANY> ]>
            <trademark-applications-daily><version><version-no>2.0</version-no></version><application-information><file-segments><action-keys>
            <case-file><serial-number>75000001</serial-number><registration-number>2000001</registration-number><case-file-header><filing-date>19960524</filing-date><registration-date>19980401</registration-date><renewal-date>20280401</renewal-date><mark-identification>ORLO</mark-identification></case-file-header>
            <case-file-statements><case-file-statement><type-code>GS0281</type-code><text>Toys &amp; games</text></case-file-statement></case-file-statements>
            <classifications><classification><international-code-total-no>1</international-code-total-no><international-code>028</international-code><primary-code>028</primary-code></classification></classifications>
            <case-file-owners><case-file-owner><party-type>10</party-type><party-name>First Inc.</party-name></case-file-owner><case-file-owner><party-type>30</party-type><party-name>Orlo AG</party-name></case-file-owner></case-file-owners></case-file>
            <case-file><serial-number>75000002</serial-number><registration-number>0000000</registration-number><case-file-header><filing-date>19960524</filing-date><abandonment-date>19970101</abandonment-date><mark-identification>MOWE</mark-identification></case-file-header></case-file>
            <case-file><serial-number>75000003</serial-number></case-file>
            </action-keys></file-segments></application-information></trademark-applications-daily>
            """);
        ParsedReference orlo = Assert.IsType<ImportRecord.Accepted>(records[0]).Reference, mowe = Assert.IsType<ImportRecord.Accepted>(records[1]).Reference;
        Assert.Equal(("US-2000001", "ORLO", "Orlo AG", "Toys & games", new DateOnly(2038, 4, 1)), (orlo.ExternalId, orlo.Title, orlo.RightHolder, orlo.Description, orlo.ExpiresOn!.Value));
        Assert.Equal("28", Assert.Single(orlo.Classes).Code);
        Assert.Equal(("US-app-75000002", new DateOnly(1997, 1, 1)), (mowe.ExternalId, mowe.ExpiresOn!.Value));
        Assert.Equal("apc.xml:3", Assert.IsType<ImportRecord.Rejected>(records[2]).Row);
    }

    [Fact]
    public async Task What_else_in_an_archive_may_hold_records_is_named()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in new[] { ("a/table.csv", "id,title\n1,Drum\n"), ("a/old.xls", "x"), ("more.zip", "x"), ("drum.jpg", "x"), ("__MACOSX/a/._table.csv", "x"), ("a/._table.csv", "x") })
            {
                await using StreamWriter writer = new(await zip.CreateEntry(name).OpenAsync(Stop));
                await writer.WriteAsync(text);
            }
        }
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("register.zip", bytes.ToArray()));
        Assert.Equal(1, report.Added);
        Assert.Equal(["a/old.xls", "more.zip"], report.IgnoredFiles);
    }

    private static async Task<List<ImportRecord>> ReadAsync(string name, string text)
    {
        using ImportFiles files = ImportFiles.Of(name, Encoding.UTF8.GetBytes(text));
        IRegisterImporter importer = RegisterFormats.Detect(files, name) ?? new CsvImporter();
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in importer.ReadAsync(files, name, Stop)) records.Add(record);
        return records;
    }

    [Theory]
    [InlineData("id^title^gtin\n1^Drum, big^4006381333931\n")]
    [InlineData("id~title~gtin\n1~Drum, big~4006381333931\n")]
    [InlineData("\"id,\"\"title\"\",\"\"gtin\"\"\"\n\"1,\"\"Drum, big\"\",\"\"4006381333931\"\"\"\n")]
    [InlineData("Nummer;Bezeichnung;EAN\n1;Drum, big;4006381333931\n")]
    [InlineData("Nr.;Produktnavn;Stregkode\n1;Drum, big;4006381333931\n")]
    [InlineData("Numéro;Désignation;Code-barres\n1;Drum, big;4006381333931\n")]
    [InlineData("Nr.,Title (en),EAN-13\n1,\"Drum, big\",4006381333931\n")]
    [InlineData("ID*,\"Title\n(as notified)\",Barcode(s)\n1,\"Drum, big\",4006381333931\n")]
    [InlineData("id;Product name:;GTIN / EAN code [13]\n1;Drum, big;4006381333931\n")]
    [InlineData("번호,제품명,바코드\n1,\"Drum, big\",4006381333931\n")]
    public async Task Other_separators_whole_lines_in_quotes_and_other_languages_are_tables(string table)
    {
        using ImportFiles files = ImportFiles.Of("t.csv", System.Text.Encoding.UTF8.GetBytes(table));
        CsvImporter importer = Assert.IsType<CsvImporter>(RegisterFormats.Detect(files, "t.csv"));
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(importer, table, "t.csv"))).Reference;
        Assert.Equal(("1", "Drum, big", "4006381333931"), (drum.ExternalId, drum.Title, Assert.Single(drum.Identifiers).Value));
    }

    [Fact]
    public async Task A_table_of_one_column_keeps_its_commas() =>
        Assert.Equal("Drum, big", Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(new CsvImporter(), "title\n\"Drum, big\"\n", "t.csv"))).Reference.Title);

    [Theory]
    [InlineData("\"Drum \\\"Loud\\\"\",Orlo", "Drum \"Loud\"")]
    [InlineData("\"The \\\"Loud\\\" drum\",Orlo", "The \"Loud\" drum")]
    [InlineData("\"Drum 12\"\"\",Orlo", "Drum 12\"")]
    [InlineData("\"C:\\drums\\\",Orlo", "C:\\drums\\")]
    [InlineData("\"Drum, \\ and \"\"more\"\"\",Orlo", "Drum, \\ and \"more\"")]
    public async Task A_quote_behind_a_back_slash_belongs_to_its_field(string line, string title)
    {
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(new CsvImporter(), $"title,brand\n{line}\n", "t.csv"))).Reference;
        Assert.Equal((title, "Orlo"), (drum.Title, Assert.Single(drum.Brands)));
    }
}

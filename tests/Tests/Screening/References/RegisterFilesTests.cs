using System.IO.Compression;
using System.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.References;

/// <summary>Files of registers as other systems write and pack them.</summary>
public sealed class RegisterFilesTests
{
    private const string Mark = """<TradeMark operationCode="Insert"><RegistrationOfficeCode>EM</RegistrationOfficeCode><ApplicationNumber>018000777</ApplicationNumber><RegistrationNumber>018000777</RegistrationNumber><WordMarkSpecification><MarkVerbalElementText>FÜÑ</MarkVerbalElementText></WordMarkSpecification><MarkImageDetails><MarkImage><MarkImageFilename>Fuen.PNG</MarkImageFilename></MarkImage></MarkImageDetails></TradeMark>""";

    static RegisterFilesTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("windows-1252", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    public async Task A_table_is_read_in_the_encodings_of_office_programs(string encoding, bool marked)
    {
        Encoding how = Encoding.GetEncoding(encoding);
        await using ImportBench bench = await ImportBench.CreateAsync();
        byte[] table = [.. marked ? how.GetPreamble() : [], .. how.GetBytes("id;title;brand\nT-1;Spielküche für Kinder;Möwe\n")];
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("table.csv", table));
        Assert.Equal((1, 1), (report.Read, report.Added));
        ReferenceRow row = Assert.Single(await bench.RowsAsync());
        Assert.Equal(("Spielküche für Kinder", "Möwe"), (row.Title, row.Brand));
    }

    [Fact]
    public async Task A_picture_behind_a_link_is_not_opened()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need a privilege on Windows.");
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("elsewhere/secret.png", ImportBench.Picture(1));
        await bench.WriteAsync("table/own.png", ImportBench.Picture(2));
        string table = await bench.WriteAsync("table/table.csv", "id,title,pictures\n1,Drum,own.png\n2,Cup,link.png\n3,Pot,folder/secret.png\n");
        File.CreateSymbolicLink(Path.Combine(bench.Folder, "table", "link.png"), Path.Combine(bench.Folder, "elsewhere", "secret.png"));
        Directory.CreateSymbolicLink(Path.Combine(bench.Folder, "table", "folder"), Path.Combine(bench.Folder, "elsewhere"));
        ImportReport report = await bench.ImportAsync(table);
        Assert.Equal((3, 1), (report.Read, report.Pictures.Stored));
        // The table itself may be named by a link.
        string named = Path.Combine(bench.Folder, "table", "named.csv");
        File.CreateSymbolicLink(named, table);
        Assert.Equal(3, (await bench.ImportAsync(named, "other")).Read);
    }

    [Theory]
    [InlineData("sep=;\r\nid;title\r\nT-1;Drum, red\r\n")]
    [InlineData("\uFEFF\"sep=;\"\nid;title\nT-1;Drum, red\n")]
    [InlineData("SEP=^\nid^title\nT-1^Drum, red\n")]
    [InlineData("sep=\t\nid\ttitle\nT-1\tDrum, red\n")]
    [InlineData("sep=;;;\nid;title;;\nT-1;Drum, red;;\n")]
    [InlineData("\r\nsep=;\r\nid;title\r\nT-1;Drum, red\r\n")]
    public async Task A_line_that_names_the_separator_is_no_header(string table)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        Assert.Equal(1, (await bench.ImportAsync(await bench.WriteAsync("table.csv", table))).Added);
        Assert.Equal("Drum, red", Assert.Single(await bench.RowsAsync()).Title);
    }

    [Theory]
    [InlineData("ISO-8859-1", false)]
    [InlineData("ISO-8859-1", true)]
    [InlineData("windows-1250", true)]
    [InlineData("UTF-16", true)]
    [InlineData("utf-7", true)]
    public async Task Xml_is_read_by_its_declaration_in_a_file_and_in_an_archive(string declared, bool packed)
    {
        Encoding how = declared switch { "utf-7" => Encoding.UTF8, "windows-1250" => Encoding.GetEncoding(1250), _ => Encoding.GetEncoding(declared) };
        string name = declared == "windows-1250" ? "FÜŇ" : "FÜÑ";
        byte[] xml = how.GetBytes($"<?xml version=\"1.0\" encoding=\"{declared}\"?><Transaction>{Mark.Replace("FÜÑ", name, StringComparison.Ordinal)}</Transaction>");
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = packed ? await bench.WriteAsync("marks.zip", Zip(("mark.xml", xml))) : await bench.WriteAsync("mark.xml", xml);
        Assert.Equal(1, (await bench.ImportAsync(path)).Added);
        Assert.Equal(name, Assert.Single(await bench.RowsAsync()).Title);
    }

    [Theory]
    [InlineData("fuen.png")]
    [InlineData("FUEN.PNG")]
    public async Task Names_that_differ_in_case_are_one_file(string stored)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        byte[] xml = Encoding.UTF8.GetBytes($"<Transaction>{Mark}</Transaction>");
        ImportReport zip = await bench.ImportAsync(await bench.WriteAsync("marks.zip", Zip(("mark.xml", xml), (stored, ImportBench.Picture(7)))), "zip");
        Assert.Equal((1, 0), (zip.Pictures.Total, zip.Pictures.Failed));
        await bench.WriteAsync("marks/mark.xml", xml);
        await bench.WriteAsync($"marks/{stored}", ImportBench.Picture(7));
        ImportReport folder = await bench.ImportAsync(Path.Combine(bench.Folder, "marks"), "folder");
        Assert.Equal((1, 0), (folder.Pictures.Total, folder.Pictures.Failed));
    }

    [Theory]
    [InlineData("pictures/Spielku\u0308che.png", "Pictures/Spielk\u00FCche.png")]
    [InlineData("\u304B\u3099.png", "\u304C.png")]
    [InlineData("\u1100\u1161\u11A8.png", "\uAC01.png")]
    [InlineData("\u0438\u0306.png", "\u0439.png")]
    [InlineData("./pictures/a.png", "pictures\\a.png")]
    [InlineData("pictures/a b.png", "pictures/a%20b.png")]
    [InlineData("pictures/100%25.png", "pictures/100%25.png")]
    public async Task Names_that_differ_in_form_are_one_file(string stored, string named)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        byte[] table = Encoding.UTF8.GetBytes($"id;title;pictures\nT-1;Drum;{named}\n");
        Assert.Equal(1, (await bench.ImportAsync(await bench.WriteAsync("table.zip", Zip(("table.csv", table), (stored, ImportBench.Picture(7)))))).Pictures.Stored);
    }

    [Fact]
    public async Task Names_in_the_code_page_of_old_archives_are_read()
    {
        byte[] zip = Zip(("table.csv", "id;title;pictures\nT-1;Drum;Spielk\u00FCche.png\n"u8.ToArray()), ("Spielk~che.png", ImportBench.Picture(7)));
        // The letter ü of code page 437, in an entry that is not marked as UTF-8.
        for (int i = 0; i < zip.Length; i++)
            if (zip[i] == (byte)'~' && zip.AsSpan(i + 1).StartsWith("che.png"u8)) zip[i] = 0x81;
        await using ImportBench bench = await ImportBench.CreateAsync();
        Assert.Equal(1, (await bench.ImportAsync(await bench.WriteAsync("table.zip", zip))).Pictures.Stored);
    }

    [Fact]
    public async Task A_picture_that_is_not_there_or_is_blank_is_reported()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        ImportReport marks = await bench.ImportAsync(await bench.WriteAsync("marks.zip", Zip(("mark.xml", Encoding.UTF8.GetBytes($"<Transaction>{Mark}</Transaction>")))), "marks");
        Assert.Equal((1, 1), (marks.Pictures.Total, marks.Pictures.Failed));
        await bench.WriteAsync("white.png", ImageEncoder.Png(new RgbImage(8, 8, [.. Enumerable.Repeat((byte)255, 192)])));
        ImportReport table = await bench.ImportAsync(await bench.WriteAsync("table.csv", "title;pictures\nDrum;white.png\n"), "table");
        Assert.Contains("The picture is blank", table.Pictures.Failures.Keys);
    }

    [Fact]
    public async Task The_cpsc_s_xml_gives_what_its_json_gives()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string json = """[{"RecallID":77,"RecallNumber":"26077","RecallDate":"2026-03-04T00:00:00","Description":"A red drum.","URL":"https://www.cpsc.gov/Recalls/2026/x","Title":"Orlo Recalls Drums","Products":[{"Name":"Drum","Model":"D1","Type":"Toys"}],"Manufacturers":[{"Name":"Orlo"}],"Hazards":[{"Name":"Small parts can choke.","HazardType":"Choking"}],"ProductUPCs":[{"UPC":"036000291452"}],"Images":[]}]""";
        string xml = """<ArrayOfRecall xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.shop.example/recalls"><Recall><Description>A red drum.</Description><Hazards><Hazard><HazardType>Choking</HazardType><Name>Small parts can choke.</Name></Hazard></Hazards><Images/><Manufacturers><Manufacturer><Name>Orlo</Name></Manufacturer></Manufacturers><ProductUPCs><ProductUPC><UPC>036000291452</UPC></ProductUPC></ProductUPCs><Products><Product><Model>D1</Model><Name>Drum</Name><Type>Toys</Type></Product></Products><RecallDate>2026-03-04T00:00:00</RecallDate><RecallID>77</RecallID><RecallNumber>26077</RecallNumber><Title>Orlo Recalls Drums</Title><URL>https://www.cpsc.gov/Recalls/2026/x</URL></Recall><Recall><Title>No number</Title></Recall></ArrayOfRecall>""";
        await bench.ImportAsync(await bench.WriteAsync("recalls.json", json), "json");
        ImportReport report = await bench.ImportAsync(await bench.WriteAsync("recalls.xml", xml), "xml");
        Assert.Equal((2, 1, 1), (report.Read, report.Added, report.Rejected));
        List<ReferenceRow> rows = await bench.RowsAsync();
        Assert.Equal(2, rows.Count);
        Assert.Equal(Facts(rows[0]), Facts(rows[1]));

        static object Facts(ReferenceRow r) => (r.ExternalId, r.Title, r.Brand, r.Category, r.Description, r.Danger, r.SourceUrl, r.PublishedOn, string.Join('|', r.Identifiers.Select(i => $"{i.Scheme} {i.Value}").Order(StringComparer.Ordinal)));
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using MemoryStream to = new();
        using (ZipArchive zip = new(to, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] bytes) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        return to.ToArray();
    }

    [Theory]
    [InlineData("ibm850", "Möwe")]
    [InlineData("cp866", "Чайка")]
    [InlineData("koi8-r", "Чайка")]
    public async Task An_encoding_that_pages_do_not_know_is_read_as_it_is_declared(string encoding, string product)
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        byte[] report = Encoding.GetEncoding(encoding).GetBytes($"<?xml version='1.0' encoding='{encoding}'?><!--{new string('-', 9000).Replace("--", "- ", StringComparison.Ordinal)}--><r><notifications><caseNumber>A1</caseNumber><product>{product}</product></notifications></r>");
        Assert.Equal(1, (await bench.ImportAsync(await bench.WriteAsync("report.xml", report))).Added);
        Assert.Equal(product, Assert.Single(await bench.RowsAsync()).Title);
    }
}

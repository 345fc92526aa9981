using System.IO.Compression;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;

namespace Touchstone.Tests.Screening.References;

/// <summary>Workbooks as spreadsheet programs write them: shared and inline texts, dates as numbers, gaps, and hostile ones.</summary>
public sealed class XlsxImporterTests
{
    private const string Ns = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sheet_is_read_as_the_table_that_it_is()
    {
        byte[] book = Book(
            ("xl/sharedStrings.xml", $"<sst {Ns}><si><t>Title</t></si><si><r><t>La</t></r><r><t>mp</t></r><rPh><t>x</t></rPh></si></sst>"),
            ("xl/styles.xml", $"<styleSheet {Ns}><numFmts><numFmt numFmtId=\"170\" formatCode=\"dd/mm/yyyy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>"),
            ("xl/worksheets/sheet1.xml", $"""
                <worksheet {Ns}><sheetData>
                <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>expires on</t></is></c><c r="D1" t="str"><v>GTIN</v></c></row>
                <row r="2"><c r="A2" t="s"><v>1</v></c><c r="C2" s="1"><v>46387</v></c><c r="D2"><v>4006381333931</v></c></row>
                <row r="3"><c r="D3"><v>5</v></c></row>
                </sheetData></worksheet>
                """));
        List<ImportRecord> records = await ReadAsync(book);
        ImportRecord.Accepted lamp = Assert.IsType<ImportRecord.Accepted>(records[0]);
        Assert.Equal(("Lamp", new DateOnly(2026, 12, 31), "4006381333931"), (lamp.Reference.Title, lamp.Reference.ExpiresOn, Assert.Single(lamp.Reference.Identifiers).Value));
        Assert.Equal(("lamps.xlsx:3", "The line has no title."), (records[1].Row, Assert.IsType<ImportRecord.Rejected>(records[1]).Reason));
    }

    [Fact]
    public async Task What_is_no_workbook_is_said()
    {
        Assert.Contains("holds no sheet", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync(Book(("a.txt", "a"))))).Reason, StringComparison.Ordinal);
        Assert.Contains("(.xlsb); save it anew", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync(Book(("xl/workbook.bin", "a"))))).Reason, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync("PK, and nothing else"u8.ToArray()))).Reason, StringComparison.Ordinal);
        byte[] bomb = Book(("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>"));
        Assert.Contains("cannot be read", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync(bomb))).Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Costly => new()
    {
        { "<row r=\"1\"><c r=\"ZZZZZ1\" t=\"str\"><v>title</v></c></row>", "outside of 16384 columns" },
        { "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>title</v></c></row><row r=\"200000000\"><c r=\"A200000000\" t=\"str\"><v>x</v></c></row>", "outside of 1048576 rows" },
        { "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>title</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\" t=\"str\"><v>x</v></c></row>", "more than 200000000 cells" },
        { string.Concat(Enumerable.Range(1, 1_300).Select(i => $"<row r=\"{i}\"><c r=\"XFD{i}\" t=\"str\"><v>x</v></c></row>")), "more than 20000000 cells" },
        { "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>", "cannot be read" },
    };

    [Theory, MemberData(nameof(Costly))]
    public async Task A_workbook_that_would_cost_too_much_is_refused(string rows, string expected)
    {
        string reason = Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync(Book(("xl/worksheets/sheet1.xml", Sheet(rows)))))).Reason;
        Assert.StartsWith("The workbook cannot be read: ", reason, StringComparison.Ordinal);
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_unpacks_to_too_much_is_refused_before_it_is_read()
    {
        byte[] bomb = Book(("xl/worksheets/sheet1.xml", Sheet(new string(' ', (int)XlsxSheets.MostBytes))));
        Assert.InRange(bomb.Length, 1, 1 << 20);
        Assert.Contains("xl/worksheets/sheet1.xml is larger than 256 MiB", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync(bomb))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_sheet_is_the_one_that_people_see_first()
    {
        using var bytes = new MemoryStream();
        await bytes.WriteAsync(Book(("xl/worksheets/sheet1.xml", Sheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>notes</v></c></row>")), ("xl/worksheets/sheet2.xml", Sheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>title</v></c></row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>Lamp</v></c></row>"))), Stop);
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("xl/_rels/workbook.xml.rels")!.Delete();
            await using var writer = new StreamWriter(await zip.CreateEntry("xl/_rels/workbook.xml.rels").OpenAsync(Stop));
            await writer.WriteAsync("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r0\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>");
        }
        Assert.Equal("Lamp", Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ReadAsync(bytes.ToArray()))).Reference.Title);
    }

    [Fact]
    public async Task A_workbook_in_the_strict_form_is_read()
    {
        const string strict = "http://purl.oclc.org/ooxml/";
        static string Named(string xml) => xml.Replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", strict + "spreadsheetml/main", StringComparison.Ordinal)
            .Replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships", strict + "officeDocument/relationships", StringComparison.Ordinal);
        using MemoryStream bytes = new();
        using (ZipArchive to = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (ZipArchive from = new(new MemoryStream(Book(("Lamps", "", "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>title</v></c><c r=\"B1\" t=\"str\"><v>expires on</v></c></row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>Lämp</v></c><c r=\"B2\" t=\"d\"><v>2027-05-01T00:00:00</v></c></row>")))))
        {
            foreach (ZipArchiveEntry part in from.Entries)
            {
                using StreamReader reader = new(await part.OpenAsync(Stop));
                await using StreamWriter writer = new(await to.CreateEntry(part.FullName).OpenAsync(Stop));
                await writer.WriteAsync(Named(await reader.ReadToEndAsync(Stop)));
            }
        }
        ParsedReference lamp = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ReadAsync(bytes.ToArray()))).Reference;
        Assert.Equal(("Lämp", new DateOnly(2027, 5, 1)), (lamp.Title, lamp.ExpiresOn!.Value));
    }

    [Fact]
    public async Task Each_sheet_is_read_or_named()
    {
        const string header = "<row r=\"3\"><c r=\"A3\" t=\"str\"><v>Brand</v></c><c r=\"B3\" t=\"str\"><v>Title</v></c></row>";
        byte[] book = Book(
            ("Cover", "", "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>List of lamps</v></c></row>"),
            ("Lamps", "", "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>As of May</v></c></row>" + header + "<row r=\"4\"><c r=\"A4\" t=\"str\"><v>Orlo</v></c><c r=\"B4\" t=\"str\"><v>Lamp</v></c></row>"),
            ("Empty", "", ""),
            ("Old", "hidden", header + "<row r=\"4\"><c r=\"B4\" t=\"str\"><v>Former lamp</v></c></row>"),
            ("Choices", "veryHidden", "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>red</v></c></row>"));
        List<ImportRecord> records = await ReadAsync(book);
        Assert.Equal(["lamps.xlsx:Cover", "lamps.xlsx:Lamps:4", "lamps.xlsx:Old", "lamps.xlsx:Choices"], records.Select(x => x.Row));
        Assert.Equal(("Lamp", "Orlo"), Assert.IsType<ImportRecord.Accepted>(records[1]).Reference is var lamp ? (lamp.Title, Assert.Single(lamp.Brands)) : default);
        Assert.Contains("is hidden", Assert.IsType<ImportRecord.Rejected>(records[2]).Reason, StringComparison.Ordinal);
        Assert.Contains("none of its first 20 lines", Assert.IsType<ImportRecord.Rejected>(records[0]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_merged_over_lines_counts_for_each_of_them()
    {
        string sheet = $"""
            <worksheet {Ns}><sheetData>
            <row r="1"><c r="A1" t="str"><v>title</v></c><c r="B1" t="str"><v>model</v></c><c r="C1" t="str"><v>brand</v></c></row>
            <row r="2"><c r="A2" t="str"><v>Drum</v></c><c r="B2" t="str"><v>D1</v></c><c r="C2" t="str"><v>Orlo</v></c></row>
            <row r="3"><c r="B3" t="str"><v>D2</v></c></row>
            <row r="4"><c r="A4" t="str"><v>Cup</v></c><c r="B4" t="str"><v>C1</v></c></row>
            </sheetData><mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="C2:C3"/></mergeCells></worksheet>
            """;
        List<ImportRecord> records = await ReadAsync(Book(("xl/worksheets/sheet1.xml", sheet)));
        Assert.Equal(["Drum D1 Orlo", "Drum D2 Orlo", "Cup C1 "], records.Select(x => Assert.IsType<ImportRecord.Accepted>(x).Reference).Select(x => $"{x.Title} {x.Models[0]} {x.Brands.SingleOrDefault()}"));
    }

    private static async Task<List<ImportRecord>> ReadAsync(byte[] book)
    {
        using ImportFiles files = ImportFiles.Of("lamps.xlsx", book);
        Assert.Equal("xlsx", RegisterFormats.Detect(files, "lamps.xlsx")?.Format);
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in new XlsxImporter().ReadAsync(files, "lamps.xlsx", Stop)) records.Add(record);
        return records;
    }

    private static string Sheet(string rows) => $"<worksheet {Ns}><sheetData>{rows}</sheetData></worksheet>";

    /// <summary>A workbook with one sheet, if there is a part for it, as spreadsheet programs lay it out.</summary>
    private static byte[] Book(params (string Name, string State, string Rows)[] sheets)
    {
        const string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", package = "http://schemas.openxmlformats.org/package/2006/relationships";
        string named = string.Concat(sheets.Select((x, i) => $"<sheet name=\"{x.Name}\" sheetId=\"{i + 1}\"{(x.State.Length > 0 ? $" state=\"{x.State}\"" : "")} r:id=\"r{i}\"/>"));
        string relations = string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"r{i}\" Type=\"{office}/worksheet\" Target=\"sheets/s{i}.xml\"/>"));
        return Book(
        [
            ("xl/workbook.xml", $"<workbook {Ns} xmlns:r=\"{office}\"><sheets>{named}</sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{package}\">{relations}</Relationships>"),
            .. sheets.Select((x, i) => ($"xl/sheets/s{i}.xml", Sheet(x.Rows))),
        ]);
    }

    private static byte[] Book(params (string Name, string Content)[] parts)
    {
        const string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", package = "http://schemas.openxmlformats.org/package/2006/relationships";
        if (parts.Any(p => p.Name.StartsWith("xl/worksheets/", StringComparison.Ordinal)))
        {
            string[] kinds = ["worksheets/sheet1", "sharedStrings", "styles"];
            string relations = string.Concat(kinds.Select((kind, i) => $"<Relationship Id=\"r{i}\" Type=\"{office}/{kind.Split('/')[0].Replace("worksheets", "worksheet", StringComparison.Ordinal)}\" Target=\"{kind}.xml\"/>"));
            parts =
            [
                ("xl/workbook.xml", $"<workbook {Ns} xmlns:r=\"{office}\"><sheets><sheet name=\"lamps\" sheetId=\"1\" r:id=\"r0\"/></sheets></workbook>"),
                ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{package}\">{relations}</Relationships>"),
                .. parts,
            ];
        }
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(content);
            }
        }
        return bytes.ToArray();
    }
}

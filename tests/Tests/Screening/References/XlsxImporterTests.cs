using System.IO.Compression;
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
        Assert.Contains("cannot be read", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync("PK, and nothing else"u8.ToArray()))).Reason, StringComparison.Ordinal);
        byte[] bomb = Book(("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>"));
        Assert.Contains("cannot be read", Assert.IsType<ImportRecord.Rejected>(Assert.Single(await ReadAsync(bomb))).Reason, StringComparison.Ordinal);
    }

    private static async Task<List<ImportRecord>> ReadAsync(byte[] book)
    {
        using ImportFiles files = ImportFiles.Of("lamps.xlsx", book);
        Assert.Equal("xlsx", RegisterFormats.Detect(files, "lamps.xlsx")?.Format);
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in new XlsxImporter().ReadAsync(files, "lamps.xlsx", Stop)) records.Add(record);
        return records;
    }

    private static byte[] Book(params (string Name, string Content)[] parts)
    {
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

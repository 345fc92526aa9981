using System.Buffers.Binary;
using System.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;
using Touchstone.Vision.Isolation;

namespace Touchstone.Tests.Screening.References;

/// <summary>Workbooks of the former formats (.xls), which another process reads: a bare one of Excel 2, one in a container of Excel 97, broken ones.</summary>
public sealed class FormerWorkbookTests
{
    // Excel 2: the beginning, texts, numbers, the end.
    private const ushort Begin2 = 0x0009, Label2 = 0x0004, Number2 = 0x0003, End = 0x000A;

    // Excel 97: the beginning, the name and place of a sheet, a text, a number, the size of a sheet.
    private const ushort Begin8 = 0x0809, BoundSheet8 = 0x0085, Label8 = 0x0204, Number8 = 0x0203, Dimensions8 = 0x0200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workbook_of_Excel_2_is_read()
    {
        Assert.Null(IsolatedProcesses.Shared.Problem);
        ImportRecord.Accepted drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ReadAsync(OldBook())));
        Assert.Equal(("register.xls:2", "Drum", "4006381333931"), (drum.Row, drum.Reference.Title, Assert.Single(drum.Reference.Identifiers).Value));
    }

    [Fact]
    public async Task A_workbook_of_Excel_97_is_read_with_all_its_sheets()
    {
        byte[] book = Container(Globals(("Lämps", 0), ("Old", 1)), Sheet8(["title", "gtin"], ["Lämp", "4006381333931"]), Sheet8(["title", "gtin"], ["Former", "1"]));
        List<ImportRecord> records = await ReadAsync(book);
        Assert.Equal(["register.xls:2", "register.xls:Old"], records.Select(x => x.Row));
        Assert.Equal(("Lämp", "4006381333931"), Assert.IsType<ImportRecord.Accepted>(records[0]).Reference is var lamp ? (lamp.Title, Assert.Single(lamp.Identifiers).Value) : default);
        Assert.Contains("is hidden", Assert.IsType<ImportRecord.Rejected>(records[1]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_and_protected_workbooks_say_so()
    {
        byte[] book = Container(Globals(("Lamps", 0)), Sheet8(["title"], ["Lamp"]));
        Assert.Contains("it is damaged", Reason(await ReadAsync(book[..1024])), StringComparison.Ordinal);
        Assert.Contains("it is damaged", Reason(await ReadAsync([.. XlsxSheets.CompoundFile, .. new byte[504]])), StringComparison.Ordinal);
        // The table of sectors leads in a circle.
        byte[] circle = [.. book];
        for (int i = 512 + 8; i < 1024; i += 4) BinaryPrimitives.WriteInt32LittleEndian(circle.AsSpan(i), 2);
        Assert.StartsWith("The workbook cannot be read: ", Reason(await ReadAsync(circle)), StringComparison.Ordinal);
        // What protects a workbook of the present format is such a container, too.
        Encoding.Unicode.GetBytes("EncryptedPackage").CopyTo(book, 1024);
        Assert.Contains("protected by a password", Reason(await ReadAsync(book)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_are_called_workbooks_are_read_and_pages_are_named()
    {
        using ImportFiles table = ImportFiles.Of("register.xls", "title\tgtin\nDrum\t4006381333931\n"u8.ToArray());
        Assert.Equal("csv", RegisterFormats.Detect(table, "register.xls")?.Format);
        Assert.Contains("it is a page or XML under the name of a workbook", Reason(await ReadAsync("\r\n<html><p>Log in to see the register.</p></html>"u8.ToArray())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_with_a_table_under_the_name_of_a_workbook_is_read()
    {
        const string page = """
            <html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="windows-1252"><style>td { mso-number-format: "\@"; }</style></head><body>
            <table><tr><td><h1>Recalls</h1></td></tr><tr><td>
            <table><tr><td><a href="/">Home</a></td><td><a href="/help">Help</a></td></tr></table>
            <table border=1><tr><th>Title</th><th>Brand</th><th>GTIN</th><th>Pictures</th><th>Danger</th></tr>
            <tr><td>Lämp&nbsp;&amp; shade</td><td rowspan=2>Glim</td><td x:num="4006381333931">4.01E+12</td><td><img src="https://recalls.example/1.jpg"></td><td>Electric<br>shock</td></tr>
            <tr><td colspan="1">Drum</td><td>4006381333948<td><a href="https://recalls.example/2.jpg">https://recalls.example/2.jpg</a><td>
            </table></td></tr></table></body></html>
            """;
        List<ImportRecord> records = await ReadAsync(Encoding.Latin1.GetBytes(page));
        ParsedReference[] read = [.. records.Select(x => Assert.IsType<ImportRecord.Accepted>(x).Reference)];
        Assert.Equal([("Lämp & shade", "Glim", "4006381333931"), ("Drum", "Glim", "4006381333948")], read.Select(x => (x.Title, Assert.Single(x.Brands), Assert.Single(x.Identifiers).Value)));
        Assert.Equal(["https://recalls.example/1.jpg", "https://recalls.example/2.jpg"], read.Select(x => Assert.IsType<PictureSource.Web>(Assert.Single(x.Pictures)).Url));
        Assert.Equal(["register.xls:2", "register.xls:3"], records.Select(x => x.Row));
    }

    [Theory, InlineData("register.xls"), InlineData("register.xml")]
    public async Task The_XML_of_spreadsheet_programs_is_read(string name)
    {
        const string book = """
            <?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
            <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
            <Worksheet ss:Name="Recalls"><Table>
            <Row><Cell><Data ss:Type="String">title</Data></Cell><Cell><Data ss:Type="String">brand</Data></Cell><Cell ss:Index="4"><Data ss:Type="String">gtin</Data></Cell><Cell><Data ss:Type="String">published on</Data></Cell></Row>
            <Row ss:Index="5"><Cell><Data ss:Type="String">Lämp</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">Glim</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">4006381333931</Data></Cell><Cell><Data ss:Type="DateTime">2026-11-30T00:00:00.000</Data></Cell></Row>
            <Row><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>Drum</B> set</ss:Data></Cell><Cell ss:Index="4"><Data ss:Type="String">4006381333948</Data></Cell></Row>
            </Table></Worksheet>
            <Worksheet ss:Name="Lists"><Table><Row><Cell><Data ss:Type="String">title</Data></Cell></Row><Row><Cell><Data ss:Type="String">Old</Data></Cell></Row></Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
            </Workbook>
            """;
        List<ImportRecord> records = await ReadAsync(Encoding.UTF8.GetBytes(book), name);
        ParsedReference[] read = [.. records.OfType<ImportRecord.Accepted>().Select(x => x.Reference)];
        Assert.Equal([("Lämp", "Glim", "4006381333931"), ("Drum set", "Glim", "4006381333948")], read.Select(x => (x.Title, Assert.Single(x.Brands), Assert.Single(x.Identifiers).Value)));
        Assert.Equal(new DateOnly(2026, 11, 30), read[0].PublishedOn);
        Assert.Equal([$"{name}:5", $"{name}:6", $"{name}:Lists"], records.Select(x => x.Row));
        Assert.Contains("it is damaged", Reason(await ReadAsync(Encoding.UTF8.GetBytes(book[..^40]), name)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_process_can_be_started_the_workbook_is_read_here()
    {
        using IsolatedProcesses none = new(new IsolatedProgram("/nowhere/touchstone", []));
        (IReadOnlyList<XlsxTable> sheets, string? broken) = await IsolatedWorkbooks.ReadAsync(none, OldBook());
        Assert.Null(broken);
        Assert.Equal(["Drum", "4006381333931"], Assert.Single(sheets).Rows[1].Fields);
    }

    private static string Reason(List<ImportRecord> records) => Assert.IsType<ImportRecord.Rejected>(Assert.Single(records)).Reason;

    private static async Task<List<ImportRecord>> ReadAsync(byte[] book, string name = "register.xls")
    {
        using ImportFiles files = ImportFiles.Of(name, book);
        Assert.Equal("xlsx", RegisterFormats.Detect(files, name)?.Format);
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in new XlsxImporter().ReadAsync(files, name, Stop)) records.Add(record);
        return records;
    }

    private static byte[] OldBook()
    {
        byte[] Label(byte row, byte column, string text) => Record(Label2, [row, 0, column, 0, 0, 0, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)]);
        return [.. Record(Begin2, [2, 0, 0x10, 0]), .. Label(0, 0, "title"), .. Label(0, 1, "gtin"), .. Label(1, 0, "Drum"), .. Record(Number2, [1, 0, 1, 0, 0, 0, 0, .. BitConverter.GetBytes(4006381333931d)]), .. Record(End, [])];
    }

    private static byte[] Record(ushort kind, byte[] content) => [.. BitConverter.GetBytes(kind), .. BitConverter.GetBytes((ushort)content.Length), .. content];

    private static byte[] Text8(string text) => [1, .. Encoding.Unicode.GetBytes(text)];

    private static (string Name, byte State)[] Globals(params (string, byte)[] sheets) => sheets;

    /// <summary>A sheet of texts and, of digits alone, numbers.</summary>
    private static byte[] Sheet8(params string[][] rows)
    {
        byte[] Place(int row, int column) => [.. BitConverter.GetBytes((ushort)row), .. BitConverter.GetBytes((ushort)column), 0, 0];
        byte[] Cell(int row, int column, string text) => text.All(char.IsAsciiDigit)
            ? Record(Number8, [.. Place(row, column), .. BitConverter.GetBytes(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))])
            : Record(Label8, [.. Place(row, column), .. BitConverter.GetBytes((ushort)text.Length), .. Text8(text)]);
        byte[] size = [.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(rows.Length), 0, 0, .. BitConverter.GetBytes((ushort)rows[0].Length), 0, 0];
        return [.. Record(Begin8, Begin(0x10)), .. Record(Dimensions8, size), .. rows.SelectMany((row, r) => row.SelectMany((text, c) => Cell(r, c, text))), .. Record(End, [])];
    }

    private static byte[] Begin(byte what) => [0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A container of 512-byte sectors: the head, the table of sectors, the directory, then the workbook.</summary>
    private static byte[] Container((string Name, byte State)[] names, params byte[][] sheets)
    {
        byte[][] Globals(int[] places) => [Record(Begin8, Begin(5)), .. names.Select((x, i) => Record(BoundSheet8, [.. BitConverter.GetBytes(places[i]), x.State, 0, (byte)x.Name.Length, .. Text8(x.Name)])), Record(End, [])];
        int[] places = [.. names.Select((_, i) => Globals(new int[names.Length]).Sum(x => x.Length) + sheets[..i].Sum(x => x.Length))];
        byte[] workbook = [.. Globals(places).SelectMany(x => x), .. sheets.SelectMany(x => x)];
        // Below 4096 bytes a stream would stand among the small ones.
        Array.Resize(ref workbook, Math.Max(4096, (workbook.Length + 511) / 512 * 512));
        int sectors = workbook.Length / 512;
        int[] table = [-3, -2, .. Enumerable.Range(0, sectors).Select(i => i == sectors - 1 ? -2 : i + 3)];
        byte[] head = new byte[512], chain = new byte[512], directory = new byte[512];
        XlsxSheets.CompoundFile.CopyTo(head);
        foreach ((int at, ushort value) in new (int, ushort)[] { (24, 0x3E), (26, 3), (28, 0xFFFE), (30, 9), (32, 6) }) BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(at), value);
        foreach ((int at, int value) in new[] { (44, 1), (48, 1), (56, 4096), (60, -2), (68, -2) }) BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at), value);
        head.AsSpan(76).Fill(0xFF);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(76), 0);
        chain.AsSpan().Fill(0xFF);
        for (int i = 0; i < table.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(chain.AsSpan(4 * i), table[i]);
        Entry("Root Entry", 5, -2, 0, 1).CopyTo(directory, 0);
        Entry("Workbook", 2, 2, workbook.Length, -1).CopyTo(directory, 128);
        return [.. head, .. chain, .. directory, .. workbook];
    }

    private static byte[] Entry(string name, byte kind, int sector, int size, int child)
    {
        byte[] entry = new byte[128];
        Encoding.Unicode.GetBytes(name).CopyTo(entry, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(64), (ushort)((name.Length + 1) * 2));
        (entry[66], entry[67]) = (kind, 1);
        foreach ((int at, int value) in new[] { (68, -1), (72, -1), (76, child), (116, sector), (120, size) }) BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(at), value);
        return entry;
    }
}

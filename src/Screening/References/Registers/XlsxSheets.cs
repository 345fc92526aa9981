using System.Globalization;
using System.IO.Compression;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Reads the cells of a workbook's sheets as texts, dates as <c>2027-12-31</c>, by ExcelDataReader, which streams: of the present format (.xlsx, .xlsm) and of the former ones (.xls, from
/// Excel 2 on). Formulas count by the value that was stored with them; a cell that holds an error is empty. What a hostile workbook could cost is bounded here: what its parts unpack to, its rows, columns and cells. Pure;
/// safe for concurrent use.
/// </summary>
internal static class XlsxSheets
{
    /// <summary>Most bytes that one part of a workbook unpacks to.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>Most rows, and columns, of a sheet; spreadsheet programs have no more.</summary>
    public const int MostRows = 1_048_576, MostColumns = 16_384;

    /// <summary>Most cells of the rows that hold something, from the first column on.</summary>
    public const long MostCells = 20_000_000;

    private const int HeadBytes = 1024;

    // Rows between those that hold something cost time only.
    private const long MostVisited = 10 * MostCells;

    /// <summary>The first bytes of the container that holds workbooks of the former format, and those that a password protects.</summary>
    public static ReadOnlySpan<byte> CompoundFile => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    // "EncryptedPackage" in UTF-16, the name of the part.
    private static ReadOnlySpan<byte> EncryptedPart => "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"u8;

    // ExcelDataReader asks for the code page of the binary workbooks of old.
    static XlsxSheets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The sheets that hold something, in the order in which people see them; of markup those that <see cref="MarkupSheets"/> reads.</summary>
    /// <exception cref="WorkbookException">The archive holds no sheet, or more than a sheet may. What else ExcelDataReader throws says that a part is broken.</exception>
    public static IReadOnlyList<XlsxTable> Read(byte[] workbook)
    {
        string head = RegisterReading.Text(workbook.AsSpan(0, Math.Min(workbook.Length, HeadBytes)).ToArray());
        if (IsMarkup(head)) return MarkupSheets.Read(workbook, head);
        using IExcelDataReader reader = Open(workbook);
        if (reader.ResultsCount == 0) throw new WorkbookException("it holds no sheet.");
        List<XlsxTable> sheets = [];
        Cost cost = new();
        bool first = true;
        do
        {
            List<CsvRecord> rows = RowsOf(reader, cost);
            if (rows.Count > 0) sheets.Add(new XlsxTable(reader.Name, first, !string.Equals(reader.VisibleState, "visible", StringComparison.OrdinalIgnoreCase), rows));
            first = false;
        }
        while (reader.NextResult());
        return sheets;
    }

    /// <summary>Whether the bytes begin as workbooks of the former formats do, or as one that a password protects.</summary>
    public static bool IsFormer(ReadOnlySpan<byte> head) => head.StartsWith(CompoundFile) || head is [0x09, 0x00 or 0x02 or 0x04 or 0x08, <= 0x10, 0x00, ..];

    /// <summary>Whether a file that is called a workbook is a page or a document in XML, as web programs hand them out.</summary>
    public static bool IsMarkup(string head) => head.TrimStart('\ufeff', ' ', '\t', '\r', '\n').StartsWith('<');

    /// <summary>The line that a row of these cells is.</summary>
    public static CsvRecord Record(int line, IReadOnlyList<string> fields) =>
        new(line, fields, string.Join(',', fields.Select(f => $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")), null);

    private static IExcelDataReader Open(byte[] workbook)
    {
        if (!IsFormer(workbook))
        {
            CheckParts(workbook);
            return ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(StrictWorkbook.Transitional(workbook), writable: false));
        }
        try
        {
            // A workbook of the present format stands in such a container, too, where a password protects it.
            if (workbook.AsSpan().IndexOf(EncryptedPart) >= 0) throw new InvalidPasswordException("EncryptedPackage");
            return ExcelReaderFactory.CreateBinaryReader(new MemoryStream(workbook, writable: false));
        }
        catch (InvalidPasswordException)
        {
            throw new WorkbookException("it is protected by a password; save it anew without one, or as CSV.");
        }
    }

    private static List<CsvRecord> RowsOf(IExcelDataReader sheet, Cost cost)
    {
        if (sheet.FieldCount > MostColumns) throw new WorkbookException($"it has a cell outside of {MostColumns} columns.");
        if (sheet.RowCount > MostRows) throw new WorkbookException($"it has a cell outside of {MostRows} rows.");
        List<(int Row, List<string> Fields)> rows = [];
        while (sheet.Read())
        {
            if ((cost.Visited += sheet.FieldCount) > MostVisited) throw new WorkbookException($"its rows and columns make more than {MostVisited} cells.");
            List<string> fields = FieldsOf(sheet);
            if (fields.TrueForAll(string.IsNullOrWhiteSpace)) continue;
            if ((cost.Cells += fields.Count) > MostCells) throw new WorkbookException($"it has more than {MostCells} cells.");
            rows.Add((sheet.Depth, fields));
        }
        foreach (CellRange merged in sheet.MergeCells ?? []) FillDown(rows, merged, cost);
        return [.. rows.Select(x => Record(x.Row + 1, x.Fields))];
    }

    /// <summary>A cell that was merged over several lines says the same of each of them.</summary>
    private static void FillDown(List<(int Row, List<string> Fields)> rows, CellRange merged, Cost cost)
    {
        if (merged.ToRow <= merged.FromRow || merged.FromColumn is < 0 or >= MostColumns) return;
        int at = rows.BinarySearch((merged.FromRow, []), Comparer<(int Row, List<string> Fields)>.Create((a, b) => a.Row.CompareTo(b.Row)));
        if (at < 0 || rows[at].Fields.Count <= merged.FromColumn) return;
        string value = rows[at].Fields[merged.FromColumn];
        for (int i = at + 1; i < rows.Count && rows[i].Row <= merged.ToRow; i++)
        {
            List<string> fields = rows[i].Fields;
            int missing = Math.Max(0, merged.FromColumn + 1 - fields.Count);
            if ((cost.Cells += missing + 1) > MostCells) throw new WorkbookException($"it has more than {MostCells} cells.");
            fields.AddRange(Enumerable.Repeat("", missing));
            if (fields[merged.FromColumn].Length == 0) fields[merged.FromColumn] = value;
        }
    }

    /// <summary>An archive gives no more of a part than the length that it states.</summary>
    private static void CheckParts(byte[] workbook)
    {
        using ZipArchive zip = new(new MemoryStream(workbook, writable: false));
        if (zip.GetEntry("xl/workbook.bin") is not null) throw new WorkbookException("it is in the binary form of the present format (.xlsb); save it anew as .xlsx, or as CSV.");
        if (zip.GetEntry("xl/workbook.xml") is null) throw new WorkbookException("it holds no sheet.");
        foreach (ZipArchiveEntry part in zip.Entries)
            if (part.Length > MostBytes) throw new WorkbookException($"{part.FullName} is larger than {MostBytes >> 20} MiB.");
    }

    /// <summary>What the sheets of one workbook cost so far.</summary>
    private sealed class Cost
    {
        public long Cells { get; set; }

        public long Visited { get; set; }
    }

    /// <summary>The texts of the row up to its last cell that holds something.</summary>
    private static List<string> FieldsOf(IExcelDataReader row)
    {
        List<string> fields = [];
        for (int column = 0; column < row.FieldCount; column++)
        {
            if (row.IsDBNull(column)) continue;
            while (fields.Count < column) fields.Add("");
            fields.Add(TextOf(row.GetValue(column)));
        }
        return fields;
    }

    /// <summary>A value as it is written in a table.</summary>
    internal static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "1" : "0",
        DateTime { Year: < 1900 } time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        // Identifiers of many digits are written as they are, not as 4.0E+12.
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString("0", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

/// <summary>The rows of a sheet that hold something.</summary>
/// <param name="First">Whether it is the workbook's first sheet.</param>
internal sealed record XlsxTable(string Name, bool First, bool Hidden, IReadOnlyList<CsvRecord> Rows);

/// <summary>A workbook holds no sheet, or more than one may. The message says what is wrong with it, to come behind a colon.</summary>
internal sealed class WorkbookException(string message) : Exception(message);

using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>Reads the cells of a workbook's first sheet as texts, dates as <c>2027-12-31</c>. Formulas count by the value that was stored with them. Pure; safe for concurrent use.</summary>
internal static partial class XlsxSheet
{
    private const long MostBytes = 256L << 20;
    private const int MostColumns = 16_384;
    private const long MostCells = 20_000_000;
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    // Of the built-in number formats those that show dates (ISO/IEC 29500-1, 18.8.30).
    private static readonly HashSet<int> DateFormats = [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58];

    /// <exception cref="InvalidDataException">The archive holds no sheet, or more than a sheet may.</exception>
    /// <exception cref="XmlException">A part is not well-formed.</exception>
    public static IReadOnlyList<CsvRecord> Read(ZipArchive zip)
    {
        ZipArchiveEntry sheet = zip.Entries.Where(x => SheetName().IsMatch(x.FullName)).OrderBy(x => x.FullName.Length).ThenBy(x => x.FullName, StringComparer.Ordinal).FirstOrDefault() ?? throw new InvalidDataException("it holds no sheet.");
        string[] shared = [.. (Load(zip.GetEntry("xl/sharedStrings.xml"))?.Elements(Main + "si") ?? []).Select(TextOf)];
        bool[] dates = Dates(Load(zip.GetEntry("xl/styles.xml")));
        bool from1904 = (string?)Load(zip.GetEntry("xl/workbook.xml"))?.Element(Main + "workbookPr")?.Attribute("date1904") is "1" or "true";
        List<CsvRecord> rows = [];
        int line = 0;
        long cells = 0;
        foreach (XElement row in Load(sheet)!.Descendants(Main + "row"))
        {
            line = (int?)row.Attribute("r") ?? line + 1;
            List<string> fields = [];
            foreach (XElement cell in row.Elements(Main + "c"))
            {
                int column = (string?)cell.Attribute("r") is { } at ? ColumnOf(at) : fields.Count;
                if (column is < 0 or >= MostColumns) throw new InvalidDataException($"row {line} has a cell outside of {MostColumns} columns.");
                while (fields.Count <= column) fields.Add("");
                fields[column] = ValueOf(cell, shared, dates, from1904);
            }
            if ((cells += fields.Count) > MostCells) throw new InvalidDataException($"it has more than {MostCells} cells.");
            if (fields.TrueForAll(string.IsNullOrWhiteSpace)) continue;
            rows.Add(new CsvRecord(line, fields, string.Join(',', fields.Select(x => $"\"{x.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")), null));
        }
        return rows;
    }

    private static string ValueOf(XElement cell, string[] shared, bool[] dates, bool from1904)
    {
        string value = (string?)cell.Element(Main + "v") ?? "";
        switch ((string?)cell.Attribute("t"))
        {
            case "s":
                int index = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                return index < shared.Length ? shared[index] : throw new InvalidDataException($"a cell names the text {index}, which there is not.");
            case "inlineStr":
                return cell.Element(Main + "is") is { } text ? TextOf(text) : "";
            case "str" or "b" or "e" or "d":
                return value;
        }
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return value;
        int style = (int?)cell.Attribute("s") ?? 0;
        if (style < dates.Length && dates[style] && number is >= 1 and < 2_958_466) return DateTime.FromOADate(number + (from1904 ? 1_462 : 0)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        // Identifiers of many digits are written as they are, not as 4.0E+12.
        return number == Math.Floor(number) && Math.Abs(number) < 1e15 ? number.ToString("0", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether each cell style shows a date.</summary>
    private static bool[] Dates(XElement? styles)
    {
        if (styles is null) return [];
        HashSet<int> own = [.. styles.Descendants(Main + "numFmt").Where(x => DateCode().IsMatch(Quoted().Replace((string?)x.Attribute("formatCode") ?? "", ""))).Select(x => (int?)x.Attribute("numFmtId") ?? 0)];
        return [.. (styles.Element(Main + "cellXfs")?.Elements(Main + "xf") ?? []).Select(x => (int?)x.Attribute("numFmtId") is { } format && (DateFormats.Contains(format) || own.Contains(format)))];
    }

    /// <summary>The text of a string item, without the readings that East Asian texts carry.</summary>
    private static string TextOf(XElement item) => string.Concat(item.Descendants(Main + "t").Where(x => x.Parent!.Name != Main + "rPh").Select(x => x.Value));

    /// <summary>From 0: of <c>AB12</c> the letters count.</summary>
    private static int ColumnOf(string cell)
    {
        int column = 0;
        foreach (char letter in cell.TakeWhile(char.IsAsciiLetter)) column = checked((column * 26) + (char.ToUpperInvariant(letter) - 'A' + 1));
        return column - 1;
    }

    private static XElement? Load(ZipArchiveEntry? part)
    {
        if (part is null) return null;
        if (part.Length > MostBytes) throw new InvalidDataException($"{part.FullName} is larger than {MostBytes >> 20} MiB.");
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes };
        using Stream stream = part.Open();
        using XmlReader reader = XmlReader.Create(stream, settings);
        return XElement.Load(reader);
    }

    [GeneratedRegex(@"^xl/worksheets/[^/]+\.xml$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SheetName();

    [GeneratedRegex("[yd]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DateCode();

    [GeneratedRegex(@"""[^""]*""|\[[^\]]*\]|\\.", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();
}

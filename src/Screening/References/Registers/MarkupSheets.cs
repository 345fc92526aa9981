using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Reads tables in markup that are called workbooks, as web programs hand them out: those of a page in HTML, and the sheets of the XML that spreadsheet programs write since 2003 (namespace
/// <c>urn:schemas-microsoft-com:office:spreadsheet</c>). A cell that spans several lines says the same of each of them. A page's cell without a text counts by its pictures. Pure; safe for concurrent use.
/// </summary>
internal static class MarkupSheets
{
    /// <summary>Most columns and lines of one cell (HTML Standard, section 4.9.11).</summary>
    private const int MostSpanned = 1000, MostSpannedLines = 65_534;

    private static readonly XNamespace Spreadsheet = "urn:schemas-microsoft-com:office:spreadsheet", Excel = "urn:schemas-microsoft-com:office:excel";

    /// <summary>Whether a document begins as the XML of spreadsheet programs.</summary>
    public static bool IsSpreadsheet(string head) => RegisterReading.HasElement(head, "Workbook") && head.Contains(Spreadsheet.NamespaceName, StringComparison.Ordinal);

    /// <summary>The sheets, or the page's tables, that hold something.</summary>
    /// <param name="head">The first characters of the document.</param>
    /// <exception cref="WorkbookException">There is none, or it has more than a sheet may.</exception>
    /// <exception cref="XmlException">The XML is broken.</exception>
    public static IReadOnlyList<XlsxTable> Read(byte[] document, string head)
    {
        IReadOnlyList<XlsxTable> sheets = IsSpreadsheet(head) ? OfSpreadsheet(document) : OfPage(PageText.Decode(document, null));
        return sheets.Count > 0 ? sheets : throw new WorkbookException("it is a page or XML under the name of a workbook; open it in the spreadsheet program and save it anew as .xlsx, or as CSV.");
    }

    private static List<XlsxTable> OfSpreadsheet(byte[] document)
    {
        using XmlReader reader = XmlReader.Create(new MemoryStream(document, writable: false), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false });
        List<XlsxTable> sheets = [];
        bool first = true;
        long cells = 0;
        foreach (XElement sheet in XDocument.Load(reader).Root!.Elements(Spreadsheet + "Worksheet"))
        {
            SpannedLines lines = new(cells);
            foreach (XElement row in sheet.Elements(Spreadsheet + "Table").Elements(Spreadsheet + "Row"))
            {
                lines.Begin(Number(row, "Index"));
                foreach (XElement cell in row.Elements(Spreadsheet + "Cell")) lines.Cell(Number(cell, "Index"), TextOf(cell), Number(cell, "MergeAcross") ?? 0, Number(cell, "MergeDown") ?? 0);
            }
            IReadOnlyList<CsvRecord> rows = lines.End();
            bool hidden = sheet.Descendants(Excel + "Visible").FirstOrDefault()?.Value is { } visible && visible.Contains("Hidden", StringComparison.Ordinal);
            if (rows.Count > 0) sheets.Add(new XlsxTable((string?)sheet.Attribute(Spreadsheet + "Name") ?? $"{sheets.Count + 1}", first, hidden, rows));
            (first, cells) = (false, lines.Cells);
        }
        return sheets;
    }

    private static int? Number(XElement element, string attribute) => int.TryParse((string?)element.Attribute(Spreadsheet + attribute), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string TextOf(XElement cell)
    {
        if (cell.Elements().FirstOrDefault(static x => x.Name.LocalName == "Data") is not { } data) return "";
        return (string?)data.Attribute(Spreadsheet + "Type") switch
        {
            "Number" when double.TryParse(data.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => XlsxSheets.TextOf(number),
            "DateTime" when DateTime.TryParse(data.Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date) => XlsxSheets.TextOf(date),
            "Error" => "",
            _ => data.Value,
        };
    }

    private static List<XlsxTable> OfPage(string html)
    {
        List<XlsxTable> sheets = [];
        long cells = 0;
        foreach (IHtmlTableElement table in new HtmlParser().ParseDocument(html).QuerySelectorAll<IHtmlTableElement>("table"))
        {
            // One that holds others lays out the page.
            if (table.QuerySelector("table") is not null) continue;
            SpannedLines lines = new(cells);
            foreach (IHtmlTableRowElement row in table.QuerySelectorAll<IHtmlTableRowElement>("tr"))
            {
                lines.Begin(null);
                foreach (IHtmlTableCellElement cell in row.Children.OfType<IHtmlTableCellElement>()) lines.Cell(null, TextOf(cell), Math.Clamp(cell.ColumnSpan, 1, MostSpanned) - 1, Math.Clamp(cell.RowSpan, 1, MostSpannedLines) - 1);
            }
            if (lines.End() is { Count: > 0 } rows) sheets.Add(new XlsxTable(table.Caption?.TextContent.Trim() is { Length: > 0 } caption ? caption : $"{sheets.Count + 1}", First: false, Hidden: false, rows));
            cells = lines.Cells;
        }
        // Menus and forms are tables of the page, too, and no sheets.
        if (sheets.Exists(IsHeaded)) sheets.RemoveAll(static sheet => !IsHeaded(sheet));
        if (sheets.Count > 0) sheets[0] = sheets[0] with { First = true };
        return sheets;
    }

    private static bool IsHeaded(XlsxTable sheet) => sheet.Rows.Take(TableHeader.MostLines).Index().Any(static row => TableHeader.Of(row.Item.Fields, first: row.Index == 0) is not null);

    private static string TextOf(IElement cell)
    {
        // Spreadsheet programs keep the whole number beside the one that is shown.
        if (cell.GetAttribute("x:num") is { Length: > 0 } number) return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double whole) ? XlsxSheets.TextOf(whole) : number;
        StringBuilder text = new();
        foreach (INode node in cell.GetDescendants())
        {
            if (node is IText { ParentElement.LocalName: not ("script" or "style") } part) text.Append(part.Data.ReplaceLineEndings(" "));
            else if (node is IElement { LocalName: "br" or "p" or "div" or "li" }) text.Append('\n');
        }
        string lines = string.Join('\n', text.ToString().Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0));
        return lines.Length > 0 ? lines : string.Join('|', cell.QuerySelectorAll("img").Select(picture => picture.GetAttribute("src")?.Trim()).Where(source => !string.IsNullOrEmpty(source)));
    }

    /// <summary>Lines of cells that may span columns and lines. Not thread-safe.</summary>
    /// <param name="before">Cells of the sheets before.</param>
    private sealed class SpannedLines(long before)
    {
        private readonly List<CsvRecord> rows = [];
        private readonly SortedDictionary<int, (string Value, int Until)> spanned = [];
        private List<string> fields = [];
        private bool holds;
        private int line;
        private int column;

        public long Cells { get; private set; } = before;

        /// <param name="number">From 1; null: the next one.</param>
        public void Begin(int? number)
        {
            Finish();
            line = Math.Max(number ?? 0, line + 1);
            if (line > XlsxSheets.MostRows) throw new WorkbookException($"it has a cell outside of {XlsxSheets.MostRows} rows.");
            foreach (int done in spanned.Where(cell => cell.Value.Until < line).Select(cell => cell.Key).ToList()) spanned.Remove(done);
            foreach ((int at, (string value, _)) in spanned) Put(at, value);
        }

        /// <param name="number">Of the column, from 1; null: the next one that is free.</param>
        public void Cell(int? number, string value, int across, int down)
        {
            if (number is > 0) column = number.Value - 1;
            else while (spanned.ContainsKey(column)) column++;
            if (column + across >= XlsxSheets.MostColumns) throw new WorkbookException($"it has a cell outside of {XlsxSheets.MostColumns} columns.");
            Put(column, value);
            holds |= !string.IsNullOrWhiteSpace(value);
            for (int at = column; down > 0 && at <= column + across; at++) spanned[at] = (at == column ? value : "", line + down);
            column += 1 + across;
        }

        public IReadOnlyList<CsvRecord> End()
        {
            Finish();
            return rows;
        }

        private void Put(int at, string value)
        {
            int missing = Math.Max(0, at + 1 - fields.Count);
            if ((Cells += missing) > XlsxSheets.MostCells) throw new WorkbookException($"it has more than {XlsxSheets.MostCells} cells.");
            fields.AddRange(Enumerable.Repeat("", missing));
            fields[at] = value;
        }

        private void Finish()
        {
            if (holds) rows.Add(XlsxSheets.Record(line, fields));
            (fields, column, holds) = ([], 0, false);
        }
    }
}

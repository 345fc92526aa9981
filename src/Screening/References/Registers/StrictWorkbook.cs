using System.IO.Compression;
using System.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Workbooks in the strict form of ISO/IEC 29500, which spreadsheet programs offer beside the usual, transitional one: the same parts under other names. ExcelDataReader knows the
/// transitional names only. Pure; safe for concurrent use.
/// </summary>
internal static class StrictWorkbook
{
    // Names stand in a part's first element; lists of relations hold one in each.
    private const int HeadBytes = 64 << 10, RelationBytes = 1 << 20;

    private const string StrictBase = "http://purl.oclc.org/ooxml/";

    private static readonly (string Strict, string Transitional)[] Names =
    [
        (StrictBase + "spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
        (StrictBase + "officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    ];

    /// <summary>The workbook under the transitional names; the one that was given where it is not strict.</summary>
    /// <exception cref="WorkbookException">Its parts unpack to more than four times what one may.</exception>
    public static byte[] Transitional(byte[] workbook)
    {
        using ZipArchive from = new(new MemoryStream(workbook, writable: false));
        if (from.GetEntry("xl/workbook.xml") is not { } book || !Head(book).Contains(StrictBase, StringComparison.Ordinal)) return workbook;
        using MemoryStream bytes = new();
        using (ZipArchive to = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            long room = 4 * XlsxSheets.MostBytes;
            foreach (ZipArchiveEntry part in from.Entries.Where(x => x.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || x.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase)))
            {
                if ((room -= part.Length) < 0) throw new WorkbookException($"its parts are larger than {4 * XlsxSheets.MostBytes >> 20} MiB together.");
                using Stream copy = to.CreateEntry(part.FullName, CompressionLevel.Fastest).Open();
                Copy(part, copy);
            }
        }
        return bytes.ToArray();
    }

    private static void Copy(ZipArchiveEntry part, Stream to)
    {
        using Stream from = part.Open();
        byte[] head = new byte[part.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase) ? RelationBytes : HeadBytes];
        int read = from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // Each byte as a character: nothing else than the names changes.
        string text = Encoding.Latin1.GetString(head, 0, read);
        foreach ((string strict, string transitional) in Names) text = text.Replace(strict, transitional, StringComparison.Ordinal);
        to.Write(Encoding.Latin1.GetBytes(text));
        from.CopyTo(to);
    }

    private static string Head(ZipArchiveEntry part)
    {
        using Stream from = part.Open();
        byte[] head = new byte[HeadBytes];
        return Encoding.Latin1.GetString(head, 0, from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
    }
}

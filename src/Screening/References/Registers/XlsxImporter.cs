using System.Runtime.CompilerServices;
using Touchstone.Vision.Isolation;

namespace Touchstone.Screening.References.Registers;

/// <summary>The sheets of an Excel workbook, of ISO/IEC 29500, of the binary formats before it or of a page or XML under its name, each read as the table that <see cref="CsvImporter"/> reads: a header line, then one reference a line. Hidden sheets, and those without a header, are named as not read.</summary>
public sealed class XlsxImporter : IRegisterImporter
{
    private static readonly string[] Endings = [".xlsx", ".xlsm", ".xlsb", ".xls"];

    public string Format => "xlsx";

    public string Summary => "The sheets of an Excel workbook, with the columns of the table (csv)";

    public string? Licence => null;

    // What cannot be read is taken as well, so that the reason is told.
    public bool Recognises(ImportFiles files, string name, string head) =>
        MarkupSheets.IsSpreadsheet(head) || Endings.Any(x => name.EndsWith(x, StringComparison.OrdinalIgnoreCase)) && (head.StartsWith("PK", StringComparison.Ordinal) || XlsxSheets.IsMarkup(head) || XlsxSheets.IsFormer(files.Head(name, XlsxSheets.CompoundFile.Length)));

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await files.ReadAsync(name, cancellationToken) is not { } bytes)
        {
            yield return new ImportRecord.Rejected($"The workbook is larger than {ImportFiles.MaxBytes >> 20} MiB.", OfFile: true) { Row = name };
            yield break;
        }
        (IReadOnlyList<XlsxTable> sheets, string? broken) = await IsolatedWorkbooks.ReadAsync(IsolatedProcesses.Shared, bytes);
        if (broken is not null) yield return new ImportRecord.Rejected($"The workbook cannot be read: {broken}", OfFile: true) { Row = name };
        else if (sheets.Count == 0) yield return new ImportRecord.Rejected("The header line names no title column.", OfFile: true) { Row = name };
        foreach (XlsxTable sheet in sheets)
            foreach (ImportRecord record in Records(files, name, sheet, only: sheets.Count == 1)) yield return record;
    }

    private static IEnumerable<ImportRecord> Records(ImportFiles files, string name, XlsxTable sheet, bool only)
    {
        ReferenceTable table = new(files, name, sheet.First ? name : $"{name}:{sheet.Name}");
        List<ImportRecord> read = [.. sheet.Rows.TakeWhile(_ => !table.IsNone).SelectMany(table.Take), .. table.End()];
        if (only || (table.Headed && !sheet.Hidden)) return read;
        // Lists for drop-down fields and notes are on sheets of their own.
        string? left = table.Headed ? $"The sheet '{sheet.Name}' is hidden, so that it was not read; show it in the spreadsheet program if its lines are meant."
            : read.Count > 0 ? $"The sheet '{sheet.Name}' was not read: none of its first {TableHeader.MostLines} lines names a title column." : null;
        return left is null ? [] : [new ImportRecord.Rejected(left, OfFile: true) { Row = $"{name}:{sheet.Name}" }];
    }
}

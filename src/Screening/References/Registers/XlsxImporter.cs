using System.Runtime.CompilerServices;

namespace Touchstone.Screening.References.Registers;

/// <summary>The first sheet of an Excel workbook (ISO/IEC 29500), read as the table that <see cref="CsvImporter"/> reads: a header line, then one reference a line.</summary>
public sealed class XlsxImporter : IRegisterImporter
{
    public string Format => "xlsx";

    public string Summary => "The first sheet of an Excel workbook, with the columns of the table (csv)";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head) => name.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) && head.StartsWith("PK", StringComparison.Ordinal);

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await files.ReadAsync(name, cancellationToken) is not { } bytes)
        {
            yield return new ImportRecord.Rejected($"The workbook is larger than {ImportFiles.MaxBytes >> 20} MiB.", OfFile: true) { Row = name };
            yield break;
        }
        (IReadOnlyList<CsvRecord> rows, string? broken) = Rows(bytes);
        if (broken is not null) yield return new ImportRecord.Rejected(broken, OfFile: true) { Row = name };
        List<string?>? header = null;
        foreach (CsvRecord record in rows)
        {
            string row = $"{name}:{record.Line}";
            if (header is null)
            {
                header = [.. record.Fields.Select(CsvImporter.Column)];
                if (header.Contains("title")) continue;
                yield return new ImportRecord.Rejected("The header line names no title column.", OfFile: true) { Row = row };
                yield break;
            }
            yield return RegisterReading.Try(row, () => CsvImporter.Parse(files, name, header, record));
        }
    }

    private static (IReadOnlyList<CsvRecord> Rows, string? Broken) Rows(byte[] bytes)
    {
        try
        {
            return (XlsxSheet.Read(bytes), null);
        }
        catch (WorkbookException e)
        {
            return ([], $"The workbook cannot be read: {e.Message}");
        }
        // Of a broken workbook the reader throws one of many.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return ([], "The workbook cannot be read: it is damaged, or no workbook of this format (.xlsx); save it anew in the spreadsheet program, or as CSV.");
        }
    }
}

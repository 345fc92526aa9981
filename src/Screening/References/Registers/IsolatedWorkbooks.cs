using System.Text;
using Touchstone.Vision.Isolation;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Reading of workbooks. Those of the former formats (.xls) name places within themselves, so that a made one can send a reader in circles, and markup that is called so may cost its parser more than its
/// length says: they are read in another process, which ends when it takes too much. Those of the present format are bounded by what their parts unpack to, and are read here. Safe for concurrent calls.
/// </summary>
public static class IsolatedWorkbooks
{
    // A sheet of the former formats has at most 65,536 rows of 256 columns; most registers have a few MiB of text.
    private const int MaxAnswer = 256 << 20;

    private const string Damaged = "it is damaged, or no workbook (.xlsx, .xls); save it anew in the spreadsheet program, or as CSV.";

    /// <summary>Processor time for one workbook: 64 MiB of cells are read in some seconds.</summary>
    public static TimeSpan Allowance { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The isolated process's side.</summary>
    public static byte[] Answer(ReadOnlyMemory<byte> payload)
    {
        (IReadOnlyList<XlsxTable> sheets, string? broken) = Here(payload.ToArray());
        using MemoryStream answer = new();
        using BinaryWriter writer = new(answer, Encoding.UTF8);
        writer.Write(broken ?? "");
        foreach (XlsxTable sheet in sheets)
        {
            writer.Write(sheet.Name);
            writer.Write(sheet.First);
            writer.Write(sheet.Hidden);
            writer.Write(sheet.Rows.Count);
            foreach (CsvRecord row in sheet.Rows)
            {
                writer.Write(row.Line);
                writer.Write(row.Fields.Count);
                foreach (string field in row.Fields) writer.Write(field);
            }
        }
        writer.Flush();
        return answer.ToArray();
    }

    /// <summary>The sheets, or what is wrong with the workbook, to come behind a colon.</summary>
    internal static async Task<(IReadOnlyList<XlsxTable> Sheets, string? Broken)> ReadAsync(IsolatedProcesses processes, byte[] workbook)
    {
        if (workbook.AsSpan().StartsWith("PK"u8) || processes.Problem is not null) return Here(workbook);
        IsolatedAnswer answer = await processes.AskAsync(IsolatedTask.Workbook, Allowance, MaxAnswer, workbook);
        if (answer.End != IsolatedEnd.Answered) return ([], answer.End is IsolatedEnd.TookTooLong or IsolatedEnd.TooMuchMemory ? "reading it takes too much time or memory; save it anew as .xlsx, or as CSV." : Damaged);
        try
        {
            return Read(answer.Payload);
        }
        // The answer is no more to be trusted than what was read.
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return ([], Damaged);
        }
    }

    private static (IReadOnlyList<XlsxTable> Sheets, string? Broken) Here(byte[] workbook)
    {
        try
        {
            return (XlsxSheets.Read(workbook), null);
        }
        catch (WorkbookException e)
        {
            return ([], e.Message);
        }
        // Of a broken workbook the reader throws one of many.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return ([], Damaged);
        }
    }

    private static (IReadOnlyList<XlsxTable> Sheets, string? Broken) Read(byte[] answer)
    {
        using BinaryReader reader = new(new MemoryStream(answer, writable: false), Encoding.UTF8);
        if (reader.ReadString() is { Length: > 0 } broken) return ([], broken);
        List<XlsxTable> sheets = [];
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            string name = reader.ReadString();
            (bool first, bool hidden) = (reader.ReadBoolean(), reader.ReadBoolean());
            List<CsvRecord> rows = [];
            for (int row = reader.ReadInt32(); row > 0; row--)
            {
                int line = reader.ReadInt32();
                List<string> fields = [];
                for (int field = reader.ReadInt32(); field > 0; field--) fields.Add(reader.ReadString());
                rows.Add(XlsxSheets.Record(line, fields));
            }
            sheets.Add(new XlsxTable(name, first, hidden, rows));
        }
        return (sheets, null);
    }
}

namespace Touchstone.Screening.References;

/// <summary>A file of an import in a folder of its own, which goes with this. Not safe for concurrent use.</summary>
internal sealed class ImportCopy : IDisposable
{
    // Characters, of at most three bytes: file systems take 255 bytes.
    private const int LongestName = 80;
    private readonly string folder;

    private ImportCopy(string folder, string path) => (this.folder, Path) = (folder, path);

    public string Path { get; }

    /// <param name="name">What the file is called; only what comes behind its last slash counts.</param>
    /// <param name="tells">Whether an ending says what the file is: of a file that somebody gave it does, of a download (<c>alerts.php</c>) it need not.</param>
    public static async Task<ImportCopy> MakeAsync(string name, ReadOnlyMemory<byte> bytes, bool tells, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-import-").FullName;
        var copy = new ImportCopy(folder, System.IO.Path.Combine(folder, NameOf(name) is var safe && (HasEnding(safe) || (tells && System.IO.Path.HasExtension(safe))) ? safe : safe + EndingOf(bytes.Span)));
        try
        {
            await File.WriteAllBytesAsync(copy.Path, bytes, cancellationToken);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>A name without folder and without characters that mean something to a file system.</summary>
    public static string NameOf(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        string safe = string.Concat(last.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ' ' ? c : '_')).Trim('.', ' ');
        if (safe.Length == 0) return "register";
        return safe.Length <= LongestName ? safe : safe[^LongestName..];
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static bool HasEnding(string name) => System.IO.Path.GetExtension(name).ToLowerInvariant() is ".csv" or ".tsv" or ".txt" or ".xml" or ".json" or ".jsonl" or ".ndjson" or ".zip" or ".gz" or ".tgz" or ".tar" or ".xlsx" or ".xlsm" or ".xlsb" or ".xls";

    /// <summary>What a download without a telling name seems to be.</summary>
    public static string EndingOf(ReadOnlySpan<byte> bytes) =>
        bytes is [0x1F, 0x8B, 8, ..] ? ".gz" : Registers.XlsxSheets.IsFormer(bytes) ? ".xls" :
        bytes.StartsWith("PK"u8) ? bytes.IndexOf("xl/workbook"u8) >= 0 ? ".xlsx" : ".zip" : bytes.TrimStart("\ufeff \t\r\n"u8) is [(byte)'<', ..] ? ".xml" : bytes.TrimStart("\ufeff \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] ? ".json" : ".csv";
}

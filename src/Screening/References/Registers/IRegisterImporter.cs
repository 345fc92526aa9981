namespace Touchstone.Screening.References.Registers;

/// <summary>Reads one format of registers. Stateless; safe for concurrent use.</summary>
public interface IRegisterImporter
{
    /// <summary>The format's name on the command line, such as <c>safety-gate</c>.</summary>
    string Format { get; }

    /// <summary>One line for people: what the format is.</summary>
    string Summary { get; }

    /// <summary>The licence of the register whose format it is; null where the format is anybody's.</summary>
    string? Licence { get; }

    /// <summary>Whether a file looks like this format, by its content and name.</summary>
    /// <param name="files">The import.</param>
    /// <param name="name">The file in question.</param>
    /// <param name="head">The first characters of the file, decoded leniently.</param>
    bool Recognises(ImportFiles files, string name, string head);

    /// <summary>
    /// Reads the records of one file, one after the other. What cannot be read is a rejected record, and reading goes on behind it;
    /// throws only for machinery (the disk, cancellation).
    /// </summary>
    IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken);
}

/// <summary>What a format gave for one place in a file.</summary>
public abstract record ImportRecord
{
    private ImportRecord()
    {
    }

    /// <summary>Where: the file and the record's number within it, from 1, or its line.</summary>
    public required string Row { get; init; }

    public sealed record Accepted(ParsedReference Reference) : ImportRecord;

    /// <param name="Reason">A sentence for people: what is wrong.</param>
    /// <param name="OfFile">Whether it says so of the file, of which nothing else can be read, and not of one record.</param>
    public sealed record Rejected(string Reason, bool OfFile = false) : ImportRecord;

    /// <summary>Another document that holds the records, to be downloaded and read in their place.</summary>
    /// <param name="Url">Absolute http or https.</param>
    /// <param name="Name">What the register calls the document.</param>
    /// <param name="PublishedOn">The date of all records in it, where it names none.</param>
    public sealed record Elsewhere(string Url, string Name, DateOnly? PublishedOn) : ImportRecord;
}

/// <summary>No file is in a format that is read, or in the one that was named. The message is a sentence for people.</summary>
public sealed class FormatNotReadException(string message) : ArgumentException(message);

/// <summary>The formats that are read, in the order in which they are tried.</summary>
public static class RegisterFormats
{
    // A licence or a schema may stand before the first record.
    private const int HeadBytes = 64 << 10;

    public static IReadOnlyList<IRegisterImporter> All { get; } =
    [
        new SafetyGateXmlImporter(), new SafetyGateListImporter(), new SafetyGateJsonImporter(), new SlovakNoticesImporter(),
        new CpscJsonImporter(), new CpscXmlImporter(), new DesignXmlImporter(), new MarkXmlImporter(), new UnitedStatesMarkImporter(), new SimpleIconsImporter(), new MerchantFeedImporter(), new JsonTableImporter(), new XlsxImporter(), new CsvImporter(),
    ];

    public static IRegisterImporter? Named(string format) => All.FirstOrDefault(x => string.Equals(x.Format, format, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format of a file by its content; null if none fits.</summary>
    public static IRegisterImporter? Detect(ImportFiles files, string name)
    {
        string head = RegisterReading.Text(files.Head(name, HeadBytes));
        return All.FirstOrDefault(x => x.Recognises(files, name, head));
    }

    /// <summary>The formats for a message to people.</summary>
    public static string Describe() => string.Join("\n", All.Select(x => $"  {x.Format,-18} {x.Summary}"));
}

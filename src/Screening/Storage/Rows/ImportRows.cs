namespace Touchstone.Screening.Storage.Rows;

public enum ImportState { Previewed, Queued, Running, Done, Failed, Discarded }

/// <summary>A file that somebody gave the server, or a URL that it downloads, and what became of taking it in.</summary>
public sealed class ImportRow : ILeasedRow
{
    public long Id { get; set; }

    /// <summary>The register's name; there may be no such register yet.</summary>
    public required string Register { get; set; }

    /// <summary>What the file is called, without a folder.</summary>
    public required string FileName { get; set; }

    /// <summary>The file as it was given; null: it is downloaded from <see cref="Url"/>. Kept until the import ended.</summary>
    public string? FileSha256 { get; set; }

    /// <summary>Null: a file was given.</summary>
    public string? Url { get; set; }

    /// <summary>What the records are; null: what the format or the record says.</summary>
    public ReferenceKind? Kind { get; set; }

    public ImportState State { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When a worker first began to take it in.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How often a worker ended, or lost touch, while it took it in.</summary>
    public int Losses { get; set; }

    /// <summary>Why it failed, and what was taken in before, for people.</summary>
    public string? Error { get; set; }

    /// <summary>How many records were read so far.</summary>
    public int Read { get; set; }

    /// <summary>JSON of what a look at the file gave (References/ImportPreview); null: nobody looked.</summary>
    public string? Preview { get; set; }

    /// <summary>JSON of what the import did (References/ImportReport); null until it ended.</summary>
    public string? Report { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }
}

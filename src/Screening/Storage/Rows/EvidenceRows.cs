namespace Touchstone.Screening.Storage.Rows;

/// <summary>A bundle of evidence that was handed out, kept in the blob store under its hash and never changed.</summary>
public sealed class EvidenceRow
{
    public long Id { get; set; }

    public long CaseId { get; set; }

    /// <summary>Of the ZIP, 64 lower-case hexadecimal digits; unique.</summary>
    public required string Sha256 { get; set; }

    public long Bytes { get; set; }

    public required string MadeBy { get; set; }

    public DateTimeOffset MadeAt { get; set; }

    /// <summary>Path and SHA-256 of each part with a blank between them, one a line.</summary>
    public required string Parts { get; set; }

    /// <summary>When it was last checked from the first to the last byte.</summary>
    public DateTimeOffset CheckedAt { get; set; }

    /// <summary>What the last check found wrong, for people; null: nothing.</summary>
    public string? Problem { get; set; }
}

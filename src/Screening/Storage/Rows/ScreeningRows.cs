namespace Touchstone.Screening.Storage.Rows;

/// <summary>One image or listing through the pipeline.</summary>
public sealed class ScreeningRow
{
    public long Id { get; set; }

    public long? ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    public long? CaptureId { get; set; }

    /// <summary>The run of a search that made it; null for the other doors.</summary>
    public long? RunId { get; set; }

    public Verdict Verdict { get; set; }

    public UndeterminedReason? Reason { get; set; }

    public string? Detail { get; set; }

    public required string ModelId { get; set; }

    public required string ProfileId { get; set; }

    public long IndexGeneration { get; set; }

    /// <summary>SHA-256 over what was screened (facts and images), to know that it was done.</summary>
    public required string InputHash { get; set; }

    public DateTimeOffset ScreenedAt { get; set; }

    public ICollection<MatchRow> Matches { get; } = [];
}

/// <summary>A reference found in an image.</summary>
public sealed class MatchRow
{
    public long Id { get; set; }

    public long ScreeningId { get; set; }

    public ScreeningRow? Screening { get; set; }

    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    /// <summary>The image that shows it; null for a match by identifiers alone.</summary>
    public string? ImageSha256 { get; set; }

    /// <summary>The reference's image that it matches; null for a match by identifiers alone.</summary>
    public string? ReferenceImageSha256 { get; set; }

    public Relation Relation { get; set; }

    /// <summary>0..1, calibrated.</summary>
    public double Probability { get; set; }

    public Verdict Verdict { get; set; }

    /// <summary>JSON: what spoke for and against it, with regions (see Pipeline/MatchSignals).</summary>
    public required string Signals { get; set; }
}

public enum HitState { New, Confirmed, Rejected }

/// <summary>A match on a listing or capture that passed its operating point, and what a person said of it.</summary>
public sealed class HitRow
{
    public long Id { get; set; }

    public long? ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    public long? CaptureId { get; set; }

    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    public long MatchId { get; set; }

    public MatchRow? Match { get; set; }

    public long? SearchId { get; set; }

    public Relation Relation { get; set; }

    public double Probability { get; set; }

    public Verdict Verdict { get; set; }

    public HitState State { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? Note { get; set; }

    public long? CaseId { get; set; }

    public DateTimeOffset FoundAt { get; set; }
}

/// <summary>A calibration profile as fitted, with its data set and figures.</summary>
public sealed class CalibrationProfileRow
{
    public required string Id { get; set; }

    public required string ModelId { get; set; }

    public required string DataSetId { get; set; }

    /// <summary>JSON of Calibration/CalibrationProfile.</summary>
    public required string Content { get; set; }

    public bool Active { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

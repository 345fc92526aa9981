namespace Touchstone.Screening.Storage.Rows;

/// <summary>An observation of a listing, or a capture, through the pipeline, with the state of the gallery that it was compared with. Never changed.</summary>
public sealed class ScreeningRow
{
    public long Id { get; set; }

    public long? ObservationId { get; set; }

    public ObservationRow? Observation { get; set; }

    public long? CaptureId { get; set; }

    public Verdict Verdict { get; set; }

    public UndeterminedReason? Reason { get; set; }

    public string? Detail { get; set; }

    public required string ModelId { get; set; }

    public required string ProfileId { get; set; }

    /// <summary>The number of the last change of the registers that was seen.</summary>
    public long GallerySequence { get; set; }

    /// <summary>Names the content of the gallery on every node, 16 hexadecimal digits.</summary>
    public required string GalleryFingerprint { get; set; }

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

/// <summary>Why a hit was rejected.</summary>
public enum RejectReason
{
    /// <summary>Another product than the reference's.</summary>
    OtherProduct,

    /// <summary>The maker's own product, where the reference warns of copies of it.</summary>
    Genuine,

    /// <summary>The right holder, or somebody with their leave, offers it.</summary>
    OwnListing,

    /// <summary>A part of it or something that goes with it.</summary>
    Accessory,

    /// <summary>The pictures are too unlike to say anything.</summary>
    TooUnlike,

    /// <summary>The page offers nothing: a report, a blog, a picture for show.</summary>
    NoOffer,

    /// <summary>What the note says.</summary>
    Other,
}

/// <summary>
/// A match on a listing or capture that passed its operating point, and what a person said of it. Until somebody decides it shows the newest match; what was
/// decided stays with the match, and by it with the screening and the observation, on which it was decided.
/// </summary>
public sealed class HitRow
{
    public long Id { get; set; }

    public long? ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    public long? CaptureId { get; set; }

    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    /// <summary>The match that is to be decided, or that was decided.</summary>
    public long MatchId { get; set; }

    public MatchRow? Match { get; set; }

    /// <summary>The search that found it first.</summary>
    public long? SearchId { get; set; }

    public Relation Relation { get; set; }

    public double Probability { get; set; }

    public Verdict Verdict { get; set; }

    public HitState State { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? Note { get; set; }

    /// <summary>Why it was rejected; null: not said, or not rejected.</summary>
    public RejectReason? Reason { get; set; }

    /// <summary>Who has taken it to decide it; counts until <see cref="ClaimedUntil"/>.</summary>
    public string? ClaimedBy { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Who looked at it, could not say, and asks for a second person; null: nobody.</summary>
    public string? UnsureBy { get; set; }

    public string? UnsureNote { get; set; }

    /// <summary>Kept from the queue until then; null: it is not.</summary>
    public DateTimeOffset? SnoozedUntil { get; set; }

    /// <summary>When a rejection was opened again because something else matched; null: never, or decided since.</summary>
    public DateTimeOffset? ReopenedAt { get; set; }

    /// <summary>What else matched, for people.</summary>
    public string? ReopenedBecause { get; set; }

    public long? CaseId { get; set; }

    /// <summary>When it was found, or opened again, because its reference came in or changed after the listing was seen; null: by a search, or by an officer.</summary>
    public DateTimeOffset? LookedBackAt { get; set; }

    public DateTimeOffset FoundAt { get; set; }

    public ICollection<HitDecisionRow> Decisions { get; } = [];
}

/// <summary>What a person said of a hit, and of which match. Only added, never changed.</summary>
public sealed class HitDecisionRow
{
    public long Id { get; set; }

    public long HitId { get; set; }

    public HitRow? Hit { get; set; }

    /// <summary>The match that the person saw.</summary>
    public long MatchId { get; set; }

    public MatchRow? Match { get; set; }

    /// <summary>New: an earlier decision was taken back.</summary>
    public HitState State { get; set; }

    public required string DecidedBy { get; set; }

    public DateTimeOffset DecidedAt { get; set; }

    public string? Note { get; set; }

    public RejectReason? Reason { get; set; }

    /// <summary>The decision that this one takes back; null: it takes none back.</summary>
    public long? TakesBackId { get; set; }

    /// <summary>The same for what was decided in one go; null: it was decided alone.</summary>
    public string? Batch { get; set; }
}

/// <summary>A calibration profile as fitted, with its data set and figures.</summary>
public sealed class CalibrationProfileRow
{
    public required string Id { get; set; }

    public required string ModelId { get; set; }

    public required string DataSetId { get; set; }

    /// <summary>JSON of Calibration/CalibrationProfile.</summary>
    public required string Content { get; set; }

    /// <summary>Grows with each change of the content, so that what was read once is known to hold.</summary>
    public long Version { get; set; }

    public bool Active { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

namespace Touchstone.Screening.Storage.Rows;

/// <summary>A source of references.</summary>
public sealed class RegisterRow
{
    /// <summary>The name of the register that holds the pictures of searches; no import goes into it.</summary>
    public const string OfSearches = "search-pictures";

    public long Id { get; set; }

    /// <summary>Unique, such as <c>safety-gate</c>.</summary>
    public required string Name { get; set; }

    public required string Format { get; set; }

    public string? Source { get; set; }

    public string? Licence { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ImportedAt { get; set; }

    /// <summary>What its records were said to be at the last import, by which a scheduled download goes; null: what the format or the record says.</summary>
    public ReferenceKind? Kind { get; set; }

    /// <summary>Where the register is downloaded from again and again; null: it is not.</summary>
    public string? ScheduleUrl { get; set; }

    /// <summary>Hours between two downloads; null exactly where there is no URL.</summary>
    public int? ScheduleEveryHours { get; set; }

    /// <summary>When the next download begins; null exactly where there is no URL.</summary>
    public DateTimeOffset? NextImportAt { get; set; }

    public ICollection<ReferenceRow> References { get; } = [];
}

/// <summary>An alert, design, mark, genuine product or known fake. Retired, never deleted.</summary>
public sealed class ReferenceRow
{
    public long Id { get; set; }

    public long RegisterId { get; set; }

    public RegisterRow? Register { get; set; }

    /// <summary>The register's own id; unique within the register.</summary>
    public required string ExternalId { get; set; }

    public ReferenceKind Kind { get; set; }

    public required string Title { get; set; }

    /// <summary>Several are apart by "; "; never a word for "no brand".</summary>
    public string? Brand { get; set; }

    /// <summary>Several are apart by "; "; each is an identifier, too.</summary>
    public string? Model { get; set; }

    public string? Category { get; set; }

    public string? Description { get; set; }

    /// <summary>Risk types, Locarno, Nice or Vienna classes: one a line.</summary>
    public string? Classes { get; set; }

    public string? RiskLevel { get; set; }

    /// <summary>What is dangerous, in the register's words.</summary>
    public string? Danger { get; set; }

    public string? Measures { get; set; }

    public string? NotifyingCountry { get; set; }

    public string? CountryOfOrigin { get; set; }

    /// <summary>ISO 3166 codes (or EU), one a line, where the right counts; null: not stated.</summary>
    public string? Territory { get; set; }

    public DateOnly? ExpiresOn { get; set; }

    public string? RightHolder { get; set; }

    /// <summary>An e-mail address to notify.</summary>
    public string? RightHolderContact { get; set; }

    /// <summary>The marketplace the register names.</summary>
    public string? OnlineTrader { get; set; }

    public string? SourceUrl { get; set; }

    /// <summary>Where the maker announces the recall.</summary>
    public string? RecallUrl { get; set; }

    public DateOnly? PublishedOn { get; set; }

    /// <summary>As the register writes them, one period a line.</summary>
    public string? ProductionDates { get; set; }

    /// <summary>The record as received; large and seldom shown, so it is loaded only where it is asked for.</summary>
    public ReferenceRecordRow? Record { get; set; }

    /// <summary>The content of <see cref="Record"/>.</summary>
    /// <exception cref="InvalidOperationException">The record was not loaded with the reference.</exception>
    public required string RawPayload
    {
        get => Record?.Content ?? throw new InvalidOperationException($"The record of reference {Id} was not loaded; include {nameof(Record)}.");
        set => (Record ??= new ReferenceRecordRow { Content = value }).Content = value;
    }

    /// <summary>SHA-256 of the parsed record, hexadecimal: equal means unchanged.</summary>
    public required string ContentHash { get; set; }

    public DateTimeOffset ImportedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }

    public string? RetiredReason { get; set; }

    public ICollection<ReferenceIdentifierRow> Identifiers { get; } = [];

    public ICollection<ReferenceImageRow> Images { get; } = [];
}

/// <summary>A reference's record as received, in the register's format.</summary>
public sealed class ReferenceRecordRow
{
    public long ReferenceId { get; set; }

    public required string Content { get; set; }
}

public sealed class ReferenceIdentifierRow
{
    public long Id { get; set; }

    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    /// <summary>Gtin, Mpn, Model, Batch, Marketplace, Registration, Recall.</summary>
    public required string Scheme { get; set; }

    public required string Value { get; set; }

    /// <summary>False for a GTIN whose check digit or length is wrong.</summary>
    public bool Valid { get; set; }
}

public sealed class ReferenceImageRow
{
    public long Id { get; set; }

    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    public int Position { get; set; }

    /// <summary>The picture's URL, or its name in the import.</summary>
    public string? SourceUrl { get; set; }

    /// <summary>Null until the picture was fetched and stored.</summary>
    public string? ImageSha256 { get; set; }

    /// <summary>Why there is no picture or no description, for people.</summary>
    public string? Failure { get; set; }
}

/// <summary>"Not this one again": a picture that a person rejected as a match of the reference.</summary>
public sealed class ReferenceNegativeRow
{
    public long Id { get; set; }

    public long ReferenceId { get; set; }

    public required string ImageSha256 { get; set; }

    public required string DecidedBy { get; set; }

    public DateTimeOffset DecidedAt { get; set; }
}

/// <summary>
/// That a reference changed, or that what is known of one of its pictures did. Numbers grow in commit order (see Storage/ReferenceChanges); who follows
/// needs the newest change of each reference only.
/// </summary>
public sealed class ReferenceChangeRow
{
    public long Number { get; set; }

    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>A counter whose row is locked until the transaction that counted ends.</summary>
public sealed class SequenceRow
{
    /// <summary>Counts the pictures that listings showed.</summary>
    public const string SeenPictures = "seen-pictures";

    /// <summary>The last change of references about which what was seen before is asked, or need not be.</summary>
    public const string LookBacks = "look-backs";

    /// <summary>Counts the changes of the block list.</summary>
    public const string BlockList = "block-list";
    /// <summary>Counts the pictures of removed offers, as they begin and end to be watched.</summary>
    public const string Watches = "watches";

    public required string Name { get; set; }

    /// <summary>The last number that was given.</summary>
    public long Value { get; set; }
}

namespace Touchstone.Screening.Storage.Rows;

/// <summary>What a clock of a case runs for.</summary>
public enum ClockKind
{
    /// <summary>An order to remove an offer: the shop's or marketplace's time to act.</summary>
    Order,

    /// <summary>A notice: the time to process it.</summary>
    Notice,

    /// <summary>The laboratory's or the delivery's time.</summary>
    SampleResult,

    /// <summary>A deadline that the authority set itself.</summary>
    Own,
}

/// <summary>A deadline of a case, from when it began to run until it was met.</summary>
public sealed class CaseClockRow
{
    /// <summary>How a clock was stopped that ran as its case ended.</summary>
    public const string WithTheCase = "The case ended.";

    public long Id { get; set; }

    public long CaseId { get; set; }

    public CaseRow? Case { get; set; }

    public ClockKind Kind { get; set; }

    /// <summary>What is waited for, in a person's words; null: the kind says it.</summary>
    public string? What { get; set; }

    /// <summary>ISO 3166-1 alpha-2 of the country whose working days were counted; null: none was named.</summary>
    public string? Country { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public required string StartedBy { get; set; }

    /// <summary>The end of the last day, in UTC.</summary>
    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? MetAt { get; set; }

    public string? MetBy { get; set; }

    /// <summary>What met it, in a person's words; <see cref="WithTheCase"/>: nothing did.</summary>
    public string? How { get; set; }

    /// <summary>Whether nothing met it, and it stopped as its case ended.</summary>
    public bool EndedWithCase => How == WithTheCase;

    /// <summary>When people were told that it ran out; once.</summary>
    public DateTimeOffset? BreachToldAt { get; set; }
}

public enum SampleState
{
    Ordered,
    Received,
    SentToLab,
    Passed,
    Failed,
    Cancelled,
}

/// <summary>A sample of a product, from its order to what the laboratory found.</summary>
public sealed class SampleRow
{
    public long Id { get; set; }

    public long CaseId { get; set; }

    public CaseRow? Case { get; set; }

    public SampleState State { get; set; }

    /// <summary>The shop or seller that it is ordered from.</summary>
    public required string Supplier { get; set; }

    public string? Link { get; set; }

    public int Quantity { get; set; }

    public decimal? Price { get; set; }

    /// <summary>ISO 4217, three capital letters.</summary>
    public string? Currency { get; set; }

    public required string OrderedBy { get; set; }

    public DateTimeOffset OrderedAt { get; set; }

    /// <summary>The day on which it is expected.</summary>
    public DateOnly? ExpectedOn { get; set; }

    public DateTimeOffset? ReceivedAt { get; set; }

    public string? Laboratory { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? ResultAt { get; set; }

    /// <summary>The risk that was found; only with <see cref="SampleState.Failed"/>.</summary>
    public string? Risk { get; set; }

    /// <summary>What it was tested by, such as <c>EN 71-1</c>.</summary>
    public string? Standard { get; set; }

    /// <summary>The laboratory's report among the attachments of the case.</summary>
    public long? ReportId { get; set; }

    public AttachmentRow? Report { get; set; }

    /// <summary>The clock that runs, or ran last, for its arrival or its result.</summary>
    public long? ClockId { get; set; }

    public CaseClockRow? Clock { get; set; }

    public string? Note { get; set; }

    public long Version { get; set; }
}

/// <summary>A file that belongs to a case. Its bytes are a blob.</summary>
public sealed class AttachmentRow
{
    public long Id { get; set; }

    public long CaseId { get; set; }

    public CaseRow? Case { get; set; }

    public required string Sha256 { get; set; }

    /// <summary>The file's name without a folder.</summary>
    public required string Name { get; set; }

    /// <summary>What the bytes are, by their content.</summary>
    public required string MediaType { get; set; }

    public long Bytes { get; set; }

    public required string AddedBy { get; set; }

    public DateTimeOffset AddedAt { get; set; }
}

/// <summary>An account that a comment names.</summary>
public sealed class MentionRow
{
    public long Id { get; set; }

    public long CaseId { get; set; }

    public CaseRow? Case { get; set; }

    public long EventId { get; set; }

    public CaseEventRow? Event { get; set; }

    public required string Account { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>When the account opened the case since; null: not yet.</summary>
    public DateTimeOffset? SeenAt { get; set; }
}

public enum ProposalState
{
    Open,
    Approved,
    Refused,
}

/// <summary>What hits of a group decision have in common.</summary>
public enum GroupKind
{
    /// <summary>The reference that they match, by its id.</summary>
    Product,

    /// <summary>The seller that the offer names.</summary>
    Seller,

    /// <summary>The shop, by its host.</summary>
    Shop,

    /// <summary>Hits that a person chose one by one; without a key.</summary>
    Chosen,
}

/// <summary>A decision on many hits that waits for a second person.</summary>
public sealed class ProposalRow
{
    public long Id { get; set; }

    public ProposalState State { get; set; }

    public GroupKind By { get; set; }

    /// <summary>A reference's id, a seller or a host; empty for chosen hits.</summary>
    public required string Key { get; set; }

    /// <summary>For people.</summary>
    public required string Name { get; set; }

    /// <summary>What every hit becomes.</summary>
    public HitState To { get; set; }

    public RejectReason? Reason { get; set; }

    public string? Note { get; set; }

    public int Hits { get; set; }

    /// <summary>The hits and the matches that were seen: <c>hit:match</c>, separated by commas.</summary>
    public required string Seen { get; set; }

    public required string ProposedBy { get; set; }

    public DateTimeOffset ProposedAt { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Why it was refused, or what became of it.</summary>
    public string? Outcome { get; set; }
}

/// <summary>How an authority works on cases. One row.</summary>
public sealed class CaseRulesRow
{
    public const int Only = 1;

    public int Id { get; set; } = Only;

    /// <summary>So many hits one person may decide in one go; more need a second one.</summary>
    public int HitsAlone { get; set; } = 50;

    /// <summary>Working days from an order.</summary>
    public int OrderDays { get; set; } = 2;

    /// <summary>Working days from a notice.</summary>
    public int NoticeDays { get; set; } = 3;

    /// <summary>Working days from a sample's order or its sending to the laboratory.</summary>
    public int SampleDays { get; set; } = 20;

    /// <summary>Working days of a deadline of one's own, where nobody says another number.</summary>
    public int OwnDays { get; set; } = 5;

    /// <summary>The country whose working days count where a case names no market; null: none.</summary>
    public string? Country { get; set; }

    /// <summary>Categories of references whose pictures are blurred, one a line.</summary>
    public string UpsettingCategories { get; set; } = "";

    public string? ChangedBy { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    public long Version { get; set; }
}

/// <summary>A day off that the operator added for a country.</summary>
public sealed class HolidayRow
{
    public long Id { get; set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; set; }

    public DateOnly Day { get; set; }

    public required string Name { get; set; }

    public required string AddedBy { get; set; }

    public DateTimeOffset AddedAt { get; set; }
}

/// <summary>A reference whose pictures upset.</summary>
public sealed class UpsettingRow
{
    public long ReferenceId { get; set; }

    public required string MarkedBy { get; set; }

    public DateTimeOffset MarkedAt { get; set; }
}

/// <summary>Which pictures are blurred for an account.</summary>
public enum Blurring
{
    /// <summary>Those that are marked as upsetting.</summary>
    Marked,

    All,

    None,
}

/// <summary>What an account chose about pictures.</summary>
public sealed class ViewPreferenceRow
{
    public required string Account { get; set; }

    public Blurring Blur { get; set; }
}

namespace Touchstone.Screening.Storage.Rows;

/// <summary>What a notice is, by the law that shapes it.</summary>
public enum NoticeKind
{
    /// <summary>To a host, of what is illegal at exact links (Regulation (EU) 2022/2065, article 16).</summary>
    DsaNotice,

    /// <summary>An authority's order to act against it (article 9).</summary>
    AuthorityOrder,

    /// <summary>To whoever offered it, why it was restricted (article 17).</summary>
    StatementOfReasons,

    /// <summary>A draft of what is notified to other authorities (Regulation (EU) 2023/988, article 26).</summary>
    SafetyGateDraft,

    /// <summary>To the shop itself, without a law that says its form.</summary>
    ShopRequest,
}

public enum NoticeState { Draft, Sent }

/// <summary>How a notice travels.</summary>
public enum NoticeWay { Email, Webhook }

/// <summary>
/// A notice of a case: a draft that people change by its version, and from its sending on what was sent, word for word. What comes after (receipts, replies, checks, a new
/// day to answer by, the end of the reply link) changes nothing of that.
/// </summary>
public sealed class NoticeRow
{
    public long Id { get; set; }

    public long CaseId { get; set; }

    public NoticeKind Kind { get; set; }

    public NoticeState State { get; set; }

    /// <summary>Grows with each change; a verb that saw an older version is refused.</summary>
    public long Version { get; set; }

    /// <summary>ISO 639 code of the recipient's language.</summary>
    public required string Language { get; set; }

    public NoticeWay Way { get; set; }

    /// <summary>An e-mail address, or an https URL; null: nobody typed one yet.</summary>
    public string? Recipient { get; set; }

    public string? RecipientName { get; set; }

    /// <summary>Why, in the words of the person who acts.</summary>
    public string? Reasons { get; set; }

    public string? LegalBasis { get; set; }

    /// <summary>How the recipient can have it reviewed.</summary>
    public string? Redress { get; set; }

    /// <summary>Where it holds.</summary>
    public string? Territory { get; set; }

    /// <summary>What is asked for or was done.</summary>
    public string? Measure { get; set; }

    /// <summary>Whether the person states to believe in good faith that this is accurate and complete (article 16(2)(d)).</summary>
    public bool GoodFaith { get; set; }

    /// <summary>The day by whose end an answer is asked for; null: none is.</summary>
    public DateOnly? RespondBy { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string? SentBy { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>As sent.</summary>
    public string? Subject { get; set; }

    /// <summary>As sent, plain text.</summary>
    public string? Text { get; set; }

    /// <summary>Of the printed notice, in the blob store; null: none was printed, <see cref="PdfProblem"/> says why.</summary>
    public string? PdfSha256 { get; set; }

    public string? PdfProblem { get; set; }

    /// <summary>The operator's version of the template, from 1; 0: the built-in one.</summary>
    public int TemplateVersion { get; set; }

    /// <summary>SHA-256 of the template's text.</summary>
    public string? TemplateHash { get; set; }

    /// <summary>The message that carries it.</summary>
    public long? OutboxId { get; set; }

    /// <summary>Grows with each reply link that is taken back; older links open nothing.</summary>
    public int ReplySerial { get; set; }

    /// <summary>Until when the reply link works; null: it bears none, or it was taken back.</summary>
    public DateTimeOffset? ReplyUntil { get; set; }

    public ICollection<NoticeLinkRow> Links { get; } = [];

    public ICollection<NoticeReplyRow> Replies { get; } = [];
}

/// <summary>A link that a notice names, and when it is fetched again.</summary>
public sealed class NoticeLinkRow : ILeasedRow
{
    public long Id { get; set; }

    public long NoticeId { get; set; }

    public NoticeRow? Notice { get; set; }

    public long HitId { get; set; }

    public HitRow? Hit { get; set; }

    /// <summary>As observed, exactly.</summary>
    public required string Url { get; set; }

    /// <summary>Null: it is not fetched any more, or not yet.</summary>
    public DateTimeOffset? NextCheckAt { get; set; }

    public int ChecksLeft { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }

    public ICollection<OutcomeCheckRow> Checks { get; } = [];
}

/// <summary>What a link showed when it was fetched again.</summary>
public enum SeenOutcome
{
    /// <summary>The server says that there is nothing (404, 410).</summary>
    Gone,

    /// <summary>It leads to another page, which offers no product.</summary>
    NoOffer,

    /// <summary>The offer is there and cannot be ordered.</summary>
    NotOrderable,

    StillOffered,

    /// <summary>Nothing can be said; <see cref="OutcomeCheckRow.Detail"/> says why.</summary>
    NotChecked,
}

/// <summary>One look at a link after a notice. Never changed.</summary>
public sealed class OutcomeCheckRow
{
    public long Id { get; set; }

    public long LinkId { get; set; }

    public NoticeLinkRow? Link { get; set; }

    public DateTimeOffset At { get; set; }

    public SeenOutcome Seen { get; set; }

    /// <summary>What was seen, for people.</summary>
    public required string Detail { get; set; }

    /// <summary>Of HTTP; 0: no answer.</summary>
    public int Status { get; set; }

    public required string FinalUrl { get; set; }

    /// <summary>Request and answer as they went over the wire, one after the other, in the blob store; null: nothing was sent.</summary>
    public string? ExchangeSha256 { get; set; }
}

public enum ReplyKind { Removed, Explanation, Refusal, Appeal }

/// <summary>What the recipient answered by the link of a notice. Never changed but for an appeal's decision.</summary>
public sealed class NoticeReplyRow
{
    public long Id { get; set; }

    public long NoticeId { get; set; }

    public NoticeRow? Notice { get; set; }

    public ReplyKind Kind { get; set; }

    public required string Text { get; set; }

    /// <summary>Where an answer goes; null: none was given.</summary>
    public string? Email { get; set; }

    public string? AttachmentSha256 { get; set; }

    public string? AttachmentName { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Of an appeal: whether the notice stands; null: not decided.</summary>
    public bool? Upheld { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? Decision { get; set; }

    /// <summary>The message with the decision; null: there is nobody to write to.</summary>
    public long? AnswerOutboxId { get; set; }
}

/// <summary>A version of a template that the operator wrote. Never changed; the newest that is in use counts.</summary>
public sealed class NoticeTemplateRow
{
    public long Id { get; set; }

    public NoticeKind Kind { get; set; }

    public required string Language { get; set; }

    /// <summary>From 1; unique with kind and language.</summary>
    public int Version { get; set; }

    /// <summary>Null: back to the built-in one.</summary>
    public string? Source { get; set; }

    public required string ChangedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>What the operator is by law; it limits what may be kept (<c>Retention/RoleLimits.cs</c>).</summary>
public enum OperatorRole
{
    /// <summary>An authority with powers of its own.</summary>
    Authority,

    /// <summary>Whoever holds a right, or acts for who does.</summary>
    RightHolder,

    /// <summary>A marketplace that looks at its own listings.</summary>
    Marketplace,
}

/// <summary>Who operates the installation, as notices say it: one row, or none.</summary>
public sealed class OperatorRow
{
    public const int Only = 1;

    public int Id { get; set; } = Only;

    public required string Name { get; set; }

    public required string Address { get; set; }

    public required string ContactName { get; set; }

    public required string ContactEmail { get; set; }

    public string? Phone { get; set; }

    public string? LegalBasis { get; set; }

    public string? Redress { get; set; }

    public string? Territory { get; set; }

    public OperatorRole Role { get; set; }

    /// <summary>The hosts of a marketplace's own, one a line, which alone it searches (<see cref="OwnHosts"/>); null: none are named.</summary>
    public string? Hosts { get; set; }

    /// <summary>The language that a new notice begins with.</summary>
    public required string Language { get; set; }

    /// <summary>Under which recipients reach this installation, for reply links; null: notices bear none.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Grows when the secrets of webhooks are changed; the one before stays valid beside it.</summary>
    public int WebhookSerial { get; set; }

    public long Version { get; set; }

    public required string ChangedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

public enum BlockKind { Link, Host }

/// <summary>A link or host on the block list, or that was on it.</summary>
public sealed class BlockEntryRow
{
    public long Id { get; set; }

    public BlockKind Kind { get; set; }

    /// <summary>A URL as observed, or a host in ASCII; unique with the kind.</summary>
    public required string Value { get; set; }

    /// <summary>The hit whose confirmation listed a link; null: a person listed a host.</summary>
    public long? HitId { get; set; }

    public required string Reason { get; set; }

    public required string ListedBy { get; set; }

    public DateTimeOffset ListedAt { get; set; }

    public string? RemovedBy { get; set; }

    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedReason { get; set; }

    /// <summary>Whether a person removed it: a link then stays off while its hit is confirmed.</summary>
    public bool KeptOff { get; set; }

    /// <summary>The number of its last change; grows in commit order.</summary>
    public long Sequence { get; set; }
}

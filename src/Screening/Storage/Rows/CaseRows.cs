namespace Touchstone.Screening.Storage.Rows;

/// <summary>Where a case stands; which state follows which is declared in <c>Cases/CaseTransitions.cs</c>.</summary>
public enum CaseState
{
    /// <summary>Nobody looked at it yet.</summary>
    New,

    /// <summary>Somebody finds out whether and how to act.</summary>
    Triage,

    /// <summary>A sample of the product is on its way.</summary>
    SampleOrdered,

    /// <summary>A sample is here or at the laboratory.</summary>
    AwaitingResult,

    /// <summary>Notices, orders and what follows them.</summary>
    Action,

    /// <summary>It ended with an outcome.</summary>
    Closed,

    /// <summary>It ended without acting on it.</summary>
    Rejected,

    /// <summary>It had ended, and is worked on again.</summary>
    Reopened,
}

/// <summary>A caseworker's case.</summary>
public sealed class CaseRow
{
    public long Id { get; set; }

    public required string Title { get; set; }

    public CaseState State { get; set; }

    public string? AssignedTo { get; set; }

    /// <summary>Who works on it at this moment; null: nobody.</summary>
    public string? ClaimedBy { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>ISO 3166 code of the market concerned.</summary>
    public string? Market { get; set; }

    /// <summary>The category of the reference of its first hit; null: the register names none.</summary>
    public string? Category { get; set; }

    public required string OpenedBy { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public string? Outcome { get; set; }

    /// <summary>The case that goes on with its hits; null: it was not merged.</summary>
    public long? MergedIntoId { get; set; }

    /// <summary>The ids of the hits that it had when it was merged, separated by commas, so that the merge can be taken back.</summary>
    public string? MergedHits { get; set; }

    /// <summary>Grows with each change; a verb that saw an older version is refused.</summary>
    public long Version { get; set; }

    public ICollection<CaseEventRow> Events { get; } = [];

    public ICollection<HitRow> Hits { get; } = [];
}

/// <summary>Something that happened in a case. Only added, never changed.</summary>
public sealed class CaseEventRow
{
    public long Id { get; set; }

    public long CaseId { get; set; }

    public CaseRow? Case { get; set; }

    /// <summary>One of <c>CaseEventKind</c>.</summary>
    public required string Kind { get; set; }

    public required string Actor { get; set; }

    public DateTimeOffset At { get; set; }

    public string? Text { get; set; }
}

/// <summary>A field photo.</summary>
public sealed class CaptureRow
{
    public long Id { get; set; }

    /// <summary>The first photo of the same thing, under which the thing is screened; null: this is it.</summary>
    public long? ThingId { get; set; }

    public required string ImageSha256 { get; set; }

    public required string TakenBy { get; set; }

    public DateTimeOffset TakenAt { get; set; }

    public string? Place { get; set; }

    public string? Note { get; set; }

    /// <summary>Given by the phone: the same photo sent twice is one capture.</summary>
    public required string ClientKey { get; set; }
}

public enum OutboxState { Pending, Leased, Delivered, Dead }

/// <summary>A message to deliver, written in the same transaction as what caused it.</summary>
public sealed class OutboxRow : ILeasedRow
{
    public long Id { get; set; }

    /// <summary>Email or Webhook.</summary>
    public required string Kind { get; set; }

    public required string Recipient { get; set; }

    public required string Subject { get; set; }

    public required string Body { get; set; }

    /// <summary>Unique: the same cause gives one message.</summary>
    public required string Key { get; set; }

    public OutboxState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public string? LastError { get; set; }

    /// <summary>What the receiving server answered when it took the message; null: it has not, or said nothing.</summary>
    public string? Answer { get; set; }

    /// <summary>A file that goes with it, in the blob store; null: none.</summary>
    public string? AttachmentSha256 { get; set; }

    /// <summary>What the file is called; its ending says its type.</summary>
    public string? AttachmentName { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }
}

/// <summary>An entry of the audit log, chained by hashes. Only added.</summary>
public sealed class AuditRow
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Actor { get; set; }

    /// <summary>Such as <c>case.viewed</c>, <c>hit.confirmed</c>.</summary>
    public required string Action { get; set; }

    /// <summary>Such as <c>case/17</c>.</summary>
    public required string Subject { get; set; }

    public string? Detail { get; set; }

    public required string PreviousHash { get; set; }

    public required string Hash { get; set; }
}

/// <summary>The key with which the installation signs what it hands out. One for the installation, made when it is first needed.</summary>
public sealed class SigningKeyRow
{
    public int Id { get; set; }

    /// <summary>ECDSA on P-256, PKCS #8.</summary>
    public required byte[] PrivateKey { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>An answered idempotent request: asked again, answered the same.</summary>
public sealed class IdempotencyRow
{
    /// <summary>The caller, as the audit log names it.</summary>
    public required string Actor { get; set; }

    /// <summary>The caller's own; another caller may use the same.</summary>
    public required string Key { get; set; }

    public required string RequestHash { get; set; }

    public int Status { get; set; }

    public required string Response { get; set; }

    public DateTimeOffset At { get; set; }
}

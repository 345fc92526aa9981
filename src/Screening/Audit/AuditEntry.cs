namespace Touchstone.Screening.Audit;

/// <summary>Something to put in the audit log.</summary>
/// <param name="Actor">The account's name.</param>
/// <param name="Action">One of <see cref="AuditAction"/>, or another in the same form: what, dot, what was done.</param>
/// <param name="Subject">What it was done to, such as <c>case/17</c> (see <see cref="AuditSubject"/>).</param>
/// <param name="Detail">For people; null: the action says it all.</param>
public sealed record AuditEntry(string Actor, string Action, string Subject, string? Detail = null);

/// <summary>The actions that Touchstone's own verbs record.</summary>
public static class AuditAction
{
    public const string CaseViewed = "case.viewed";
    public const string CaseOpened = "case.opened";
    public const string CaseAssigned = "case.assigned";
    public const string CaseDueSet = "case.due-set";
    public const string CaseStateChanged = "case.state-changed";
    public const string CaseClosed = "case.closed";
    public const string CaseMerged = "case.merged";
    public const string CaseUnmerged = "case.unmerged";
    public const string CaseNoteAdded = "case.note-added";
    public const string CaseHitAdded = "case.hit-added";
    public const string CaseMarketSet = "case.market-set";
    public const string CaseClaimed = "case.claimed";
    public const string ClockStarted = "case.clock-started";
    public const string ClockMet = "case.clock-met";
    public const string ClockRanOut = "case.clock-ran-out";
    public const string SampleChanged = "case.sample-changed";
    public const string AttachmentAdded = "case.attachment-added";
    public const string AttachmentFetched = "case.attachment-fetched";
    public const string CaseRulesChanged = "case.rules-changed";
    public const string DecisionProposed = "hits.decision-proposed";
    public const string ProposalApproved = "hits.proposal-approved";
    public const string ProposalRefused = "hits.proposal-refused";
    public const string HitViewed = "hit.viewed";

    public const string HitsExported = "hits.exported";
    public const string HitConfirmed = "hit.confirmed";
    public const string HitRejected = "hit.rejected";
    public const string HitReopened = "hit.reopened";
    public const string HitClaimed = "hit.claimed";
    public const string HitReleased = "hit.released";
    public const string HitUnsure = "hit.unsure";
    public const string HitSnoozed = "hit.snoozed";
    public const string CaptureRecorded = "capture.recorded";
    public const string OwnerNotified = "capture.owner-notified";
    public const string EvidenceExported = "evidence.exported";
    public const string EvidenceFetched = "evidence.fetched";
    public const string EvidenceBroken = "evidence.broken";
    public const string EvidenceRestored = "evidence.restored";
    public const string PictureErased = "picture.erased";
    public const string SubjectExported = "person.exported";
    public const string SubjectErased = "person.erased";
    public const string ProfileApplied = "profile.applied";
    public const string ProfileUndone = "profile.undone";
    public const string ReferenceBlurred = "reference.blurred";
    public const string ReferenceShown = "reference.shown";
    public const string RegisterImported = "register.imported";
    public const string HeadHandedOut = "audit.head-handed-out";
    public const string DecisionsExported = "audit.decisions-exported";
    public const string MandateRecorded = "mandate.recorded";
    public const string MandateEnded = "mandate.ended";
    public const string FindingQueued = "finding.queued";
    public const string FindingDecided = "finding.decided";
    public const string TermsChanged = "terms.changed";
    public const string IgnoredHostChanged = "ignored-host.changed";
    public const string WatchStarted = "watch.started";
    public const string WatchEnded = "watch.ended";
    public const string WatchReturned = "watch.returned";
    public const string ReturnDismissed = "watch.return-dismissed";
    public const string DigestSet = "digest.set";
    public const string DigestEnded = "digest.ended";
    public const string WeeklyExported = "weekly.exported";
    public const string SearchChangesExported = "search.changes-exported";
    public const string ShopsNotSame = "shop.not-same";
    public const string ShopsSameAgain = "shop.same-again";
    public const string SettingsChanged = "settings.changed";
    public const string NoticeDrafted = "notice.drafted";
    public const string NoticeEdited = "notice.edited";
    public const string NoticeDiscarded = "notice.discarded";
    public const string NoticeSent = "notice.sent";
    public const string NoticeDueSet = "notice.due-set";
    public const string NoticeReplied = "notice.replied";
    public const string NoticeReplyFetched = "notice.reply-fetched";
    public const string NoticeLinkRevoked = "notice.reply-link-revoked";
    public const string NoticeCheckAsked = "notice.check-asked";
    public const string AppealDecided = "notice.appeal-decided";
    public const string TemplateChanged = "notice-template.changed";
    public const string OperatorChanged = "operator.changed";
    public const string WebhookSecretShown = "operator.webhook-secret-shown";
    public const string WebhookSecretChanged = "operator.webhook-secret-changed";
    public const string HostListed = "block-list.host-listed";
    public const string BlockRemoved = "block-list.removed";

    /// <summary>The actions by which a person decided something: the decision log.</summary>
    public static IReadOnlyList<string> Decisions { get; } =
        [HitConfirmed, HitRejected, HitReopened, CaseOpened, CaseStateChanged, CaseClosed, CaseMerged, CaseUnmerged, DecisionProposed, ProposalApproved, ProposalRefused, MandateRecorded, MandateEnded, OwnerNotified, PictureErased, SubjectErased, NoticeSent, AppealDecided, HostListed, BlockRemoved, WatchStarted, WatchEnded, ReturnDismissed];
}

/// <summary>How the audit log names things.</summary>
public static class AuditSubject
{
    public static string Case(long id) => $"case/{id}";

    public static string Hit(long id) => $"hit/{id}";

    public static string Proposal(long id) => $"proposal/{id}";

    public static string Shop(long id) => $"shop/{id}";

    public static string Capture(long id) => $"capture/{id}";

    public static string Picture(string sha256) => $"picture/{sha256}";

    public static string Notice(long id) => $"notice/{id}";

    public static string BlockEntry(long id) => $"block-list/{id}";

    public static string Profile(string id) => $"profile/{id}";

    public static string Mandate(long id) => $"mandate/{id}";

    public static string Finding(long id) => $"finding/{id}";

    public static string Register(string name) => $"register/{name}";

    /// <summary>An account by its name, as accounts are called in the log.</summary>
    public static string Account(string name) => $"account/{name}";
}

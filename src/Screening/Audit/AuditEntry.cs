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
    public const string ProfileApplied = "profile.applied";
    public const string ProfileUndone = "profile.undone";
    public const string RegisterImported = "register.imported";
    public const string HeadHandedOut = "audit.head-handed-out";
    public const string WatchStarted = "watch.started";
    public const string WatchEnded = "watch.ended";
    public const string WatchReturned = "watch.returned";
    public const string ReturnDismissed = "watch.return-dismissed";
    public const string DigestSet = "digest.set";
    public const string DigestEnded = "digest.ended";
    public const string WeeklyExported = "weekly.exported";
    public const string ShopsNotSame = "shop.not-same";
    public const string ShopsSameAgain = "shop.same-again";
    public const string SettingsChanged = "settings.changed";

    /// <summary>The actions by which a person decided something: the decision log.</summary>
    public static IReadOnlyList<string> Decisions { get; } =
        [HitConfirmed, HitRejected, HitReopened, CaseOpened, CaseStateChanged, CaseClosed, CaseMerged, CaseUnmerged, OwnerNotified, PictureErased, WatchStarted, WatchEnded, ReturnDismissed];
}

/// <summary>How the audit log names things.</summary>
public static class AuditSubject
{
    public static string Case(long id) => $"case/{id}";

    public static string Hit(long id) => $"hit/{id}";

    public static string Shop(long id) => $"shop/{id}";

    public static string Capture(long id) => $"capture/{id}";

    public static string Picture(string sha256) => $"picture/{sha256}";

    public static string Profile(string id) => $"profile/{id}";

    public static string Register(string name) => $"register/{name}";

    /// <summary>An account by its name, as accounts are called in the log.</summary>
    public static string Account(string name) => $"account/{name}";
}

using Touchstone.Screening.Audit;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Cases;
using Touchstone.Server.Console.Language;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.AuditTrail;

/// <summary>The audit log's actions and subjects for people, in the language of the request. A test finds actions without a word.</summary>
internal static class AuditWords
{
    /// <summary>Every action that has a word, in the order of the list to choose from.</summary>
    public static IReadOnlyList<string> Actions { get; } =
    [
        AuditAction.HitViewed, AuditAction.HitsExported, AuditAction.HitConfirmed, AuditAction.HitRejected, AuditAction.HitReopened, AuditAction.HitClaimed, AuditAction.HitReleased, AuditAction.HitUnsure, AuditAction.HitSnoozed,
        AuditAction.CaseViewed, AuditAction.CaseOpened, AuditAction.CaseAssigned, AuditAction.CaseDueSet, AuditAction.CaseStateChanged, AuditAction.CaseNoteAdded, AuditAction.CaseHitAdded, AuditAction.CaseMerged, AuditAction.CaseUnmerged, AuditAction.CaseClosed,
        AuditAction.CaseMarketSet, AuditAction.CaseClaimed, AuditAction.ClockStarted, AuditAction.ClockMet, AuditAction.ClockRanOut, AuditAction.SampleChanged, AuditAction.AttachmentAdded, AuditAction.AttachmentFetched, AuditAction.CaseRulesChanged,
        AuditAction.DecisionProposed, AuditAction.ProposalApproved, AuditAction.ProposalRefused, AuditAction.ReferenceBlurred, AuditAction.ReferenceShown,
        AuditAction.NoticeDrafted, AuditAction.NoticeEdited, AuditAction.NoticeDiscarded, AuditAction.NoticeSent, AuditAction.NoticeDueSet, AuditAction.NoticeReplied, AuditAction.NoticeReplyFetched, AuditAction.NoticeLinkRevoked, AuditAction.NoticeCheckAsked, AuditAction.AppealDecided,
        AuditAction.TemplateChanged, AuditAction.OperatorChanged, AuditAction.WebhookSecretShown, AuditAction.WebhookSecretChanged, AuditAction.HostListed, AuditAction.BlockRemoved,
        AuditAction.EvidenceExported, AuditAction.EvidenceFetched, AuditAction.EvidenceBroken, AuditAction.EvidenceRestored, AuditAction.CaptureRecorded, AuditAction.OwnerNotified, AuditAction.PictureErased, AuditAction.SubjectExported, AuditAction.SubjectErased, AuditAction.RegisterImported, "register.scheduled", "import.staged", "import.started", "import.discarded", "reference.retired", "reference.restored",
        "search.created", "search.edited", "search.queued", "search.paused", "search.resumed", "search.cancelled", "search.deleted", "mail.tested", "mail.test-failed", "message.retried", "jobs.retried",
        AuditAction.MandateRecorded, AuditAction.MandateEnded, AuditAction.FindingQueued, AuditAction.FindingDecided, AuditAction.TermsChanged, AuditAction.IgnoredHostChanged,
        AuditAction.WatchStarted, AuditAction.WatchEnded, AuditAction.WatchReturned, AuditAction.ReturnDismissed, AuditAction.ShopsNotSame, AuditAction.ShopsSameAgain, AuditAction.WeeklyExported, AuditAction.SearchChangesExported, AuditAction.DigestSet, AuditAction.DigestEnded, AuditAction.ProfileApplied, AuditAction.ProfileUndone, AuditAction.SettingsChanged, AuditAction.HeadHandedOut, AuditAction.DecisionsExported,
        "account.created", "account.changed", "account.signed-in", "account.signed-out", "account.sign-in-failed", "account.sign-in-refused", "api-key.created", "api-key.revoked",
    ];

    /// <summary>Names the actions of signing in and out together, in the page's address.</summary>
    public const string SignIns = "sign-ins";

    /// <summary>The actions that a choice of the page means; null: any.</summary>
    public static IReadOnlyList<string>? ActionsOf(string? chosen) => chosen switch
    {
        null => null,
        SignIns => ["account.signed-in", "account.signed-out", "account.sign-in-failed", "account.sign-in-refused"],
        _ => [chosen],
    };

    public static string Of(string action) => action switch
    {
        AuditAction.HitViewed => T("Hit looked at"),
        AuditAction.HitsExported => T("Hits exported"),
        AuditAction.HitConfirmed => T("Hit confirmed"),
        AuditAction.HitRejected => T("Hit rejected"),
        AuditAction.HitReopened => T("Hit opened again"),
        AuditAction.HitClaimed => T("Hit claimed"),
        AuditAction.HitReleased => T("Hit released"),
        AuditAction.HitUnsure => T("Hit marked as unsure"),
        AuditAction.HitSnoozed => T("Hit put off"),
        AuditAction.CaseViewed => T("Case looked at"),
        AuditAction.CaseOpened => T("Case opened"),
        AuditAction.CaseAssigned => T("Case assigned"),
        AuditAction.CaseDueSet => T("Due date of a case set"),
        AuditAction.CaseStateChanged => T("Case moved on"),
        AuditAction.CaseNoteAdded => T("Note added to a case"),
        AuditAction.CaseHitAdded => T("Hit added to a case"),
        AuditAction.CaseMerged => T("Cases merged"),
        AuditAction.CaseUnmerged => T("Merge of cases taken back"),
        AuditAction.CaseClosed => T("Case closed"),
        AuditAction.CaseMarketSet => T("Market of a case set"),
        AuditAction.CaseClaimed => T("Case claimed or released"),
        AuditAction.ClockStarted => T("Deadline of a case set"),
        AuditAction.ClockMet => T("Deadline of a case met"),
        AuditAction.ClockRanOut => T("Deadline of a case ran out"),
        AuditAction.SampleChanged => T("Step of a sample"),
        AuditAction.AttachmentAdded => T("File attached to a case"),
        AuditAction.AttachmentFetched => T("File of a case taken"),
        AuditAction.CaseRulesChanged => T("Rules of cases changed"),
        AuditAction.DecisionProposed => T("Decision on many hits proposed"),
        AuditAction.ProposalApproved => T("Decision on many hits approved"),
        AuditAction.ProposalRefused => T("Decision on many hits refused"),
        AuditAction.ReferenceBlurred => T("Pictures of a reference blurred"),
        AuditAction.ReferenceShown => T("Pictures of a reference blurred no more"),
        AuditAction.EvidenceExported => T("Evidence handed out"),
        AuditAction.EvidenceFetched => T("Kept evidence taken"),
        AuditAction.EvidenceBroken => T("Kept evidence does not hold"),
        AuditAction.EvidenceRestored => T("Kept evidence holds again"),
        AuditAction.CaptureRecorded => T("Field photo taken"),
        AuditAction.OwnerNotified => T("Owner notified"),
        AuditAction.NoticeDrafted => T("Notice begun"),
        AuditAction.NoticeEdited => T("Draft of a notice changed"),
        AuditAction.NoticeDiscarded => T("Draft of a notice thrown away"),
        AuditAction.NoticeSent => T("Notice sent"),
        AuditAction.NoticeDueSet => T("Another day to answer a notice by"),
        AuditAction.NoticeReplied => T("Reply to a notice"),
        AuditAction.NoticeReplyFetched => T("File of a reply taken"),
        AuditAction.NoticeLinkRevoked => T("Reply link taken back"),
        AuditAction.NoticeCheckAsked => T("Links of a notice to be fetched again"),
        AuditAction.AppealDecided => T("Appeal decided"),
        AuditAction.TemplateChanged => T("Template of notices changed"),
        AuditAction.OperatorChanged => T("Operator changed"),
        AuditAction.WebhookSecretShown => T("Secret of a webhook shown"),
        AuditAction.WebhookSecretChanged => T("Secrets of webhooks changed"),
        AuditAction.HostListed => T("Host put on the block list"),
        AuditAction.BlockRemoved => T("Taken off the block list"),
        AuditAction.PictureErased => T("Picture erased"),
        AuditAction.SubjectExported => T("What is kept about a person handed out"),
        AuditAction.SubjectErased => T("A person's data erased"),
        AuditAction.WatchStarted => T("Watch for a removed offer begun"),
        AuditAction.WatchEnded => T("Watch for a removed offer ended"),
        AuditAction.WatchReturned => T("Removed offer there again"),
        AuditAction.ReturnDismissed => T("Return dismissed"),
        AuditAction.WeeklyExported => T("Weekly list exported"),
        AuditAction.SearchChangesExported => T("Changes between runs exported"),
        AuditAction.DigestSet => T("Message of what came asked for"),
        AuditAction.DigestEnded => T("Message of what came ended"),
        AuditAction.ShopsNotSame => T("Shops said not to be the same"),
        AuditAction.ShopsSameAgain => T("Shops not the same: taken back"),
        AuditAction.RegisterImported => T("Register imported"),
        "register.scheduled" => T("Schedule of a register set"),
        "import.staged" => T("Import prepared"),
        "import.started" => T("Import started"),
        "import.discarded" => T("Import discarded"),
        "reference.retired" => T("Reference retired"),
        "reference.restored" => T("Reference put into force again"),
        "search.created" => T("Search made"),
        "search.edited" => T("Search changed"),
        "search.paused" => T("Search paused"),
        "search.resumed" => T("Search resumed"),
        "search.deleted" => T("Search deleted"),
        "mail.tested" => T("Mail server tested"),
        "mail.test-failed" => T("Test of the mail server failed"),
        "message.retried" => T("Message tried again"),
        "jobs.retried" => T("Jobs tried again"),
        "search.queued" => T("Run of a search queued"),
        "search.cancelled" => T("Run of a search cancelled"),
        AuditAction.ProfileApplied => T("Calibration profile applied"),
        AuditAction.ProfileUndone => T("Calibration profile taken back"),
        AuditAction.MandateRecorded => T("Mandate recorded"),
        AuditAction.MandateEnded => T("Mandate ended"),
        AuditAction.FindingQueued => T("Shops looked for"),
        AuditAction.FindingDecided => T("Found shops decided"),
        AuditAction.TermsChanged => T("Words for shops changed"),
        AuditAction.IgnoredHostChanged => T("Hosts that are no shops changed"),
        AuditAction.SettingsChanged => T("Settings changed"),
        AuditAction.HeadHandedOut => T("Head of the log handed out"),
        AuditAction.DecisionsExported => T("Decision log exported"),
        "account.created" => T("Account made"),
        "account.changed" => T("Account changed"),
        "account.signed-in" => T("Signed in"),
        "account.signed-out" => T("Signed out"),
        "account.sign-in-failed" => T("Sign-in failed"),
        "account.sign-in-refused" => T("Sign-in refused"),
        "api-key.created" => T("API key made"),
        "api-key.revoked" => T("API key revoked"),
        _ => action,
    };

    /// <summary>A subject such as <c>case/17</c> in words.</summary>
    public static string OfSubject(string subject)
    {
        string[] parts = subject.Split('/', 2);
        if (parts.Length < 2) return subject;
        return parts[0] switch
        {
            "case" => T("Case {0}", parts[1]),
            "hit" => T("Hit {0}", parts[1]),
            "capture" => T("Field photo {0}", parts[1]),
            "proposal" => T("Proposal {0}", parts[1]),
            "picture" => T("Picture {0}", parts[1].Length > 12 ? $"{parts[1][..12]}…" : parts[1]),
            "profile" => T("Calibration profile {0}", parts[1]),
            "register" => T("Register {0}", parts[1]),
            "reference" => T("Reference {0}", parts[1]),
            "search" => T("Search {0}", parts[1]),
            "run" => T("Run {0}", parts[1]),
            "import" => T("Import {0}", parts[1]),
            "message" => T("Message {0}", parts[1]),
            "mandate" => T("Mandate {0}", parts[1]),
            "finding" => T("Found shops {0}", parts[1]),
            "terms" => T("Words in {0}", parts[1]),
            "host" or "search-provider" => parts[1],
            "account" => T("Account {0}", parts[1]),
            "api-key" => T("API key {0}", parts[1]),
            _ => subject,
        };
    }

    /// <summary>What an entry tells beside its action: sentences that the core made in the reader's language, anything else as it was written.</summary>
    public static string Detail(AuditRow row) => row.Action switch
    {
        AuditAction.CaseAssigned => CaseWords.Assignment(row.Detail),
        // A hit that a crawl opened again has the core's reason where one that a person opened again has the person's.
        AuditAction.HitReopened when row.Actor == HitStore.Actor => string.Join(": ", (row.Detail ?? "").Split(": ", 2).Select(CoreSentences.Say)),
        AuditAction.HitConfirmed or AuditAction.HitRejected or AuditAction.HitReopened => CaseWords.Decision(row.Detail),
        AuditAction.CaseOpened or AuditAction.CaseStateChanged or AuditAction.CaseDueSet or AuditAction.CaseHitAdded or AuditAction.CaseClosed or AuditAction.RegisterImported => CoreSentences.Say(row.Detail),
        _ => row.Detail ?? "",
    };

    /// <summary>The page of a subject; null where it has none.</summary>
    public static string? LinkTo(string subject) => subject.Split('/', 2) switch
    {
        ["case", var id] => $"/cases/{id}",
        ["hit", var id] => $"/hits/{id}?state=any",
        ["capture", var id] => $"/field/{id}",
        ["reference", var id] => $"/references/{id}",
        ["search", var id] => $"/searches/{id}",
        ["proposal", _] => "/hits/proposals",
        ["finding", var id] => $"/finding/{id}",
        ["mandate", _] => "/system/mandates",
        _ => null,
    };
}

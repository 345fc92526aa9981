using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;

namespace Touchstone.Screening.Cases;

/// <summary>The kinds of <see cref="CaseEventRow"/>.</summary>
public static class CaseEventKind
{
    public const string Opened = "Opened";
    public const string NoteAdded = "NoteAdded";
    public const string HitAdded = "HitAdded";
    public const string HitReopened = "HitReopened";
    public const string Assigned = "Assigned";
    public const string DueSet = "DueSet";
    public const string StateChanged = "StateChanged";
    public const string Decided = "Decided";
    public const string Merged = "Merged";
    public const string Unmerged = "Unmerged";
    public const string OwnerNotified = "OwnerNotified";
    public const string MarketSet = "MarketSet";
    public const string Claimed = "Claimed";
    public const string ClockStarted = "ClockStarted";
    public const string ClockMet = "ClockMet";
    public const string ClockEnded = "ClockEnded";
    public const string ClockRanOut = "ClockRanOut";
    public const string SampleOrdered = "SampleOrdered";
    public const string SampleReceived = "SampleReceived";
    public const string SampleSent = "SampleSent";
    public const string SampleResult = "SampleResult";
    public const string SampleCancelled = "SampleCancelled";
    public const string Attached = "Attached";
    public const string NoticeSent = "NoticeSent";
    public const string NoticeReplied = "NoticeReplied";
    public const string AppealDecided = "AppealDecided";
    public const string LinkChecked = "LinkChecked";
    public const string WatchStarted = CaseEvents.WatchStarted;
    public const string WatchEnded = CaseEvents.WatchEnded;
    public const string Returned = CaseEvents.Returned;
}

/// <summary>What every verb on a case does in the same way: see the version it was asked to change, write history and audit, save.</summary>
internal static class CaseHistory
{
    /// <summary>The case to change, or why it may not be changed.</summary>
    public static async Task<VerbOutcome<CaseRow>> FindAsync(VerbContext context, long caseId, long? seenVersion, CancellationToken cancellationToken)
    {
        CaseRow? found = await context.Db.Cases.FirstOrDefaultAsync(x => x.Id == caseId, cancellationToken);
        if (found is null) return NotFound(caseId);
        // The context may have read the case earlier; what counts is the database.
        await context.Db.Entry(found).ReloadAsync(cancellationToken);
        return seenVersion is { } seen && seen != found.Version ? Overtaken(caseId) : VerbOutcome.Done(found);
    }

    public static CaseEventRow Add(VerbContext context, CaseRow to, string kind, string? text)
    {
        var added = new CaseEventRow { Case = to, Kind = kind, Actor = context.Actor, At = context.Clock.GetUtcNow(), Text = text };
        context.Db.CaseEvents.Add(added);
        return added;
    }

    /// <summary>Saves the changed case with its history and audit entry; a change by someone else in between is a conflict.</summary>
    public static async Task<VerbOutcome<CaseRow>> SaveAsync(VerbContext context, CaseRow changed, string action, string? detail, CancellationToken cancellationToken)
    {
        changed.Version++;
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, action, AuditSubject.Case(changed.Id), detail), cancellationToken);
            return VerbOutcome.Done(changed);
        }
        catch (DbUpdateConcurrencyException)
        {
            context.Db.ChangeTracker.Clear();
            return Overtaken(changed.Id);
        }
    }

    /// <summary>A transaction for a verb that writes in several steps; null where the caller began one, who then ends it.</summary>
    public static async Task<IDbContextTransaction?> BeginAsync(VerbContext context, CancellationToken cancellationToken) =>
        context.Db.Database.CurrentTransaction is null ? await context.Db.Database.BeginTransactionAsync(cancellationToken) : null;

    /// <summary>How many hits went with a case.</summary>
    public static string Hits(int count) => count == 1 ? "1 hit" : $"{count} hits";

    public static VerbOutcome<CaseRow> NotFound(long caseId) => VerbOutcome.Refused<CaseRow>(Refusal.NotFound, $"There is no case {caseId}.");

    public static VerbOutcome<CaseRow> Overtaken(long caseId) =>
        VerbOutcome.Refused<CaseRow>(Refusal.Overtaken, $"Somebody changed case {caseId} meanwhile. Read it again and repeat what still applies.");

    public static VerbOutcome<CaseRow> Invalid(string detail) => VerbOutcome.Refused<CaseRow>(Refusal.Invalid, detail);
}

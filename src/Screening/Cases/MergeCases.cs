using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Moves the hits of one case and the deadlines that run into another, and closes the first as merged; each keeps its own history. Gives the case that goes on.</summary>
/// <param name="FromVersion">The version of the first that was seen; null: any.</param>
/// <param name="IntoVersion">The version of the other that was seen; null: any.</param>
public sealed record MergeCases(long FromId, long IntoId, string Reason, long? FromVersion = null, long? IntoVersion = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (FromId == IntoId) return CaseHistory.Invalid($"Case {FromId} cannot be merged into itself.");
        if (CaseText.Problem("The reason", Reason, CaseText.LongestNote, required: true) is { } problem) return CaseHistory.Invalid(problem);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        VerbOutcome<CaseRow> first = await CaseHistory.FindAsync(context, FromId, FromVersion, cancellationToken);
        if (!first.Done) return first;
        VerbOutcome<CaseRow> second = await CaseHistory.FindAsync(context, IntoId, IntoVersion, cancellationToken);
        if (!second.Done) return second;
        CaseRow from = first.Value!;
        CaseRow into = second.Value!;
        foreach (CaseRow each in (CaseRow[])[from, into])
            if (each.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {each.Id} is closed; only cases that are not are merged.");

        if (await context.Db.Samples.AnyAsync(x => x.CaseId == FromId && (x.State == SampleState.Ordered || x.State == SampleState.Received || x.State == SampleState.SentToLab), cancellationToken))
            return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"A sample of case {FromId} is under way; give it up first, or merge the other case into this one.");

        long[] hits = await context.Db.Hits.Where(x => x.CaseId == FromId).OrderBy(x => x.Id).Select(x => x.Id).ToArrayAsync(cancellationToken);
        int moved = await context.Db.Hits.Where(x => x.CaseId == FromId).ExecuteUpdateAsync(x => x.SetProperty(h => h.CaseId, IntoId), cancellationToken);
        // What is waited for is waited for still; the case that goes on shows it.
        await context.Db.CaseClocks.Where(x => x.CaseId == FromId && x.MetAt == null).ExecuteUpdateAsync(x => x.SetProperty(c => c.CaseId, IntoId), cancellationToken);
        from.State = CaseState.Closed;
        (from.ClaimedBy, from.ClaimedUntil) = (null, null);
        from.Outcome = nameof(CaseOutcome.Merged);
        from.ClosedAt = context.Clock.GetUtcNow();
        from.MergedIntoId = IntoId;
        from.MergedHits = string.Join(',', hits);
        from.Version++;
        CaseHistory.Add(context, from, CaseEventKind.Merged, $"Merged into case {IntoId} ({CaseHistory.Hits(moved)}): {Reason}");
        CaseHistory.Add(context, into, CaseEventKind.Merged, $"Case {FromId} merged into this one ({CaseHistory.Hits(moved)}): {Reason}");
        VerbOutcome<CaseRow> outcome = await CaseHistory.SaveAsync(context, into, AuditAction.CaseMerged, $"case {FromId} merged into this one: {Reason}", cancellationToken);
        if (!outcome.Done) return outcome;
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.CaseMerged, AuditSubject.Case(FromId), $"merged into case {IntoId}: {Reason}"), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

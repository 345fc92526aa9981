using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Takes a merge back: the case opens again with those of its hits that are still in the other. Both keep their history. Gives the case that opened again.</summary>
/// <param name="Version">The version of the merged case that was seen; null: any.</param>
public sealed record UnmergeCase(long CaseId, string Reason, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The reason", Reason, CaseText.LongestNote, required: true) is { } problem) return CaseHistory.Invalid(problem);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        VerbOutcome<CaseRow> merged = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!merged.Done) return merged;
        CaseRow from = merged.Value!;
        if (from.MergedIntoId is not { } intoId) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} was not merged into another.");
        VerbOutcome<CaseRow> other = await CaseHistory.FindAsync(context, intoId, null, cancellationToken);
        if (!other.Done) return other;
        CaseRow into = other.Value!;
        if (into.MergedIntoId is { } further) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {intoId} was merged into case {further} since; take that back first.");
        if (into.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {intoId} is closed; reopen it first.");

        long[] hits = [.. (from.MergedHits ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(x => long.Parse(x, CultureInfo.InvariantCulture))];
        int moved = await context.Db.Hits.Where(x => x.CaseId == intoId && EF.Parameter(hits).Contains(x.Id)).ExecuteUpdateAsync(x => x.SetProperty(h => h.CaseId, CaseId), cancellationToken);
        await TakeDeadlinesBackAsync(context, intoId, cancellationToken);
        (from.State, from.Outcome, from.ClosedAt, from.MergedIntoId, from.MergedHits) = (CaseState.Reopened, null, null, null, null);
        into.Version++;
        CaseHistory.Add(context, from, CaseEventKind.Unmerged, $"Taken out of case {intoId} again ({CaseHistory.Hits(moved)}): {Reason}");
        CaseHistory.Add(context, into, CaseEventKind.Unmerged, $"Case {CaseId} was taken out again ({CaseHistory.Hits(moved)}): {Reason}");
        VerbOutcome<CaseRow> outcome = await CaseHistory.SaveAsync(context, from, AuditAction.CaseUnmerged, $"taken out of case {intoId}: {Reason}", cancellationToken);
        if (!outcome.Done) return outcome;
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.CaseUnmerged, AuditSubject.Case(intoId), $"case {CaseId} taken out: {Reason}"), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    /// <summary>
    /// What runs for the notices of the case, and of those that were merged into it, comes back with it; what people set themselves stays where it is worked on.
    /// </summary>
    private async Task TakeDeadlinesBackAsync(VerbContext context, long intoId, CancellationToken cancellationToken)
    {
        HashSet<long> cases = [CaseId];
        for (long[] next = [CaseId]; next.Length > 0;)
        {
            List<long> merged = await context.Db.Cases.Where(x => x.MergedIntoId != null && EF.Parameter(next).Contains(x.MergedIntoId.Value)).Select(x => x.Id).ToListAsync(cancellationToken);
            next = [.. merged.Where(cases.Add)];
        }
        long[] all = [.. cases];
        string[] notices = [.. (await context.Db.Notices.Where(x => EF.Parameter(all).Contains(x.CaseId)).Select(x => x.Id).ToListAsync(cancellationToken)).Select(x => FormattableString.Invariant($"notice {x}"))];
        await context.Db.CaseClocks.Where(x => x.CaseId == intoId && x.MetAt == null && EF.Parameter(notices).Contains(x.What)).ExecuteUpdateAsync(x => x.SetProperty(c => c.CaseId, CaseId), cancellationToken);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Puts one more hit into a case that is not closed. A hit that is already in this case changes nothing.</summary>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record AddHitToCase(long CaseId, long HitId, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        HitRow? hit = await context.Db.Hits.AsNoTracking().FirstOrDefaultAsync(x => x.Id == HitId, cancellationToken);
        if (hit is null) return VerbOutcome.Refused<CaseRow>(Refusal.NotFound, $"There is no hit {HitId}.");
        if (hit.CaseId == CaseId) return outcome;
        if (found.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        int claimed = await context.Db.Hits.Where(x => x.Id == HitId && x.CaseId == null)
            .ExecuteUpdateAsync(x => x.SetProperty(h => h.CaseId, CaseId), cancellationToken);
        if (claimed == 0) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Hit {HitId} is already in {(hit.CaseId is { } other ? $"case {other}" : "another case")}.");

        string text = $"Hit {HitId} added";
        CaseHistory.Add(context, found, CaseEventKind.HitAdded, text);
        outcome = await CaseHistory.SaveAsync(context, found, AuditAction.CaseHitAdded, text, cancellationToken);
        if (outcome.Done && transaction is not null) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

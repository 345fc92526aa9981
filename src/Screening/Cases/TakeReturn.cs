using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Puts the hit of a return into the case of the removed offer, which opens again if it was closed.</summary>
/// <param name="Version">The version of the case that was seen; null: any.</param>
public sealed record TakeReturn(long ReturnId, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        var found = await context.Db.Returns.Where(r => r.Id == ReturnId).Select(r => new { r.HitId, r.Days, r.DismissedBy, r.Watch!.Hit!.CaseId, HitCase = r.Hit!.CaseId }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return VerbOutcome.Refused<CaseRow>(Refusal.NotFound, $"There is no return {ReturnId}.");
        if (found.DismissedBy is { } by) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"{by} said that return {ReturnId} is none.");
        if (found.CaseId is not { } caseId) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"The removed offer of return {ReturnId} is in no case: open one from its hit.");
        long? version = Version;
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, caseId, version, cancellationToken);
        if (!outcome.Done) return outcome;
        if (outcome.Value!.State.IsEnded())
        {
            outcome = await new ChangeCaseState(caseId, CaseState.Reopened, FormattableString.Invariant($"The offer returned after {found.Days} days."), version).RunAsync(context, cancellationToken);
            if (!outcome.Done) return outcome;
            version = outcome.Value!.Version;
        }
        if (found.HitId is { } hit && found.HitCase != caseId)
        {
            outcome = await new AddHitToCase(caseId, hit, version).RunAsync(context, cancellationToken);
            if (!outcome.Done) return outcome;
        }
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>
/// Takes an own decision back, with all that were made in the same go: each hit waits for a new one, and the log says so. Nothing is deleted. A hit that was
/// decided anew since is left as it is and named.
/// </summary>
public sealed record TakeBackDecision(long DecisionId)
{
    public async Task<VerbOutcome<HitsOutcome>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        HitDecisionRow? decision = await context.Db.HitDecisions.AsNoTracking().FirstOrDefaultAsync(x => x.Id == DecisionId, cancellationToken);
        if (decision is null) return Refused(Refusal.NotFound, $"There is no decision {DecisionId}.");
        if (decision.DecidedBy != context.Actor) return Refused(Refusal.Conflict, $"Decision {DecisionId} is {decision.DecidedBy}'s; overturn it at its hit, with a note that says why.");
        if (decision.State == HitState.New) return Refused(Refusal.Conflict, $"Decision {DecisionId} took another back; decide the hit anew.");
        Dictionary<long, HitDecisionRow> together = decision.Batch is { } batch
            ? await context.Db.HitDecisions.AsNoTracking().Where(x => x.Batch == batch).ToDictionaryAsync(x => x.HitId, cancellationToken)
            : new() { [decision.HitId] = decision };
        HitsOutcome outcome = await new HitDecisions(HitDecision.Reopen, null, null).RunAsync(context, [.. together.Keys.Select(x => new SeenHit(x))], together, cancellationToken);
        return outcome.Changed.Count == 0 && outcome.Refused.Count > 0 ? Refused(outcome.Refused[0].Refusal, outcome.Refused[0].Detail) : VerbOutcome.Done(outcome);
    }

    /// <summary>The newest decision of a person that still stands, with its hit; null where there is none since <paramref name="since"/>. Not one on which a case was closed: that is taken back at the hit, with a note.</summary>
    public static Task<HitDecisionRow?> LastAsync(TouchstoneDb db, string actor, DateTimeOffset since, CancellationToken cancellationToken) =>
        db.HitDecisions.AsNoTracking().Include(x => x.Hit!.Listing).Include(x => x.Hit!.Reference)
            .Where(x => x.DecidedBy == actor && x.DecidedAt >= since && x.State != HitState.New && x.Hit!.State == x.State && x.Hit.DecidedBy == actor && x.Hit.DecidedAt == x.DecidedAt)
            .Where(x => !db.Cases.Any(c => c.Id == x.Hit!.CaseId && CaseTransitions.Ended.Contains(c.State)))
            .OrderByDescending(x => x.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>How many hits stand as this decision, and those made in the same go, left them: what taking it back changes.</summary>
    public static async Task<int> CountStandingAsync(TouchstoneDb db, HitDecisionRow decision, CancellationToken cancellationToken) => decision.Batch is { } batch
        ? await db.HitDecisions.CountAsync(x => x.Batch == batch && x.Hit!.State == x.State && x.Hit.DecidedBy == x.DecidedBy && x.Hit.DecidedAt == x.DecidedAt, cancellationToken)
        : 1;

    private static VerbOutcome<HitsOutcome> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<HitsOutcome>(refusal, detail);
}

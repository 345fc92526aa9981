using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>What a person says of a hit.</summary>
public enum HitDecision
{
    /// <summary>The picture does match the reference.</summary>
    Confirm,

    /// <summary>It does not: this picture is not matched with this reference again.</summary>
    Reject,

    /// <summary>The earlier decision is taken back; the hit waits for a new one.</summary>
    Reopen,
}

/// <summary>
/// Confirms or rejects a hit, or takes that back. The decision is on the match that the hit shows, and stays with it. Overturning a decision needs a note, and
/// whoever decides on what somebody else has already decided has to say so with <paramref name="Seen"/>. What another person has claimed is not decided.
/// </summary>
/// <param name="Note">Why; kept with the hit and in the audit log.</param>
/// <param name="Seen">The state that the person saw; null: the hit was seen undecided, or it is their own decision.</param>
/// <param name="SeenMatchId">The match that the person saw; null: whichever the hit shows now.</param>
/// <param name="Reason">Why it is rejected; null: not said.</param>
public sealed record DecideHit(long HitId, HitDecision Decision, string? Note = null, HitState? Seen = null, long? SeenMatchId = null, RejectReason? Reason = null)
{
    public async Task<VerbOutcome<HitRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var decisions = new HitDecisions(Decision, Note, Reason);
        if (decisions.Problem() is { } problem) return VerbOutcome.Refused<HitRow>(Refusal.Invalid, problem);
        HitsOutcome outcome = await decisions.RunAsync(context, [new SeenHit(HitId, Seen, SeenMatchId)], null, cancellationToken);
        return outcome.Refused.Count > 0 ? VerbOutcome.Refused<HitRow>(outcome.Refused[0].Refusal, outcome.Refused[0].Detail) : VerbOutcome.Done(outcome.Changed[0]);
    }
}

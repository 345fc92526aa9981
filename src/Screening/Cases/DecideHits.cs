using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>
/// One decision on several hits, in one transaction. A hit that somebody decided, that was found again or that another person has claimed meanwhile is left as it
/// is and named; the others are decided. The decisions carry a common mark, by which they are taken back together.
/// </summary>
/// <param name="Hits">1..<see cref="MostHits"/>, and no more than one person decides alone (<see cref="CaseRulesRow.HitsAlone"/>), unless decisions are taken back.</param>
public sealed record DecideHits(IReadOnlyList<SeenHit> Hits, HitDecision Decision, string? Note = null, RejectReason? Reason = null)
{
    /// <summary>The most hits that are decided in one go.</summary>
    public const int MostHits = 500;

    public async Task<VerbOutcome<HitsOutcome>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Hits.Count is 0 or > MostHits) return VerbOutcome.Refused<HitsOutcome>(Refusal.Invalid, $"1 to {MostHits} hits are decided in one go, not {Hits.Count}.");
        var decisions = new HitDecisions(Decision, Note, Reason);
        if (decisions.Problem() is { } problem) return VerbOutcome.Refused<HitsOutcome>(Refusal.Invalid, problem);
        int alone = (await CaseRules.ReadAsync(context.Db, cancellationToken)).HitsAlone, count = Hits.Select(x => x.Id).Distinct().Count();
        if (Decision != HitDecision.Reopen && count > alone) return VerbOutcome.Refused<HitsOutcome>(Refusal.Conflict, $"One person decides at most {alone} hits in one go, not {count}; more wait for a second person.");
        return VerbOutcome.Done(await decisions.RunAsync(context, Hits, null, cancellationToken));
    }

    /// <summary>The reason as histories tell it, in English; null where the note tells it.</summary>
    public static string? WordOf(RejectReason? reason) => reason switch
    {
        RejectReason.OtherProduct => "another product",
        RejectReason.Genuine => "genuine",
        RejectReason.OwnListing => "the right holder's own offer",
        RejectReason.Accessory => "an accessory or a part",
        RejectReason.TooUnlike => "too unlike to say",
        RejectReason.NoOffer => "nothing is offered",
        // Null, and what the note says.
        _ => null,
    };
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Bulk;

/// <summary>What became of a decision on many hits.</summary>
/// <param name="Outcome">What was decided; null: nothing yet.</param>
/// <param name="Proposal">What waits for a second person; null: nothing does.</param>
public sealed record ManyDecided(HitsOutcome? Outcome, ProposalRow? Proposal)
{
    /// <summary>The hits that were chosen and are not in the proposal, and why.</summary>
    public IReadOnlyList<RefusedHit> Dropped { get; init; } = [];
}

/// <summary>
/// One decision on hits that a person chose. Where they are more than one person decides alone (<see cref="CaseRulesRow.HitsAlone"/>), nothing is decided: the decision waits for a second
/// person (<see cref="DecideProposal"/>).
/// </summary>
/// <param name="Hits">1..<see cref="DecideHits.MostHits"/>.</param>
public sealed record DecideMany(IReadOnlyList<SeenHit> Hits, HitDecision Decision, string? Note = null, RejectReason? Reason = null)
{
    public async Task<VerbOutcome<ManyDecided>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        CaseRulesRow rules = await CaseRules.ReadAsync(context.Db, cancellationToken);
        int count = Hits.Select(x => x.Id).Distinct().Count();
        if (Decision == HitDecision.Reopen || count <= rules.HitsAlone || count > DecideHits.MostHits)
        {
            VerbOutcome<HitsOutcome> decided = await new DecideHits(Hits, Decision, Note, Reason).RunAsync(context, cancellationToken);
            return decided.Done ? VerbOutcome.Done(new ManyDecided(decided.Value, null)) : VerbOutcome.Refused<ManyDecided>(decided.Refusal!.Value, decided.Detail!);
        }
        return await Proposals.ProposeAsync(context, GroupKind.Chosen, "", null, Hits, Decision, Note, Reason, cancellationToken);
    }
}

/// <summary>
/// One decision on all undecided hits of a reference, a seller or a shop. As <see cref="DecideMany"/>: above the limit it waits for a second person.
/// </summary>
/// <param name="Key">A reference's id, a seller or a host.</param>
public sealed record DecideGroup(GroupKind By, string Key, HitDecision Decision, string? Note = null, RejectReason? Reason = null)
{
    /// <summary>The most hits of a group that are decided in one go, also by two people.</summary>
    public const int MostHits = 5_000;

    public async Task<VerbOutcome<ManyDecided>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Decision is not (HitDecision.Confirm or HitDecision.Reject)) return Refused(Refusal.Invalid, "The hits of a group are confirmed or rejected.");
        var decisions = new HitDecisions(Decision, Note, Reason);
        if (decisions.Problem() is { } problem) return Refused(Refusal.Invalid, problem);
        if (await GroupHits.NameAsync(context.Db, By, Key, cancellationToken) is not { } name) return Refused(Refusal.NotFound, $"There is no {By} '{Key}' that hits belong to.");
        var seen = await GroupHits.Undecided(context.Db, By, Key).OrderBy(x => x.Id).Select(x => new { x.Id, x.MatchId }).Take(MostHits + 1).ToListAsync(cancellationToken);
        if (seen.Count == 0) return Refused(Refusal.Conflict, "There is no undecided hit left in the group.");
        if (seen.Count > MostHits) return Refused(Refusal.Conflict, $"The group has more than {MostHits} undecided hits; decide a part of them first.");
        CaseRulesRow rules = await CaseRules.ReadAsync(context.Db, cancellationToken);
        if (seen.Count > rules.HitsAlone) return await Proposals.ProposeAsync(context, By, Key, name, [.. seen.Select(x => new SeenHit(x.Id, HitState.New, x.MatchId))], Decision, Note, Reason, cancellationToken);
        HitsOutcome outcome = await decisions.RunAsync(context, [.. seen.Select(x => new SeenHit(x.Id, HitState.New, x.MatchId))], null, cancellationToken);
        return VerbOutcome.Done(new ManyDecided(outcome, null));
    }

    private static VerbOutcome<ManyDecided> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<ManyDecided>(refusal, detail);
}

/// <summary>The hits of a reference, a seller or a shop.</summary>
public static class GroupHits
{
    public static IQueryable<HitRow> Undecided(TouchstoneDb db, GroupKind by, string key)
    {
        ArgumentNullException.ThrowIfNull(db);
        IQueryable<HitRow> hits = db.Hits.Where(x => x.State == HitState.New);
        return by switch
        {
            GroupKind.Product => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? hits.Where(x => x.ReferenceId == id) : hits.Where(x => false),
            GroupKind.Seller => hits.Where(x => x.Match!.Screening!.Observation!.Seller == key),
            GroupKind.Shop => hits.Where(x => x.Listing!.Shop!.Host == key),
            _ => hits.Where(x => false),
        };
    }

    /// <summary>What people call the group; null: there is none.</summary>
    public static async Task<string?> NameAsync(TouchstoneDb db, GroupKind by, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return by switch
        {
            GroupKind.Product => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? await db.References.Where(x => x.Id == id).Select(x => x.Title).FirstOrDefaultAsync(cancellationToken) : null,
            GroupKind.Seller => key.Length > 0 ? key : null,
            GroupKind.Shop => await db.Shops.Where(x => x.Host == key).Select(x => x.Host).FirstOrDefaultAsync(cancellationToken),
            _ => null,
        };
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>A case that has to do with the same reference, the same shop or the same seller.</summary>
/// <param name="Outcome">How it was decided; null: it goes on, or was rejected without an outcome.</param>
public sealed record RelatedCase(long Id, string Title, CaseState State, string? AssignedTo, bool SameReference, bool SameShop, bool SameSeller, string? Outcome = null, DateTimeOffset? ClosedAt = null);

/// <summary>An earlier decision on a hit of the same reference at the same shop or of the same seller.</summary>
public sealed record PriorDecision(long HitId, long? CaseId, HitState State, RejectReason? Reason, string? Note, string DecidedBy, DateTimeOffset DecidedAt, string Reference, string? Shop);

/// <summary>What to look at before a case is opened.</summary>
public static class RelatedCases
{
    private const int MostCases = 50;
    private const int MostDecisions = 20;

    /// <summary>The newest cases, at most 50, that have not ended (or that have) and have a hit of the same reference, shop or seller as one of these hits.</summary>
    public static async Task<IReadOnlyList<RelatedCase>> OfHitsAsync(TouchstoneDb db, IReadOnlyCollection<long> hitIds, CancellationToken cancellationToken, bool ended = false)
    {
        var asked = await db.Hits.Where(x => EF.Parameter(hitIds).Contains(x.Id))
            .Select(x => new { x.ReferenceId, ShopId = x.Listing == null ? (long?)null : x.Listing.ShopId, Seller = x.Match!.Screening!.Observation == null ? null : x.Match.Screening.Observation.Seller })
            .ToListAsync(cancellationToken);
        List<long> references = [.. asked.Select(x => x.ReferenceId).Distinct()];
        List<long> shops = [.. asked.Select(x => x.ShopId).OfType<long>().Distinct()];

        List<string> sellers = [.. asked.Select(x => x.Seller).OfType<string>().Where(x => x.Length > 0).Distinct()];

        IQueryable<HitRow> bySeller = db.Hits.Where(x => x.Match!.Screening!.Observation != null && x.Match.Screening.Observation.Seller != null && sellers.Contains(x.Match.Screening.Observation.Seller));
        IQueryable<HitRow> related = db.Hits.Where(x => references.Contains(x.ReferenceId) || (x.Listing != null && shops.Contains(x.Listing.ShopId)) || bySeller.Any(s => s.Id == x.Id));
        IReadOnlyList<CaseState> states = ended ? CaseTransitions.Ended : CaseTransitions.GoingOn;
        List<CaseRow> cases = await db.Cases.AsNoTracking()
            .Where(x => states.Contains(x.State) && x.MergedIntoId == null && related.Any(h => h.CaseId == x.Id))
            .OrderByDescending(x => x.Id).Take(MostCases).ToListAsync(cancellationToken);
        List<long> ids = [.. cases.Select(x => x.Id)];
        HashSet<long> byReference = await CasesOfAsync(db.Hits.Where(x => references.Contains(x.ReferenceId)), ids, cancellationToken);
        HashSet<long> byShop = await CasesOfAsync(db.Hits.Where(x => x.Listing != null && shops.Contains(x.Listing.ShopId)), ids, cancellationToken);
        HashSet<long> sameSeller = await CasesOfAsync(bySeller, ids, cancellationToken);
        return [.. cases.Select(x => new RelatedCase(x.Id, x.Title, x.State, x.AssignedTo, byReference.Contains(x.Id), byShop.Contains(x.Id), sameSeller.Contains(x.Id), x.Outcome, x.ClosedAt))];
    }

    /// <summary>The same for the hits of a case, without the case itself.</summary>
    public static async Task<IReadOnlyList<RelatedCase>> OfCaseAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken, bool ended = false)
    {
        long[] hits = await db.Hits.Where(x => x.CaseId == caseId).Select(x => x.Id).ToArrayAsync(cancellationToken);
        return [.. (await OfHitsAsync(db, hits, cancellationToken, ended)).Where(x => x.Id != caseId)];
    }

    /// <summary>The newest decisions, at most 20, on other hits of the references of this case, and on hits of its shops; those of this case are in its history.</summary>
    public static async Task<IReadOnlyList<PriorDecision>> DecisionsAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken)
    {
        var asked = await db.Hits.Where(x => x.CaseId == caseId).Select(x => new { x.ReferenceId, ShopId = x.Listing == null ? (long?)null : x.Listing.ShopId }).ToListAsync(cancellationToken);
        List<long> references = [.. asked.Select(x => x.ReferenceId).Distinct()];
        List<long> shops = [.. asked.Select(x => x.ShopId).OfType<long>().Distinct()];
        return await db.Hits.AsNoTracking()
            .Where(x => x.DecidedAt != null && x.DecidedBy != null && x.CaseId != caseId && (references.Contains(x.ReferenceId) || (x.Listing != null && shops.Contains(x.Listing.ShopId))))
            .OrderByDescending(x => x.DecidedAt).Take(MostDecisions)
            .Select(x => new PriorDecision(x.Id, x.CaseId, x.State, x.Reason, x.Note, x.DecidedBy!, x.DecidedAt!.Value, x.Reference!.Title, x.Listing == null ? null : x.Listing.Shop!.Host))
            .ToListAsync(cancellationToken);
    }

    private static async Task<HashSet<long>> CasesOfAsync(IQueryable<HitRow> hits, List<long> caseIds, CancellationToken cancellationToken) =>
        [.. await hits.Where(x => x.CaseId != null && caseIds.Contains(x.CaseId.Value)).Select(x => x.CaseId!.Value).Distinct().ToListAsync(cancellationToken)];
}

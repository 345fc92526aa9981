using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>An earlier decision on another hit of the same product or the same seller.</summary>
public sealed record EarlierDecision(long HitId, string? Name, HitState State, RejectReason? Reason, string? By, DateTimeOffset? At, bool SameReference, string? Shop);

/// <summary>What people should know of a hit beside itself.</summary>
/// <param name="Capture">The photo from the field; null: the hit is a listing's.</param>
/// <param name="Related">Open cases on the same reference or shop.</param>
/// <param name="Earlier">The newest decisions on the same reference or shop.</param>
/// <param name="Confirmed">Hits of the same reference that were confirmed.</param>
/// <param name="Rejected">Those that were rejected.</param>
/// <param name="Undecided">The others of it that wait.</param>
public sealed record HitContext(CaptureRow? Capture, IReadOnlyList<RelatedCase> Related, IReadOnlyList<EarlierDecision> Earlier, int Confirmed, int Rejected, int Undecided)
{
    private const int MostEarlier = 6;

    public static HitContext None { get; } = new(null, [], [], 0, 0, 0);

    public static async Task<HitContext> ReadAsync(TouchstoneDb db, HitRow hit, CancellationToken cancellationToken)
    {
        CaptureRow? capture = hit.CaptureId is { } id ? await db.Captures.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken) : null;
        IReadOnlyList<RelatedCase> related = await RelatedCases.OfHitsAsync(db, [hit.Id], cancellationToken);
        long? shop = hit.Listing?.ShopId;
        List<EarlierDecision> earlier = await db.Hits.AsNoTracking()
            .Where(x => x.Id != hit.Id && x.State != HitState.New && (x.ReferenceId == hit.ReferenceId || (shop != null && x.Listing!.ShopId == shop)))
            .OrderByDescending(x => x.ReferenceId == hit.ReferenceId).ThenByDescending(x => x.DecidedAt).Take(MostEarlier)
            .Select(x => new EarlierDecision(x.Id, x.Listing == null ? null : x.Listing.Name, x.State, x.Reason, x.DecidedBy, x.DecidedAt, x.ReferenceId == hit.ReferenceId, x.Listing == null ? null : x.Listing.Shop!.Host)).ToListAsync(cancellationToken);
        Dictionary<HitState, int> counts = await db.Hits.Where(x => x.ReferenceId == hit.ReferenceId && x.Id != hit.Id).GroupBy(x => x.State).Select(x => new { x.Key, Count = x.Count() }).ToDictionaryAsync(x => x.Key, x => x.Count, cancellationToken);
        return new HitContext(capture, related, earlier, counts.GetValueOrDefault(HitState.Confirmed), counts.GetValueOrDefault(HitState.Rejected), counts.GetValueOrDefault(HitState.New));
    }
}

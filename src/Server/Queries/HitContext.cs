using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>An earlier decision on another hit of the same product or the same shop.</summary>
public sealed record EarlierDecision(long HitId, string? Name, HitState State, RejectReason? Reason, string? By, DateTimeOffset? At, bool SameReference, string? Shop);

/// <summary>What people should know of a hit beside itself.</summary>
/// <param name="Capture">The photo from the field; null: the hit is a listing's.</param>
/// <param name="Related">Open cases on the same reference or shop.</param>
/// <param name="Earlier">The newest hits of the same reference, then of the same shop, that are decided.</param>
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
        IReadOnlyList<RelatedCase> related = [.. (await RelatedCases.OfHitsAsync(db, [hit.Id], cancellationToken)).Where(x => x.Id != hit.CaseId)];
        long? shop = hit.Listing?.ShopId;
        IQueryable<HitRow> decided = db.Hits.AsNoTracking().Where(x => x.Id != hit.Id && x.State != HitState.New);
        Task<List<EarlierDecision>> NewestAsync(IQueryable<HitRow> hits, bool sameReference, int most) => hits.OrderByDescending(x => x.Id).Take(most)
            .Select(x => new EarlierDecision(x.Id, x.Listing == null ? null : x.Listing.Name, x.State, x.Reason, x.DecidedBy, x.DecidedAt, sameReference, x.Listing == null ? null : x.Listing.Shop!.Host)).ToListAsync(cancellationToken);
        List<EarlierDecision> earlier = await NewestAsync(decided.Where(x => x.ReferenceId == hit.ReferenceId), true, MostEarlier);
        if (shop is not null && earlier.Count < MostEarlier) earlier.AddRange(await NewestAsync(decided.Where(x => x.ReferenceId != hit.ReferenceId && x.Listing!.ShopId == shop), false, MostEarlier - earlier.Count));
        Task<int> CountAsync(HitState state) => db.Hits.Where(x => x.ReferenceId == hit.ReferenceId && x.State == state && x.Id != hit.Id).CountBoundedAsync(cancellationToken);
        return new HitContext(capture, related, earlier, await CountAsync(HitState.Confirmed), await CountAsync(HitState.Rejected), await CountAsync(HitState.New));
    }
}

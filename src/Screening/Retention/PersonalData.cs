using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Retention;

/// <summary>What goes of the offers of one state.</summary>
/// <param name="Limit">The most days that the role allows.</param>
/// <param name="Days">The days that hold.</param>
/// <param name="Offers">Offers whose time is over.</param>
/// <param name="Soon">Offers whose time is over within <see cref="PersonalData.SoonDays"/> days, with those.</param>
public sealed record PersonalDataLine(OfferState State, int Limit, int Days, long Offers, long Soon);

/// <summary>
/// Takes what names a person from offers whose time is over: of each observation the page, its requests and the seller's name, in whose place a keyed hash stands, so that what was decided stays and offers of one
/// seller stay together; and contacts that such pages stated. Safe for concurrent use: what one did, the other does not find.
/// </summary>
public static class PersonalData
{
    public const int SoonDays = 30;

    private const int Batch = 200;

    /// <summary>The operator's role; an authority where nobody said.</summary>
    public static async Task<OperatorRole> RoleAsync(TouchstoneDb db, CancellationToken cancellationToken) => await db.Operators.Select(x => (OperatorRole?)x.Role).FirstOrDefaultAsync(cancellationToken) ?? OperatorRole.Authority;

    /// <summary>Says what would go now, and soon.</summary>
    public static async Task<IReadOnlyList<PersonalDataLine>> CountAsync(TouchstoneDb db, RetentionOptions options, OperatorRole role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<OfferState, long> due = await DueAsync(db, options, role, now, cancellationToken), soon = await DueAsync(db, options, role, now.AddDays(SoonDays), cancellationToken);
        return [.. Enum.GetValues<OfferState>().Select(state => new PersonalDataLine(state, RoleLimits.Of(role, state), RoleLimits.Of(role, state, options), due.GetValueOrDefault(state), soon.GetValueOrDefault(state)))];
    }

    /// <summary>Takes it; gives how many offers of each state it was taken from.</summary>
    public static async Task<IReadOnlyDictionary<OfferState, long>> TakeAsync(TouchstoneDb db, RetentionOptions options, OperatorRole role, TimeProvider clock, CancellationToken cancellationToken)
    {
        var taken = new Dictionary<OfferState, long>();
        ErasedNames? names = null;
        while (true)
        {
            List<DueOffer> due = await Read(db, Due(db, options, role, clock.GetUtcNow()).OrderBy(l => l.Id)).Take(Batch).ToListAsync(cancellationToken);
            if (due.Count == 0) return taken;
            names ??= await ErasedNames.OpenAsync(db, clock, cancellationToken);
            await TakeAsync(db, names, [.. due.Select(x => x.Id)], cancellationToken);
            foreach (DueOffer offer in due) taken[offer.State] = taken.GetValueOrDefault(offer.State) + 1;
        }
    }

    private static async Task TakeAsync(TouchstoneDb db, ErasedNames names, long[] ids, CancellationToken cancellationToken)
    {
        using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        IQueryable<ObservationRow> seen = db.Observations.Where(o => EF.Parameter(ids).Contains(o.ListingId));
        foreach (var name in await seen.Where(o => o.Seller != null && !o.Seller.StartsWith(ErasedNames.Start)).Select(o => new { o.Listing!.ShopId, Seller = o.Seller! }).Distinct().ToListAsync(cancellationToken))
        {
            string token = names.OfSeller(name.ShopId, name.Seller);
            await seen.Where(o => o.Listing!.ShopId == name.ShopId && o.Seller == name.Seller).ExecuteUpdateAsync(o => o.SetProperty(x => x.Seller, token), cancellationToken);
        }
        await db.ObservationExchanges.Where(e => seen.Any(o => o.Id == e.ObservationId)).ExecuteDeleteAsync(cancellationToken);
        await seen.ExecuteUpdateAsync(o => o.SetProperty(x => x.PageSha256, (string?)null), cancellationToken);
        await db.RememberedUrls.Where(u => db.Listings.Any(l => EF.Parameter(ids).Contains(l.Id) && l.Url == u.Url)).ExecuteDeleteAsync(cancellationToken);
        await db.Traits.Where(t => EF.Parameter(ids).Contains(t.ListingId)).ExecuteDeleteAsync(cancellationToken);
        await db.Listings.Where(l => EF.Parameter(ids).Contains(l.Id)).ExecuteUpdateAsync(l => l.SetProperty(x => x.SellerId, (long?)null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<Dictionary<OfferState, long>> DueAsync(TouchstoneDb db, RetentionOptions options, OperatorRole role, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var counted = new Dictionary<OfferState, long>();
        await foreach (DueOffer offer in Read(db, Due(db, options, role, at)).AsAsyncEnumerable().WithCancellation(cancellationToken)) counted[offer.State] = counted.GetValueOrDefault(offer.State) + 1;
        return counted;
    }

    /// <summary>The offers that name somebody, and for none of whose hits and cases the time still runs.</summary>
    private static IQueryable<ListingRow> Due(TouchstoneDb db, RetentionOptions options, OperatorRole role, DateTimeOffset at)
    {
        DateTimeOffset Before(OfferState state) => at.AddDays(-RoleLimits.Of(role, state, options));
        (DateTimeOffset unmatched, DateTimeOffset rejected, DateTimeOffset undecided) = (Before(OfferState.Unmatched), Before(OfferState.Rejected), Before(OfferState.Undecided));
        (DateTimeOffset confirmed, DateTimeOffset rejectedCase, DateTimeOffset closedCase) = (Before(OfferState.Confirmed), Before(OfferState.RejectedCase), Before(OfferState.ClosedCase));
        return db.Listings.AsNoTracking()
            .Where(l => db.Observations.Any(o => o.ListingId == l.Id && (o.PageSha256 != null || (o.Seller != null && !o.Seller.StartsWith(ErasedNames.Start)))))
            .Where(l => l.LastSeenAt < unmatched || db.Hits.Any(h => h.ListingId == l.Id))
            .Where(l => !db.Watches.Any(w => w.ListingId == l.Id && w.EndedAt == null))
            .Where(l => !db.Hits.Any(h => h.ListingId == l.Id && (
                (h.CaseId != null && db.Cases.Any(c => c.Id == h.CaseId && ((c.State != CaseState.Closed && c.State != CaseState.Rejected) || (c.ClosedAt ?? c.OpenedAt) >= (c.State == CaseState.Closed ? closedCase : rejectedCase))))
                || (h.CaseId == null && h.State == HitState.Confirmed && (h.DecidedAt ?? h.FoundAt) >= confirmed)
                || (h.CaseId == null && h.State == HitState.Rejected && (h.DecidedAt ?? h.FoundAt) >= rejected)
                || (h.CaseId == null && h.State == HitState.New && (h.ReopenedAt ?? h.FoundAt) >= undecided))));
    }

    private static IQueryable<DueOffer> Read(TouchstoneDb db, IQueryable<ListingRow> offers) => offers.Select(l => new DueOffer(
        l.Id,
        db.Hits.Any(h => h.ListingId == l.Id && db.Cases.Any(c => c.Id == h.CaseId && c.State == CaseState.Closed)), db.Hits.Any(h => h.ListingId == l.Id && db.Cases.Any(c => c.Id == h.CaseId && c.State == CaseState.Rejected)),
        db.Hits.Any(h => h.ListingId == l.Id && h.State == HitState.Confirmed), db.Hits.Any(h => h.ListingId == l.Id && h.State == HitState.New), db.Hits.Any(h => h.ListingId == l.Id)));

    private sealed record DueOffer(long Id, bool InClosedCase, bool InRejectedCase, bool Confirmed, bool Undecided, bool Matched)
    {
        public OfferState State => InClosedCase ? OfferState.ClosedCase : InRejectedCase ? OfferState.RejectedCase : Confirmed ? OfferState.Confirmed : Undecided ? OfferState.Undecided : Matched ? OfferState.Rejected : OfferState.Unmatched;
    }
}

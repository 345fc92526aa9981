using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Sellers;

/// <summary>A shop or a seller with what is known of it in numbers.</summary>
/// <param name="SellerId">Null: the shop as a whole.</param>
/// <param name="Returns">Removed offers that it put up again, or that came back here, as far as nobody said that they are none.</param>
public sealed record SellerItem(
    long ShopId, string Host, long? SellerId, string? Seller, DateTimeOffset FirstSeenAt, DateTimeOffset? LastSeenAt, int Listings, int Undecided, int Confirmed, int Rejected, int Cases, int Returns);

/// <summary>Which shops or sellers are wanted; null: any.</summary>
/// <param name="Name">A part of the host, or of the seller's name.</param>
/// <param name="WithHits">Only those with hits that nobody rejected.</param>
public sealed record SellerFilter(string? Name = null, bool WithHits = false, long? ShopId = null);

/// <summary>From the finding of a hit to a person's decision, and from the finding to the removal, in days; null where there is none.</summary>
/// <param name="Decided">Hits that were decided, of the newest that are read.</param>
public sealed record SellerTimes(int Decided, double? DaysToDecision, int Removed, double? DaysToRemoval);

/// <summary>Reads shops and sellers with their numbers: a page of them takes as many queries as one.</summary>
public static class SellerFigures
{
    // Of the newest hits and removals of a shop the middle is told.
    private const int MostTimes = 500;

    /// <summary>Shops, the newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 shops.</exception>
    public static async Task<Page<SellerItem>> ShopsAsync(TouchstoneDb db, SellerFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<SellerItem>.CheckedTake(take);
        ArgumentNullException.ThrowIfNull(filter);
        IQueryable<ShopRow> shops = db.Shops.AsNoTracking();
        if (filter.ShopId is { } only) shops = shops.Where(s => s.Id == only);
        if (!string.IsNullOrWhiteSpace(filter.Name)) shops = shops.Where(s => s.Host.Contains(filter.Name.Trim().ToLowerInvariant()));
        if (filter.WithHits) shops = shops.Where(s => db.Hits.Any(h => h.Listing!.ShopId == s.Id && h.State != HitState.Rejected));
        if (before is { } id) shops = shops.Where(s => s.Id < id);
        var rows = await shops.OrderByDescending(s => s.Id).Take(take + 1).Select(s => new { s.Id, s.Host, s.FirstSeenAt, s.LastCrawledAt }).ToListAsync(cancellationToken);
        long[] ids = [.. rows.Select(r => r.Id)];
        Counts counts = await CountAsync(
            db, db.Listings.Where(l => EF.Parameter(ids).Contains(l.ShopId)).Select(l => new Owned { ListingId = l.Id, OwnerId = l.ShopId }), cancellationToken);
        return Page<SellerItem>.Cut([.. rows.Select(r => counts.Item(r.Id, new SellerItem(r.Id, r.Host, null, null, r.FirstSeenAt, r.LastCrawledAt, 0, 0, 0, 0, 0, 0)))], take, x => x.ShopId);
    }

    /// <summary>Sellers, the newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 sellers.</exception>
    public static async Task<Page<SellerItem>> SellersAsync(TouchstoneDb db, SellerFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<SellerItem>.CheckedTake(take);
        ArgumentNullException.ThrowIfNull(filter);
        IQueryable<SellerRow> sellers = db.Sellers.AsNoTracking();
        if (filter.ShopId is { } shop) sellers = sellers.Where(s => s.ShopId == shop);
        if (SellerName.Folded(filter.Name) is { Length: > 0 } name) sellers = sellers.Where(s => s.Key.Contains(name));
        if (filter.WithHits) sellers = sellers.Where(s => db.Hits.Any(h => h.Listing!.SellerId == s.Id && h.State != HitState.Rejected));
        if (before is { } id) sellers = sellers.Where(s => s.Id < id);
        return Page<SellerItem>.Cut(await ItemsAsync(db, sellers.OrderByDescending(s => s.Id).Take(take + 1), cancellationToken), take, x => x.SellerId!.Value);
    }

    /// <summary>One seller; null: there is none of that number.</summary>
    public static async Task<SellerItem?> SellerAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) => (await ItemsAsync(db, db.Sellers.AsNoTracking().Where(s => s.Id == id), cancellationToken)).FirstOrDefault();

    /// <summary>The listings of a shop, or of a seller in it.</summary>
    public static IQueryable<ListingRow> ListingsOf(TouchstoneDb db, long shopId, long? sellerId)
    {
        ArgumentNullException.ThrowIfNull(db);
        return sellerId is null ? db.Listings.Where(l => l.ShopId == shopId) : db.Listings.Where(l => l.SellerId == sellerId);
    }

    /// <summary>How long decisions and removals took, of the newest hits and removals.</summary>
    public static async Task<SellerTimes> TimesAsync(TouchstoneDb db, long shopId, long? sellerId, CancellationToken cancellationToken)
    {
        IQueryable<long> listings = ListingsOf(db, shopId, sellerId).Select(l => l.Id);
        var decided = await db.Hits.Where(h => h.DecidedAt != null && listings.Contains(h.ListingId!.Value)).OrderByDescending(h => h.Id).Take(MostTimes).Select(h => new { h.FoundAt, h.DecidedAt }).ToListAsync(cancellationToken);
        var removed = await db.Watches.Where(w => listings.Contains(w.ListingId)).OrderByDescending(w => w.Id).Take(MostTimes).Select(w => new { w.Hit!.FoundAt, w.RemovedAt }).ToListAsync(cancellationToken);
        return new SellerTimes(decided.Count, Median(decided.Select(d => (d.DecidedAt!.Value - d.FoundAt).TotalDays)), removed.Count, Median(removed.Select(r => (r.RemovedAt - r.FoundAt).TotalDays)));
    }

    /// <summary>The middle of some values, none below 0; null where there are none.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Select(v => Math.Max(0, v)).Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task<List<SellerItem>> ItemsAsync(TouchstoneDb db, IQueryable<SellerRow> sellers, CancellationToken cancellationToken)
    {
        var rows = await sellers.Select(s => new { s.Id, s.Name, s.ShopId, s.Shop!.Host, s.FirstSeenAt, s.LastSeenAt }).ToListAsync(cancellationToken);
        long[] ids = [.. rows.Select(r => r.Id)];
        Counts counts = await CountAsync(
            db, db.Listings.Where(l => l.SellerId != null && EF.Parameter(ids).Contains(l.SellerId.Value)).Select(l => new Owned { ListingId = l.Id, OwnerId = l.SellerId!.Value }), cancellationToken);
        return [.. rows.Select(r => counts.Item(r.Id, new SellerItem(r.ShopId, r.Host, r.Id, r.Name, r.FirstSeenAt, r.LastSeenAt, 0, 0, 0, 0, 0, 0)))];
    }

    private static async Task<Counts> CountAsync(TouchstoneDb db, IQueryable<Owned> owned, CancellationToken cancellationToken)
    {
        Dictionary<long, int> listings = await owned.GroupBy(o => o.OwnerId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var hits = await (from o in owned join h in db.Hits on (long?)o.ListingId equals h.ListingId group h by new { o.OwnerId, h.State } into g select new { g.Key.OwnerId, g.Key.State, Count = g.Count() }).ToListAsync(cancellationToken);
        var cases = await (from o in owned join h in db.Hits on (long?)o.ListingId equals h.ListingId where h.CaseId != null select new { o.OwnerId, h.CaseId }).Distinct().GroupBy(x => x.OwnerId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        Dictionary<long, int> returns = await (from o in owned join r in db.Returns on o.ListingId equals r.ListingId where r.DismissedAt == null group r by o.OwnerId into g select new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return new Counts(listings, hits.ToDictionary(h => (h.OwnerId, h.State), h => h.Count), cases, returns);
    }

    private sealed class Owned
    {
        public long ListingId { get; init; }

        public long OwnerId { get; init; }
    }

    private sealed record Counts(Dictionary<long, int> Listings, Dictionary<(long, HitState), int> Hits, Dictionary<long, int> Cases, Dictionary<long, int> Returns)
    {
        public SellerItem Item(long owner, SellerItem item) => item with
        {
            Listings = Listings.GetValueOrDefault(owner),
            Undecided = Hits.GetValueOrDefault((owner, HitState.New)),
            Confirmed = Hits.GetValueOrDefault((owner, HitState.Confirmed)),
            Rejected = Hits.GetValueOrDefault((owner, HitState.Rejected)),
            Cases = Cases.GetValueOrDefault(owner),
            Returns = Returns.GetValueOrDefault(owner),
        };
    }
}

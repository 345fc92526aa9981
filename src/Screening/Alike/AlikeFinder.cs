using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;

namespace Touchstone.Screening.Alike;

/// <summary>
/// Finds the offers that are nearly equal to a hit's, when somebody looks: those that show one of its pictures (by their bytes, or by perceptual hash in the index of what was seen), state its number, or are hits of the same reference with
/// nearly its title. As each was seen last, one step far. Nothing is stored. A picture that more of the shop's own offers show is a part of its pages and tells nothing, unless it is what matched. On a node that does not screen, the index
/// holds what its files hold. Safe for concurrent use.
/// </summary>
public sealed class AlikeFinder(IDbContextFactory<TouchstoneDb> databases, FeatureStore features, SeenGallery seen)
{
    /// <summary>Offers that are told at most.</summary>
    public const int MostOffers = 200;

    private const int MostPictures = 12, MostOfOwnShop = 5, MostCopies = 500, MostRows = 2_000, AtOnce = 500;

    /// <summary>The offers alike to the hit's; none for a photo from the field, or where there is no such hit.</summary>
    public async Task<AlikeOffers> OfHitAsync(long hitId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var hit = await db.Hits.Where(h => h.Id == hitId && h.ListingId != null)
            .Select(h => new { ListingId = h.ListingId!.Value, h.ReferenceId, h.Listing!.ShopId, h.Match!.ImageSha256, h.Match.Screening!.ObservationId }).FirstOrDefaultAsync(cancellationToken);
        if (hit is null) return AlikeOffers.None;
        ObservationRow own = await db.Observations.AsNoTracking().Include(o => o.Images).FirstAsync(o => o.Id == hit.ObservationId, cancellationToken);
        var found = new Dictionary<long, Found>();
        string[] pictures = await TellingAsync(db, own, hit.ImageSha256, hit.ShopId, cancellationToken);
        bool isCut = await ByPicturesAsync(db, pictures, hit.ListingId, found, cancellationToken);
        await ByNumberAsync(db, own, hit.ListingId, found, cancellationToken);
        (Dictionary<long, AlikeHit> hits, bool more) = await ByTitleAsync(db, own, hit.ReferenceId, hit.ListingId, found, cancellationToken);
        return await ToldAsync(db, found, hits, hit.ReferenceId, hit.ShopId, isCut || more, cancellationToken);
    }

    /// <summary>The pictures that tell the offer: the one that matched, and those that few of the shop's other offers show.</summary>
    private static async Task<string[]> TellingAsync(TouchstoneDb db, ObservationRow own, string? matched, long shopId, CancellationToken cancellationToken)
    {
        string[] shown = [.. new[] { matched }.Concat(own.Images.OrderBy(i => i.Position).Select(i => i.ImageSha256)).OfType<string>().Distinct(StringComparer.Ordinal).Take(MostPictures)];
        var told = new List<string>();
        foreach (string sha256 in shown)
        {
            // A few rows tell it; all of them may be as many as the shop has pages.
            if (sha256 == matched || await db.ObservationImages.Where(i => i.ImageSha256 == sha256 && i.Observation!.Listing!.ShopId == shopId).Select(i => i.Observation!.ListingId).Distinct().Take(MostOfOwnShop + 1).CountAsync(cancellationToken) <= MostOfOwnShop)
                told.Add(sha256);
        }
        return [.. told];
    }

    /// <summary>Whether more show them than are read.</summary>
    private async Task<bool> ByPicturesAsync(TouchstoneDb db, string[] pictures, long listingId, Dictionary<long, Found> found, CancellationToken cancellationToken)
    {
        HashSet<string> copies = [.. pictures];
        foreach (ImageFeatures picture in (await features.FindAsync(pictures, cancellationToken)).Values.Where(p => !p.ShowsTooLittle))
            copies.UnionWith(seen.CopiesOf(picture, MostCopies).Select(c => c.Sha256));
        HashSet<string> equal = [.. pictures];
        bool isCut = false;
        foreach (string[] part in copies.Chunk(AtOnce))
        {
            var rows = await (from image in db.ObservationImages.Where(i => EF.Parameter(part).Contains(i.ImageSha256!))
                              join observation in db.LatestObservations().Where(o => o.ListingId != listingId) on image.ObservationId equals observation.Id
                              select new { observation.ListingId, image.ImageSha256 }).Distinct().Take(MostRows).ToListAsync(cancellationToken);
            foreach (var row in rows) Note(found, row.ListingId, equal.Contains(row.ImageSha256!) ? AlikeSign.SamePicture : AlikeSign.NearPicture, row.ImageSha256);
            isCut |= rows.Count == MostRows;
        }
        return isCut;
    }

    private static async Task ByNumberAsync(TouchstoneDb db, ObservationRow own, long listingId, Dictionary<long, Found> found, CancellationToken cancellationToken)
    {
        if (!WatchKeys.NumbersOf(own).Any(WatchKeys.IsGtin)) return;
        string[] forms = [.. GtinForms.Of(own.Gtin!)];
        long[] same = await db.LatestObservations().Where(o => o.ListingId != listingId && EF.Parameter(forms).Contains(o.Gtin!)).Select(o => o.ListingId).Take(MostRows).ToArrayAsync(cancellationToken);
        foreach (long id in same) Note(found, id, AlikeSign.SameNumber, null);
    }

    /// <summary>The newest hits of the reference, by listing, and whether there are more than are read; those of them with nearly the title, or with brand and the maker's number, are noted.</summary>
    private static async Task<(Dictionary<long, AlikeHit> Hits, bool IsCut)> ByTitleAsync(TouchstoneDb db, ObservationRow own, long referenceId, long listingId, Dictionary<long, Found> found, CancellationToken cancellationToken)
    {
        var hits = await db.Hits.Where(h => h.ReferenceId == referenceId && h.ListingId != null && h.ListingId != listingId).OrderByDescending(h => h.Id).Take(MostRows)
            .Select(h => new { h.Id, ListingId = h.ListingId!.Value, h.State, h.MatchId, h.Probability, h.Listing!.Name, h.Match!.ImageSha256, h.Match.Screening!.Observation!.Gtin, h.Match.Screening.Observation.Brand, h.Match.Screening.Observation.Mpn }).ToListAsync(cancellationToken);
        var title = new TitleShingles(own.Name);
        string[] numbers = [.. WatchKeys.NumbersOf(own)];
        foreach (var hit in hits)
        {
            if (title.LikenessTo(new TitleShingles(hit.Name)) >= TitleShingles.NearlyEqual) Note(found, hit.ListingId, AlikeSign.NearTitle, hit.ImageSha256);
            if (WatchKeys.NumbersOf(hit.Gtin, hit.Brand, hit.Mpn).Intersect(numbers, StringComparer.Ordinal).Any()) Note(found, hit.ListingId, AlikeSign.SameNumber, hit.ImageSha256);
        }
        return (hits.ToDictionary(h => h.ListingId, h => new AlikeHit(h.Id, h.State, h.MatchId, h.Probability)), hits.Count == MostRows);
    }

    private static async Task<AlikeOffers> ToldAsync(TouchstoneDb db, Dictionary<long, Found> found, Dictionary<long, AlikeHit> hits, long referenceId, long shopId, bool isCut, CancellationToken cancellationToken)
    {
        foreach (long[] part in found.Keys.Where(id => !hits.ContainsKey(id)).Chunk(AtOnce))
            foreach (var late in await db.Hits.Where(h => h.ReferenceId == referenceId && EF.Parameter(part).Contains(h.ListingId!.Value)).Select(h => new { h.ListingId, h.Id, h.State, h.MatchId, h.Probability }).ToListAsync(cancellationToken))
                hits[late.ListingId!.Value] = new AlikeHit(late.Id, late.State, late.MatchId, late.Probability);
        int Rank(long listing) => hits.GetValueOrDefault(listing)?.State switch { HitState.New => 0, not null => 1, null => 2 };
        long[] told = [.. found.OrderBy(f => Rank(f.Key)).ThenBy(f => f.Value.Signs.Min).ThenByDescending(f => f.Value.Signs.Count).ThenBy(f => f.Key).Select(f => f.Key).Take(MostOffers)];
        Dictionary<long, AlikeOffer> offers = await db.LatestObservations().Where(o => EF.Parameter(told).Contains(o.ListingId))
            .Select(o => new AlikeOffer(o.ListingId, o.Listing!.Url, o.Listing.Name, o.Listing.ShopId, o.Listing.Shop!.Host, o.Seller, o.Price, o.Currency, o.Listing.LastSeenAt, null, Array.Empty<AlikeSign>(), null)).ToDictionaryAsync(o => o.ListingId, cancellationToken);
        AlikeOffer[] all = [.. told.Where(offers.ContainsKey).Select(id => offers[id] with { ImageSha256 = found[id].Picture, Signs = [.. found[id].Signs], Hit = hits.GetValueOrDefault(id) })];
        return new AlikeOffers(all, all.Where(o => o.ShopId != shopId).Select(o => o.ShopId).Distinct().Count(), isCut || found.Count > MostOffers);
    }

    private static void Note(Dictionary<long, Found> found, long listing, AlikeSign sign, string? picture)
    {
        Found known = found.GetValueOrDefault(listing) ?? (found[listing] = new Found());
        // The picture of the surest sign is shown.
        if (picture is not null && (known.Picture is null || sign < known.Signs.Min)) known.Picture = picture;
        known.Signs.Add(sign);
    }

    private sealed class Found
    {
        public SortedSet<AlikeSign> Signs { get; } = [];

        public string? Picture { get; set; }
    }
}

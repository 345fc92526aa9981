using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>A removed offer that something seen may be, and what tells it.</summary>
/// <param name="Match">What the pictures say, with their probability; null: they say nothing.</param>
internal sealed record FoundReturn(WatchRow Watch, ReturnSign Sign, double? Probability, FoundMatch? Match);

/// <summary>
/// Compares something seen with what is watched for: its pictures by the one recipe among the watched pictures, its numbers, and its title with its seller by their keys. Of each reference at most one
/// watch is told, the nearest. Safe for concurrent use.
/// </summary>
internal sealed class WatchComparison(IDbContextFactory<TouchstoneDb> databases, WatchGallery gallery, Recogniser recogniser, FeatureStore features, OcrStore texts)
{
    // Watches that share a number or a title's key and are looked at.
    private const int MostByKey = 200;

    // Watched pictures that are compared though no index proposes them; each is compared with each picture that was seen, some 4 ms a pair.
    private const int MostAsked = 24;

    private const int MostPictures = 20;

    /// <param name="observation">With its pictures and its listing with the shop.</param>
    /// <param name="atGate">The gate was told of it, and nobody saw its page.</param>
    public async Task<IReadOnlyList<FoundReturn>> CompareAsync(ObservationRow observation, bool atGate, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        // A page that says the offer is over is none that came back.
        if (observation.Availability is Availability.Discontinued or Availability.SoldOut) return [];
        IReadOnlyList<WatchRow> known = await ByKeysAsync(observation, cancellationToken);
        RecognitionOutcome? shown = await RecogniseAsync(observation, [.. known.Select(w => w.ReferenceId).Distinct()], profile, cancellationToken);
        IReadOnlyList<WatchRow> pictured = await ByPicturesAsync(observation, shown?.Matches ?? [], cancellationToken);
        WatchRow[] watches = [.. known.Concat(pictured).DistinctBy(w => w.Id).Where(w => MayBe(w, observation))];
        HashSet<string> numbers = [.. WatchKeys.NumbersOf(observation)];
        var title = new TitleShingles(observation.Name);
        IEnumerable<FoundReturn> found = watches.Select(w => Told(w, observation, atGate, numbers, title, shown, profile)).OfType<FoundReturn>();
        return [.. found.GroupBy(f => f.Watch.ReferenceId).Select(g => g.OrderBy(f => f.Sign).ThenByDescending(f => f.Watch.Listing!.ShopId == observation.Listing!.ShopId).ThenByDescending(f => f.Watch.RemovedAt).ThenBy(f => f.Watch.Id).First())];
    }

    /// <summary>The offer itself, seen after its removal; another one only if it was first seen after it: what was there all along did not return.</summary>
    private static bool MayBe(WatchRow watch, ObservationRow seen) =>
        watch.ListingId == seen.ListingId ? seen.LastSeenAt > watch.RemovedAt : seen.Listing!.FirstSeenAt > watch.RemovedAt;

    private static FoundReturn? Told(WatchRow watch, ObservationRow seen, bool atGate, HashSet<string> numbers, TitleShingles title, RecognitionOutcome? shown, CalibrationProfile profile)
    {
        FoundMatch? match = shown?.Matches.FirstOrDefault(m => m.ReferenceId == watch.ReferenceId && m.Relation is Relation.SameImage or Relation.SameProduct);
        if (match is not null && !watch.Pictures.Any(p => p.ImageSha256 == match.ReferenceImageSha256)) match = null;
        string? number = watch.Keys.Select(k => k.Value).Where(numbers.Contains).Order(StringComparer.Ordinal).FirstOrDefault();
        // That its page answers was seen; who only names its address shows or states something of it, too.
        if (watch.ListingId == seen.ListingId && (!atGate || match is not null || number is not null)) return new FoundReturn(watch, ReturnSign.SameOffer, match?.Probability.Value, match);
        bool seller = WatchKeys.SellerOf(watch.Listing!.Shop!.Host, watch.Seller) == WatchKeys.SellerOf(seen.Listing!.Shop!.Host, seen.Seller);
        bool named = new TitleShingles(watch.Title).LikenessTo(title) >= TitleShingles.NearlyEqual;
        // What only may be the same needs a second sign.
        if (match is not null && (match.Verdict == Verdict.Match || IsHeldBack(match, profile) || number is not null || named))
            return new FoundReturn(watch, match.Relation == Relation.SameImage ? ReturnSign.SameImage : ReturnSign.SameProduct, match.Probability.Value, match);
        if (number is not null) return new FoundReturn(watch, ReturnSign.SameIdentifier, WatchKeys.IsGtin(number) ? profile.Identifiers.Gtin : profile.Identifiers.BrandAndModel, null);
        return seller && named ? new FoundReturn(watch, ReturnSign.SameSeller, match?.Probability.Value, match) : null;
    }

    /// <summary>Whether it is as probable as a match, and for review only because a part of it was changed or laid over: an edited picture.</summary>
    private static bool IsHeldBack(FoundMatch match, CalibrationProfile profile) =>
        match.Verdict == Verdict.Review && profile.Relations[match.Relation].Match is { } point && match.Probability.Value >= point.Probability && !match.Signals.NotExplained;

    private async Task<RecognitionOutcome?> RecogniseAsync(ObservationRow observation, long[] known, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        string[] pictures = [.. observation.Images.OrderBy(i => i.Position).Select(i => i.ImageSha256).OfType<string>().Distinct(StringComparer.Ordinal).Take(MostPictures)];
        if (pictures.Length == 0 || gallery.Pictures.Count == 0) return null;
        IReadOnlyDictionary<string, ImageFeatures> described = await features.FindAsync(pictures, cancellationToken);
        if (described.Count == 0) return null;
        var query = new RecognitionQuery
        {
            Images = [.. pictures.Where(described.ContainsKey).Select(p => described[p]).Select(f => new QueryImage(f, token => features.LookCloselyAsync(f, token), token => texts.ReadAsync(f.Sha256, token)))],
            Asked = [.. known.SelectMany(gallery.Pictures.ImagesOf).Take(MostAsked)],
            IsRejected = await RejectedAsync(pictures, cancellationToken),
        };
        return await recogniser.RecogniseAsync(query, gallery.Pictures, profile, cancellationToken);
    }

    private async Task<Func<string, long, bool>> RejectedAsync(string[] sha256s, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.ReferenceNegatives.Where(n => EF.Parameter(sha256s).Contains(n.ImageSha256)).Select(n => new { n.ImageSha256, n.ReferenceId }).ToListAsync(cancellationToken);
        HashSet<(string, long)> rejected = [.. rows.Select(r => (r.ImageSha256, r.ReferenceId))];
        return (sha256, reference) => rejected.Contains((sha256, reference));
    }

    private async Task<IReadOnlyList<WatchRow>> ByKeysAsync(ObservationRow observation, CancellationToken cancellationToken)
    {
        string[] keys = [.. WatchKeys.NumbersOf(observation).Concat(WatchKeys.TitlesOf(observation, observation.Listing!.Shop!.Host))];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        long[] ids = await db.WatchKeys.Where(k => EF.Parameter(keys).Contains(k.Value) && k.Watch!.EndedAt == null).Select(k => k.WatchId).Distinct().OrderByDescending(id => id).Take(MostByKey).ToArrayAsync(cancellationToken);
        return await ReadAsync(db, db.Watches.Where(w => EF.Parameter(ids).Contains(w.Id) || (w.ListingId == observation.ListingId && w.EndedAt == null)), cancellationToken);
    }

    private async Task<IReadOnlyList<WatchRow>> ByPicturesAsync(ObservationRow observation, IReadOnlyList<FoundMatch> matches, CancellationToken cancellationToken)
    {
        string[] pictures = [.. matches.Select(m => m.ReferenceImageSha256).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (pictures.Length == 0) return [];
        long[] references = [.. matches.Select(m => m.ReferenceId)];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        // Of many offers with one picture the same shop's and the last removed ones are the nearest.
        long shop = observation.Listing!.ShopId;
        IQueryable<WatchRow> standing = db.Watches.Where(w => w.EndedAt == null && EF.Parameter(references).Contains(w.ReferenceId) && w.Pictures.Any(p => EF.Parameter(pictures).Contains(p.ImageSha256)));
        return await ReadAsync(db, standing.OrderByDescending(w => w.Listing!.ShopId == shop).ThenByDescending(w => w.RemovedAt).Take(MostByKey), cancellationToken);
    }

    private static async Task<IReadOnlyList<WatchRow>> ReadAsync(TouchstoneDb db, IQueryable<WatchRow> watches, CancellationToken cancellationToken) =>
        await watches.AsNoTracking().Include(w => w.Pictures).Include(w => w.Keys).Include(w => w.Listing!).ThenInclude(l => l.Shop).AsSplitQuery().ToListAsync(cancellationToken);
}

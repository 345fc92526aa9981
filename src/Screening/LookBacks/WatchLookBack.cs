using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>
/// Asks what was seen between an offer's removal and the start of its watch: the listings that show something near its pictures, state its number or its brand, and those of its shop, are queued to be compared with the watches as if they were seen
/// now. Any number of workers of any number of processes may. Safe for concurrent use.
/// </summary>
public sealed class WatchLookBack
{
    private const int WatchesAtOnce = 20, NearEach = 200, MostOfKind = 5_000, AtOnce = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<TouchstoneDb> databases;
    private readonly SeenListings listings;
    private readonly SeenFollower seen;
    private readonly SeenGallery pictures;
    private readonly FeatureStore features;
    private readonly TimeProvider clock;
    private readonly ILogger<WatchLookBack> log;

    // Watches that went wrong, and when each is tried again: the others come first, and the log is not filled with one.
    private readonly ConcurrentDictionary<long, DateTimeOffset> later = new();

    internal WatchLookBack(IDbContextFactory<TouchstoneDb> databases, SeenListings listings, SeenFollower seen, SeenGallery pictures, FeatureStore features, TimeProvider clock, ILogger<WatchLookBack> log) =>
        (this.databases, this.listings, this.seen, this.pictures, this.features, this.clock, this.log) = (databases, listings, seen, pictures, features, clock, log);

    /// <summary>Asks about some of the watches that wait. Returns how many; 0: none waits, none could be asked about, or this node does not hold yet what was seen.</summary>
    public async Task<int> RunSomeAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<WatchRow> waiting = await WaitingAsync(cancellationToken);
        if (waiting.Count == 0) return 0;
        await seen.FollowAsync(cancellationToken);
        if (seen.Status.Waiting > 0) return 0;
        ILookup<string, string> brands = await listings.BrandsAsync(cancellationToken);
        int asked = 0;
        foreach (WatchRow watch in waiting)
        {
            try
            {
                if (await QueueAsync(watch, await FoundAsync(watch, brands, cancellationToken), cancellationToken)) asked++;
            }
            catch (Exception e) when (e is not OperationCanceledException && !DatabaseAway.Explains(e))
            {
                later[watch.Id] = clock.GetUtcNow() + Pause;
                log.LogError(e, "What was seen since could not be asked about watch {Watch}; it is tried again in {Minutes} minutes", watch.Id, Pause.TotalMinutes);
            }
        }
        return asked;
    }

    private async Task<IReadOnlyList<WatchRow>> WaitingAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach ((long id, DateTimeOffset until) in later)
            if (until <= now) later.TryRemove(id, out _);
        long[] paused = [.. later.Keys];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Watches.AsNoTracking().Include(w => w.Pictures).Include(w => w.Listing).Where(w => w.SeenAskedAt == null && w.EndedAt == null && !EF.Parameter(paused).Contains(w.Id))
            .OrderBy(w => w.Id).Take(WatchesAtOnce).AsSplitQuery().ToListAsync(cancellationToken);
    }

    /// <summary>The latest observations of listings that were first seen after the removal and may be the offer again, and the offer's own if it was seen after it.</summary>
    private async Task<IReadOnlyList<long>> FoundAsync(WatchRow watch, ILookup<string, string> brands, CancellationToken cancellationToken)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (ImageFeatures picture in (await features.Unkept.FindAsync([.. watch.Pictures.Select(p => p.ImageSha256)], cancellationToken)).Values) shown.UnionWith(pictures.Near(picture, NearEach).Select(p => p.Sha256));
        HashSet<long> ids = [.. (await listings.ShowingAsync(shown, cancellationToken)).SelectMany(l => l).Select(l => l.ObservationId)];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ObservationRow own = await db.Observations.AsNoTracking().FirstAsync(o => o.Id == watch.ObservationId, cancellationToken);
        (long offer, long shop, DateTimeOffset removed) = (watch.ListingId, watch.Listing!.ShopId, watch.RemovedAt);
        IQueryable<ObservationRow> since = db.LatestObservations().Where(o => o.Listing!.FirstSeenAt > removed || (o.ListingId == offer && o.Listing.LastSeenAt > removed));
        async Task TakeAsync(IQueryable<ObservationRow> some) => ids.UnionWith(await some.OrderByDescending(o => o.Id).Take(MostOfKind).Select(o => o.Id).ToListAsync(cancellationToken));
        await TakeAsync(since.Where(o => o.Listing!.ShopId == shop));
        if (own.Gtin is { Length: > 0 } gtin)
        {
            string[] forms = [.. GtinForms.Of(gtin)];
            await TakeAsync(since.Where(o => EF.Parameter(forms).Contains(o.Gtin!)));
        }
        if (own.Mpn is not null && ReferenceText.CleanBrand(own.Brand) is { } brand)
        {
            foreach (string[] part in brands[IdentifierLookup.FoldedBrand(brand)].Chunk(AtOnce)) await TakeAsync(since.Where(o => EF.Parameter(part).Contains(o.Brand!)));
        }
        var kept = new List<long>();
        foreach (long[] part in ids.Chunk(AtOnce)) kept.AddRange(await since.Where(o => EF.Parameter(part).Contains(o.Id)).Select(o => o.Id).ToListAsync(cancellationToken));
        return kept;
    }

    /// <summary>Queues them, and notes that the watch was asked about; false where another node did.</summary>
    private async Task<bool> QueueAsync(WatchRow watch, IReadOnlyList<long> found, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        try
        {
            using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
            await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await db.Watches.Where(w => w.Id == watch.Id && w.SeenAskedAt == null).ExecuteUpdateAsync(s => s.SetProperty(w => w.SeenAskedAt, now), cancellationToken) == 0) return false;
            foreach (long[] part in found.Chunk(AtOnce))
            {
                HashSet<long> queued = [.. await db.WatchChecks.Where(c => EF.Parameter(part).Contains(c.ObservationId)).Select(c => c.ObservationId).ToListAsync(cancellationToken)];
                db.WatchChecks.AddRange(part.Where(id => !queued.Contains(id)).Select(id => new WatchCheckRow { ObservationId = id, QueuedAt = now.Value }));
            }
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (!DatabaseAway.Explains(e))
        {
            log.LogInformation(e, "What was seen since is asked about watch {Watch} once more: somebody saw some of it at the same moment", watch.Id);
            return false;
        }
    }
}

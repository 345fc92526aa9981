using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Frontier;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.LookBacks;

/// <summary>
/// Asks what was seen about references that came in or changed: the seen pictures that may show them, and the listings that state their numbers, are screened as
/// they were last seen, without the network. References that are taken together share the listings, each of which is screened once. Any number of workers of any
/// number of processes may. Safe for concurrent use.
/// </summary>
public sealed class LookBackRunner
{
    private readonly LookBackQueue queue;
    private readonly LookBackChanges changes;
    private readonly SeenListings listings;
    private readonly SeenFollower seen;
    private readonly GalleryFollower follower;
    private readonly ReferenceGallery gallery;
    private readonly ReverseSearch search;
    private readonly FeatureStore features;
    private readonly CalibrationProfiles profiles;
    private readonly ObservationScreener screener;
    private readonly LookBackOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<LookBackRunner> log;

    internal LookBackRunner(
        LookBackQueue queue, LookBackChanges changes, SeenListings listings, SeenFollower seen, GalleryFollower follower, ReferenceGallery gallery, ReverseSearch search, FeatureStore features,
        CalibrationProfiles profiles, ObservationScreener screener, LookBackOptions options, TimeProvider clock, ILogger<LookBackRunner> log)
    {
        (this.queue, this.changes, this.listings, this.seen, this.follower, this.gallery, this.search, this.features) = (queue, changes, listings, seen, follower, gallery, search, features);
        (this.profiles, this.screener, this.options, this.clock, this.log) = (profiles, screener, options, clock, log);
    }

    /// <summary>Queues what changed, and asks about some of what waits. Returns how many references were answered; 0: none waits, or this node is not ready to ask.</summary>
    /// <param name="worker">Names this worker in leases.</param>
    public async Task<int> RunSomeAsync(string worker, CancellationToken cancellationToken)
    {
        await changes.QueueAsync(cancellationToken);
        if (await queue.TakeAsync(worker, cancellationToken) is not { } batch) return 0;
        long started = clock.GetTimestamp();
        var counts = new ConcurrentDictionary<long, LookBackCounts>();
        bool begun = false;
        try
        {
            bool held = await HeldLease.RunAsync(LookBackQueue.LeaseTime, token => queue.RenewAsync(batch, counts, token), async token => begun = await AskAsync(batch, counts, token), clock, log, cancellationToken);
            if (!held) return 0;
            if (!begun)
            {
                await ReleaseAsync(batch, begun: false);
                return 0;
            }
            foreach (long id in batch.ReferenceIds) await queue.EndAsync(batch, id, counts[id], CancellationToken.None);
            LookBackMetrics.Answered(batch.Rows.Count, counts.Values.Sum(c => c.Listings), clock.GetElapsedTime(started));
            return batch.Rows.Count;
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseAway.Explains(e))
        {
            // Of several each is tried alone, so that one that cannot be asked about holds up no other.
            log.LogError(e, "{Count} references could not be asked about", batch.Rows.Count);
            if (batch.Rows.Count > 1) await ReleaseAsync(batch, begun: true);
            else await queue.FailAsync(batch, batch.ReferenceIds[0], e.Message, CancellationToken.None);
            LookBackMetrics.Failed(batch.Rows.Count);
            return batch.Rows.Count;
        }
        catch
        {
            await ReleaseAsync(batch, begun: false);
            throw;
        }
    }

    private async Task ReleaseAsync(LookBackBatch batch, bool begun)
    {
        try
        {
            await queue.ReleaseAsync(batch, begun);
        }
        catch (Exception e) when (DatabaseAway.Explains(e))
        {
            log.LogWarning(e, "References could not be given back; their leases run out");
        }
    }

    /// <summary>False where this node does not hold yet what has to be asked, or asked with.</summary>
    private async Task<bool> AskAsync(LookBackBatch batch, ConcurrentDictionary<long, LookBackCounts> counts, CancellationToken cancellationToken)
    {
        using Activity? span = Traces.Begin("look back", ("touchstone.lookback.references", batch.Rows.Count));
        await follower.FollowAsync(null, cancellationToken);
        await seen.FollowAsync(cancellationToken);
        if (!follower.Status.Ready || seen.Status.Waiting > 0 || await profiles.ActiveAsync(features.ModelId, cancellationToken) is not { } profile) return false;
        Dictionary<long, HashSet<SeenListing>> may = batch.ReferenceIds.ToDictionary(id => id, _ => new HashSet<SeenListing>());
        var promised = new HashSet<long>();
        foreach (long id in batch.ReferenceIds)
        {
            (int compared, HashSet<SeenListing> shown, IEnumerable<long> surest) = await ShownAsync(id, profile, cancellationToken);
            may[id].UnionWith(shown);
            promised.UnionWith(surest);
            counts[id] = new LookBackCounts(seen.Status.Pictures, compared, 0, 0);
        }
        ILookup<long, SeenListing> stated = await listings.StatingAsync(batch.ReferenceIds, cancellationToken);
        foreach (long id in batch.ReferenceIds) may[id].UnionWith(stated[id]);
        promised.UnionWith(stated.SelectMany(s => s).Select(l => l.ObservationId));

        ILookup<long, long> askers = may.SelectMany(m => m.Value.Select(l => (l.ObservationId, Reference: m.Key))).ToLookup(x => x.ObservationId, x => x.Reference);
        // A match does not wait behind what only promises a review.
        await Parallel.ForEachAsync(askers.OrderByDescending(a => promised.Contains(a.Key)), new ParallelOptions { MaxDegreeOfParallelism = options.ListingsAtOnce, CancellationToken = cancellationToken }, async (observation, token) =>
        {
            await screener.ScreenAsync(observation.Key, token);
            foreach (long id in observation) counts.AddOrUpdate(id, _ => throw new UnreachableException(), (_, c) => c with { Listings = c.Listings + 1 });
        });
        foreach (long id in batch.ReferenceIds) counts[id] = counts[id] with { Hits = await listings.HitsAsync(id, [.. may[id].Select(l => l.ListingId)], cancellationToken) };
        return true;
    }

    /// <summary>How many seen pictures were compared with a reference's, the listings that show one that may match, and the observations of which one promises to.</summary>
    private async Task<(int Compared, HashSet<SeenListing> Shown, IEnumerable<long> Promised)> ShownAsync(long referenceId, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        IReadOnlyList<GalleryImage> own = gallery.ImagesOf(referenceId);
        IReadOnlyDictionary<string, ImageFeatures> described = await features.Unkept.FindAsync([.. own.Select(i => i.Sha256)], cancellationToken);
        int compared = 0;
        HashSet<string> may = new(StringComparer.Ordinal), promised = new(StringComparer.Ordinal);
        foreach (GalleryImage image in own)
        {
            if (!described.TryGetValue(image.Sha256, out ImageFeatures? reference)) continue;
            ReverseAnswer answer = await search.AskAsync(image, reference, profile, cancellationToken);
            compared += answer.Compared;
            may.UnionWith(answer.MayMatch);
            promised.UnionWith(answer.MayMatch.Take(answer.PromisedMatches));
        }
        ILookup<string, SeenListing> shown = await listings.ShowingAsync(may, cancellationToken);
        return (compared, [.. shown.SelectMany(l => l)], promised.SelectMany(p => shown[p]).Select(l => l.ObservationId));
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Following;
using Touchstone.Screening.Hits;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Watches;
using Touchstone.Vision.Imaging;

namespace Touchstone.Screening.Searches;

/// <summary>What screening one listing gave, for the counters of a run.</summary>
/// <param name="Unchanged">A screening of the same content told it that was made before the run began.</param>
internal sealed record ListingResult(bool Unchanged, int Images, int ImagesDescribed, int Hits, Verdict Verdict);

/// <summary>
/// Takes an offer through the pipeline: fetches its pictures unless they are known, stores what was seen as an observation, screens it, stores the hits, and notes
/// with the run what it saw, and queues it to be compared with what is watched for. An observation that was screened with the same state of the registers and the same profile is not screened again. Safe for
/// concurrent use.
/// </summary>
public sealed class ListingScreener(
    IDbContextFactory<TouchstoneDb> databases,
    ObservationStore observations,
    SeenPictures seenPictures,
    ObservationScreener again,
    HitStore hits,
    ObservationTurns turns,
    WatchQueue watches,
    ScreeningPipeline pipeline,
    ScreeningOptions options,
    GalleryFollower follower,
    IBlobStore blobs,
    TimeProvider clock)
{
    private const int MostAttempts = 3;

    // A shop may exchange a picture under its URL; after this time it is fetched again.
    private static readonly TimeSpan PictureAge = TimeSpan.FromDays(7);

    /// <param name="fetch">Fetches the listing's pictures within the run's visit and budget.</param>
    internal async Task<ListingResult> ScreenAsync(ListingFacts facts, SeenPage page, PictureFetcher fetch, SearchTarget target, SearchRunRow run, CancellationToken cancellationToken)
    {
        (List<SeenImage> seen, List<ScreeningImage> pictures) = await PicturesAsync(facts, fetch, cancellationToken);
        ObservationRow observation = await observations.SaveAsync(facts, seen, page, cancellationToken);
        (bool isBehind, ListingResult result) = await ScreenAsync(facts, observation, seen, pictures, target, run, cancellationToken);
        if (isBehind && !result.Unchanged) await MeetAsync(observation.Id, cancellationToken);
        // By the run's start, not by what is stored: who is killed before this and repeats it queues it all the same.
        await watches.SightedAsync(observation.Id, observation.ListingId, observation.FirstSeenAt < run.StartedAt, cancellationToken);
        return result;
    }

    private async Task<(bool IsBehind, ListingResult Result)> ScreenAsync(
        ListingFacts facts, ObservationRow observation, List<SeenImage> seen, List<ScreeningImage> pictures, SearchTarget target, SearchRunRow run, CancellationToken cancellationToken)
    {
        using IDisposable turn = await turns.TakeAsync(observation.Id, cancellationToken);
        string input = ScreeningSubject.InputHashOf(observation.ContentHash, target.ReferenceId, follower.Status, await pipeline.ProfileIdAsync(cancellationToken));
        if (await hits.FindAsync(observation.Id, input, cancellationToken) is { } earlier)
        {
            bool isBehind = await SeenByAsync(run.Id, observation.Id, earlier, cancellationToken);
            // What this run screened itself, before its worker ended and another read the page again, is no less new.
            bool unchanged = earlier.ScreenedAt < run.StartedAt;
            return (isBehind, new ListingResult(unchanged, pictures.Count, 0, await HitsAsync(observation.ListingId, earlier, cancellationToken), earlier.Verdict));
        }
        ScreeningOutcome outcome = await pipeline.ScreenAsync(
            ScreeningInput.Of(facts, pictures) with { ReferenceId = target.ReferenceId, SearchedPicture = target.Picture },
            cancellationToken);
        // Now they are described. From here on who looks back finds the listing.
        await seenPictures.KeepAsync([.. seen.Select(s => s.Sha256).OfType<string>()], cancellationToken);
        ScreeningRow screening = await hits.SaveAsync(new ScreeningSubject(observation.Id, null, run.SearchId, input), outcome, cancellationToken);
        bool behind = await SeenByAsync(run.Id, observation.Id, screening, cancellationToken);
        return (behind, new ListingResult(Unchanged: false, outcome.Images.Count, outcome.Images.Count(i => i.DescribedNow), await HitsAsync(observation.ListingId, screening, cancellationToken), outcome.Verdict));
    }

    /// <summary>
    /// A reference that this screening did not know yet, and about which what was seen was asked before this listing could be found, would meet it only when it is
    /// crawled again: it is screened with it now.
    /// </summary>
    private async Task MeetAsync(long observationId, CancellationToken cancellationToken)
    {
        await follower.FollowAsync(null, cancellationToken);
        await again.ScreenAsync(observationId, cancellationToken);
    }

    /// <summary>The listing's pictures, as far as the limit goes; those beyond it are known by their addresses only.</summary>
    private async Task<(List<SeenImage> Seen, List<ScreeningImage> Pictures)> PicturesAsync(ListingFacts facts, PictureFetcher fetch, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyDictionary<string, SeenImage> known = await observations.KnownImagesAsync(facts.Url, cancellationToken);
        var seen = new List<SeenImage>();
        var pictures = new List<ScreeningImage>();
        foreach (string url in facts.Images)
        {
            bool full = pictures.Sum(static p => (long)p.Bytes.Length) >= options.BytesPerListing;
            if (full || seen.Count >= options.PicturesPerListing)
            {
                seen.Add(new SeenImage(url, null, null, null));
                pictures.Add(new ScreeningImage(url, default, full ? $"The pictures before it have {options.BytesPerListing >> 20} MiB together." : null));
                continue;
            }
            if (known.TryGetValue(url, out SeenImage? earlier) && earlier.FetchedAt > now - PictureAge && await KeptAsync(earlier, cancellationToken) is { } kept)
            {
                seen.Add(earlier);
                pictures.Add(kept);
                continue;
            }
            FetchOutcome outcome = await fetch(url, cancellationToken);
            string? failure = outcome.Failure is null ? null : $"{outcome.Failure}{(outcome.Status > 0 ? $" {outcome.Status}" : "")}: {outcome.Detail}";
            bool isPicture = ImageFormats.Sniff(outcome.Body.Span) != ImageFormat.Unknown;
            // What begins like no picture is none, whatever its name: a shop could fill the store with it.
            if (failure is null && !isPicture) failure = $"It is no picture: {outcome.Body.Length} bytes that begin like no picture format that is read.";
            seen.Add(new SeenImage(url, failure is null ? await blobs.PutAsync(outcome.Body, cancellationToken) : null, failure, now));
            pictures.Add(new ScreeningImage(url, failure is null ? outcome.Body : default, failure) { Missing = outcome.Failure is null && !isPicture ? UndeterminedReason.ImageNotDecoded : UndeterminedReason.ImageNotFetched });
        }
        return (seen, pictures);
    }

    /// <summary>A picture that was fetched before, with its bytes or why they were erased; null where they are to be fetched again.</summary>
    private async Task<ScreeningImage?> KeptAsync(SeenImage earlier, CancellationToken cancellationToken)
    {
        if (await blobs.GetAsync(earlier.Sha256!, cancellationToken) is { } bytes) return new ScreeningImage(earlier.Url, bytes);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await ErasedBlobs.WhyAsync(db, earlier.Sha256!, cancellationToken) is { } why ? new ScreeningImage(earlier.Url, default, why) : null;
    }

    /// <summary>How many of the screening's matches are hits: one whose right has expired may be none.</summary>
    private async Task<int> HitsAsync(long listingId, ScreeningRow screening, CancellationToken cancellationToken)
    {
        long[] matched = [.. screening.Matches.Select(m => m.ReferenceId)];
        if (matched.Length == 0) return 0;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Hits.CountAsync(h => h.ListingId == listingId && matched.Contains(h.ReferenceId), cancellationToken);
    }

    /// <summary>
    /// Notes with the run what it saw. A listing that several pages of a shop show is noted once, with its last screening. Gives whether it was looked back for a reference that the screening
    /// did not know yet.
    /// </summary>
    private async Task<bool> SeenByAsync(long runId, long observationId, ScreeningRow screening, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            var known = await db.SearchRuns.Where(r => r.Id == runId).Select(r => new
            {
                IsNoted = db.RunObservations.Any(o => o.RunId == r.Id && o.ObservationId == observationId),
                IsBehind = db.LookBacks.Any(l => l.ChangeNumber > screening.GallerySequence),
            }).SingleAsync(cancellationToken);
            var row = new RunObservationRow { RunId = runId, ObservationId = observationId, ScreeningId = screening.Id, SeenAt = now };
            if (known.IsNoted) db.RunObservations.Update(row);
            else db.RunObservations.Add(row);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return known.IsBehind;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another task of the run noted the same observation first; the next turn finds its row.
            }
        }
    }
}

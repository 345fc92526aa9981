using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Following;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>
/// Screens a listing as it was last seen, from what is kept of it and without the network, as a search of every reference would: the same pictures, facts, recipe and
/// rivals. What was screened with the same state of the registers and the same profile is not screened again. Safe for concurrent use.
/// </summary>
public sealed class ObservationScreener(
    IDbContextFactory<TouchstoneDb> databases, HitStore hits, ObservationTurns turns, ScreeningPipeline pipeline, ScreeningOptions options, GalleryFollower follower, IBlobStore blobs, TimeProvider clock)
{
    /// <summary>The screening of the observation by the present state, made now unless it is there.</summary>
    public async Task<ScreeningRow> ScreenAsync(long observationId, CancellationToken cancellationToken)
    {
        ObservationRow observation;
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
            observation = await db.Observations.AsNoTracking().Include(o => o.Listing).Include(o => o.Images.OrderBy(i => i.Position)).Include(o => o.Variants.OrderBy(v => v.Position)).AsSplitQuery().FirstAsync(o => o.Id == observationId, cancellationToken);
        using IDisposable turn = await turns.TakeAsync(observationId, cancellationToken);
        string input = ScreeningSubject.InputHashOf(observation.ContentHash, null, follower.Status, await pipeline.ProfileIdAsync(cancellationToken));
        if (await hits.FindAsync(observationId, input, cancellationToken) is { } earlier) return earlier;
        var pictures = new List<ScreeningImage>();
        foreach (ObservationImageRow image in observation.Images) pictures.Add(await PictureAsync(image, pictures.Sum(static p => (long)p.Bytes.Length), cancellationToken));
        ScreeningOutcome outcome = await pipeline.ScreenAsync(ScreeningInput.Of(ObservationStore.FactsOf(observation), pictures), cancellationToken);
        return await hits.SaveAsync(new ScreeningSubject(observationId, null, null, input) { LookedBackAt = clock.GetUtcNow() }, outcome, cancellationToken);
    }

    private async Task<ScreeningImage> PictureAsync(ObservationImageRow image, long held, CancellationToken cancellationToken)
    {
        if (image.ImageSha256 is not { } sha256) return new ScreeningImage(image.Url, default, image.Failure);
        if (held >= options.BytesPerListing) return new ScreeningImage(image.Url, default, $"The pictures before it have {options.BytesPerListing >> 20} MiB together.");
        if (await blobs.GetAsync(sha256, cancellationToken) is { } bytes) return new ScreeningImage(image.Url, bytes);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return new ScreeningImage(image.Url, default, await ErasedBlobs.WhyAsync(db, sha256, cancellationToken) ?? "The picture is not in the store.");
    }
}

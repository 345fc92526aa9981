using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>
/// The pictures of removed offers in the same indexes as references', and kept at the state of the database by their numbers: what is seen is recognised among them as a listing is among
/// references. Pictures of offers of one reference are that reference's. What nobody has described in the present form becomes a job that one node does for all. Safe for concurrent use.
/// </summary>
public sealed class WatchGallery : IDisposable
{
    private const int NumbersAtOnce = 5_000, PicturesAtOnce = 64;

    // Its offer is a product, whatever register it was found by.
    private const ReferenceKind Shown = ReferenceKind.Alert;

    private readonly IDbContextFactory<TouchstoneDb> databases;
    private readonly FeatureStore features;
    private readonly ImageJobs jobs;
    private readonly ILogger<WatchGallery> log;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly Dictionary<long, GalleryImage> waiting = [];
    private long number;

    internal WatchGallery(ReferenceGallery pictures, IDbContextFactory<TouchstoneDb> databases, FeatureStore features, ImageJobs jobs, ILogger<WatchGallery> log) =>
        (Pictures, this.databases, this.features, this.jobs, this.log) = (pictures, databases, features, jobs, log);

    /// <summary>The indexes, to be asked and merged. A reference is a register's, an image a row of <see cref="WatchPictureRow"/>.</summary>
    public ReferenceGallery Pictures { get; }

    /// <summary>Whether the picture of a first look comes so near to a watched one that it is to be looked at closer.</summary>
    public bool AsksForMore(ImageFeatures look, EarlyExit exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        return Pictures.Count > 0 && Pictures.Nearest(look) is var near && exit.AsksForMore(near.Things, near.Marks);
    }

    /// <summary>Pictures that wait to be described, of an earlier model or form.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Takes over every picture that began or ended to be watched before the call, as far as it is described.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            await TakeAsync([.. waiting.Values], cancellationToken);
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            while (true)
            {
                var rows = await db.WatchPictures.AsNoTracking().Where(p => p.Number > number).OrderBy(p => p.Number).Take(NumbersAtOnce)
                    .Select(p => new { p.Id, p.Number, p.ImageSha256, p.Watch!.ReferenceId, Stands = p.Watch.EndedAt == null }).ToListAsync(cancellationToken);
                if (rows.Count == 0) return;
                foreach (var row in rows.Where(r => !r.Stands))
                {
                    Pictures.Remove(row.Id);
                    waiting.Remove(row.Id);
                }
                await TakeAsync([.. rows.Where(r => r.Stands && !Pictures.Contains(r.Id, r.ImageSha256)).Select(r => new GalleryImage(r.Id, r.ReferenceId, Shown, r.ImageSha256))], cancellationToken);
                number = rows[^1].Number;
            }
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        Pictures.Dispose();
        one.Dispose();
    }

    private async Task TakeAsync(GalleryImage[] missing, CancellationToken cancellationToken)
    {
        foreach (GalleryImage[] part in missing.Chunk(PicturesAtOnce))
        {
            IReadOnlyDictionary<string, ReadOutcome> described = await features.FindReadAsync([.. part.Select(p => p.Sha256).Distinct(StringComparer.Ordinal)], cancellationToken);
            string[] unread = [.. part.Select(p => p.Sha256).Distinct(StringComparer.Ordinal).Where(s => !described.ContainsKey(s))];
            IReadOnlyDictionary<string, string> failures = unread.Length == 0 ? new Dictionary<string, string>() : await jobs.FailuresAsync(ImageJobKind.Describe, unread, cancellationToken);
            foreach (GalleryImage picture in part)
            {
                waiting.Remove(picture.ReferenceImageId);
                // What cannot be described is found by nothing, here as in a search.
                if (described.TryGetValue(picture.Sha256, out ReadOutcome? outcome)) Put(picture, outcome.Image);
                else if (failures.TryGetValue(picture.Sha256, out string? failure)) log.LogInformation("The watched picture {Picture} is not searched: {Failure}", picture.Sha256, failure);
                else waiting[picture.ReferenceImageId] = picture;
            }
            await jobs.QueueAsync(ImageJobKind.Describe, [.. unread.Where(s => !failures.ContainsKey(s))], cancellationToken);
        }
    }

    private void Put(GalleryImage picture, ImageFeatures? described)
    {
        if (described is not null) Pictures.Put(picture, described);
    }
}

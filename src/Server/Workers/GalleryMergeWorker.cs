using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Watches;

namespace Touchstone.Server.Workers;

/// <summary>Merges the gallery of references.</summary>
internal sealed class GalleryMergeWorker(ReferenceGallery gallery, GalleryOptions options, FeatureStore features, GalleryMetrics metrics, TimeProvider clock, ILogger<GalleryMergeWorker> logger)
    : MergeWorker(gallery, options, features, metrics, clock, logger);

/// <summary>Merges the index of what was seen.</summary>
internal sealed class SeenMergeWorker(SeenGallery seen, GalleryOptions options, FeatureStore features, GalleryMetrics metrics, TimeProvider clock, ILogger<SeenMergeWorker> logger)
    : MergeWorker(seen.Pictures, options, features, metrics, clock, logger);

/// <summary>Merges the index of removed offers' pictures.</summary>
internal sealed class WatchMergeWorker(WatchGallery watched, GalleryOptions options, FeatureStore features, GalleryMetrics metrics, TimeProvider clock, ILogger<WatchMergeWorker> logger)
    : MergeWorker(watched.Pictures, options, features, metrics, clock, logger);

/// <summary>Writes what came to a gallery into its memory-mapped generation, whenever enough has come to pay for it, beside the searches.</summary>
internal abstract partial class MergeWorker(ReferenceGallery gallery, GalleryOptions options, FeatureStore features, GalleryMetrics metrics, TimeProvider clock, ILogger logger) : BackgroundService
{
    // A merge writes the gallery whole: a full disk is not filled again every other second.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (gallery.Fault is { } fault) GenerationUnusable(fault);
        int before = -1;
        using var timer = new PeriodicTimer(options.MergeEvery, clock);
        while (await timer.NextAsync(stoppingToken))
        {
            // A register that is being taken in is merged once it is in, rather than ten times on the way.
            bool grows = gallery.Unmerged != before;
            before = gallery.Unmerged;
            if (grows || !gallery.IsMergeDue) continue;
            long started = clock.GetTimestamp();
            try
            {
                if (!await gallery.MergeAsync(features.Unkept, stoppingToken)) continue;
                timer.Period = options.MergeEvery;
                metrics.Merged(clock.GetElapsedTime(started), failed: false);
                Merged(gallery.Count, gallery.Unmerged);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Nothing is lost: what could not be merged stays in memory. A full disk or a database that is away for a while ends neither this nor the server.
                timer.Period = PauseAfterFailure;
                metrics.Merged(clock.GetElapsedTime(started), failed: true);
                NotMerged(e);
            }
        }
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "The gallery was merged: {Images} pictures, {Unmerged} of them came meanwhile")]
    private partial void Merged(int images, int unmerged);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "The gallery could not be merged; it is searched from memory and tried again in a minute")]
    private partial void NotMerged(Exception exception);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "The gallery's files cannot be used, and its pictures are taken from the database: {Fault}")]
    private partial void GenerationUnusable(string fault);
}

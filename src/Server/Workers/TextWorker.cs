using Touchstone.Screening.Screenings;

namespace Touchstone.Server.Workers;

/// <summary>
/// Reads the texts of the reference pictures in the background; what was read is stored. Begins when the gallery is ready, so that it does not take
/// the processor from the pictures that are being described.
/// </summary>
internal sealed class TextWorker(GalleryFollower follower, ReferenceTextReader texts, TimeProvider clock, ILogger<TextWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                if (!follower.Status.Ready) continue;
                int done = await texts.ReadPendingAsync(null, stoppingToken);
                if (done > 0) logger.LogInformation("Took over the texts of {Count} reference pictures.", done);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What was being read is read at the next start.
                return;
            }
            catch (Exception e)
            {
                logger.LogError(e, "The texts of reference pictures could not be read; it is tried again.");
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }
}

using Touchstone.Screening.Screenings;

namespace Touchstone.Server.Workers;

/// <summary>Keeps this node's gallery at the state of the registers: a changed reference is searchable within a second.</summary>
internal sealed class GalleryWorker(GalleryFollower follower, TimeProvider clock, ILogger<GalleryWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await follower.RefreshAsync(null, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "The gallery could not follow the registers; it is tried again.");
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }
}

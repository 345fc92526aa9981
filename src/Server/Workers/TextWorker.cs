using Touchstone.Screening.Screenings;

namespace Touchstone.Server.Workers;

/// <summary>Reads the texts of the reference pictures in the background, as the gallery takes them over; what was read is stored.</summary>
internal sealed class TextWorker(ReferenceTextReader texts, TimeProvider clock, ILogger<TextWorker> logger) : BackgroundService
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

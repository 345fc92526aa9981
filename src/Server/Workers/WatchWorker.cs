using Touchstone.Screening.Watches;

namespace Touchstone.Server.Workers;

/// <summary>Compares what was seen with offers that were removed.</summary>
internal sealed partial class WatchWorker(WatchRunner runner, TimeProvider clock, ILogger<WatchWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string name = WorkerSetup.NameOf("watches");
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                while (await runner.RunNextAsync(name, stoppingToken))
                {
                    // The next one at once.
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NotDone(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2161, Level = LogLevel.Error, Message = "What was seen could not be compared with removed offers; it is tried again.")]
    private partial void NotDone(Exception exception);
}

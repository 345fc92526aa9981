using Touchstone.Screening.Watches;

namespace Touchstone.Server.Workers;

/// <summary>Compares what was seen with offers that were removed.</summary>
internal sealed partial class WatchWorker(WatchRunner runner, TimeProvider clock, ILogger<WatchWorker> logger) : RepeatingWorker(TimeSpan.FromSeconds(1), clock)
{
    private static readonly string Worker = WorkerSetup.NameOf("watches");

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        while (await runner.RunNextAsync(Worker, stoppingToken))
        {
            // The next one at once.
        }
    }

    [LoggerMessage(EventId = 2161, Level = LogLevel.Error, Message = "What was seen could not be compared with removed offers; it is tried again.")]
    protected override partial void Failed(Exception exception);
}

using Touchstone.Screening.Watches;

namespace Touchstone.Server.Workers;

/// <summary>Keeps the pictures of removed offers on a node of the gate, whose pictures are looked at closer where they come near one.</summary>
internal sealed partial class WatchFollowWorker(WatchGallery gallery, TimeProvider clock, ILogger<WatchFollowWorker> logger) : RepeatingWorker(TimeSpan.FromSeconds(5), clock)
{
    protected override Task DoDueAsync(CancellationToken stoppingToken) => gallery.FollowAsync(stoppingToken);

    [LoggerMessage(EventId = 2162, Level = LogLevel.Error, Message = "The pictures of removed offers could not be followed; it is tried again.")]
    protected override partial void Failed(Exception exception);
}

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

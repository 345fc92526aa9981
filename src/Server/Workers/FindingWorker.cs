using Touchstone.Screening.Finding;

namespace Touchstone.Server.Workers;

/// <summary>Looks for shops on the web where somebody asked for it.</summary>
internal sealed partial class FindingWorker(FindingRunner runner, TimeProvider clock, ILogger<FindingWorker> logger) : RepeatingWorker(TimeSpan.FromSeconds(1), clock)
{
    private static readonly string Worker = WorkerSetup.NameOf("finding");

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        while (await runner.RunNextAsync(Worker, stoppingToken) is not null)
        {
            // The next one at once.
        }
    }

    [LoggerMessage(EventId = 2167, Level = LogLevel.Error, Message = "Shops could not be looked for; the next finding is tried.")]
    protected override partial void Failed(Exception exception);
}

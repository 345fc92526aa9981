using Touchstone.Screening.Searches;

namespace Touchstone.Server.Workers;

/// <summary>Runs queued searches, one after the other. A node has several of these.</summary>
/// <param name="name">In leases.</param>
internal sealed partial class SearchWorker(string name, SearchRunner runner, TimeProvider clock, ILogger<SearchWorker> logger) : RepeatingWorker(TimeSpan.FromSeconds(1), clock)
{
    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && await runner.RunNextAsync(name, null, null, stoppingToken) is not null)
        {
            // The next one may be waiting.
        }
    }

    [LoggerMessage(EventId = 2181, Level = LogLevel.Error, Message = "A search could not be run; the next one is tried")]
    protected override partial void Failed(Exception exception);
}

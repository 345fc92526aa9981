using Touchstone.Screening.References;

namespace Touchstone.Server.Workers;

/// <summary>Takes in the files that people gave, and downloads registers when they are due.</summary>
internal sealed partial class ImportWorker(ImportJobs jobs, TimeProvider clock, ILogger<ImportWorker> logger) : RepeatingWorker(TimeSpan.FromSeconds(1), clock)
{
    private static readonly TimeSpan ScheduleEvery = TimeSpan.FromSeconds(20);
    private static readonly string Worker = WorkerSetup.NameOf("imports");

    private long looked;

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        if (looked == 0 || Clock.GetElapsedTime(looked) >= ScheduleEvery)
        {
            looked = Clock.GetTimestamp();
            if (await jobs.QueueDueAsync(stoppingToken) is var queued and > 0) Queued(queued);
        }
        while (await jobs.RunNextAsync(Worker, stoppingToken))
        {
            // What came meanwhile is taken at once.
        }
    }

    [LoggerMessage(EventId = 2141, Level = LogLevel.Information, Message = "Queued {Count} registers whose download is due")]
    private partial void Queued(int count);

    [LoggerMessage(EventId = 2142, Level = LogLevel.Error, Message = "Imports could not be worked on; it is tried again.")]
    protected override partial void Failed(Exception exception);
}

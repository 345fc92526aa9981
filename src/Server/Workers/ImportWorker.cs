using Touchstone.Screening.References;

namespace Touchstone.Server.Workers;

/// <summary>Takes in the files that people gave, and downloads registers when they are due.</summary>
internal sealed partial class ImportWorker(ImportJobs jobs, TimeProvider clock, ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ScheduleEvery = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string name = WorkerSetup.NameOf("imports");
        long looked = 0;
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                if (looked == 0 || clock.GetElapsedTime(looked) >= ScheduleEvery)
                {
                    looked = clock.GetTimestamp();
                    if (await jobs.QueueDueAsync(stoppingToken) is var queued and > 0) Queued(queued);
                }
                while (await jobs.RunNextAsync(name, stoppingToken))
                {
                    // What came meanwhile is taken at once.
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
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

    [LoggerMessage(EventId = 2141, Level = LogLevel.Information, Message = "Queued {Count} registers whose download is due")]
    private partial void Queued(int count);

    [LoggerMessage(EventId = 2142, Level = LogLevel.Error, Message = "Imports could not be worked on; it is tried again.")]
    private partial void NotDone(Exception exception);
}

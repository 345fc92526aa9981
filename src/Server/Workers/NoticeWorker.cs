using Touchstone.Screening.Notices;

namespace Touchstone.Server.Workers;

/// <summary>Fetches the links of notices again when they are due.</summary>
internal sealed partial class NoticeWorker(OutcomeChecks checks, TimeProvider clock, ILogger<NoticeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                if (await checks.RunDueAsync(WorkerSetup.NameOf("notices"), stoppingToken) is > 0 and var links) Checked(links);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NotChecked(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2161, Level = LogLevel.Information, Message = "Links of notices were fetched again: {Links}")]
    private partial void Checked(int links);

    [LoggerMessage(EventId = 2162, Level = LogLevel.Error, Message = "The links of notices could not be fetched again; it is tried again in a minute")]
    private partial void NotChecked(Exception exception);
}

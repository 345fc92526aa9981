using Touchstone.Screening.Notices;

namespace Touchstone.Server.Workers;

/// <summary>Fetches the links of notices again when they are due.</summary>
internal sealed partial class NoticeWorker(OutcomeChecks checks, TimeProvider clock, ILogger<NoticeWorker> logger) : RepeatingWorker(TimeSpan.FromMinutes(1), clock)
{
    private static readonly string Worker = WorkerSetup.NameOf("notices");

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        if (await checks.RunDueAsync(Worker, stoppingToken) is > 0 and var links) Checked(links);
    }

    [LoggerMessage(EventId = 2165, Level = LogLevel.Information, Message = "Links of notices were fetched again: {Links}")]
    private partial void Checked(int links);

    [LoggerMessage(EventId = 2166, Level = LogLevel.Error, Message = "The links of notices could not be fetched again; it is tried again in a minute")]
    protected override partial void Failed(Exception exception);
}

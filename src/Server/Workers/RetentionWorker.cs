using Touchstone.Screening.Retention;

namespace Touchstone.Server.Workers;

/// <summary>Lets go what need not be kept, once an hour; within a day it has looked at everything that is stored.</summary>
internal sealed partial class RetentionWorker(RetentionJob job, RetentionOptions options, TimeProvider clock, ILogger<RetentionWorker> logger)
    // The first time after a while, so that a node that starts and stops deletes nothing on its way.
    : RepeatingWorker(options.Every, clock, startsAtOnce: false)
{
    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        foreach (RetentionLine line in await job.RunShareAsync(stoppingToken))
            if (line.Rows > 0) Deleted(line.Rows, line.Table, line.Kept);
    }

    [LoggerMessage(EventId = 2121, Level = LogLevel.Information, Message = "Deleted {Rows} of {Table}: kept {Kept}")]
    private partial void Deleted(long rows, string table, string kept);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Error, Message = "The retention rules could not be applied; it is tried again in an hour")]
    protected override partial void Failed(Exception exception);
}

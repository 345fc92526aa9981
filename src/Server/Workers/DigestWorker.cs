using Touchstone.Screening.Weekly;

namespace Touchstone.Server.Workers;

/// <summary>Writes the messages of weeks and days that ended.</summary>
internal sealed partial class DigestWorker(DigestRunner runner, TimeProvider clock, ILogger<DigestWorker> logger) : RepeatingWorker(TimeSpan.FromMinutes(5), clock)
{
    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        if (await runner.RunAsync(stoppingToken) is > 0 and int written) Written(written);
    }

    [LoggerMessage(EventId = 2171, Level = LogLevel.Information, Message = "{Count} messages of what came were written")]
    private partial void Written(int count);

    [LoggerMessage(EventId = 2172, Level = LogLevel.Error, Message = "The messages of what came could not be written; it is tried again")]
    protected override partial void Failed(Exception exception);
}

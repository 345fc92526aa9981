using Touchstone.Screening.Weekly;

namespace Touchstone.Server.Workers;

/// <summary>Writes the messages of weeks and days that ended.</summary>
internal sealed partial class DigestWorker(DigestRunner runner, TimeProvider clock, ILogger<DigestWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                if (await runner.RunAsync(stoppingToken) is > 0 and int written) Written(written);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NotWritten(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2171, Level = LogLevel.Information, Message = "{Count} messages of what came were written")]
    private partial void Written(int count);

    [LoggerMessage(EventId = 2172, Level = LogLevel.Error, Message = "The messages of what came could not be written; it is tried again")]
    private partial void NotWritten(Exception exception);
}

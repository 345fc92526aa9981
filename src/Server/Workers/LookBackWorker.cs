using Touchstone.Screening.LookBacks;

namespace Touchstone.Server.Workers;

/// <summary>Keeps this node's index of what was seen, and asks it about references that came in or changed.</summary>
internal sealed partial class LookBackWorker(LookBackRunner runner, SeenFollower seen, TimeProvider clock, ILogger<LookBackWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string name = WorkerSetup.NameOf("look-backs");
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await seen.FollowAsync(stoppingToken);
                while (await runner.RunSomeAsync(name, stoppingToken) is var answered and > 0) Answered(answered);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What was being asked is asked by another node, or at the next start.
                return;
            }
            catch (Exception e)
            {
                NotDone(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2151, Level = LogLevel.Information, Message = "What was seen was asked about {Count} references that came in or changed")]
    private partial void Answered(int count);

    [LoggerMessage(EventId = 2152, Level = LogLevel.Error, Message = "What was seen could not be asked; it is tried again.")]
    private partial void NotDone(Exception exception);
}

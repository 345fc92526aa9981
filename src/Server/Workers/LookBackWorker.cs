using Touchstone.Screening.LookBacks;

namespace Touchstone.Server.Workers;

/// <summary>Keeps this node's index of what was seen, and asks it about references that came in or changed, and about offers that are watched for since.</summary>
internal sealed partial class LookBackWorker(LookBackRunner runner, SeenFollower seen, WatchLookBack watches, TimeProvider clock, ILogger<LookBackWorker> logger) : RepeatingWorker(TimeSpan.FromSeconds(1), clock)
{
    private static readonly string Worker = WorkerSetup.NameOf("look-backs");

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        await seen.FollowAsync(stoppingToken);
        while (await runner.RunSomeAsync(Worker, stoppingToken) is var answered and > 0) Answered(answered);
        // Some in each turn: however many wait, and whatever is wrong with one, no reference waits for them.
        await watches.RunSomeAsync(stoppingToken);
    }

    [LoggerMessage(EventId = 2151, Level = LogLevel.Information, Message = "What was seen was asked about {Count} references that came in or changed")]
    private partial void Answered(int count);

    [LoggerMessage(EventId = 2152, Level = LogLevel.Error, Message = "What was seen could not be asked; it is tried again.")]
    protected override partial void Failed(Exception exception);
}

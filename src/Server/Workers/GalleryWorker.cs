using Touchstone.Screening.Following;

namespace Touchstone.Server.Workers;

/// <summary>Keeps this node's gallery at the state of the registers: a changed reference is searchable within a second. A long load tells how far it is.</summary>
internal sealed partial class GalleryWorker(GalleryFollower follower, ReferenceSignal signal, TimeProvider clock, ILogger<GalleryWorker> logger) : RepeatingWorker(ReferenceSignal.Interval, clock), IProgress<GalleryStatus>
{
    private static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(10);

    private long told;

    /// <summary>Logs how far a load is, from the first picture on and no more often than people read.</summary>
    public void Report(GalleryStatus value)
    {
        if (value.Load is not { Done: > 0 } load || (told != 0 && Clock.GetElapsedTime(told) < ToldEvery)) return;
        told = Clock.GetTimestamp();
        Loading(load);
    }

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        // The signal is the pause between two looks; that of the worker follows a failure.
        while (true)
        {
            await follower.FollowAsync(this, stoppingToken);
            await signal.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(EventId = 2111, Level = LogLevel.Information, Message = "{Load}")]
    private partial void Loading(GalleryLoad load);

    [LoggerMessage(EventId = 2112, Level = LogLevel.Error, Message = "The gallery could not follow the registers; it is tried again.")]
    protected override partial void Failed(Exception exception);
}

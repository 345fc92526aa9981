using Touchstone.Screening.Following;

namespace Touchstone.Server.Workers;

/// <summary>Keeps this node's gallery at the state of the registers: a changed reference is searchable within a second. A long load tells how far it is.</summary>
internal sealed partial class GalleryWorker(GalleryFollower follower, ReferenceSignal signal, TimeProvider clock, ILogger<GalleryWorker> logger) : BackgroundService, IProgress<GalleryStatus>
{
    private static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(10);

    private long told;

    /// <summary>Logs how far a load is, from the first picture on and no more often than people read.</summary>
    public void Report(GalleryStatus value)
    {
        if (value.Load is not { Done: > 0 } load || (told != 0 && clock.GetElapsedTime(told) < ToldEvery)) return;
        told = clock.GetTimestamp();
        Loading(load);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await follower.FollowAsync(this, stoppingToken);
                await signal.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NotFollowed(e);
                await Task.Delay(ReferenceSignal.Interval, clock, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    [LoggerMessage(EventId = 2111, Level = LogLevel.Information, Message = "{Load}")]
    private partial void Loading(GalleryLoad load);

    [LoggerMessage(EventId = 2112, Level = LogLevel.Error, Message = "The gallery could not follow the registers; it is tried again.")]
    private partial void NotFollowed(Exception exception);
}

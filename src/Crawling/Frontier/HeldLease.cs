using Microsoft.Extensions.Logging;

namespace Touchstone.Crawling.Frontier;

/// <summary>
/// Does work under a lease that others respect only while it is renewed: renews it meanwhile, and stops the work when the lease was lost, or could not be
/// renewed in time and another worker may soon take it. Safe for concurrent use.
/// </summary>
public static class HeldLease
{
    /// <summary>Returns true if the work ended under the lease, false if it was stopped because the lease was lost. Throws what the work throws.</summary>
    /// <param name="leaseTime">How long the lease holds from its beginning, and from each renewal.</param>
    /// <param name="renew">Renews the lease; false: it is lost. What it throws, or that it takes too long, is tried again while the lease still holds.</param>
    /// <param name="work">Stops when its token is cancelled.</param>
    public static async Task<bool> RunAsync(
        TimeSpan leaseTime, Func<CancellationToken, Task<bool>> renew, Func<CancellationToken, Task> work, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> holding = HoldAsync(leaseTime, renew, time, log, ended.Token);
        Task stopping = holding.ContinueWith(x => x.Result ? Task.CompletedTask : lost.CancelAsync(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();
        try
        {
            await work(lost.Token);
            return true;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await ended.CancelAsync();
            await stopping;
        }
    }

    /// <summary>False when the lease was lost; true when nobody needs it any more.</summary>
    private static async Task<bool> HoldAsync(TimeSpan leaseTime, Func<CancellationToken, Task<bool>> renew, TimeProvider time, ILogger log, CancellationToken ended)
    {
        TimeSpan pause = leaseTime / 4;
        DateTimeOffset until = time.GetUtcNow() + leaseTime;
        while (true)
        {
            await Task.Delay(pause, time, ended).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (ended.IsCancellationRequested) return true;
            DateTimeOffset asked = time.GetUtcNow();
            try
            {
                if (!await renew(ended).WaitAsync(pause, time, ended)) return ended.IsCancellationRequested;
                until = asked + leaseTime;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return true;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Where the next try would come too late, another worker might begin before this one has stopped.
                if (time.GetUtcNow() + pause >= until)
                {
                    log.LogError(e, "A lease could not be renewed in {Seconds} s; the work under it is stopped", leaseTime.TotalSeconds);
                    return false;
                }
                log.LogWarning(e, "A lease could not be renewed; it is tried again");
            }
        }
    }
}

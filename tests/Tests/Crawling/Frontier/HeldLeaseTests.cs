using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Frontier;

/// <summary>Work goes on exactly as long as its lease holds.</summary>
public sealed class HeldLeaseTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private readonly ManualClock _clock = new();
    private readonly SemaphoreSlim _asked = new(0);

    public void Dispose() => _asked.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<bool> RunAsync(Func<int, bool> renew, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        int count = 0;
        return HeldLease.RunAsync(
            Lease,
            _ =>
            {
                try
                {
                    return Task.FromResult(renew(++count));
                }
                finally
                {
                    _asked.Release();
                }
            },
            work, _clock, NullLogger.Instance, cancellationToken);
    }

    /// <summary>Moves the clock to the next renewals, one after the other; the timer of one is set when that before it was answered.</summary>
    private async Task PassAsync(int renewals)
    {
        for (int i = 0; i < renewals; i++)
        {
            while (!await _asked.WaitAsync(TimeSpan.FromMilliseconds(20), Token)) _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static Task ForeverAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    [Fact]
    public async Task Work_that_ends_under_its_lease_is_done_and_a_failure_is_its_own()
    {
        TaskCompletionSource finish = new();
        Task<bool> run = RunAsync(_ => true, _ => finish.Task, Token);
        await PassAsync(6);
        finish.SetResult();
        Assert.True(await run.WaitAsync(Eventually.Patience, Token));
        await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync(_ => true, _ => throw new InvalidDataException(), Token));
    }

    [Fact]
    public async Task A_lost_lease_stops_the_work()
    {
        Task<bool> run = RunAsync(n => n < 3, ForeverAsync, Token);
        await PassAsync(3);
        Assert.False(await run.WaitAsync(Eventually.Patience, Token));
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_and_one_that_keeps_failing_stops_the_work_before_the_lease_ends()
    {
        DateTimeOffset renewed = default;
        Task<bool> run = RunAsync(
            n =>
            {
                if (n is 2 or > 3) throw new IOException("the database is away");
                renewed = _clock.GetUtcNow();
                return true;
            },
            ForeverAsync, Token);
        await PassAsync(3);
        Assert.False(run.IsCompleted);
        while (!run.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(20), Token));
        }
        Assert.False(await run);
        Assert.InRange(_clock.GetUtcNow() - renewed, TimeSpan.FromSeconds(30), Lease);
    }

    [Fact]
    public async Task A_cancelled_caller_hears_of_it()
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<bool> run = RunAsync(_ => true, ForeverAsync, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}

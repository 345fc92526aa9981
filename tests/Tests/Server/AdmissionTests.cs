using Touchstone.Server.Api;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

public sealed class AdmissionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly ManualClock clock = new();
    private readonly Admission house;

    public AdmissionTests() => house = new Admission(2, Admission.LongestScreening, clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => house.Dispose();

    [Fact]
    public async Task More_than_can_be_screened_in_time_are_refused_at_once_and_told_when_to_come_again()
    {
        // A screening takes a second here.
        for (int i = 0; i < 60; i++) await ScreenAsync(TimeSpan.FromSeconds(1));
        List<Admission.Visit> visits = [];
        BusyException? refused = null;
        while (refused is null && visits.Count < 100)
        {
            try
            {
                visits.Add(house.Enter(Patience));
            }
            catch (BusyException e)
            {
                refused = e;
            }
        }
        // Two are served, and the third and fourth wait up to a second.
        Assert.InRange(visits.Count, 4, 5);
        Assert.InRange(refused!.RetryAfter.TotalSeconds, 1, 3);
        foreach (Admission.Visit visit in visits) visit.Dispose();
        using Admission.Visit next = house.Enter(Patience);
    }

    [Fact]
    public async Task A_slow_time_does_not_shut_the_door_for_ever()
    {
        for (int i = 0; i < 60; i++) await ScreenAsync(TimeSpan.FromMinutes(1));
        using Admission.Visit one = house.Enter(Patience);
        using Admission.Visit other = house.Enter(Patience);
        Assert.Throws<BusyException>(() => house.Enter(Patience));
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused_and_who_is_gone_is_dropped_without_a_screening()
    {
        var end = new TaskCompletionSource();
        Task[] served = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => HoldAsync(end.Task), Stop))];
        while (Volatile.Read(ref holding) < 2) await Task.Yield();
        int screened = 0;
        Task<int> Wait(CancellationToken token) => Visiting(house.Enter(Patience), token);
        async Task<int> Visiting(Admission.Visit visit, CancellationToken token)
        {
            using (visit) return await visit.RunAsync(_ => Task.FromResult(++screened), token);
        }

        using var gone = new CancellationTokenSource();
        Task<int> patient = Wait(Stop), leaving = Wait(gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        clock.Advance(Patience);
        await Assert.ThrowsAsync<BusyException>(() => patient);
        end.SetResult();
        await Task.WhenAll(served);
        Assert.Equal(0, screened);
    }

    [Fact]
    public void Bodies_that_would_not_fit_into_memory_together_are_refused()
    {
        List<Admission.Visit> visits = [.. Enumerable.Range(0, 6).Select(_ => house.Enter(TimeSpan.FromMinutes(1)))];
        foreach (Admission.Visit visit in visits.Take(5)) visit.Hold(48 << 20);
        Assert.Throws<BusyException>(() => visits[5].Hold(48 << 20));
        visits[0].Dispose();
        visits[5].Hold(48 << 20);
        foreach (Admission.Visit visit in visits) visit.Dispose();
    }

    private int holding;

    private async Task HoldAsync(Task end)
    {
        using Admission.Visit visit = house.Enter(Patience);
        await visit.RunAsync(
            async _ =>
            {
                Interlocked.Increment(ref holding);
                await end;
                return 0;
            },
            Stop);
    }

    private async Task ScreenAsync(TimeSpan takes)
    {
        using Admission.Visit visit = house.Enter(Patience);
        await visit.RunAsync(
            _ =>
            {
                clock.Advance(takes);
                return Task.FromResult(0);
            },
            Stop);
    }
}

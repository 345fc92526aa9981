using Touchstone.Crawling.Politeness;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Politeness;

public sealed class HostGateTests
{
    private readonly ManualClock _clock = new();
    private readonly PolitenessOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_request_waits_for_the_interval_and_other_hosts_do_not()
    {
        HostGate gate = new(_options, _clock);
        (await gate.EnterAsync("a", null, null, Token)).Dispose();
        Task<HostTurn> second = gate.EnterAsync("a", null, null, Token);
        (await gate.EnterAsync("b", null, null, Token)).Dispose();
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(second.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await second).Dispose();
    }

    [Fact]
    public async Task Whether_anybody_else_had_the_turn_meanwhile_is_known()
    {
        _options.MinInterval = TimeSpan.Zero;
        HostGate gate = new(_options, _clock);
        object mine = new(), other = new();
        (await gate.EnterAsync("a", null, mine, Token)).Dispose();
        long before = gate.Passes("a");
        (await gate.EnterAsync("a", null, mine, Token)).Dispose();
        using (HostTurn again = await gate.EnterAsync("a", null, mine, Token)) Assert.Equal(before, again.Passes);
        (await gate.EnterAsync("a", null, other, Token)).Dispose();
        using (HostTurn back = await gate.EnterAsync("a", null, mine, Token)) Assert.NotEqual(before, back.Passes);
        before = gate.Passes("a");
        (await gate.EnterAsync("a", null, null, Token)).Dispose();
        Assert.NotEqual(before, gate.Passes("a"));
    }

    [Fact]
    public async Task One_request_at_a_time_however_long_it_takes()
    {
        HostGate gate = new(_options, _clock);
        HostTurn first = await gate.EnterAsync("a", null, null, Token);
        Task<HostTurn> second = gate.EnterAsync("a", null, null, Token);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose();
        (await second).Dispose();
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(1), gate.ReadyAt("a"));
    }

    [Fact]
    public void The_crawl_delay_counts_up_to_its_cap_and_a_host_can_have_its_own_interval()
    {
        _options.HostIntervals["127.0.0.1:8080"] = TimeSpan.Zero;
        HostGate gate = new(_options, _clock);
        Assert.Equal(1, gate.Interval("a", null).TotalSeconds);
        Assert.Equal(10, gate.Interval("a", TimeSpan.FromSeconds(10)).TotalSeconds);
        Assert.Equal(30, gate.Interval("a", TimeSpan.FromSeconds(9999)).TotalSeconds);
        Assert.Equal(1, gate.Interval("a", TimeSpan.FromSeconds(0.2)).TotalSeconds);
        Assert.Equal(0, gate.Interval("127.0.0.1:8080", null).TotalSeconds);
        Assert.Equal(2, gate.Interval("127.0.0.1:8080", TimeSpan.FromSeconds(2)).TotalSeconds);
    }

    [Fact]
    public async Task As_many_requests_go_on_at_once_as_are_set_and_their_beginnings_keep_the_interval()
    {
        _options.HostParallel["a"] = 2;
        HostGate gate = new(_options, _clock);
        HostTurn first = await gate.EnterAsync("a", null, null, Token);
        Task<HostTurn> second = gate.EnterAsync("a", null, null, Token), third = gate.EnterAsync("a", null, null, Token);
        Assert.False(second.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HostTurn held = await second;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(third.IsCompleted);
        first.Dispose();
        while (!third.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(third, Task.Delay(TimeSpan.FromMilliseconds(5), Token));
        }
        (await third).Dispose();
    }

    [Theory]
    [InlineData("22:00-06:00", "2026-01-05T23:00:00Z", 0)]
    [InlineData("22:00-06:00", "2026-01-05T06:00:00Z", 16 * 60)]
    [InlineData("08:00-17:30", "2026-01-05T17:30:00Z", 14 * 60 + 30)]
    [InlineData("08:00-17:30", "2026-01-05T07:59:00Z", 1)]
    [InlineData("", "2026-01-05T03:00:00Z", 0)]
    public void A_host_is_asked_within_its_hours(string hours, string now, int minutes)
    {
        _options.Hours = "00:00-00:01";
        _options.HostHours["a"] = hours;
        Assert.Empty(_options.Problems());
        Assert.Equal(minutes, _options.ClosedFor("a", DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).TotalMinutes);
    }

    [Fact]
    public async Task Outside_its_hours_a_host_waits()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        _options.Hours = $"{now.AddHours(2):HH:mm}-{now.AddHours(3):HH:mm}";
        HostGate gate = new(_options, _clock);
        Task<HostTurn> turn = gate.EnterAsync("a", null, null, Token);
        _clock.Advance(TimeSpan.FromMinutes(110));
        Assert.False(turn.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(11));
        (await turn).Dispose();
        _options.Hours = "late";
        _options.MaxParallel = 0;
        Assert.Equal(2, _options.Problems().Count);
    }

    [Fact]
    public async Task A_host_that_asked_for_a_break_gets_it()
    {
        HostGate gate = new(_options, _clock);
        await gate.BackOffAsync("a", TimeSpan.FromSeconds(90), Token);
        await gate.BackOffAsync("a", TimeSpan.FromSeconds(5), Token);
        Task<HostTurn> turn = gate.EnterAsync("a", null, null, Token);
        _clock.Advance(TimeSpan.FromSeconds(89));
        Assert.False(turn.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await turn).Dispose();
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_host_free()
    {
        HostGate gate = new(_options, _clock);
        (await gate.EnterAsync("a", null, null, Token)).Dispose();
        using CancellationTokenSource cancel = new();
        Task<HostTurn> waiting = gate.EnterAsync("a", null, null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await gate.EnterAsync("a", null, null, Token)).Dispose();
    }

    [Fact]
    public void A_budget_ends_by_pages_or_bytes()
    {
        RunBudget budget = new(2, 1000);
        budget.AddPages("a", 1);
        Assert.True(budget.HasRoom("a"));
        budget.AddPages("a", 1);
        Assert.False(budget.HasRoom("A"));
        budget.AddBytes("b", 1000);
        Assert.False(budget.HasRoom("b"));
        Assert.True(budget.HasRoom("c"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunBudget(0, 1));
    }

    [Fact]
    public async Task Two_nodes_never_ask_a_host_at_once()
    {
        Dictionary<string, (string Node, HostLease Lease)> table = [];
        HostGate first = new(_options, _clock, new HeldHosts(table, "first", _clock)), second = new(_options, _clock, new HeldHosts(table, "second", _clock));
        (await first.EnterAsync("a", null, null, Token)).Dispose();
        Task<HostTurn> waiting = second.EnterAsync("a", null, null, Token);
        (await second.EnterAsync("b", null, null, Token)).Dispose();
        for (int seconds = 0; seconds < 119; seconds++) _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(5), Token));
        }
        (await waiting).Dispose();
        Assert.Equal("second", table["a"].Node);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_rests_for_all_nodes_also_longer_than_a_lease(bool asked)
    {
        Dictionary<string, (string Node, HostLease Lease)> table = [];
        var options = new PolitenessOptions { MinInterval = asked ? TimeSpan.Zero : TimeSpan.FromMinutes(10) };
        HostGate first = new(options, _clock, new HeldHosts(table, "first", _clock)), second = new(options, _clock, new HeldHosts(table, "second", _clock));
        (await first.EnterAsync("a", null, null, Token)).Dispose();
        if (asked) await first.BackOffAsync("a", TimeSpan.FromMinutes(10), Token);
        Task<HostTurn> waiting = second.EnterAsync("a", null, null, Token);
        for (int seconds = 0; seconds < 599; seconds++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (seconds % 60 == 0) await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }
        Assert.False(waiting.IsCompleted);
        for (int i = 0; i < 200 && !waiting.IsCompleted; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(5), Token));
        }
        (await waiting).Dispose();
    }

    /// <summary>Leases in their simplest form: one table, as the database is for all nodes.</summary>
    private sealed class HeldHosts(Dictionary<string, (string Node, HostLease Lease)> table, string node, TimeProvider time) : IHostLeases
    {
        public Task<HostLease> TakeAsync(string host, DateTimeOffset readyAt, TimeSpan leaseTime, CancellationToken cancellationToken)
        {
            bool known = table.TryGetValue(host, out (string Node, HostLease Lease) row);
            if (known && row.Node != node && row.Lease.Until > time.GetUtcNow()) return Task.FromResult(row.Lease with { Held = false });
            HostLease lease = new(true, time.GetUtcNow() + leaseTime, known && row.Lease.ReadyAt > readyAt ? row.Lease.ReadyAt : readyAt);
            table[host] = (node, lease);
            return Task.FromResult(lease);
        }
    }
}

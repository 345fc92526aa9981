using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>Two nodes of one installation never ask one host at the same time, and keep its interval together.</summary>
public sealed class HostLeasesTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_host_is_one_nodes_until_its_lease_runs_out(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        HostLeases first = new(database, _clock, "first"), second = new(database, _clock, "second");
        DateTimeOffset now = _clock.GetUtcNow(), ready = now.AddSeconds(5);
        Assert.Equal(new HostLease(true, now + Lease, ready), await first.TakeAsync("a.example", ready, Lease, Token));
        Assert.Equal(new HostLease(false, now + Lease, ready), await second.TakeAsync("a.example", now, Lease, Token));
        Assert.True((await second.TakeAsync("b.example", now, Lease, Token)).Held);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new HostLease(true, _clock.GetUtcNow() + Lease, ready), await first.TakeAsync("a.example", now, Lease, Token));
        _clock.Advance(Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(new HostLease(true, _clock.GetUtcNow() + Lease, ready), await second.TakeAsync("a.example", now, Lease, Token));
        Assert.False((await first.TakeAsync("a.example", now, Lease, Token)).Held);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Of_many_nodes_one_gets_the_host(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        HostLease[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => new HostLeases(database, _clock, $"node {i}").TakeAsync("a.example", _clock.GetUtcNow(), Lease, Token)));
        Assert.Single(taken, x => x.Held);
    }
}

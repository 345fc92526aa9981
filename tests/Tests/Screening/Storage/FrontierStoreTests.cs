using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>The frontier's contract on both databases, with several workers.</summary>
public sealed class FrontierStoreTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_url_is_known_once_also_when_several_workers_add_it(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        FrontierUrl[] urls = [.. Enumerable.Range(0, 40).Select(i => Url($"https://a.example/{i}"))];
        FrontierAdded[] added = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => store.AddAsync(1, "w", urls[(i * 5)..(i * 5 + 30)], Stop), Stop)));
        Assert.Equal(40, added.Sum(a => a.Pending));
        Assert.Equal(default, await store.AddAsync(1, "w", urls, Stop));
        Assert.Equal(new FrontierAdded(40, 0), await store.AddAsync(2, "w", urls, Stop));
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(80, await db.Frontier.CountAsync(Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Several_workers_lease_each_url_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        await store.AddAsync(1, "w", [.. Enumerable.Range(0, 30).Select(i => Url($"https://a.example/{i}"))], Stop);
        List<FrontierLease>[] leased = await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(
            async () =>
            {
                List<FrontierLease> own = [];
                while (await store.LeaseAsync(1, $"worker {worker}", [], LeaseTime, Stop) is { } lease)
                {
                    own.Add(lease);
                    Assert.True(await store.CompleteAsync(lease, FrontierState.Done, null, 200, Stop));
                }
                return own;
            },
            Stop)));
        Assert.Equal(30, leased.Sum(x => x.Count));
        Assert.Equal(30, leased.SelectMany(x => x).Select(x => x.Id).Distinct().Count());
        Assert.Equal([new FrontierCount(FrontierState.Done, null, 30)], await store.CountAsync(1, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_best_url_of_a_host_that_is_not_busy_comes_first(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        await store.AddAsync(1, "w", [Url("https://a.example/low"), Url("https://a.example/high", 5), Url("https://b.example/middle", 3), Url("https://b.example/never", 9, skip: "robots")], Stop);
        Assert.Equal("https://a.example/high", (await store.LeaseAsync(1, "w", [], LeaseTime, Stop))!.Url.Url);
        Assert.Equal("https://b.example/middle", (await store.LeaseAsync(1, "w", ["a.example"], LeaseTime, Stop))!.Url.Url);
        Assert.Null(await store.LeaseAsync(1, "w", ["a.example"], LeaseTime, Stop));
        Assert.Contains(new FrontierCount(FrontierState.Skipped, "robots", 1), await store.CountAsync(1, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_lost_lease_is_taken_over_and_its_first_holder_writes_nothing_more(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        await store.AddAsync(1, "w", [Url("https://a.example/")], Stop);
        FrontierLease first = (await store.LeaseAsync(1, "first", [], LeaseTime, Stop))!;
        Assert.Equal(clock.GetUtcNow() + LeaseTime, await store.NextReadyAsync(1, Stop));
        Assert.Null(await store.LeaseAsync(1, "second", [], LeaseTime, Stop));
        clock.Advance(LeaseTime + TimeSpan.FromSeconds(1));
        FrontierLease second = (await store.LeaseAsync(1, "second", [], LeaseTime, Stop))!;
        Assert.Equal((2, first.Fence + 1), (second.Attempt, second.Fence));
        Assert.False(await store.CompleteAsync(first, FrontierState.Failed, "late", 0, Stop));
        Assert.False(await store.RetryAsync(first, "late", clock.GetUtcNow(), Stop));

        Assert.True(await store.RetryAsync(second, "busy", clock.GetUtcNow().AddMinutes(5), Stop));
        Assert.Equal(clock.GetUtcNow().AddMinutes(5), await store.NextReadyAsync(1, Stop));
        Assert.Null(await store.LeaseAsync(1, "second", [], LeaseTime, Stop));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await store.CompleteAsync((await store.LeaseAsync(1, "second", [], LeaseTime, Stop))!, FrontierState.Done, null, 200, Stop));
        Assert.Null(await store.NextReadyAsync(1, Stop));
        Assert.Equal(1, await store.CountDoneAsync(1, "a.example", Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_a_crashed_worker_held_and_what_is_over_budget_is_let_go(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        await store.AddAsync(1, "w", [Url("https://a.example/1"), Url("https://a.example/2"), Url("https://b.example/1")], Stop);
        FrontierLease held = (await store.LeaseAsync(1, "crashed", [], LeaseTime, Stop))!;
        Assert.Equal(0, await store.TakeUpAsync(2, "w", true, Stop));
        Assert.Equal(1, await store.TakeUpAsync(1, "w", true, Stop));
        Assert.False(await store.CompleteAsync(held, FrontierState.Done, null, 200, Stop));
        Assert.Equal(2, await store.SkipHostAsync(1, "a.example", "budget", Stop));
        Assert.Equal("https://b.example/1", (await store.LeaseAsync(1, "w", [], LeaseTime, Stop))!.Url.Url);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_lease_that_a_clock_gave_which_was_a_day_ahead_holds_nothing(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        await store.AddAsync(1, "w", [Url("https://a.example/1")], Stop);
        var ahead = new ManualClock();
        ahead.Advance(clock.GetUtcNow().AddDays(1) - ahead.GetUtcNow());
        FrontierLease held = (await new FrontierStore(database, ahead).LeaseAsync(1, "ahead", [], LeaseTime, Stop))!;
        Assert.True((await new HostLeases(database, ahead, "ahead").TakeAsync("a.example", clock.GetUtcNow(), LeaseTime, Stop)).Held);

        Assert.Equal(clock.GetUtcNow(), await store.NextReadyAsync(1, Stop));
        Assert.NotNull(await store.LeaseAsync(1, "right", [], LeaseTime, Stop));
        Assert.False(await store.CompleteAsync(held, FrontierState.Done, null, 200, Stop));
        Assert.True((await new HostLeases(database, clock, "right").TakeAsync("a.example", clock.GetUtcNow(), LeaseTime, Stop)).Held);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_was_read_ahead_is_not_leased_where_another_process_ended_it(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        FrontierStore store = new(database, clock), other = new(database, clock);
        await store.AddAsync(1, "w", [.. Enumerable.Range(0, 10).Select(i => Url($"https://a.example/{i}"))], Stop);
        Assert.Equal("https://a.example/0", (await store.LeaseAsync(1, "w", [], LeaseTime, Stop))!.Url.Url);
        Assert.Equal("https://a.example/1", (await other.LeaseAsync(1, "w", [], LeaseTime, Stop))!.Url.Url);
        Assert.Equal("https://a.example/2", (await store.LeaseAsync(1, "w", [], LeaseTime, Stop))!.Url.Url);
        await other.SkipHostAsync(1, "a.example", "budget", Stop);
        Assert.Null(await store.LeaseAsync(1, "w", [], LeaseTime, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_url_that_is_too_long_is_skipped_with_the_reason_and_known_again(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new FrontierStore(database, clock);
        var random = new Random(7);
        string tail = string.Concat(Enumerable.Range(0, 5000).Select(_ => (char)('a' + random.Next(26))));
        FrontierUrl[] urls = [Url($"https://a.example/?{tail}1"), Url($"https://a.example/?{tail}2"), Url($"https://a.example/?{tail[..2000]}")];
        Assert.Equal(new FrontierAdded(1, 2), await store.AddAsync(1, "w", urls, Stop));
        Assert.Equal(default, await store.AddAsync(1, "w", urls, Stop));
        Assert.Equal(urls[2].Url, (await store.LeaseAsync(1, "w", [], LeaseTime, Stop))!.Url.Url);
        Assert.Null(await store.LeaseAsync(1, "w", [], LeaseTime, Stop));
        Assert.Contains(new FrontierCount(FrontierState.Skipped, "the URL is longer than 2048 characters", 2), await store.CountAsync(1, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_run_is_held_by_one_worker_at_a_time(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long runId;
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            var run = new SearchRunRow { Search = new SearchRow { Name = "s", ShopUrls = "https://a.example/", CreatedBy = "anna" }, QueuedAt = clock.GetUtcNow() };
            db.SearchRuns.Add(run);
            await db.SaveChangesAsync(Stop);
            runId = run.Id;
        }
        var leases = new RunLeases(database, clock);
        RunLease?[] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => leases.TakeAsync($"worker {i}", null, Stop), Stop)));
        RunLease first = Assert.Single(taken, x => x is not null)!;
        Assert.Equal(runId, first.RunId);
        Assert.True(await leases.RenewAsync(first, Stop));
        clock.Advance(RunLeases.LeaseTime + TimeSpan.FromSeconds(1));
        RunLease second = (await leases.TakeAsync("second", runId, Stop))!;
        Assert.False(await leases.RenewAsync(first, Stop));
        Assert.False(await leases.EndAsync(first, RunState.Failed, "late", 0, 0, 0, Stop));
        Assert.True(await leases.EndAsync(second, RunState.Finished, null, 1, 2, 3, Stop));
        Assert.Null(await leases.TakeAsync("third", null, Stop));
    }

    private static FrontierUrl Url(string url, int priority = 0, string? skip = null) => new(url, new Uri(url).Authority, FrontierKind.Page, priority, 0, null, skip);
}

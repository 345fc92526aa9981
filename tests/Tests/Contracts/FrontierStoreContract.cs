using Touchstone.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Contracts;

/// <summary>What every frontier does, whatever keeps it.</summary>
public abstract class FrontierStoreContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    protected ManualClock Clock { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IFrontierStore> CreateAsync();

    private static FrontierUrl Page(string path, int priority = 0, string host = "a.example", string? skip = null) =>
        new($"http://{host}{path}", host, FrontierKind.Page, priority, 1, "http://a.example/", skip);

    private static Task<FrontierLease?> TakeAsync(IFrontierStore store, long run = 1, string worker = "w", params string[] busy) => store.LeaseAsync(run, worker, busy, Lease, Token);

    [Fact]
    public async Task A_url_is_known_once_per_run()
    {
        IFrontierStore store = await CreateAsync();
        Assert.Equal(new FrontierAdded(2, 0), await store.AddAsync(1, "w", [Page("/1"), Page("/2"), Page("/1")], Token));
        Assert.Equal(new FrontierAdded(1, 0), await store.AddAsync(1, "w", [Page("/2"), Page("/3")], Token));
        Assert.Equal(new FrontierAdded(1, 0), await store.AddAsync(2, "w", [Page("/1")], Token));
        Assert.Equal(new FrontierAdded(0, 0), await store.AddAsync(1, "w", [], Token));
    }

    [Fact]
    public async Task The_largest_priority_comes_first_then_the_nearest_then_the_first_added()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/low"), Page("/far", 9) with { Depth = 2 }, Page("/high", 9), Page("/high2", 9)], Token);
        List<string> order = [];
        while (await TakeAsync(store) is { } lease)
        {
            order.Add(lease.Url.Url[16..]);
            Assert.Equal(1, lease.Attempt);
        }
        Assert.Equal(["/high", "/high2", "/far", "/low"], order);
    }

    [Fact]
    public async Task Busy_hosts_and_other_runs_are_left_alone()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1"), Page("/1", 0, "b.example")], Token);
        Assert.Equal("b.example", (await TakeAsync(store, 1, "w", "a.example"))!.Url.Host);
        Assert.Null(await TakeAsync(store, 1, "w", "a.example", "b.example"));
        Assert.Null(await TakeAsync(store, 2));
    }

    [Fact]
    public async Task A_lease_carries_the_url_as_it_was_added()
    {
        IFrontierStore store = await CreateAsync();
        FrontierUrl added = new("http://a.example/s", "a.example", FrontierKind.Sitemap, 7, 3, "http://a.example/robots.txt");
        await store.AddAsync(1, "w", [added], Token);
        Assert.Equal(added, (await TakeAsync(store))!.Url);
    }

    [Fact]
    public async Task A_completed_url_never_comes_back()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1")], Token);
        FrontierLease lease = (await TakeAsync(store))!;
        Assert.True(await store.CompleteAsync(lease, FrontierState.Done, "listing", 200, Token));
        Assert.False(await store.CompleteAsync(lease, FrontierState.Failed, null, 0, Token));
        Assert.Equal(new FrontierAdded(0, 0), await store.AddAsync(1, "w", [Page("/1")], Token));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await TakeAsync(store));
        Assert.Null(await store.NextReadyAsync(1, Token));
        Assert.Equal([new FrontierCount(FrontierState.Done, "listing", 1)], await store.CountAsync(1, Token));
    }

    [Fact]
    public async Task A_lease_that_ran_out_goes_to_the_next_and_its_first_holder_changes_nothing()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1")], Token);
        FrontierLease first = (await TakeAsync(store))!;
        Assert.Null(await TakeAsync(store, 1, "other"));
        Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        FrontierLease second = (await TakeAsync(store, 1, "other"))!;
        Assert.Equal(2, second.Attempt);
        Assert.NotEqual(first.Fence, second.Fence);
        Assert.False(await store.CompleteAsync(first, FrontierState.Done, null, 200, Token));
        Assert.False(await store.RetryAsync(first, "timeout", Clock.GetUtcNow(), Token));
        Assert.True(await store.CompleteAsync(second, FrontierState.Done, null, 200, Token));
    }

    [Fact]
    public async Task A_retry_waits_for_its_time()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1")], Token);
        DateTimeOffset later = Clock.GetUtcNow().AddMinutes(2);
        Assert.True(await store.RetryAsync((await TakeAsync(store))!, "timeout", later, Token));
        Assert.Null(await TakeAsync(store));
        Assert.Equal(later, await store.NextReadyAsync(1, Token));
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, (await TakeAsync(store))!.Attempt);
    }

    [Fact]
    public async Task Who_takes_a_run_over_takes_up_what_its_worker_held()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1"), Page("/2")], Token);
        FrontierLease lost = (await TakeAsync(store, 1, "crashed"))!;
        await store.AddAsync(2, "w", [Page("/1")], Token);
        Assert.NotNull(await TakeAsync(store, 2, "alive"));
        Assert.Equal(1, await store.TakeUpAsync(1, "another", true, Token));
        Assert.False(await store.CompleteAsync(lost, FrontierState.Done, null, 200, Token));
        Assert.Equal(lost.Url, (await TakeAsync(store, 1, "another"))!.Url);
    }

    [Fact]
    public async Task A_renewed_lease_holds_longer_and_a_lost_one_is_not_renewed()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1")], Token);
        FrontierLease lease = (await TakeAsync(store))!;
        Clock.Advance(Lease * 0.7);
        Assert.True(await store.RenewAsync(lease, Lease, Token));
        Clock.Advance(Lease * 0.7);
        Assert.Null(await TakeAsync(store, 1, "other"));
        Clock.Advance(Lease * 0.7);
        FrontierLease other = (await TakeAsync(store, 1, "other"))!;
        Assert.False(await store.RenewAsync(lease, Lease, Token));
        Assert.True(await store.RenewAsync(other, Lease, Token));
    }

    [Fact]
    public async Task Workers_that_end_over_a_url_are_counted_and_those_that_give_it_back_are_not()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1")], Token);
        Assert.Equal(0, (await TakeAsync(store))!.Losses);
        await store.ReleaseAsync(1, "w", Token);
        Assert.Equal(0, (await TakeAsync(store))!.Losses);
        await store.TakeUpAsync(1, "w", lost: true, Token);
        Assert.Equal(1, (await TakeAsync(store))!.Losses);
        Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        FrontierLease third = (await TakeAsync(store, 1, "other"))!;
        Assert.Equal(2, third.Losses);
        await store.RetryAsync(third, "timeout", Clock.GetUtcNow(), Token);
        Assert.Equal(2, (await TakeAsync(store))!.Losses);
    }

    [Fact]
    public async Task A_url_added_as_skipped_is_counted_and_never_leased()
    {
        IFrontierStore store = await CreateAsync();
        Assert.Equal(new FrontierAdded(0, 1), await store.AddAsync(1, "w", [Page("/trap", 9, skip: "trap:length")], Token));
        Assert.Null(await TakeAsync(store));
        Assert.Null(await store.NextReadyAsync(1, Token));
        Assert.Equal([new FrontierCount(FrontierState.Skipped, "trap:length", 1)], await store.CountAsync(1, Token));
    }

    [Fact]
    public async Task What_was_too_deep_waits_where_it_is_named_nearer_and_nothing_else_does()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/deep", 5, skip: FrontierUrl.TooDeep), Page("/trap", 5, skip: "trap:length"), Page("/1")], Token);
        Assert.Equal("http://a.example/1", (await TakeAsync(store))!.Url.Url);
        Assert.Equal(default, await store.AddAsync(1, "w", [Page("/deep", 5, skip: FrontierUrl.TooDeep)], Token));
        FrontierUrl nearer = Page("/deep", 7) with { DiscoveredFrom = "http://a.example/list" };
        Assert.Equal(new FrontierAdded(1, -1), await store.AddAsync(1, "w", [nearer, Page("/trap")], Token));
        Assert.Equal(nearer, (await TakeAsync(store))!.Url);
        Assert.Null(await TakeAsync(store));
    }

    [Fact]
    public async Task Raised_pages_come_first_and_only_those_that_wait()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1", 5), Page("/2", 4), Page("/goods/1", 1), Page("/goods/2", 1), Page("/goods/3", 1, "b.example"), Page("/goods/4", 1, skip: "trap:length")], Token);
        Assert.Equal("http://a.example/1", (await TakeAsync(store))!.Url.Url);
        Assert.Equal(2, await store.MoveUpAsync(1, "a.example", url => url.Contains("/goods/", StringComparison.Ordinal), 60, Token));
        Assert.Equal(("http://a.example/goods/1", 61), (await TakeAsync(store))!.Url is var url ? (url.Url, url.Priority) : default);
        Assert.Equal("http://a.example/goods/2", (await TakeAsync(store))!.Url.Url);
        Assert.Equal("http://a.example/2", (await TakeAsync(store))!.Url.Url);
    }

    [Fact]
    public async Task What_comes_late_and_is_better_is_leased_before_what_was_there()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [.. Enumerable.Range(0, 100).Select(i => Page($"/{i}", 5))], Token);
        Assert.Equal("http://a.example/0", (await TakeAsync(store))!.Url.Url);
        await store.AddAsync(1, "w", [Page("/late", 9), Page("/b", 3, "b.example")], Token);
        Assert.Equal("http://a.example/late", (await TakeAsync(store))!.Url.Url);
        Assert.Equal("http://b.example/b", (await TakeAsync(store, 1, "w", "a.example"))!.Url.Url);
        Assert.Equal("http://a.example/1", (await TakeAsync(store))!.Url.Url);
        await store.SkipHostAsync(1, "a.example", "budget", Token);
        Assert.Null(await TakeAsync(store));
    }

    [Fact]
    public async Task A_host_whose_budget_is_used_is_skipped_at_once()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [Page("/1", 5), Page("/2"), Page("/3"), Page("/1", 0, "b.example"), Page("/s") with { Kind = FrontierKind.Sitemap, Priority = -1 }], Token);
        await store.CompleteAsync((await TakeAsync(store))!, FrontierState.Done, "page", 200, Token);
        Assert.Equal(2, await store.SkipHostAsync(1, "a.example", "budget", Token));
        Assert.Equal(1, await store.CountDoneAsync(1, "a.example", Token));
        Assert.Equal(0, await store.CountDoneAsync(1, "b.example", Token));
        Assert.Contains(new FrontierCount(FrontierState.Skipped, "budget", 2), await store.CountAsync(1, Token));
        Assert.Equal("b.example", (await TakeAsync(store))!.Url.Host);
        Assert.Equal(FrontierKind.Sitemap, (await TakeAsync(store))!.Url.Kind);
    }

    [Fact]
    public async Task Many_workers_never_hold_the_same_url()
    {
        IFrontierStore store = await CreateAsync();
        await store.AddAsync(1, "w", [.. Enumerable.Range(0, 40).Select(i => Page($"/{i}"))], Token);
        string[][] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            List<string> mine = [];
            while (await TakeAsync(store, 1, $"w{worker}") is { } lease)
            {
                mine.Add(lease.Url.Url);
                await store.CompleteAsync(lease, FrontierState.Done, null, 200, Token);
            }
            return mine.ToArray();
        }));
        Assert.Equal(40, taken.SelectMany(t => t).Distinct().Count());
        Assert.Equal(40, taken.Sum(t => t.Length));
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>A run that is held and goes on: one worker reads it, also while an earlier one has not heard of that, and what was edited meanwhile counts.</summary>
public sealed class HeldRunTests
{
    private const int Products = 5;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_worker_that_has_not_heard_of_a_pause_takes_ends_adds_and_gives_back_nothing_of_the_one_that_goes_on(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var by = new VerbContext(db, "anna", clock);
        long run = (await CreateSearch.RunAsync(by, new CreateSearch.Request(null, ["https://a.example/"], null, null, null), Stop)).Value!.Id;
        long search = (await db.SearchRuns.SingleAsync(Stop)).SearchId;
        var leases = new RunLeases(database, clock);
        var store = new FrontierStore(database, clock);
        Assert.NotNull(await leases.TakeAsync("first", run, Stop));
        await store.AddAsync(run, "first", [.. Enumerable.Range(0, 4).Select(Url)], Stop);
        FrontierLease early = (await store.LeaseAsync(run, "first", [], LeaseTime, Stop))!;

        Assert.True((await new PauseSearch(search, null).RunAsync(by, Stop)).Done);
        Assert.Null(await store.LeaseAsync(run, "first", [], LeaseTime, Stop));
        // What the page under way leads to is no loss: nobody else has begun.
        Assert.Equal(new FrontierAdded(1, 0), await store.AddAsync(run, "first", [Url(4)], Stop));
        Assert.True((await new ResumeSearch(search, null).RunAsync(by, Stop)).Done);
        Assert.Null(await store.LeaseAsync(run, "first", [], LeaseTime, Stop));

        Assert.NotNull(await leases.TakeAsync("second", run, Stop));
        Assert.Equal(0, await store.TakeUpAsync(run, "second", lost: true, Stop));
        FrontierLease late = (await store.LeaseAsync(run, "second", [], LeaseTime, Stop))!;
        Assert.Null(await store.LeaseAsync(run, "first", [], LeaseTime, Stop));
        Assert.False(await store.RenewAsync(early, LeaseTime, Stop));
        Assert.False(await store.CompleteAsync(early, FrontierState.Done, "page", 200, Stop));
        Assert.False(await store.RetryAsync(early, "timeout", clock.GetUtcNow(), Stop));
        Assert.Equal(new FrontierAdded(0, 0), await store.AddAsync(run, "first", [Url(5)], Stop));
        Assert.Equal(0, await store.TakeUpAsync(run, "first", lost: true, Stop));
        Assert.Equal(0, await store.ReleaseAsync(run, "first", Stop));

        Assert.True(await store.RenewAsync(late, LeaseTime, Stop));
        Assert.Equal(1, await store.ReleaseAsync(run, "second", Stop));
        Assert.Equal((5, 0), (await db.Frontier.CountAsync(f => f.State == FrontierState.Pending, Stop), await db.Frontier.CountAsync(f => f.Losses > 0, Stop)));
    }

    [Fact]
    public async Task Of_two_services_one_reads_a_run_that_was_paused_and_resumed()
    {
        await using var shop = new HeldShop(await LoopbackSite.StartAsync());
        await using TestCore first = await StartAsync(), second = await StartAsync(first);
        await using TouchstoneDb db = await first.OpenAsync();
        SearchRunRow run = await CreateAsync(first, db, shop.Url);
        using var end = new CancellationTokenSource();
        Task early = first.Get<SearchRunner>().RunNextAsync("first", run.Id, null, end.Token);
        await shop.Asked.WaitAsync(Eventually.Patience, Stop);
        Assert.True((await new PauseSearch(run.SearchId, null).RunAsync(By(first, db), Stop)).Done);
        Assert.True((await new ResumeSearch(run.SearchId, null).RunAsync(By(first, db), Stop)).Done);
        Task<SearchRunRow?> late = second.Get<SearchRunner>().RunNextAsync("second", run.Id, null, Stop);
        await Eventually.IsSoAsync(() => db.SearchRuns.AnyAsync(r => r.Id == run.Id && r.LeaseOwner == "second", Stop), "the second took the run");
        shop.Answer();

        SearchRunRow ended = (await late)!;
        Assert.Equal((RunState.Finished, Products, 0, 0), (ended.State, ended.Listings, ended.ListingsUnchanged, ended.Failed));
        Assert.Equal(0, await db.Frontier.CountAsync(f => f.Kind == FrontierKind.Page && f.Depth > 0 && f.LeaseOwner != "second", Stop));
        Assert.Equal(0, await db.Frontier.CountAsync(f => f.Losses > 0, Stop));
        await end.CancelAsync();
        await early.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.Equal(RunState.Finished, (await db.SearchRuns.AsNoTracking().SingleAsync(Stop)).State);
    }

    [Fact]
    public async Task What_is_edited_while_a_run_is_held_counts_when_it_goes_on()
    {
        await using LoopbackSite large = await LoopbackSite.StartAsync();
        Serve(large);
        await using HeldShop gone = new(await LoopbackSite.StartAsync()), added = new(await LoopbackSite.StartAsync());
        await using TestCore core = await StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        SearchRunRow run = await CreateAsync(core, db, large.Url("/"), gone.Url);
        await db.Searches.ExecuteUpdateAsync(s => s.SetProperty(x => x.PageBudget, 3), Stop);
        db.ChangeTracker.Clear();
        await HoldAsync(core, db, run, async () =>
        {
            await gone.Asked.WaitAsync(Eventually.Patience, Stop);
            await Eventually.IsSoAsync(() => db.Frontier.AnyAsync(f => f.Reason == CrawlReasons.Budget, Stop), "the budget was spent");
        });
        Assert.Equal(2, Asked(large));

        // One shop is taken out, another put in, and the budget is raised.
        await EditAsync(core, db, run, 100, large.Url("/"), added.Url);
        Assert.True((await new ResumeSearch(run.SearchId, null).RunAsync(By(core, db), Stop)).Done);
        await HoldAsync(core, db, run, async () =>
        {
            await added.Asked.WaitAsync(Eventually.Patience, Stop);
            await Eventually.IsSoAsync(() => Task.FromResult(Asked(large) == Products), "all products were asked for");
        });
        Assert.Equal(1, gone.Count);
        CoverageGap gap = Assert.Single(await SearchQueries.GapsOfRunAsync(db, run.Id, Stop), g => g.Reason == CrawlReasons.ShopRemoved);
        Assert.Equal("the shop was taken out of the search", gap.Meaning);
        Assert.DoesNotContain(await SearchQueries.UnsearchedShopsOfRunAsync(db, run.Id, Stop), s => s.Host == new Uri(gone.Url).Authority);

        // It is put back, and goes on where it stopped.
        gone.Answer();
        added.Answer();
        await EditAsync(core, db, run, Products + 1, large.Url("/"), gone.Url, added.Url);
        Assert.True((await new ResumeSearch(run.SearchId, null).RunAsync(By(core, db), Stop)).Done);
        SearchRunRow ended = (await core.Get<SearchRunner>().RunNextAsync("last", run.Id, null, Stop))!;
        Assert.Equal((RunState.Finished, 3 * Products), (ended.State, ended.Listings));
        Assert.DoesNotContain(await SearchQueries.GapsOfRunAsync(db, run.Id, Stop), g => g.Reason is CrawlReasons.ShopRemoved or CrawlReasons.Budget);
    }

    [Fact]
    public async Task A_listing_that_its_own_run_screened_before_the_worker_ended_is_not_counted_as_unchanged()
    {
        await using LoopbackShop shop = await LoopbackShop.StartAsync();
        await shop.Core.AddReferenceAsync("package 1", ImageEncoder.Png(Drawn.Package(1)));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        await shop.Core.Follower.ReadTextsAsync(null, Stop);
        shop.Offer(1, "9.95", Drawn.EditedCopy(Drawn.Package(1)));
        SearchRunRow run = await shop.SearchAsync(1);
        // As if the worker had ended between the screening and the count.
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        await db.Frontier.Where(f => f.Kind == FrontierKind.Page).ExecuteUpdateAsync(s => s.SetProperty(f => f.State, FrontierState.Pending).SetProperty(f => f.Counted, false), Stop);
        await db.SearchRuns.ExecuteUpdateAsync(s => s.SetProperty(r => r.State, RunState.Queued).SetProperty(r => r.Listings, 0).SetProperty(r => r.Hits, 0).SetProperty(r => r.Pages, 0), Stop);
        SearchRunRow again = (await shop.Core.Get<SearchRunner>().RunNextAsync("again", run.Id, null, Stop))!;
        Assert.Equal((1, 1, 0, 1), (again.Pages, again.Listings, again.ListingsUnchanged, again.Hits));
        Assert.Equal(1, await db.Screenings.CountAsync(Stop));
        Assert.Equal(1, (await shop.AgainAsync(run)).ListingsUnchanged);
    }

    private static Task<TestCore> StartAsync(TestCore? of = null) => TestCore.StartAsync(crawling: x => x.Politeness.MinInterval = TimeSpan.Zero, of: of);

    private static VerbContext By(TestCore core, TouchstoneDb db) => new(db, "anna", core.Get<TimeProvider>());

    private static async Task<SearchRunRow> CreateAsync(TestCore core, TouchstoneDb db, params string[] shops) =>
        (await CreateSearch.RunAsync(By(core, db), new CreateSearch.Request("held", shops, null, null, null), Stop)).Value!;

    private static async Task EditAsync(TestCore core, TouchstoneDb db, SearchRunRow run, int budget, params string[] shops)
    {
        VerbOutcome<SearchRow> edited = await new EditSearch(run.SearchId, new SearchWish("held", shops, null, budget, null), null).RunAsync(By(core, db), Stop);
        Assert.True(edited.Done, edited.Detail);
    }

    /// <summary>Has a worker read the run until it has come so far, and pauses it then; the worker is gone.</summary>
    private static async Task HoldAsync(TestCore core, TouchstoneDb db, SearchRunRow run, Func<Task> until)
    {
        using var end = new CancellationTokenSource();
        Task working = core.Get<SearchRunner>().RunNextAsync("worker", run.Id, null, end.Token);
        await until();
        VerbOutcome<SearchRow> paused = await new PauseSearch(run.SearchId, null).RunAsync(By(core, db), Stop);
        Assert.True(paused.Done, paused.Detail);
        await end.CancelAsync();
        await working.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static void Serve(LoopbackSite site)
    {
        site.Html("/", CrawlHarness.List([.. Enumerable.Range(0, Products).Select(i => $"/p/{i}")]));
        for (int i = 0; i < Products; i++) site.Html($"/p/{i}", CrawlHarness.Product(string.Create(CultureInfo.InvariantCulture, $"Package {i}")));
    }

    private static int Asked(LoopbackSite site) => site.Requests.Count(x => x.Contains("/p/", StringComparison.Ordinal));

    private static FrontierUrl Url(int page) => new($"https://a.example/{page}", "a.example", FrontierKind.Page, 0, 1, null);

    /// <summary>A shop whose first product page does not answer until a test says so.</summary>
    private sealed class HeldShop : IAsyncDisposable
    {
        private readonly LoopbackSite site;
        private readonly TaskCompletionSource asked = new(), answer = new();

        public HeldShop(LoopbackSite site)
        {
            this.site = site;
            Serve(site);
            for (int i = 0; i < Products; i++)
            {
                string product = CrawlHarness.Product(string.Create(CultureInfo.InvariantCulture, $"Package {i}"));
                site.On($"/p/{i}", async context =>
                {
                    asked.TrySetResult();
                    await answer.Task.WaitAsync(context.RequestAborted);
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.WriteAsync(product);
                });
            }
        }

        public string Url => site.Url("/");

        /// <summary>Ends when a product was asked for.</summary>
        public Task Asked => asked.Task;

        /// <summary>How many products were asked for.</summary>
        public int Count => HeldRunTests.Asked(site);

        public void Answer() => answer.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Answer();
            return site.DisposeAsync();
        }
    }
}

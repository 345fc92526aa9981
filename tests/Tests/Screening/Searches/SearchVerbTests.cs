using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>What a person does with a saved search: it is changed, held, resumed, stopped and deleted, and what it found stays.</summary>
public sealed class SearchVerbTests
{
    private const int Products = 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_right_that_expired_is_named_as_people_know_it()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, "Lamp of 1990");
        (reference.Kind, reference.ExpiresOn) = (ReferenceKind.Design, new DateOnly(2020, 1, 1));
        await db.SaveChangesAsync(Stop);
        VerbOutcome<SearchRunRow> refused = await CreateSearch.RunAsync(new VerbContext(db, "anna", TimeProvider.System), new CreateSearch.Request(null, ["https://shop.example/"], reference.Id, null, null), Stop);
        Assert.Equal("“Lamp of 1990” finds no hits: the right expired on 2020-01-01.", refused.Detail);
    }

    [Fact]
    public async Task A_paused_run_begins_no_page_survives_a_restart_and_goes_on_where_it_stopped()
    {
        await using LoopbackSite shop = await LoopbackSite.StartAsync();
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        shop.Html("/", CrawlHarness.List([.. Enumerable.Range(0, Products).Select(i => $"/p/{i}")]));
        for (int i = 0; i < Products; i++)
        {
            string product = CrawlHarness.Product(string.Create(CultureInfo.InvariantCulture, $"Package {i}"));
            shop.On($"/p/{i}", async context =>
            {
                asked.TrySetResult();
                await answer.Task;
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.WriteAsync(product);
            });
        }
        await using TestCore core = await TestCore.StartAsync(crawling: x => x.Politeness.MinInterval = TimeSpan.Zero);
        await using TouchstoneDb db = await core.OpenAsync();
        var context = new VerbContext(db, "anna", core.Get<TimeProvider>());
        SearchRunRow run = (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [shop.Url("/")], null, null, null), Stop)).Value!;
        using var restart = new CancellationTokenSource();
        Task<SearchRunRow?> first = core.Get<SearchRunner>().RunNextAsync("first", run.Id, null, restart.Token);
        await asked.Task.WaitAsync(Eventually.Patience, Stop);

        VerbOutcome<SearchRow> paused = await new PauseSearch(run.SearchId, null).RunAsync(context, Stop);
        Assert.True(paused.Done, paused.Detail);
        answer.SetResult();
        // The page under way is read to its end; no other is begun, though the worker has not yet heard of the pause.
        await Eventually.IsSoAsync(async () => !await db.Frontier.AnyAsync(f => f.RunId == run.Id && f.State == FrontierState.Leased, Stop), "the page under way was read");
        int read = ProductsAsked(shop);
        Assert.InRange(read, 1, Products - 1);
        await Task.Delay(300, Stop);
        Assert.Equal(read, ProductsAsked(shop));
        await restart.CancelAsync();
        // It ends by the restart, or has heard of the pause before.
        await first.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.Null(await core.Get<SearchRunner>().RunNextAsync("second", null, null, Stop));
        Assert.Equal(RunState.Paused, (await db.SearchRuns.AsNoTracking().SingleAsync(Stop)).State);
        Assert.Equal(Refusal.Conflict, (await new QueueRun(run.SearchId).RunAsync(context, Stop)).Refusal);

        Assert.True((await new ResumeSearch(run.SearchId, null).RunAsync(context, Stop)).Done);
        SearchRunRow ended = (await core.Get<SearchRunner>().RunNextAsync("second", null, null, Stop))!;
        Assert.Equal((RunState.Finished, Products, 0), (ended.State, ended.Listings, ended.Failed));
        Assert.Equal(Products, ProductsAsked(shop));
        Assert.False(await db.Frontier.AnyAsync(f => f.Losses > 0, Stop));
    }

    [Theory]
    [InlineData("shop-{0}.example", "shop-4.example + 25")]
    [InlineData("a-shop-with-a-name-that-is-as-long-as-names-of-hosts-may-be-in-one-part.and-another-part-of-the-same-length-or-nearly-so-to-be-sure.and-a-third-one-because-two-do-not-suffice-for-it.and-a-fourth-{0}.example", "…")]
    public void A_name_that_is_made_up_is_one_that_a_person_may_keep(string host, string end)
    {
        var row = new SearchRow { Name = "", ShopUrls = "", CreatedBy = "anna" };
        string[] shops = [.. Enumerable.Range(0, 30).Select(x => $"https://{string.Format(CultureInfo.InvariantCulture, host, x)}/")];
        new SearchWish(null, shops, null, 100, null).Fill(row);
        Assert.EndsWith(end, row.Name, StringComparison.Ordinal);
        Assert.Null(new SearchWish(row.Name, shops, null, 100, null).Problem());
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_running_search_keeps_its_ground_and_whoever_saw_an_older_version_is_refused(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var context = new VerbContext(db, "anna", clock);
        SearchRunRow run = (await CreateSearch.RunAsync(context, new CreateSearch.Request("Lamps", ["https://shop.example/"], null, null, null), Stop)).Value!;
        var wish = new SearchWish("Lamps again", ["https://shop.example/"], null, 2_000, 24);
        await new RunLeases(database, clock).TakeAsync("w", run.Id, Stop);
        VerbOutcome<SearchRow> renamed = await new EditSearch(run.SearchId, wish, 1).RunAsync(context, Stop);
        Assert.True(renamed.Done, renamed.Detail);
        VerbOutcome<SearchRow> moved = await new EditSearch(run.SearchId, wish with { PageBudget = 9_000 }, 2).RunAsync(context, Stop);
        Assert.Equal(Refusal.Conflict, moved.Refusal);
        Assert.Contains("Pause or stop", moved.Detail, StringComparison.Ordinal);
        db.ChangeTracker.Clear();
        Assert.Equal(2_000, (await db.Searches.SingleAsync(Stop)).PageBudget);

        Assert.True((await new PauseSearch(run.SearchId, 2).RunAsync(context, Stop)).Done);
        Assert.Equal(Refusal.Overtaken, (await new EditSearch(run.SearchId, wish, 2).RunAsync(context, Stop)).Refusal);
        Assert.True((await new EditSearch(run.SearchId, wish with { PageBudget = 9_000 }, 3).RunAsync(context, Stop)).Done);
        Assert.Equal(Refusal.Invalid, (await new EditSearch(run.SearchId, wish with { PageBudget = 0 }, null).RunAsync(context, Stop)).Refusal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_stopped_run_keeps_how_many_shops_it_read(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var context = new VerbContext(db, "anna", new ManualClock());
        SearchRunRow run = (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, ["https://a.example/", "https://b.example/"], null, null, null), Stop)).Value!;
        foreach ((string host, FrontierState state) in ((string, FrontierState)[])[("a.example", FrontierState.Done), ("a.example", FrontierState.Done), ("b.example", FrontierState.Done), ("b.example", FrontierState.Failed), ("c.example", FrontierState.Skipped)])
            db.Frontier.Add(new FrontierRow { RunId = run.Id, Url = $"https://{host}/{Guid.NewGuid():N}", Host = host, State = state });
        await db.SaveChangesAsync(Stop);
        SearchRunRow stopped = (await new CancelRun(run.Id).RunAsync(context, Stop)).Value!;
        Assert.Equal((RunState.Cancelled, 2, 1, 1), (stopped.State, stopped.Shops, stopped.Skipped, stopped.Failed));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Neither_a_paused_nor_a_deleted_search_repeats_and_hits_outlive_their_search(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var context = new VerbContext(db, "anna", clock);
        SearchRunRow run = (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, ["https://shop.example/"], null, null, null, RepeatEveryHours: 24), Stop)).Value!;
        await new CancelRun(run.Id).RunAsync(context, Stop);
        HitRow found = await SampleHits.AddAsync(db);
        found.SearchId = run.SearchId;
        await db.SaveChangesAsync(Stop);
        long hit = found.Id;
        Assert.True((await new PauseSearch(run.SearchId, null).RunAsync(context, Stop)).Done);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(0, await SearchSchedule.QueueDueAsync(db, TimeZoneInfo.Utc, clock, Stop));
        db.ChangeTracker.Clear();
        Assert.True((await new ResumeSearch(run.SearchId, null).RunAsync(context, Stop)).Done);
        Assert.Equal(1, await SearchSchedule.QueueDueAsync(db, TimeZoneInfo.Utc, clock, Stop));
        db.ChangeTracker.Clear();

        Assert.True((await new DeleteSearch(run.SearchId, null).RunAsync(context, Stop)).Done);
        Assert.All(await db.SearchRuns.AsNoTracking().ToListAsync(Stop), r => Assert.Equal(RunState.Cancelled, r.State));
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(0, await SearchSchedule.QueueDueAsync(db, TimeZoneInfo.Utc, clock, Stop));
        Assert.Equal(HitState.New, (await db.Hits.AsNoTracking().SingleAsync(h => h.Id == hit, Stop)).State);
        Assert.Equal(Refusal.Conflict, (await new QueueRun(run.SearchId).RunAsync(context, Stop)).Refusal);
        Assert.Equal(["search.created", "search.cancelled", "search.paused", "search.resumed", "search.deleted"], await db.Audit.Where(a => a.Subject == $"search/{run.SearchId}").OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(Stop));
    }

    private static int ProductsAsked(LoopbackSite shop) => shop.Requests.Count(x => x.Contains("/p/", StringComparison.Ordinal));
}

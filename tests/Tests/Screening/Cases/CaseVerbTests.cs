using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Cases;

public sealed class CaseVerbTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_case_is_opened_from_hits_and_tells_of_related_ones(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow alfa = await SampleHits.AddReferenceAsync(db);
        ShopRow shop = await SampleHits.AddShopAsync(db, "shop.example");
        HitRow sameReference = await SampleHits.AddAsync(db, alfa);
        HitRow sameShop = await SampleHits.AddAsync(db, shop: shop);
        HitRow closedCase = await SampleHits.AddAsync(db, alfa, shop);
        HitRow elsewhere = await SampleHits.AddAsync(db);
        HitRow asked = await SampleHits.AddAsync(db, alfa, shop);
        CaseRow byReference = await OpenAsync(db, sameReference), byShop = await OpenAsync(db, sameShop);
        await OpenAsync(db, elsewhere);
        await new CloseCase((await OpenAsync(db, closedCase)).Id, CaseOutcome.NoViolation).RunAsync(By(db, "anna"), Stop);

        VerbOutcome<OpenedCase> outcome = await new OpenCase([asked.Id, asked.Id], Market: "DK", AssignTo: "bo").RunAsync(By(db, "anna"), Stop);

        Assert.True(outcome.Done, outcome.Detail);
        Assert.Equal([(byShop.Id, false, true), (byReference.Id, true, false)], outcome.Value!.Related.Select(x => (x.Id, x.SameReference, x.SameShop)));
        CaseRow opened = (await CaseQueries.FindAsync(db, outcome.Value.Case.Id, Stop))!;
        Assert.Equal("Face mask Alfa at shop.example", opened.Title);
        Assert.Equal(("DK", "bo", "anna", CaseState.New), (opened.Market, opened.AssignedTo, opened.OpenedBy, opened.State));
        Assert.Equal(asked.Id, Assert.Single(opened.Hits).Id);
        Assert.Equal("shop.example", opened.Hits.First().Listing!.Shop!.Host);
        Assert.Equal(CaseEventKind.Opened, Assert.Single(opened.Events).Kind);
        Assert.Equal(AuditAction.CaseOpened, Assert.Single((await AuditLog.ListAsync(db, new(Subject: AuditSubject.Case(opened.Id)), null, 10, Stop)).Items).Action);
    }

    [Fact]
    public async Task A_case_is_about_the_market_that_all_of_its_shops_sell_into()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        ShopRow german = await SampleHits.AddShopAsync(db, "lampen.de"), both = await SampleHits.AddShopAsync(db, "lamps.example"), unknown = await SampleHits.AddShopAsync(db, "elsewhere.example");
        foreach (string country in (string[])["DE", "DK"]) db.ShopMarkets.Add(new ShopMarketRow { Host = both.Host, Country = country, Standing = MarketStanding.Targets });
        db.ShopMarkets.Add(new ShopMarketRow { Host = both.Host, Country = "SE", Standing = MarketStanding.MayTarget });
        await db.SaveChangesAsync(Stop);
        async Task<string?> MarketAsync(params ShopRow[] shops)
        {
            List<long> hits = [];
            foreach (ShopRow shop in shops) hits.Add((await SampleHits.AddAsync(db, shop: shop)).Id);
            return (await new OpenCase(hits).RunAsync(By(db, "anna"), Stop)).Value!.Case.Market;
        }

        Assert.Equal("DE", await MarketAsync(german));
        Assert.Equal("DE", await MarketAsync(german, both));
        Assert.Null(await MarketAsync(both));
        Assert.Null(await MarketAsync(german, unknown));
        Assert.True((await new SetCaseRules(20, 2, 3, 20, 5, "DK", []).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal("DK", await MarketAsync(both));
        Assert.Equal("DE", await MarketAsync(german));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_hit_is_in_one_case_at_most_also_when_two_people_open_at_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        VerbOutcome<OpenedCase>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
            async () =>
            {
                await using TouchstoneDb own = database.CreateDbContext();
                return await new OpenCase([hit.Id]).RunAsync(By(own, $"worker {i}"), Stop);
            },
            Stop)));

        Assert.Single(outcomes, x => x.Done);
        Assert.All(outcomes.Where(x => !x.Done), x => Assert.Equal(Refusal.Conflict, x.Refusal));
        Assert.Equal(1, await db.Cases.CountAsync(Stop));
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    [Fact]
    public async Task Opening_refuses_what_it_cannot_do_and_leaves_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        VerbContext anna = By(db, "anna");
        Assert.Equal(Refusal.Invalid, (await new OpenCase([]).RunAsync(anna, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new OpenCase([hit.Id], Market: "Denmark").RunAsync(anna, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new OpenCase([hit.Id], Title: new string('x', 301)).RunAsync(anna, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new OpenCase([hit.Id, 4711]).RunAsync(anna, Stop)).Refusal);
        Assert.Equal(0, await db.Cases.CountAsync(Stop));
        Assert.Equal(0, await db.Audit.CountAsync(Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_case_goes_through_its_life_with_every_step_in_history_and_audit(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db), second = await SampleHits.AddAsync(db);
        long id = (await OpenAsync(db, hit)).Id;
        VerbContext anna = By(db, "anna");
        await DoneAsync(new AddNote(id, "Called the shop; it will answer."));
        await DoneAsync(new AssignCase(id, "bo"));
        Assert.Equal(Refusal.Invalid, (await new SetCaseDue(id, clock.GetUtcNow().AddDays(-1)).RunAsync(anna, Stop)).Refusal);
        await DoneAsync(new SetCaseDue(id, clock.GetUtcNow().AddDays(2)));
        await DoneAsync(new AddHitToCase(id, second.Id));
        await DoneAsync(new ChangeCaseState(id, CaseState.Action, "The order is written."));
        Assert.Equal(Refusal.Conflict, (await new CloseCase(id, CaseOutcome.OffersRemoved).RunAsync(anna, Stop)).Refusal);
        Assert.True((await new DecideHit(hit.Id, HitDecision.Confirm).RunAsync(anna, Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new CloseCase(id, CaseOutcome.NoViolation).RunAsync(anna, Stop)).Refusal);
        await DoneAsync(new CloseCase(id, CaseOutcome.OffersRemoved, "The page is gone."));
        Assert.Equal(Refusal.Conflict, (await new AssignCase(id, "carl").RunAsync(anna, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new ChangeCaseState(id, CaseState.Reopened).RunAsync(anna, Stop)).Refusal);
        await DoneAsync(new ChangeCaseState(id, CaseState.Reopened, "It is offered again."));

        CaseRow read = (await CaseQueries.FindAsync(db, id, Stop))!;
        Assert.Equal((CaseState.Reopened, (string?)null, (DateTimeOffset?)null, "bo"), (read.State, read.Outcome, read.ClosedAt, read.AssignedTo));
        string[] kinds = ["Opened", "NoteAdded", "Assigned", "DueSet", "HitAdded", "StateChanged", "Decided", "StateChanged", "StateChanged"];
        Assert.Equal(kinds, read.Events.Select(x => x.Kind));
        Assert.Equal(9, read.Version);
        Assert.Equal(2, read.Hits.Count);
        string[] actions = [AuditAction.CaseStateChanged, AuditAction.CaseClosed, AuditAction.CaseStateChanged, AuditAction.CaseHitAdded, AuditAction.CaseDueSet, AuditAction.CaseAssigned, AuditAction.CaseNoteAdded, AuditAction.CaseOpened];
        Assert.Equal(actions, (await AuditLog.ListAsync(db, new(Subject: AuditSubject.Case(id)), null, 50, Stop)).Items.Select(x => x.Action));
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);

        async Task DoneAsync(dynamic verb)
        {
            VerbOutcome<CaseRow> outcome = await verb.RunAsync(anna, Stop);
            Assert.True(outcome.Done, outcome.Detail);
        }
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Who_saw_an_older_version_is_refused(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        CaseRow opened = await OpenAsync(db, await SampleHits.AddAsync(db));
        long seen = opened.Version;
        Assert.True((await new AssignCase(opened.Id, "bo", seen).RunAsync(By(db, "anna"), Stop)).Done);

        VerbOutcome<CaseRow> late = await new ChangeCaseState(opened.Id, CaseState.Triage, null, seen).RunAsync(By(db, "carl"), Stop);
        Assert.Equal(Refusal.Overtaken, late.Refusal);
        Assert.Contains("Somebody changed case", late.Detail, StringComparison.Ordinal);
        Assert.Equal(CaseState.New, (await CaseQueries.FindAsync(db, opened.Id, Stop))!.State);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Notes_written_at_once_are_all_kept(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        CaseRow opened = await OpenAsync(db, await SampleHits.AddAsync(db));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
            async () =>
            {
                await using TouchstoneDb own = database.CreateDbContext();
                VerbOutcome<CaseRow> outcome = await new AddNote(opened.Id, $"note {i}").RunAsync(By(own, $"worker {i}"), Stop);
                Assert.True(outcome.Done, outcome.Detail);
            },
            Stop)));
        CaseRow read = (await CaseQueries.FindAsync(db, opened.Id, Stop))!;
        Assert.Equal(6, read.Events.Count(x => x.Kind == CaseEventKind.NoteAdded));
        Assert.Equal(opened.Version + 6, read.Version);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Merging_moves_the_hits_and_closes_the_first_for_good(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        CaseRow from = await OpenAsync(db, await SampleHits.AddAsync(db)), into = await OpenAsync(db, await SampleHits.AddAsync(db));
        VerbOutcome<CaseRow> outcome = await new MergeCases(from.Id, into.Id, "The same seller.").RunAsync(By(db, "anna"), Stop);
        Assert.True(outcome.Done, outcome.Detail);

        Assert.Equal(2, (await CaseQueries.FindAsync(db, into.Id, Stop))!.Hits.Count);
        CaseRow closed = (await CaseQueries.FindAsync(db, from.Id, Stop))!;
        Assert.Equal((CaseState.Closed, "Merged", 0), (closed.State, closed.Outcome, closed.Hits.Count));
        Assert.Contains($"case {into.Id}", closed.Events.Last().Text, StringComparison.Ordinal);
        Assert.Equal(Refusal.Conflict, (await new ChangeCaseState(from.Id, CaseState.Reopened, "No.").RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new MergeCases(from.Id, into.Id, "Again.").RunAsync(By(db, "anna"), Stop)).Refusal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Cases_are_listed_by_state_assignee_and_due_time_page_by_page(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        List<long> ids = [];
        for (int i = 0; i < 5; i++)
        {
            HitRow hit = await SampleHits.AddAsync(db);
            var verb = new OpenCase([hit.Id], AssignTo: i % 2 == 0 ? "anna" : null, DueAt: i < 3 ? clock.GetUtcNow().AddDays(3 - i) : null);
            ids.Add((await verb.RunAsync(By(db, "anna"), Stop)).Value!.Case.Id);
        }
        await new CloseCase(ids[4], CaseOutcome.NotPursued, "A double.").RunAsync(By(db, "anna"), Stop);

        Page<CaseSummary> first = await CaseQueries.ListAsync(db, new(), null, 2, Stop);
        Assert.Equal([ids[4], ids[3]], first.Items.Select(x => x.Id));
        Assert.Equal([ids[2], ids[1]], (await CaseQueries.ListAsync(db, new(), first.Next, 2, Stop)).Items.Select(x => x.Id));
        Assert.Equal((1, 1), (first.Items[0].Hits, first.Items[0].Undecided));
        Assert.Equal([ids[2], ids[0]], await IdsAsync(new(AssignedTo: "anna", Closed: false)));
        Assert.Equal([ids[3], ids[1]], await IdsAsync(new(AssignedTo: "")));
        Assert.Equal([ids[4]], await IdsAsync(new(State: CaseState.Closed)));
        Assert.Equal([ids[2], ids[1]], await IdsAsync(new(DueBefore: clock.GetUtcNow().AddDays(2.5))));
        Assert.Equal([ids[2], ids[1], ids[0]], (await CaseQueries.MostUrgentAsync(db, new(), 10, Stop)).Select(x => x.Id));
        Assert.Equal(4, await CaseQueries.CountAsync(db, new(Closed: false), Stop));

        async Task<IEnumerable<long>> IdsAsync(CaseFilter filter) => (await CaseQueries.ListAsync(db, filter, null, 10, Stop)).Items.Select(x => x.Id);
    }

    private async Task<CaseRow> OpenAsync(TouchstoneDb db, HitRow hit)
    {
        VerbOutcome<OpenedCase> outcome = await new OpenCase([hit.Id]).RunAsync(By(db, "anna"), Stop);
        Assert.True(outcome.Done, outcome.Detail);
        return outcome.Value!.Case;
    }

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}

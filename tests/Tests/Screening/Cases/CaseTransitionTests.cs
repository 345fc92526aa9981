using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Cases;

/// <summary>The table of the states of a case is what the verbs do, and nothing else.</summary>
public sealed class CaseTransitionTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_way_is_declared_once_and_every_state_is_reached_and_left()
    {
        Assert.Equal(CaseTransitions.All.Count, CaseTransitions.All.Select(x => (x.From, x.To)).Distinct().Count());
        foreach (CaseState state in Enum.GetValues<CaseState>())
        {
            Assert.Contains(CaseTransitions.All, x => x.From == state);
            if (state != CaseState.New) Assert.Contains(CaseTransitions.All, x => x.To == state);
        }
        // What had ended is only opened again; ending by hand, and opening again, needs a reason.
        Assert.All(CaseTransitions.All.Where(x => x.From.IsEnded()), x => Assert.Equal((CaseState.Reopened, true), (x.To, x.NeedsReason)));
        Assert.All(CaseTransitions.All.Where(x => x.To == CaseState.Rejected), x => Assert.True(x.NeedsReason));
        Assert.All(CaseTransitions.All, x => Assert.Contains(x.Action, AuditAction.Decisions));
    }

    /// <summary>From every state to every state: the verb does exactly what the table says, with and without a reason.</summary>
    [Fact]
    public async Task The_verb_goes_every_declared_way_and_no_other()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        foreach (CaseState from in Enum.GetValues<CaseState>())
            foreach (CaseState to in Enum.GetValues<CaseState>())
                foreach (string? reason in new[] { null, "because" })
                {
                    var row = new CaseRow { Title = "t", OpenedBy = "anna", OpenedAt = clock.GetUtcNow(), State = from, Version = 1, Outcome = from == CaseState.Closed ? nameof(CaseOutcome.NoViolation) : null };
                    db.Cases.Add(row);
                    await db.SaveChangesAsync(Stop);
                    VerbOutcome<CaseRow> outcome = await new ChangeCaseState(row.Id, to, reason).RunAsync(new VerbContext(db, "anna", clock), Stop);
                    CaseTransition? way = CaseTransitions.Find(from, to);
                    bool allowed = way is not null && way.By.HasFlag(CaseMover.Caseworker) && (reason is not null || !way.NeedsReason);
                    Assert.True(allowed == outcome.Done, $"{from} → {to} {reason}: {outcome.Detail}");
                    if (allowed) Assert.Equal((to, to.IsEnded()), (outcome.Value!.State, outcome.Value.ClosedAt is not null));
                }
    }

    [Fact]
    public async Task A_claim_keeps_others_off_until_it_runs_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        Assert.True((await new ClaimCase(id).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new ClaimCase(id).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new ClaimCase(id, Release: true).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Null(await CaseQueries.NextAsync(db, new(), "bo", clock.GetUtcNow(), null, Stop));
        Assert.Equal(id, await CaseQueries.NextAsync(db, new(), "anna", clock.GetUtcNow(), null, Stop));
        clock.Advance(TimeSpan.FromMinutes(CaseClaim.Minutes + 1));
        Assert.Equal(id, await CaseQueries.NextAsync(db, new(), "bo", clock.GetUtcNow(), null, Stop));
        Assert.True((await new ClaimCase(id).RunAsync(By(db, "bo"), Stop)).Done);
        Assert.True((await new ClaimCase(id, Release: true).RunAsync(By(db, "bo"), Stop)).Done);
        Assert.Single((await CaseQueries.ListAsync(db, new(FreeAt: clock.GetUtcNow()), null, 10, Stop)).Items);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Queues_are_by_market_and_category_and_the_nearest_deadline_is_next(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow toys = await SampleHits.AddReferenceAsync(db);
        toys.Category = "Toys";
        await db.SaveChangesAsync(Stop);
        long first = await OpenAsync(db, await SampleHits.AddAsync(db, toys), "DK"), second = await OpenAsync(db, await SampleHits.AddAsync(db, toys), "DK"), other = await OpenAsync(db);
        await new SetCaseDue(other, clock.GetUtcNow().AddDays(1)).RunAsync(By(db, "anna"), Stop);
        Assert.Equal(other, await CaseQueries.NextAsync(db, new(), "anna", clock.GetUtcNow(), null, Stop));
        // A deadline is no nearer than a day that is set only because it is one.
        Assert.True((await new StartClock(second, ClockKind.Order, Days: 2).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal(other, await CaseQueries.NextAsync(db, new(), "anna", clock.GetUtcNow(), null, Stop));
        Assert.Equal(second, await CaseQueries.NextAsync(db, new(), "anna", clock.GetUtcNow(), other, Stop));
        Assert.Equal([other, second], (await CaseQueries.MostUrgentAsync(db, new(), 10, Stop)).Select(x => x.Id));
        Assert.Equal([other], (await CaseQueries.ListAsync(db, new(DueBefore: clock.GetUtcNow().AddDays(1.5)), null, 10, Stop)).Items.Select(x => x.Id));
        Assert.Equal(first, await CaseQueries.NextAsync(db, new(Market: "DK", Category: "Toys"), "anna", clock.GetUtcNow(), second, Stop));
        clock.Advance(TimeSpan.FromDays(20));

        IReadOnlyList<CaseQueue> queues = await CaseQueries.QueuesAsync(db, clock.GetUtcNow(), Stop);
        Assert.Equal([new CaseQueue("DK", "Toys", 2, 2, 1), new CaseQueue(null, null, 1, 1, 1)], queues);
        Assert.Equal([other, second], (await CaseQueries.ListAsync(db, new(DueBefore: clock.GetUtcNow()), null, 10, Stop)).Items.Select(x => x.Id));
        Assert.Equal([second], (await CaseQueries.ListAsync(db, new(BreachedAt: clock.GetUtcNow()), null, 10, Stop)).Items.Select(x => x.Id));
        Assert.Equal([other], (await CaseQueries.ListAsync(db, new(Market: ""), null, 10, Stop)).Items.Select(x => x.Id));
    }

    [Fact]
    public async Task Cases_that_ended_and_decisions_on_the_same_product_are_told()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow alfa = await SampleHits.AddReferenceAsync(db);
        HitRow before = await SampleHits.AddAsync(db, alfa);
        long ended = await OpenAsync(db, before), now = await OpenAsync(db, await SampleHits.AddAsync(db, alfa));
        await new DecideHit(before.Id, HitDecision.Reject, null, Reason: RejectReason.Genuine).RunAsync(By(db, "bo"), Stop);
        await new ChangeCaseState(ended, CaseState.Rejected, "Genuine.").RunAsync(By(db, "bo"), Stop);
        Assert.Empty(await RelatedCases.OfCaseAsync(db, now, Stop));
        Assert.Equal((ended, CaseState.Rejected), (await RelatedCases.OfCaseAsync(db, now, Stop, ended: true)).Select(x => (x.Id, x.State)).Single());
        PriorDecision told = Assert.Single(await RelatedCases.DecisionsAsync(db, now, Stop));
        Assert.Equal((before.Id, HitState.Rejected, RejectReason.Genuine, "bo"), (told.HitId, told.State, told.Reason, told.DecidedBy));
    }

    private async Task<long> OpenAsync(TouchstoneDb db, HitRow? hit = null, string? market = null)
    {
        hit ??= await SampleHits.AddAsync(db);
        VerbOutcome<OpenedCase> outcome = await new OpenCase([hit.Id], Market: market).RunAsync(By(db, "anna"), Stop);
        Assert.True(outcome.Done, outcome.Detail);
        return outcome.Value!.Case.Id;
    }

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}

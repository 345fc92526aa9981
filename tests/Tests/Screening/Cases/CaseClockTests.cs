using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Cases;

/// <summary>Deadlines of cases: counted in working days, met or run out, told once.</summary>
public sealed class CaseClockTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_runs_two_working_days_of_the_market_and_the_operators_days_off_count()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db, "DK");
        clock.Advance(new DateTimeOffset(2026, 5, 13, 9, 0, 0, TimeSpan.Zero) - clock.GetUtcNow());
        // Thursday 14 May 2026 is Ascension Day, and a weekend follows.
        CaseClockRow order = await StartAsync(db, new StartClock(id, ClockKind.Order, "the shop removes the offer"));
        Assert.Equal((new DateTimeOffset(2026, 5, 18, 23, 59, 0, TimeSpan.Zero), "DK"), (order.DueAt, order.Country));
        Assert.True((await new AddHoliday("DK", new DateOnly(2026, 5, 15), "Bridge day").RunAsync(By(db, "admin"), Stop)).Done);
        Assert.Equal(19, (await StartAsync(db, new StartClock(id, ClockKind.Order))).DueAt.Day);
        Assert.Equal(20, (await StartAsync(db, new StartClock(id, ClockKind.Notice))).DueAt.Day);
        // Nothing is guessed of a country that is not known: only the weekend is left out.
        CaseClockRow korea = await StartAsync(db, new StartClock(id, ClockKind.Own, Country: "KR", Days: 1));
        Assert.Equal((14, "KR"), (korea.DueAt.Day, korea.Country));
        Assert.Equal(Refusal.Invalid, (await new StartClock(id, ClockKind.Own, Days: 0).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new StartClock(id, ClockKind.Own, Country: "Danmark").RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new StartClock(4711, ClockKind.Own).RunAsync(By(db, "anna"), Stop)).Refusal);
    }

    [Fact]
    public async Task The_rules_say_how_long_a_kind_runs()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db, null);
        clock.Advance(new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero) - clock.GetUtcNow());
        VerbOutcome<CaseRulesRow> set = await new SetCaseRules(10, 4, 5, 6, 7, "DE", ["Toys"], 0).RunAsync(By(db, "admin"), Stop);
        Assert.True(set.Done, set.Detail);
        Assert.Equal((5, "DE"), (await StartAsync(db, new StartClock(id, ClockKind.Order)) is { } x ? (x.DueAt.Day, x.Country) : default));
        Assert.Equal(Refusal.Overtaken, (await new SetCaseRules(10, 4, 5, 6, 7, null, [], 0).RunAsync(By(db, "admin"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new SetCaseRules(0, 4, 5, 6, 7, null, []).RunAsync(By(db, "admin"), Stop)).Refusal);
        Assert.Equal(["Toys"], CaseRules.Upsetting(await CaseRules.ReadAsync(db, Stop)));
    }

    [Fact]
    public async Task A_clock_that_is_met_is_stopped_once_and_says_whether_it_was_late()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db, "DK");
        CaseClockRow started = await StartAsync(db, new StartClock(id, ClockKind.Own, Days: 1)), late = await StartAsync(db, new StartClock(id, ClockKind.Own, Days: 1));
        Assert.True((await new MeetClock(started.Id, "The shop answered.").RunAsync(By(db, "bo"), Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new MeetClock(started.Id, "Again.").RunAsync(By(db, "bo"), Stop)).Refusal);
        clock.Advance(TimeSpan.FromDays(10));
        Assert.True((await new MeetClock(late.Id, "Too late.").RunAsync(By(db, "bo"), Stop)).Done);
        IReadOnlyList<CaseClockRow> rows = await CaseClocks.OfCaseAsync(db, id, Stop);
        Assert.Equal([(late.Id, true), (started.Id, false)], rows.Select(x => (x.Id, x.IsBreached(clock.GetUtcNow()))));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_breach_is_told_once_also_by_two_nodes_at_the_same_moment(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db, "DK");
        await new AssignCase(id, "bo").RunAsync(By(db, "anna"), Stop);
        await StartAsync(db, new StartClock(id, ClockKind.Order, "the shop"));
        CaseClockRow met = await StartAsync(db, new StartClock(id, ClockKind.Own));
        await new MeetClock(met.Id, "done").RunAsync(By(db, "anna"), Stop);
        Assert.Equal(0, await TellAsync());
        clock.Advance(TimeSpan.FromDays(30));
        int[] told = await Task.WhenAll(Task.Run(TellAsync, Stop), Task.Run(TellAsync, Stop));
        Assert.Equal(1, told.Sum());
        Assert.Equal(0, await TellAsync());

        OutboxRow mail = await db.Outbox.AsNoTracking().SingleAsync(Stop);
        Assert.Equal("bo@authority.example", mail.Recipient);
        Assert.Contains($"/cases/{id}", mail.Body, StringComparison.Ordinal);
        CaseRow read = (await CaseQueries.FindAsync(db, id, Stop))!;
        Assert.Single(read.Events, x => x.Kind == CaseEventKind.ClockRanOut);
        Assert.Single((await AuditLog.ListAsync(db, new(Actions: [AuditAction.ClockRanOut]), null, 10, Stop)).Items);

        Task<int> TellAsync() => ClockBreaches.TellAsync(database, clock, (account, _) => Task.FromResult<IReadOnlyList<string>>([$"{account}@authority.example"]), Stop);
    }

    [Fact]
    public async Task The_deadlines_of_a_case_end_with_it_and_nobody_is_told_of_them_later()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long closed = await OpenAsync(db, "DK"), rejected = await OpenAsync(db, "DK");
        await StartAsync(db, new StartClock(closed, ClockKind.Order));
        await StartAsync(db, new StartClock(rejected, ClockKind.Own, "the importer"));
        Assert.True((await new CloseCase(closed, CaseOutcome.NotPursued, "A double.").RunAsync(By(db, "bo"), Stop)).Done);
        Assert.True((await new ChangeCaseState(rejected, CaseState.Rejected, "Genuine.").RunAsync(By(db, "bo"), Stop)).Done);
        foreach (long id in (long[])[closed, rejected])
        {
            CaseClockRow ended = Assert.Single(await CaseClocks.OfCaseAsync(db, id, Stop));
            Assert.Equal(("bo", CaseClockRow.WithTheCase, (DateTimeOffset?)clock.GetUtcNow(), true), (ended.MetBy, ended.How, ended.MetAt, ended.EndedWithCase));
            // Nothing met it, and the history does not say so.
            Assert.Equal([CaseEventKind.ClockEnded], await db.CaseEvents.Where(x => x.CaseId == id && x.Kind.StartsWith("Clock") && x.Kind != CaseEventKind.ClockStarted).Select(x => x.Kind).ToArrayAsync(Stop));
        }
        clock.Advance(TimeSpan.FromDays(90));
        Assert.Equal(0, await ClockBreaches.TellAsync(database, clock, (_, _) => Task.FromResult<IReadOnlyList<string>>(["bo@authority.example"]), Stop));
        Assert.Empty(await CaseQueries.MostUrgentAsync(db, new(), 10, Stop));
    }

    [Fact]
    public async Task A_deadline_that_runs_goes_on_in_the_case_that_is_merged_into()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long from = await OpenAsync(db, "DK"), into = await OpenAsync(db, "DK");
        CaseClockRow met = await StartAsync(db, new StartClock(from, ClockKind.Own)), runs = await StartAsync(db, new StartClock(from, ClockKind.Order));
        await new MeetClock(met.Id, "done").RunAsync(By(db, "anna"), Stop);
        Assert.True((await new MergeCases(from, into, "The same seller.").RunAsync(By(db, "anna"), Stop)).Done);
        await using TouchstoneDb later = database.CreateDbContext();
        Assert.Equal([runs.Id], (await CaseClocks.OfCaseAsync(later, into, Stop)).Select(x => x.Id));
        Assert.Equal([met.Id], (await CaseClocks.OfCaseAsync(later, from, Stop)).Select(x => x.Id));
        Assert.True((await new MeetClock(runs.Id, "The shop obeyed.").RunAsync(By(later, "anna"), Stop)).Done);

        // What a laboratory works on is the case's own, and could not be moved on in one that ended.
        long third = await OpenAsync(db, "DK");
        Assert.True((await new Touchstone.Screening.Samples.OrderSample(third, "Shop").RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Contains("sample", (await new MergeCases(third, into, "The same.").RunAsync(By(db, "anna"), Stop)).Detail, StringComparison.Ordinal);
    }

    private async Task<CaseClockRow> StartAsync(TouchstoneDb db, StartClock verb)
    {
        VerbOutcome<CaseClockRow> outcome = await verb.RunAsync(By(db, "anna"), Stop);
        Assert.True(outcome.Done, outcome.Detail);
        return outcome.Value!;
    }

    private async Task<long> OpenAsync(TouchstoneDb db, string? market) => (await new OpenCase([(await SampleHits.AddAsync(db)).Id], Market: market).RunAsync(By(db, "anna"), Stop)).Value!.Case.Id;

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}

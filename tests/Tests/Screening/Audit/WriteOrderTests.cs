using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Audit;

/// <summary>Every verb writes hits before cases and the audit log last, so that on a database that locks rows no two of them wait for each other.</summary>
public sealed class WriteOrderTests
{
    private static readonly string[] Order = ["Hits", "Cases", "Audit"];

    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Verbs_write_in_one_order(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var recorded = new RecordedSql(database);
        (HitRow first, HitRow second, HitRow third) = await HitsAsync(database);
        long one = 0, other = 0;
        one = (await InOrderAsync(recorded, x => new OpenCase([first.Id]).RunAsync(x, Stop))).Case.Id;
        other = (await InOrderAsync(recorded, x => new OpenCase([third.Id]).RunAsync(x, Stop))).Case.Id;
        await InOrderAsync(recorded, x => new AddHitToCase(one, second.Id).RunAsync(x, Stop));
        await InOrderAsync(recorded, x => new AssignCase(one, "bo").RunAsync(x, Stop));
        await InOrderAsync(recorded, x => new DecideHit(first.Id, HitDecision.Reject).RunAsync(x, Stop));
        await InOrderAsync(recorded, x => new ClaimHits([second.Id, third.Id]).RunAsync(x, Stop));
        await InOrderAsync(recorded, x => new DecideHits([new(second.Id), new(third.Id)], HitDecision.Confirm).RunAsync(x, Stop));
        await InOrderAsync(recorded, x => new AddNote(one, "Seen.").RunAsync(x, Stop));
        await ReopenAsync(recorded, first);
        await InOrderAsync(recorded, x => new MergeCases(other, one, "The same product.").RunAsync(x, Stop));
        await InOrderAsync(recorded, x => new CloseCase(one, CaseOutcome.NoViolation).RunAsync(x, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_run_is_not_cancelled_where_that_cannot_be_recorded(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var run = new SearchRunRow { Search = new SearchRow { Name = "lamps", ShopUrls = "https://shop.example/", CreatedBy = "anna" }, State = RunState.Queued };
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            db.SearchRuns.Add(run);
            await db.SaveChangesAsync(Stop);
        }
        var recorded = new RecordedSql(database) { Fails = "INSERT INTO \"Audit\"" };
        await using (TouchstoneDb db = recorded.CreateDbContext())
            await Assert.ThrowsAnyAsync<Exception>(() => new CancelRun(run.Id).RunAsync(new VerbContext(db, "anna", clock), Stop));
        await using (TouchstoneDb db = database.CreateDbContext())
            Assert.Equal(RunState.Queued, (await db.SearchRuns.FindAsync([run.Id], Stop))!.State);
    }

    /// <summary>Another picture matches a rejected hit of a case.</summary>
    private async Task ReopenAsync(RecordedSql recorded, HitRow hit)
    {
        long observation;
        await using (TouchstoneDb db = recorded.CreateDbContext()) observation = await db.Observations.Where(x => x.ListingId == hit.ListingId).Select(x => x.Id).SingleAsync(Stop);
        int from = recorded.Statements.Count;
        var outcome = new ScreeningOutcome
        {
            Verdict = Verdict.Match,
            Matches = [new(hit.ReferenceId, Relation.SameProduct, new Probability(0.9), Verdict.Match, BlobName.Of([9]), null, new MatchSignals())],
            Images = [],
            ModelId = "model",
            ProfileId = "profile",
            GallerySequence = 1,
            GalleryFingerprint = "f",
        };
        await new HitStore(recorded, clock).SaveAsync(new ScreeningSubject(observation, null, null, "input"), outcome, Stop);
        AssertOrder(recorded, from);
        Assert.Contains("Cases", recorded.Written(from, Order));
    }

    private async Task<T> InOrderAsync<T>(RecordedSql recorded, Func<VerbContext, Task<VerbOutcome<T>>> verb)
        where T : class
    {
        int from = recorded.Statements.Count;
        await using TouchstoneDb db = recorded.CreateDbContext();
        VerbOutcome<T> outcome = await verb(new VerbContext(db, "anna", clock));
        Assert.True(outcome.Done, outcome.Detail);
        AssertOrder(recorded, from);
        return outcome.Value!;
    }

    private static void AssertOrder(RecordedSql recorded, int from)
    {
        IReadOnlyList<string> written = recorded.Written(from, Order);
        Assert.Equal("Audit", written[^1]);
        // A case that is only being made is nobody else's yet.
        IEnumerable<string> locked = recorded.Statements.Skip(from).Any(x => x.Contains("INSERT INTO \"Cases\"", StringComparison.Ordinal)) ? written.Where(x => x != "Cases") : written;
        Assert.Equal(locked.OrderBy(x => Array.IndexOf(Order, x)), locked);
    }

    private static async Task<(HitRow First, HitRow Second, HitRow Third)> HitsAsync(TestDatabase database)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        return (await SampleHits.AddAsync(db), await SampleHits.AddAsync(db), await SampleHits.AddAsync(db));
    }
}

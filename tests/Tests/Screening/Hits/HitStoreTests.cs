using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Hits;

/// <summary>What becomes of a hit that is found again, on both databases, also when two workers find the same.</summary>
public sealed class HitStoreTests
{
    private static readonly string X = BlobName.Of([1]), Y = BlobName.Of([2]);

    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Two_workers_may_screen_the_same_listing_at_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        using Bench bench = await Bench.StartAsync(database, clock);
        long observation = await bench.SeeAsync(9.95m, X);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => bench.ScreenAsync(observation, Found(bench, X)), Stop)));
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(1, await db.Hits.CountAsync(Stop));
        Assert.NotNull(await bench.Hits.FindAsync(observation, "input", Stop));
        Assert.Null(await bench.Hits.FindAsync(observation, "other", Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_confirmed_hit_stays_on_the_match_and_the_observation_on_which_it_was_confirmed(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        using Bench bench = await Bench.StartAsync(database, clock);
        long first = await bench.SeeAsync(9.95m, X);
        await bench.ScreenAsync(first, Found(bench, X, probability: 0.6));
        long second = await bench.SeeAsync(8m, X);
        await bench.ScreenAsync(second, Found(bench, X, probability: 0.9));
        await bench.DecideAsync(HitDecision.Confirm);
        for (int crawl = 0; crawl < 3; crawl++) await bench.ScreenAsync(await bench.SeeAsync(7m - crawl, Y), Found(bench, Y, Relation.SameImage, 0.7));

        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await db.Hits.AsNoTracking().Include(x => x.Match!.Screening).SingleAsync(Stop);
        Assert.Equal((HitState.Confirmed, Relation.SameProduct, 0.9, X, (long?)second), (hit.State, hit.Relation, hit.Probability, hit.Match!.ImageSha256, hit.Match.Screening!.ObservationId));
        HitHistory history = await HitHistory.ReadAsync(db, hit, Stop);
        Assert.Equal([5, 4, 3, 2, 1], history.Observations.Select(x => x.Number));
        Assert.Equal([2], history.Observations.Where(x => x.Shown).Select(x => x.Number));
        Assert.Equal((Relation.SameImage, 0.7), (history.Observations[0].Relation, history.Observations[0].Probability));
        Assert.True(history.ChangedSince);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_rejected_hit_opens_again_with_the_reason_where_another_picture_matches(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        using Bench bench = await Bench.StartAsync(database, clock);
        await bench.ScreenAsync(await bench.SeeAsync(9.95m, X), Found(bench, X));
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await db.Hits.AsNoTracking().SingleAsync(Stop);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(bench.By(db), Stop)).Value!.Case.Id;
        await bench.DecideAsync(HitDecision.Reject);
        // What was rejected, seen at another price, says nothing new.
        await bench.ScreenAsync(await bench.SeeAsync(8m, X), Found(bench, X, probability: 0.99));
        Assert.Equal(HitState.Rejected, (await db.Hits.AsNoTracking().SingleAsync(Stop)).State);

        await bench.ScreenAsync(await bench.SeeAsync(8m, Y), Found(bench, Y));
        hit = await db.Hits.AsNoTracking().Include(x => x.Match).SingleAsync(Stop);
        Assert.Equal((HitState.New, Y, (string?)null), (hit.State, hit.Match!.ImageSha256, hit.DecidedBy));
        Assert.Contains("Another picture matches", hit.ReopenedBecause, StringComparison.Ordinal);
        Assert.Equal(clock.GetUtcNow(), hit.ReopenedAt);
        AuditRow entry = (await AuditLog.ListAsync(db, new(Actions: [AuditAction.HitReopened]), null, 9, Stop)).Items.Single();
        Assert.Equal((HitStore.Actor, AuditSubject.Hit(hit.Id)), (entry.Actor, entry.Subject));
        Assert.Equal([CaseEventKind.Opened, CaseEventKind.Decided, CaseEventKind.HitReopened], (await CaseQueries.FindAsync(db, caseId, Stop))!.Events.Select(x => x.Kind));

        // Both are rejected then, and neither opens it once more.
        await bench.DecideAsync(HitDecision.Reject);
        await bench.ScreenAsync(await bench.SeeAsync(7m, X, Y), Found(bench, X));
        await bench.ScreenAsync(await bench.SeeAsync(6m, X, Y), Found(bench, Y));
        hit = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((HitState.Rejected, (string?)null), (hit.State, hit.ReopenedBecause));
    }

    [Fact]
    public async Task A_rejected_hit_opens_again_where_another_relation_matches_unless_it_was_seen_then()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        using Bench bench = await Bench.StartAsync(database, clock);
        const string Gtin = "The GTIN 4006381333931 is the reference's.", Model = "The brand and the model are the reference's.";
        await bench.ScreenAsync(await bench.SeeAsync(9m, X), Found(bench, X, signals: new MatchSignals { For = ["They look alike.", Gtin] }));
        await bench.DecideAsync(HitDecision.Reject);
        await bench.ScreenAsync(await bench.SeeAsync(8m, X), Found(bench, null, Relation.SameIdentifier, signals: new MatchSignals { For = [Gtin] }));
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(HitState.Rejected, (await db.Hits.AsNoTracking().SingleAsync(Stop)).State);
        await bench.ScreenAsync(await bench.SeeAsync(7m, X), Found(bench, null, Relation.SameIdentifier, signals: new MatchSignals { For = [Model] }));
        HitRow hit = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((HitState.New, Relation.SameIdentifier), (hit.State, hit.Relation));
        Assert.Contains("same identifier", hit.ReopenedBecause, StringComparison.Ordinal);
        Assert.Contains("same product", hit.ReopenedBecause, StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_nobody_decided_shows_the_newest_match_and_a_decision_on_an_older_one_is_refused(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        using Bench bench = await Bench.StartAsync(database, clock);
        await bench.ScreenAsync(await bench.SeeAsync(9m, X), Found(bench, X));
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow seen = await db.Hits.AsNoTracking().SingleAsync(Stop);
        await bench.ScreenAsync(await bench.SeeAsync(9m, Y), Found(bench, Y));
        VerbOutcome<HitRow> late = await new DecideHit(seen.Id, HitDecision.Reject, SeenMatchId: seen.MatchId).RunAsync(bench.By(db), Stop);
        Assert.Equal(Refusal.Conflict, late.Refusal);
        Assert.Contains("another match", late.Detail, StringComparison.Ordinal);
        HitRow now = await db.Hits.AsNoTracking().Include(x => x.Match).SingleAsync(Stop);
        Assert.Equal((HitState.New, Y), (now.State, now.Match!.ImageSha256));
        Assert.True((await new DecideHit(seen.Id, HitDecision.Reject, SeenMatchId: now.MatchId).RunAsync(bench.By(db), Stop)).Done);
        HitDecisionRow decided = await db.HitDecisions.SingleAsync(Stop);
        Assert.Equal((now.MatchId, HitState.Rejected), (decided.MatchId, decided.State));
    }

    [Theory, InlineData(ReferenceKind.Design, 0), InlineData(ReferenceKind.Alert, 1)]
    public async Task A_right_that_expired_gives_no_hit_and_the_match_is_kept(ReferenceKind kind, int hits)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        using Bench bench = await Bench.StartAsync(database, clock);
        await using TouchstoneDb db = database.CreateDbContext();
        DateOnly yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        await db.References.ExecuteUpdateAsync(r => r.SetProperty(x => x.Kind, kind).SetProperty(x => x.ExpiresOn, yesterday), Stop);
        await bench.ScreenAsync(await bench.SeeAsync(9.95m, X), Found(bench, X));
        Assert.Equal((hits, 1), (await db.Hits.CountAsync(Stop), await db.Matches.CountAsync(Stop)));
        var search = new CreateSearch.Request("lamps", ["https://shop.example/"], bench.ReferenceId, null, null);
        Assert.Equal(hits == 0 ? Refusal.Conflict : null, (await CreateSearch.RunAsync(bench.By(db), search, Stop)).Refusal);
    }

    private static ScreeningOutcome Found(Bench bench, string? image, Relation relation = Relation.SameProduct, double probability = 0.9, MatchSignals? signals = null) => new()
    {
        Verdict = Verdict.Match,
        Matches = [new(bench.ReferenceId, relation, new Probability(probability), Verdict.Match, image, null, signals ?? new MatchSignals())],
        Images = [],
        ModelId = "model",
        ProfileId = "profile",
        GallerySequence = 1,
        GalleryFingerprint = "f",
    };

    /// <summary>A listing of a shop, crawled and screened by hand.</summary>
    private sealed class Bench(TestDatabase database, ManualClock clock, long referenceId) : IDisposable
    {
        private readonly ObservationStore observations = new(database, new FolderBlobStore(database.Storage.BlobFolder), clock);

        public HitStore Hits { get; } = new(database, clock);

        public long ReferenceId => referenceId;

        public static async Task<Bench> StartAsync(TestDatabase database, ManualClock clock)
        {
            await using TouchstoneDb db = database.CreateDbContext();
            return new Bench(database, clock, (await SampleHits.AddReferenceAsync(db)).Id);
        }

        public async Task<long> SeeAsync(decimal price, params string[] pictures)
        {
            clock.Advance(TimeSpan.FromHours(1));
            var facts = new ListingFacts { Url = "https://s.example/p/1", Name = "Mask", Price = price, Currency = "EUR" };
            return (await observations.SaveAsync(facts, [.. pictures.Select((x, i) => new SeenImage($"https://s.example/{i}.jpg", x, null, clock.GetUtcNow()))], null, Stop)).Id;
        }

        public Task<ScreeningRow> ScreenAsync(long observation, ScreeningOutcome outcome) => Hits.SaveAsync(new ScreeningSubject(observation, null, null, "input"), outcome, Stop);

        public async Task DecideAsync(HitDecision decision)
        {
            await using TouchstoneDb db = database.CreateDbContext();
            VerbOutcome<HitRow> outcome = await new DecideHit((await db.Hits.SingleAsync(Stop)).Id, decision).RunAsync(By(db), Stop);
            Assert.True(outcome.Done, outcome.Detail);
        }

        public VerbContext By(TouchstoneDb db) => new(db, "anna", clock);

        public void Dispose() => observations.Dispose();
    }
}

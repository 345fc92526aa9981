using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Recognition.Features;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Retention;

public sealed class RetentionRulesTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_has_one_rule_that_says_how_long_and_why()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        IReadOnlyList<RetentionRule> rules = RetentionRules.Of(new RetentionOptions());
        Assert.Equal(db.Model.GetEntityTypes().Select(x => x.GetTableName()).Order(), rules.Select(x => x.TableOf(db)).Order());
        Assert.All(rules, rule => Assert.True(rule.Kept.Length > 0 && rule.Why.EndsWith('.'), rule.TableOf(db)));
    }

    [Fact]
    public async Task Every_column_that_names_a_blob_keeps_it()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        Type[] ofPictures = [typeof(ImageRow), typeof(ImageFeaturesRow), typeof(ImageTextRow), typeof(ImageJobRow), typeof(ErasureRow)];
        IEnumerable<string> named = db.Model.GetEntityTypes().Where(x => !ofPictures.Contains(x.ClrType)).SelectMany(x => x.GetProperties().Where(p => p.Name.EndsWith("Sha256", StringComparison.Ordinal)).Select(p => $"\"{p.GetColumnName()}\" FROM \"{x.GetTableName()}\""));
        string[] looked = [.. BlobUse.Of(db).Select(x => x.ToQueryString().ReplaceLineEndings(" "))];
        Assert.All(named, column => Assert.Contains(looked, x => x.Contains(column, StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_out_of_range_are_all_said_at_once() =>
        Assert.Equal(3, new RetentionOptions { IdempotencyKeyDays = 0, UnusedPictureDays = 99_999, Every = TimeSpan.Zero }.Problems().Count());

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_is_old_goes_and_what_is_young_or_was_decided_on_stays(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var job = new RetentionJob(database, new FolderBlobStore(database.Storage.BlobFolder, clock), new RetentionOptions(), clock);
        await using TouchstoneDb db = database.CreateDbContext();
        await AddWorkAsync(db, "old");
        clock.Advance(TimeSpan.FromDays(91));
        await AddWorkAsync(db, "young");

        Dictionary<string, long> expected = new(StringComparer.Ordinal) { ["Frontier"] = 1, ["RunObservations"] = 1, ["RememberedUrls"] = 1, ["HostLeases"] = 1, ["Outbox"] = 1, ["IdempotencyKeys"] = 1, ["ImageFeatures"] = 1, ["Imports"] = 1, ["GateSightings"] = 1 };
        IReadOnlyList<RetentionLine> dry = await job.RunAsync(dryRun: true, Stop);
        Assert.Equal(expected.OrderBy(x => x.Key), dry.Where(x => x.Rows > 0).Select(x => KeyValuePair.Create(x.Table, x.Rows)).OrderBy(x => x.Key));
        Assert.Equal(2, await db.IdempotencyKeys.CountAsync(Stop));

        IReadOnlyList<RetentionLine> done = await job.RunAsync(dryRun: false, Stop);
        Assert.Equal(dry.Select(x => (x.Table, x.Rows)), done.Select(x => (x.Table, x.Rows)));
        Assert.Equal("young", (await db.IdempotencyKeys.AsNoTracking().SingleAsync(Stop)).Key);
        Assert.Equal(["https://young.example/"], await db.Frontier.Where(x => x.State == FrontierState.Done).Select(x => x.Url).ToListAsync(Stop));
        Assert.Equal([("old", ImportState.Done), ("young", ImportState.Previewed), ("young", ImportState.Done)], (await db.Imports.AsNoTracking().OrderBy(x => x.Id).ToListAsync(Stop)).Select(x => (x.Register, x.State)));
        // What waits to be compared waits; what was given up goes.
        Assert.Equal([("old", 0), ("young", 0), ("young", WatchCheckRow.MostAttempts)], (await db.GateSightings.AsNoTracking().OrderBy(x => x.Id).ToListAsync(Stop)).Select(x => (x.Actor, x.Attempts)));
        Assert.Equal("young.example", (await db.HostLeases.AsNoTracking().SingleAsync(Stop)).Host);
        Assert.Equal("https://young.example/", (await db.RememberedUrls.AsNoTracking().SingleAsync(Stop)).Url);
        // A dead message waits for a person, however old it is; a run's numbers stay.
        Assert.Equal((3, 2), (await db.Outbox.CountAsync(Stop), await db.SearchRuns.CountAsync(Stop)));
        Assert.DoesNotContain(await job.RunAsync(dryRun: false, Stop), x => x.Rows > 0);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Observations_that_led_to_nothing_go_after_a_year_and_those_with_a_hit_the_latest_ones_and_those_of_captures_stay(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var job = new RetentionJob(database, new FolderBlobStore(database.Storage.BlobFolder, clock), new RetentionOptions(), clock);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        long listing = hit.ListingId!.Value;
        DateTimeOffset now = clock.GetUtcNow();
        await db.Observations.ExecuteUpdateAsync(o => o.SetProperty(x => x.LastSeenAt, now), Stop);
        await db.Screenings.ExecuteUpdateAsync(s => s.SetProperty(x => x.ScreenedAt, now), Stop);
        ObservationRow nothing = Observation(listing, 2), latest = Observation(listing, 3);
        ScreeningRow older = Screening(latest), newest = Screening(latest);
        db.Screenings.AddRange(Screening(nothing), older, new ScreeningRow { CaptureId = 1, Verdict = Verdict.NoMatch, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "c", ScreenedAt = now });
        await db.SaveChangesAsync(Stop);
        db.Screenings.Add(newest);
        await db.SaveChangesAsync(Stop);

        clock.Advance(TimeSpan.FromDays(364));
        Assert.DoesNotContain(await job.RunAsync(dryRun: false, Stop), x => x.Rows > 0);
        clock.Advance(TimeSpan.FromDays(2));
        IReadOnlyList<RetentionLine> done = await job.RunAsync(dryRun: false, Stop);
        Assert.Equal((2, 1), (done.Single(x => x.Table == "Screenings").Rows, done.Single(x => x.Table == "Observations").Rows));
        Assert.Equal([1, 3], await db.Observations.OrderBy(x => x.Number).Select(x => x.Number).ToListAsync(Stop));
        Assert.Equal(1, await db.Screenings.CountAsync(s => s.Id == newest.Id, Stop));
        Assert.Equal(1, await db.Screenings.CountAsync(s => s.CaptureId == 1, Stop));
        Assert.Equal((1, 1), (await db.Hits.CountAsync(Stop), await db.Matches.CountAsync(Stop)));
    }

    private ObservationRow Observation(long listing, int number) => new() { ListingId = listing, Number = number, ContentHash = $"{number}", FirstSeenAt = clock.GetUtcNow(), LastSeenAt = clock.GetUtcNow() };

    private ScreeningRow Screening(ObservationRow observation) => new() { Observation = observation, Verdict = Verdict.NoMatch, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "i", ScreenedAt = clock.GetUtcNow() };

    /// <summary>A row of each kind of work, done now.</summary>
    private async Task AddWorkAsync(TouchstoneDb db, string name)
    {
        DateTimeOffset now = clock.GetUtcNow();
        HitRow hit = await SampleHits.AddAsync(db);
        ScreeningRow screening = await db.Screenings.SingleAsync(s => s.Id == hit.Match!.ScreeningId, Stop);
        (screening.ScreenedAt, screening.Observation!.LastSeenAt) = (now, now);
        var run = new SearchRunRow { Search = new SearchRow { Name = name, ShopUrls = $"https://{name}.example/", CreatedBy = "anna" }, State = RunState.Finished, FinishedAt = now, QueuedAt = now };
        db.RunObservations.Add(new RunObservationRow { Run = run, ObservationId = screening.ObservationId!.Value, ScreeningId = screening.Id, SeenAt = now });
        await db.SaveChangesAsync(Stop);
        db.Frontier.Add(new FrontierRow { RunId = run.Id, Url = $"https://{name}.example/", Host = $"{name}.example", State = FrontierState.Done });
        db.RememberedUrls.Add(new RememberedUrlRow { Url = $"https://{name}.example/", AskedUrl = $"https://{name}.example/", RequestHead = [], ResponseHead = [], BodySha256 = BlobName.Of([1]), CheckedAt = now });
        db.HostLeases.Add(new HostLeaseRow { Host = $"{name}.example", LeaseOwner = "node", LeaseUntil = now });
        foreach (OutboxState state in (OutboxState[])[OutboxState.Delivered, OutboxState.Dead])
            db.Outbox.Add(new OutboxRow { Kind = "Email", Recipient = "a@b.example", Subject = "s", Body = "b", Key = $"{name}/{state}", State = state, CreatedAt = now, DeliveredAt = state == OutboxState.Delivered ? now : null });
        foreach (ImportState state in (ImportState[])[ImportState.Previewed, ImportState.Done]) db.Imports.Add(new ImportRow { Register = name, FileName = "lamps.csv", State = state, CreatedBy = "anna", CreatedAt = now });
        foreach (int attempts in (int[])[0, WatchCheckRow.MostAttempts]) db.GateSightings.Add(new GateSightingRow { Actor = name, Pictures = "", SeenAt = now, Attempts = attempts });
        db.IdempotencyKeys.Add(new IdempotencyRow { Actor = "key:shop", Key = name, RequestHash = "h", Response = "{}", At = now });
        string picture = hit.Match!.ImageSha256!;
        db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = picture, ModelId = "m", Format = FeatureFormat.Version - 1, Content = [1], ExtractedAt = now });
        db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = picture, ModelId = "m", Format = FeatureFormat.Version, Content = [1], ExtractedAt = now });
        // A later version, which runs beside this one.
        db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = picture, ModelId = "m", Format = FeatureFormat.Version + 1, Content = [1], ExtractedAt = now });
        await db.SaveChangesAsync(Stop);
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Listings;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>What a crawl writes, on both databases, also when two workers write the same.</summary>
public sealed class ListingAndHitStoreTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_listing_is_one_row_for_its_url_and_keeps_its_facts(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new ListingStore(database, clock);
        ListingRow first = await store.SaveAsync(Facts() with { Description = "Soft\0 and light" }, Stop);
        Assert.Equal("Soft and light", first.Description);
        clock.Advance(TimeSpan.FromHours(1));
        ListingRow again = await store.SaveAsync(Facts(), Stop);
        ListingRow changed = await store.SaveAsync(Facts() with { Price = 19.99m, Images = ["https://s.example/2.jpg"] }, Stop);
        Assert.Equal((first.Id, first.Id), (again.Id, changed.Id));

        await using TouchstoneDb db = database.CreateDbContext();
        ListingRow read = await db.Listings.Include(x => x.Images).Include(x => x.Shop).SingleAsync(Stop);
        Assert.Equal((19.99m, Availability.InStock, "s.example:8080"), (read.Price, read.Availability, read.Shop!.Host));
        Assert.Equal((clock.GetUtcNow().AddHours(-1), clock.GetUtcNow()), (read.FirstSeenAt, read.LastSeenAt));
        Assert.Equal("https://s.example/2.jpg", Assert.Single(read.Images).Url);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Two_workers_may_see_the_same_listing_at_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new ListingStore(database, clock);
        ListingRow[] rows = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => store.SaveAsync(Facts(), Stop), Stop)));
        Assert.Single(rows.Select(x => x.Id).Distinct());
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal((1, 1, 1), (await db.Shops.CountAsync(Stop), await db.Listings.CountAsync(Stop), await db.ListingImages.CountAsync(Stop)));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Two_workers_may_screen_the_same_listing_at_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        (long listing, long reference) = await PrepareAsync(database);
        var store = new HitStore(database, clock);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => store.SaveAsync(Subject(listing), Outcome(reference, 0.9), Stop), Stop)));
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(1, await db.Hits.CountAsync(Stop));
        Assert.True(await store.IsScreenedAsync(listing, "input", Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_hit_that_is_found_again_keeps_what_a_person_decided(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        (long listing, long reference) = await PrepareAsync(database);
        var store = new HitStore(database, clock);
        await store.SaveAsync(Subject(listing), Outcome(reference, 0.9), Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.True((await new DecideHit(hit.Id, HitDecision.Confirm, "Seen.").RunAsync(new VerbContext(db, "anna", clock), Stop)).Done);
        await store.SaveAsync(Subject(listing), Outcome(reference, 0.7), Stop);

        HitRow read = await db.Hits.AsNoTracking().Include(x => x.Match).SingleAsync(Stop);
        Assert.Equal((HitState.Confirmed, "anna", "Seen.", 0.7), (read.State, read.DecidedBy, read.Note, read.Probability));
        Assert.Equal(0.7, read.Match!.Probability);
    }

    private static async Task<(long Listing, long Reference)> PrepareAsync(TestDatabase database)
    {
        ListingRow listing = await new ListingStore(database, new ManualClock()).SaveAsync(Facts(), Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        return (listing.Id, (await SampleHits.AddReferenceAsync(db)).Id);
    }

    private static ScreeningSubject Subject(long listing) => new(listing, null, null, null, "input");

    private static ScreeningOutcome Outcome(long reference, double probability) => new()
    {
        Verdict = Verdict.Match,
        Matches = [new(reference, Relation.SameProduct, new Probability(probability), Verdict.Match, BlobStore.Sha256Of([1]), null, new MatchSignals())],
        Images = [],
        ModelId = "model",
        ProfileId = "profile",
        IndexGeneration = 1,
    };

    private static ListingFacts Facts() => new()
    {
        Url = "https://s.example:8080/p/1",
        Name = "Gesichtsmaske \"Größe L\" 口罩",
        Price = 9.95m,
        Currency = "EUR",
        Availability = Availability.InStock,
        Images = ["https://s.example/1.jpg"],
    };
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Observations;

/// <summary>What a crawl keeps of an offer, on both databases, also when two workers see the same.</summary>
public sealed class ObservationStoreTests
{
    private static readonly string One = BlobName.Of([1]), Two = BlobName.Of([2]);

    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_listing_has_an_observation_for_each_content_and_an_earlier_one_is_never_changed(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        var store = new ObservationStore(database, blobs, clock);
        DateTimeOffset start = clock.GetUtcNow();
        ObservationRow first = await store.SaveAsync(Facts() with { Description = "Soft\0 and light \ud83d" }, Images(One), new SeenPage("<p>first", Rendered: false), Stop);
        Assert.Equal("Soft and light \ufffd", first.Description);
        clock.Advance(TimeSpan.FromHours(1));
        // Another address of the same picture, as shops sign them anew, is the same content.
        ObservationRow again = await store.SaveAsync(Facts() with { Description = "Soft\0 and light \ud83d" }, [new("https://s.example/1.jpg?signed", One, null, clock.GetUtcNow())], new SeenPage("<p>again", Rendered: false), Stop);
        clock.Advance(TimeSpan.FromHours(1));
        ObservationRow cheaper = await store.SaveAsync(Facts() with { Price = 5m }, Images(One), new SeenPage("<p>cheaper", Rendered: true), Stop);
        ObservationRow other = await store.SaveAsync(Facts() with { Price = 5m }, Images(Two), null, Stop);
        Assert.Equal(first.Id, again.Id);

        await using TouchstoneDb db = database.CreateDbContext();
        ListingRow listing = await db.Listings.Include(x => x.Shop).SingleAsync(Stop);
        Assert.Equal(("s.example:8080", start, start.AddHours(2)), (listing.Shop!.Host, listing.FirstSeenAt, listing.LastSeenAt));
        List<ObservationRow> kept = await db.Observations.Include(x => x.Images).OrderBy(x => x.Number).ToListAsync(Stop);
        Assert.Equal([(1, first.Id), (2, cheaper.Id), (3, other.Id)], kept.Select(x => (x.Number, x.Id)));
        Assert.Equal((9.95m, Availability.InStock, start, start.AddHours(1)), (kept[0].Price, kept[0].Availability, kept[0].FirstSeenAt, kept[0].LastSeenAt));
        Assert.Equal(("https://s.example/1.jpg", One, start.AddHours(1)), (kept[0].Images.Single().Url, kept[0].Images.Single().ImageSha256, kept[0].Images.Single().FetchedAt));
        Assert.Equal((false, true), (kept[0].PageRendered, kept[1].PageRendered));
        Assert.Equal("<p>first"u8.ToArray(), await blobs.GetAsync(kept[0].PageSha256!, Stop));
        Assert.Equal(Two, (await store.KnownImagesAsync(Facts().Url, Stop))["https://s.example/1.jpg"].Sha256);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Variants_and_what_is_stated_of_safety_are_kept_and_are_content(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new ObservationStore(database, new FolderBlobStore(database.Storage.BlobFolder), clock);
        ListingFacts facts = Facts() with
        {
            Variants = [new() { Name = "Red\0 / S", Sku = "M-R", Gtin = "4006381333931", Price = 9.95m, Currency = "EUR", Availability = Availability.OutOfStock, Image = "https://s.example/r.jpg" }, new() { Name = "Blue / S", Mpn = "77" }],
            VariantsFound = 250,
            Safety = [new(SafetyPoint.Manufacturer, SafetyState.Found, "Brumm GmbH", "Hersteller"), new(SafetyPoint.ResponsiblePerson, SafetyState.Missing), new(SafetyPoint.Warnings, SafetyState.CannotBeTold, Reason: SafetyReason.OnlyInPicture)],
        };
        await store.SaveAsync(facts, Images(One), null, Stop);
        // A variant's picture at another address is the same content; its price is not, nor is what is stated of safety.
        Assert.Equal(1, (await store.SaveAsync(facts with { Variants = [facts.Variants[0] with { Image = "https://s.example/r.jpg?signed" }, facts.Variants[1]] }, Images(One), null, Stop)).Number);
        Assert.Equal(2, (await store.SaveAsync(facts with { Variants = [facts.Variants[0] with { Price = 8m }, facts.Variants[1]] }, Images(One), null, Stop)).Number);
        Assert.Equal(3, (await store.SaveAsync(facts with { Safety = [new(SafetyPoint.ResponsiblePerson, SafetyState.NotNeeded, Reason: SafetyReason.MakerInUnion)] }, Images(One), null, Stop)).Number);

        await using TouchstoneDb db = database.CreateDbContext();
        List<ObservationRow> kept = await db.Observations.AsNoTracking().Include(x => x.Variants.OrderBy(v => v.Position)).OrderBy(x => x.Number).ToListAsync(Stop);
        Assert.Equal([(2, 250, (bool?)true), (2, 250, true), (2, 250, false)], kept.Select(x => (x.Variants.Count, x.VariantsFound, x.LacksResponsiblePerson)));
        ObservationVariantRow first = kept[0].Variants.First();
        Assert.Equal(("Red / S", "M-R", "4006381333931", 9.95m, "EUR", Availability.OutOfStock, "https://s.example/r.jpg"), (first.Name, first.Sku, first.Gtin, first.Price, first.Currency, first.Availability, first.ImageUrl));
        Assert.Equal(facts.Safety, SafetyColumn.Read(kept[0]));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Two_workers_may_see_the_same_listing_at_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var store = new ObservationStore(database, new FolderBlobStore(database.Storage.BlobFolder), clock);
        ObservationRow[] rows = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => store.SaveAsync(Facts(), Images(One), null, Stop), Stop)));
        Assert.Single(rows.Select(x => x.Id).Distinct());
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal((1, 1, 1, 1), (await db.Shops.CountAsync(Stop), await db.Listings.CountAsync(Stop), await db.Observations.CountAsync(Stop), await db.ObservationImages.CountAsync(Stop)));
    }

    private List<SeenImage> Images(string sha256) => [new("https://s.example/1.jpg", sha256, null, clock.GetUtcNow())];

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

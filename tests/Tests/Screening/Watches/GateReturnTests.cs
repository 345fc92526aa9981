using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Features;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Watches;

/// <summary>Removed offers that come back through the gate of a marketplace, with the model and the profile of the product.</summary>
public sealed class GateReturnTests
{
    private static readonly string Account = $"market-place-{Convert.ToHexStringLower(SHA256.HashData("Market Place"u8))[..12]}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removed_offer_that_comes_back_through_the_gate_is_linked_to_its_case_and_what_is_none_leaves_nothing()
    {
        await using Watched at = await Watched.StartAsync();
        WatchRow watch = await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(5));
        await AskedAsync(at, "77", null, ImageEncoder.Jpeg(ImageOperations.Flip(Drawn.Package(1)), 70));
        await AskedAsync(at, "78", null, ImageEncoder.Jpeg(Drawn.Package(9), 70));
        Assert.Equal(2, await at.CompareAsync());

        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        ReturnRow back = await db.Returns.Include(r => r.Hit).Include(r => r.Listing!.Shop).Include(r => r.Listing!.Observations).ThenInclude(o => o.Images).SingleAsync(Stop);
        Assert.Equal((watch.Id, $"gate://{Account}/77", Account, 5), (back.WatchId, back.Listing!.Url, back.Listing.Shop!.Host, back.Days));
        Assert.Contains(back.Sign, new[] { ReturnSign.SameImage, ReturnSign.SameProduct });
        Assert.Equal((HitState.New, watch.ReferenceId), (back.Hit!.State, back.Hit.ReferenceId));
        Assert.Equal(back.ImageSha256, back.Listing.Observations.Single().Images.Single().ImageSha256);
        CaseRow file = await db.Cases.Include(c => c.Events).SingleAsync(Stop);
        string told = file.Events.Single(e => e.Kind == CaseEventKind.Returned).Text!;
        Assert.StartsWith($"Hit {watch.HitId}: returned after 5 days", told, StringComparison.Ordinal);
        Assert.EndsWith($", as Market Place told the gate: gate://{Account}/77", told, StringComparison.Ordinal);
        // A picture that was sent is no page.
        Assert.Equal($"urn:gate:{back.ImageSha256}", back.Listing.Observations.Single().Images.Single().Url);
        Assert.Equal((0, 0), (await db.GateSightings.CountAsync(Stop), await db.Listings.CountAsync(l => l.Url.EndsWith("/78"), Stop)));

        // Asked again, it is no second return; on a host of the marketplace's own the address that it names is the listing's, in the one spelling of listings.
        await OwnAsync(db, "market.example");
        await AskedAsync(at, "77", null, ImageEncoder.Jpeg(ImageOperations.Flip(Drawn.Package(1)), 70));
        await AskedAsync(at, "79", "https://anna:secret@MARKET.example/i/79?utm_source=mail#top", ImageEncoder.Jpeg(Drawn.Package(1), 60));
        await AskedAsync(at, "80", "https://other.example/i/80", ImageEncoder.Jpeg(Drawn.Package(1), 55));
        Assert.Equal(3, await at.CompareAsync());
        Assert.Equal([$"gate://{Account}/77", "https://market.example/i/79", $"gate://{Account}/80"], await db.Returns.OrderBy(r => r.Id).Select(r => r.Listing!.Url).ToListAsync(Stop));
        Assert.Equal(1, await db.Observations.CountAsync(o => o.Listing!.Url == $"gate://{Account}/77", Stop));
    }

    [Fact]
    public async Task Who_names_an_offers_address_alone_says_nothing_of_it()
    {
        await using Watched at = await Watched.StartAsync();
        WatchRow watch = await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(5));
        // Of another's shop nothing is believed, and nothing written into its listing; of the marketplace's own what the pictures say.
        await AskedAsync(at, "1", at.Shop.UrlOf(1), ImageEncoder.Jpeg(Drawn.Bottle(), 70), "Garden chair");
        Assert.Equal(1, await at.CompareAsync());
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        await OwnAsync(db, new Uri(at.Shop.UrlOf(1)).Authority);
        await AskedAsync(at, "1", at.Shop.UrlOf(1), ImageEncoder.Jpeg(Drawn.Bottle(), 70), "Garden chair");
        Assert.Equal((1, 0, 1), (await at.CompareAsync(), await db.Returns.CountAsync(Stop), await db.Observations.CountAsync(o => o.ListingId == watch.ListingId, Stop)));
        await AskedAsync(at, "1", at.Shop.UrlOf(1), ImageEncoder.Jpeg(ImageOperations.Flip(Drawn.Package(1)), 70));
        Assert.Equal(1, await at.CompareAsync());
        Assert.Equal((watch.ListingId, ReturnSign.SameOffer), await db.Returns.Select(r => ValueTuple.Create(r.ListingId, r.Sign)).SingleAsync(Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_the_gate_was_asked_is_kept_on_either_database_taken_by_age_and_dated_never_back(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var clock = new ManualClock();
        var queue = new WatchQueue(database, clock);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        await db.Hits.ExecuteUpdateAsync(s => s.SetProperty(h => h.State, HitState.Confirmed), Stop);
        db.ChangeTracker.Clear();
        WatchRow watch = (await new StartWatch(hit.Id, "gone").RunAsync(new VerbContext(db, "anna", clock), Stop)).Value!;
        await queue.SightedAtGateAsync(new GateSightingRow { Actor = "시장", Number = new string('7', 20_000), Title = "a\0b\ud83d", Mpn = "M\0-1", Pictures = "" }, Stop);
        clock.Advance(TimeSpan.FromMinutes(1));
        await queue.SightedAsync(watch.ObservationId, watch.ListingId, unchanged: false, Stop);
        await queue.SightedAtGateAsync(new GateSightingRow { Actor = "가게", Number = "8", Url = $"https://market.example/{new string('ä', 1_000)}", Title = "Later", Mpn = "M-1", Pictures = "" }, Stop);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([true, false, true], new[] { await queue.TakeAsync("a", Stop), await queue.TakeAsync("b", Stop), await queue.TakeAsync("c", Stop) }.Select(l => l!.AtGate));

        List<GateSightingRow> asked = await db.GateSightings.AsNoTracking().OrderBy(s => s.Id).ToListAsync(Stop);
        Assert.Equal(("a" + "b\ufffd", "M-1"), (asked[0].Title, asked[0].Mpn));
        await OwnAsync(db, "market.example");
        ObservationRow[] seen = [await GateListing.ReadAsync(db, asked[0], Stop), await GateListing.ReadAsync(db, asked[1], Stop)];
        // Both names hold nothing that a host does, and are two accounts.
        Assert.All(seen, o => Assert.StartsWith("gate://account-", o.Listing!.Url, StringComparison.Ordinal));
        Assert.NotEqual(seen[0].Listing!.Shop!.Host, seen[1].Listing!.Shop!.Host);
        ObservationRow first = await GateListing.KeepAsync(db, asked[0], seen[0].Listing!, Stop);
        Assert.InRange(first.Listing!.Url.Length, 1, 100);
        asked[0].SeenAt -= TimeSpan.FromHours(1);
        ObservationRow again = await GateListing.KeepAsync(db, asked[0], seen[0].Listing!, Stop);
        Assert.Equal((first.Id, asked[0].SeenAt.AddHours(1), asked[0].SeenAt.AddHours(1)), (again.Id, again.LastSeenAt, again.Listing!.LastSeenAt));
        asked[0].Title = "Another";
        Assert.Equal((2, "Another"), ((await GateListing.KeepAsync(db, asked[0], seen[0].Listing!, Stop)).Number, again.Listing.Name));
    }

    [Fact]
    public async Task Where_nothing_is_watched_for_the_gate_queues_nothing()
    {
        await using Watched at = await Watched.StartAsync();
        await AskedAsync(at, "77", null, ImageEncoder.Jpeg(Drawn.Package(1), 70));
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        Assert.Equal(0, await db.GateSightings.CountAsync(Stop));
    }

    [Fact]
    public async Task What_was_seen_since_the_removal_is_asked_once_and_nothing_else_is_compared()
    {
        await using Watched at = await Watched.StartAsync();
        long hit = await at.ConfirmAsync(1);
        DateTimeOffset removed = at.Clock.GetUtcNow();
        at.Clock.Advance(TimeSpan.FromDays(2));
        at.Shop.Offer(5, "8.50", ImageEncoder.Jpeg(ImageOperations.Resize(Drawn.Package(1), 320, 320), 40));
        await at.Shop.SearchAsync(5);
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        Assert.True((await new StartWatch(hit, "gone since", removed).RunAsync(at.Shop.By(db), Stop)).Done);
        Assert.Equal(1, await at.Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop));
        Assert.Equal([at.Shop.UrlOf(5)], await db.WatchChecks.Select(c => c.Observation!.Listing!.Url).ToListAsync(Stop));
        Assert.Equal(0, await at.Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop));
        Assert.Equal(1, await at.CompareAsync());
        Assert.Equal(2, (await db.Returns.SingleAsync(Stop)).Days);
    }

    [Fact]
    public async Task What_goes_wrong_with_one_watch_holds_up_no_other()
    {
        await using Watched at = await Watched.StartAsync();
        long[] hits = [await at.ConfirmAsync(1), await at.ConfirmAsync(2)];
        DateTimeOffset removed = at.Clock.GetUtcNow();
        at.Clock.Advance(TimeSpan.FromDays(2));
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        foreach (long hit in hits) Assert.True((await new StartWatch(hit, "gone since", removed).RunAsync(at.Shop.By(db), Stop)).Done);
        await db.Database.OpenConnectionAsync(Stop);
        await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF", Stop);
        long broken = await db.Watches.MinAsync(w => w.Id, Stop);
        await db.Watches.Where(w => w.Id == broken).ExecuteUpdateAsync(w => w.SetProperty(x => x.ObservationId, 4711), Stop);
        Assert.Equal(1, await at.Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop));
        Assert.Equal([broken], await db.Watches.Where(w => w.SeenAskedAt == null).Select(w => w.Id).ToListAsync(Stop));
        Assert.Equal(0, await at.Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop));

        // Mended, it is asked about when its pause is over.
        long seen = await db.Watches.Where(w => w.Id != broken).Select(w => w.ObservationId).SingleAsync(Stop);
        await db.Watches.Where(w => w.Id == broken).ExecuteUpdateAsync(w => w.SetProperty(x => x.ObservationId, seen), Stop);
        Assert.Equal(0, await at.Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop));
        at.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, await at.Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop));
    }

    [Fact]
    public async Task What_was_seen_since_is_asked_by_its_brand_however_it_is_spelled()
    {
        await using Watched at = await Watched.StartAsync();
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        await db.Observations.ExecuteUpdateAsync(s => s.SetProperty(o => o.Brand, "ACME").SetProperty(o => o.Mpn, "KX-1000"), Stop);
        long hit = await at.ConfirmAsync(1);
        DateTimeOffset removed = at.Clock.GetUtcNow();
        at.Clock.Advance(TimeSpan.FromDays(2));
        await at.SeenAsync(7, o => (o.Brand, o.Mpn) = ("Acme", "kx 1000"), "other.example");
        Assert.True((await new StartWatch(hit, "gone since", removed).RunAsync(at.Shop.By(db), Stop)).Done);
        Assert.Equal(1, await at.CompareAsync());
        Assert.Equal((ReturnSign.SameIdentifier, at.Shop.UrlOf(7)), await db.Returns.Select(r => ValueTuple.Create(r.Sign, r.Listing!.Url)).SingleAsync(Stop));
    }

    private static async Task OwnAsync(TouchstoneDb db, string hosts)
    {
        db.Operators.Add(new OperatorRow { Name = "Market", Address = "A", ContactName = "C", ContactEmail = "c@market.test", Language = "en", ChangedBy = "anna", Role = OperatorRole.Marketplace, Hosts = hosts });
        await db.SaveChangesAsync(Stop);
    }

    private static async Task AskedAsync(Watched at, string number, string? url, byte[] picture, string title = "Package")
    {
        string sha256 = (await at.Shop.Core.Get<FeatureStore>().ReadAsync(picture, Stop)).Sha256;
        await at.Shop.Core.Get<WatchQueue>().SightedAtGateAsync(new GateSightingRow { Actor = "Market Place", Number = number, Url = url, Title = title, Pictures = sha256 }, Stop);
    }
}

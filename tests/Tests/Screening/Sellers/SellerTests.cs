using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Sellers;

/// <summary>Shops and sellers as observations leave them, and what joins them, on either database.</summary>
public sealed class SellerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_seller_is_one_within_a_shop_however_it_is_spelled_and_its_numbers_are_told(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var clock = new ManualClock();
        string folder = Directory.CreateTempSubdirectory("touchstone-sellers-").FullName;
        try
        {
            using var store = new ObservationStore(database, new FolderBlobStore(folder), clock);
            foreach ((string url, string? seller) in new[] { ("https://m.example/1", "Bright Trading Co."), ("https://m.example/2", "BRIGHT TRADING CO"), ("https://m.example/3", null), ("https://n.example/1", "Bright Trading Co.") })
                await store.SaveAsync(new ListingFacts { Url = url, Name = "Lamp", Seller = seller }, [], new SeenPage("<p>VAT: DE123456788</p>", false), Stop);
            // Seen with other content, by another seller.
            clock.Advance(TimeSpan.FromDays(1));
            await store.SaveAsync(new ListingFacts { Url = "https://m.example/3", Name = "Lamp", Seller = "Dim" }, [], new SeenPage("<p>mail dim@dim.test</p>", false), Stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        await using TouchstoneDb db = database.CreateDbContext();
        IReadOnlyList<SellerItem> sellers = (await SellerFigures.SellersAsync(db, new SellerFilter(), null, 10, Stop)).Items;
        Assert.Equal([("m.example", "Dim", 1), ("n.example", "Bright Trading Co.", 1), ("m.example", "Bright Trading Co.", 2)], sellers.Select(s => (s.Host, s.Seller!, s.Listings)));
        Assert.Equal([("n.example", 1), ("m.example", 3)], (await SellerFigures.ShopsAsync(db, new SellerFilter(), null, 10, Stop)).Items.Select(s => (s.Host, s.Listings)));
        Assert.Equal(["Bright Trading Co.", "Bright Trading Co."], (await SellerFigures.SellersAsync(db, new SellerFilter("bright"), null, 10, Stop)).Items.Select(s => s.Seller));
        Assert.Equal([(TraitKind.Email, "dim@dim.test", "Dim"), (TraitKind.Vat, "DE123456788", "Bright Trading Co."), (TraitKind.Vat, "DE123456788", "Bright Trading Co."), (TraitKind.Vat, "DE123456788", null)],
            (await db.Traits.Include(t => t.Seller).ToListAsync(Stop)).OrderBy(t => t.Kind).ThenByDescending(t => t.Seller?.Name).Select(t => (t.Kind, t.Value, t.Seller?.Name)));

        // One seller in two shops, joined by its number.
        SellerCluster cluster = await SellerClusters.OfAsync(db, sellers[2].ShopId, sellers[2].SellerId, Stop);
        Assert.Equal(("n.example", "Bright Trading Co.", JoinKind.Vat), (cluster.Members[0].Host, cluster.Members[0].Seller, cluster.Members[0].Traits.Single().Kind));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Hits_cases_returns_and_times_are_counted_for_shop_and_seller(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        DateTimeOffset now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        ShopRow shop = await SampleHits.AddShopAsync(db, "m.example");
        HitRow[] hits = [await SampleHits.AddAsync(db, shop: shop), await SampleHits.AddAsync(db, shop: shop), await SampleHits.AddAsync(db, shop: shop), await SampleHits.AddAsync(db)];
        (hits[0].FoundAt, hits[0].State, hits[0].DecidedAt) = (now, HitState.Confirmed, now.AddDays(2));
        (hits[1].FoundAt, hits[1].State, hits[1].DecidedAt) = (now, HitState.Rejected, now.AddDays(4));
        var file = new CaseRow { Title = "c", OpenedBy = "a" };
        file.Hits.Add(hits[0]);
        db.Cases.Add(file);
        await SellerStore.NoteAsync(db, hits[0].Listing!, "Dim", [], now, Stop);
        var watch = new WatchRow { HitId = hits[0].Id, ListingId = hits[0].ListingId!.Value, ReferenceId = hits[0].ReferenceId, ObservationId = 1, RemovedAt = now.AddDays(10), Because = "b", StartedBy = "a" };
        watch.Returns.Add(new ReturnRow { ListingId = hits[2].ListingId!.Value, ObservationId = 1, Sign = ReturnSign.SameImage, Days = 3 });
        db.Watches.Add(watch);
        await db.SaveChangesAsync(Stop);

        SellerItem whole = (await SellerFigures.ShopsAsync(db, new SellerFilter(Name: "M.EXAMPLE", WithHits: true), null, 10, Stop)).Items.Single();
        Assert.Equal((3, 1, 1, 1, 1, 1), (whole.Listings, whole.Undecided, whole.Confirmed, whole.Rejected, whole.Cases, whole.Returns));
        SellerTimes times = await SellerFigures.TimesAsync(db, shop.Id, null, Stop);
        Assert.Equal((2, 3.0, 1, 10.0), (times.Decided, times.DaysToDecision, times.Removed, times.DaysToRemoval));
        SellerItem seller = (await SellerFigures.SellersAsync(db, new SellerFilter(), null, 10, Stop)).Items.Single();
        Assert.Equal((1, 1, 0, 0), (seller.Listings, seller.Confirmed, seller.Rejected, seller.Returns));
    }

    [Fact]
    public async Task What_joins_is_followed_step_by_step_and_what_many_show_or_a_person_denies_joins_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        DateTimeOffset now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var shops = new List<ShopRow>();
        for (int i = 0; i < 12; i++)
        {
            ShopRow shop = await SampleHits.AddShopAsync(db, $"s{i}.example");
            shops.Add(shop);
            var listing = new ListingRow { ShopId = shop.Id, Url = $"https://s{i}.example/p", FirstSeenAt = now };
            db.Listings.Add(listing);
            await db.SaveChangesAsync(Stop);
            // All state the platform's number; 0 and 1 share a mailbox, 1 and 2 a number, 3 nothing.
            string page = "<p>VAT DE999999995</p>" + (i <= 1 ? "<p>a@one.test</p>" : "") + (i is 1 or 2 ? "<p>CVR 11223303</p>" : "");
            await SellerStore.NoteAsync(db, listing, null, PageTraits.Of(page), now, Stop);
            await db.SaveChangesAsync(Stop);
        }
        // 4 shows the picture of a hit of 0.
        string picture = BlobName.Of([1, 2, 3]);
        await SampleHits.AddAsync(db, shop: shops[0], image: picture);
        await SampleHits.AddAsync(db, shop: shops[4], image: picture);

        SellerCluster cluster = await SellerClusters.OfAsync(db, shops[0].Id, null, Stop);
        Assert.Equal([("s1.example", 1, "s0.example", JoinKind.Email), ("s4.example", 1, "s0.example", JoinKind.Picture), ("s2.example", 2, "s1.example", JoinKind.Vat)],
            cluster.Members.Select(m => (m.Host, m.Steps, m.ByHost, m.Traits.Single().Kind)));
        Assert.Equal((JoinKind.Vat, "DE999999995", 12), cluster.TooCommon.Single() is var common ? (common.Kind, common.Value, common.Shops) : default);

        var by = new VerbContext(db, "anna", new ManualClock());
        Assert.Equal(Refusal.Invalid, (await new SayNotSame(shops[0].Id, shops[0].Id, "x").RunAsync(by, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new SayNotSame(shops[0].Id, shops[1].Id, " ").RunAsync(by, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new SayNotSame(shops[0].Id, 4711, "x").RunAsync(by, Stop)).Refusal);
        Assert.True((await new SayNotSame(shops[1].Id, shops[0].Id, "two firms of one host").RunAsync(by, Stop)).Done);
        Assert.Equal(["s4.example"], (await SellerClusters.OfAsync(db, shops[0].Id, null, Stop)).Members.Select(m => m.Host));
        Assert.True((await SayNotSame.TakeBackAsync(by, shops[0].Id, shops[1].Id, Stop)).Done);
        Assert.Equal(3, (await SellerClusters.OfAsync(db, shops[0].Id, null, Stop)).Members.Count);
        Assert.Equal([AuditAction.ShopsNotSame, AuditAction.ShopsSameAgain], await db.Audit.OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(Stop));
    }

    [Fact]
    public async Task What_a_marketplace_states_for_its_sellers_joins_none_of_them_and_a_number_of_two_does()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        DateTimeOffset now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        ShopRow market = await SampleHits.AddShopAsync(db, "market.example");
        for (int i = 0; i < 6; i++)
        {
            var listing = new ListingRow { ShopId = market.Id, Url = $"https://market.example/{i}", FirstSeenAt = now };
            db.Listings.Add(listing);
            await db.SaveChangesAsync(Stop);
            await SellerStore.NoteAsync(db, listing, $"Seller {(char)('A' + i)}", PageTraits.Of("<p>help@market.test</p>" + (i < 2 ? "VAT: IT12345678903" : "")), now, Stop);
            await db.SaveChangesAsync(Stop);
        }
        SellerItem first = (await SellerFigures.SellersAsync(db, new SellerFilter("Seller A"), null, 10, Stop)).Items.Single();
        SellerCluster cluster = await SellerClusters.OfAsync(db, market.Id, first.SellerId, Stop);
        Assert.Equal(["Seller B"], cluster.Members.Select(m => m.Seller));
        Assert.Equal(JoinKind.Vat, cluster.Members[0].Traits.Single().Kind);
    }
}

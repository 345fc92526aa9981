using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Cases;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Tests.Screening.Searches;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Watches;

/// <summary>
/// A shop of two packages that were searched, of which no register holds a picture: the offers are hits of an alert by what somebody read, so that only the watch can know them again by what they show.
/// </summary>
internal sealed class Watched : IAsyncDisposable
{
    private readonly long reference;

    private Watched(LoopbackShop shop, ManualClock clock, long reference) => (Shop, Clock, this.reference) = (shop, clock, reference);

    public LoopbackShop Shop { get; }

    public ManualClock Clock { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Watched> StartAsync()
    {
        var clock = new ManualClock();
        LoopbackShop shop = await LoopbackShop.StartAsync(s => s.AddSingleton<TimeProvider>(clock));
        for (int i = 21; i <= 23; i++) await shop.Core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        long reference = await shop.Core.AddReferenceAsync("lamp", ImageEncoder.Png(Drawn.Bottle()));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        for (int i = 1; i <= 2; i++)
        {
            shop.Offer(i, "9.95", ImageEncoder.Jpeg(Drawn.Package(i), 90));
            await shop.SearchAsync(i);
        }
        return new Watched(shop, clock, reference);
    }

    /// <summary>The confirmed hit of a product's offer, made if there is none.</summary>
    public async Task<long> ConfirmAsync(int product)
    {
        string url = Shop.UrlOf(product);
        await using TouchstoneDb db = await Shop.Core.OpenAsync();
        ScreeningRow screening = await db.Screenings.Include(s => s.Observation!.Images).Where(s => s.Observation!.Listing!.Url == url).OrderByDescending(s => s.Id).FirstAsync(Stop);
        var match = new MatchRow { ScreeningId = screening.Id, ReferenceId = reference, ImageSha256 = screening.Observation!.Images.First().ImageSha256, Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Review, Signals = "{}" };
        var hit = new HitRow { ListingId = screening.Observation.ListingId, ReferenceId = reference, Match = match, Relation = match.Relation, Probability = 0.9, Verdict = Verdict.Review, FoundAt = Clock.GetUtcNow() };
        db.Hits.Add(hit);
        await db.SaveChangesAsync(Stop);
        Assert.True((await new DecideHit(hit.Id, HitDecision.Confirm).RunAsync(Shop.By(db), Stop)).Done);
        return hit.Id;
    }

    /// <summary>The first offer is confirmed, in a case, and the case closed as removed.</summary>
    public async Task<WatchRow> RemoveAsync()
    {
        long hit = await ConfirmAsync(1);
        await using TouchstoneDb db = await Shop.Core.OpenAsync();
        long file = (await new OpenCase([hit]).RunAsync(Shop.By(db), Stop)).Value!.Case.Id;
        Assert.True((await new CloseCase(file, CaseOutcome.OffersRemoved, "gone").RunAsync(Shop.By(db), Stop)).Done);
        return await db.Watches.AsNoTracking().SingleAsync(Stop);
    }

    /// <summary>A listing that is seen now, without pictures.</summary>
    public async Task SeenAsync(int product, Action<ObservationRow> facts, string? host = null)
    {
        await using TouchstoneDb db = await Shop.Core.OpenAsync();
        ShopRow shop = host is null ? await db.Shops.SingleAsync(s => s.Host != "other.example", Stop) : new ShopRow { Host = host };
        var listing = new ListingRow { Shop = shop, Url = Shop.UrlOf(product), FirstSeenAt = Clock.GetUtcNow(), LastSeenAt = Clock.GetUtcNow() };
        var observation = new ObservationRow { Listing = listing, Number = 1, ContentHash = new string('1', 64), FirstSeenAt = Clock.GetUtcNow(), LastSeenAt = Clock.GetUtcNow() };
        facts(observation);
        db.Observations.Add(observation);
        await db.SaveChangesAsync(Stop);
        await Shop.Core.Get<WatchQueue>().SightedAsync(observation.Id, listing.Id, unchanged: false, Stop);
    }

    /// <summary>As often as something waits; returns how often.</summary>
    public async Task<int> CompareAsync()
    {
        int compared = 0;
        while (await Shop.Core.Get<WatchLookBack>().RunSomeAsync(Stop) > 0)
        {
            // What was seen since is queued.
        }
        while (await Shop.Core.Get<WatchRunner>().RunNextAsync("test", Stop)) compared++;
        return compared;
    }

    public async ValueTask DisposeAsync() => await Shop.DisposeAsync();
}

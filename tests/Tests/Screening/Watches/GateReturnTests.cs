using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Features;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Watches;

/// <summary>Removed offers that come back through the gate of a marketplace, with the model and the profile of the product.</summary>
public sealed class GateReturnTests
{
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
        Assert.Equal((watch.Id, "gate://market-place/77", "market-place", 5), (back.WatchId, back.Listing!.Url, back.Listing.Shop!.Host, back.Days));
        Assert.Contains(back.Sign, new[] { ReturnSign.SameImage, ReturnSign.SameProduct });
        Assert.Equal((HitState.New, watch.ReferenceId), (back.Hit!.State, back.Hit.ReferenceId));
        Assert.Equal(back.ImageSha256, back.Listing.Observations.Single().Images.Single().ImageSha256);
        CaseRow file = await db.Cases.Include(c => c.Events).SingleAsync(Stop);
        Assert.StartsWith($"Hit {watch.HitId}: returned after 5 days", file.Events.Single(e => e.Kind == CaseEventKind.Returned).Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await db.GateSightings.CountAsync(Stop), await db.Listings.CountAsync(l => l.Url.StartsWith("gate://market-place/78"), Stop)));

        // Asked again, it is no second return; the address that the marketplace names is the listing's.
        await AskedAsync(at, "77", null, ImageEncoder.Jpeg(ImageOperations.Flip(Drawn.Package(1)), 70));
        await AskedAsync(at, "79", "https://market.example/i/79", ImageEncoder.Jpeg(Drawn.Package(1), 60));
        Assert.Equal(2, await at.CompareAsync());
        Assert.Equal(["gate://market-place/77", "https://market.example/i/79"], await db.Returns.OrderBy(r => r.Id).Select(r => r.Listing!.Url).ToListAsync(Stop));
        Assert.Equal(1, await db.Observations.CountAsync(o => o.Listing!.Url == "gate://market-place/77", Stop));
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

    private static async Task AskedAsync(Watched at, string number, string? url, byte[] picture)
    {
        string sha256 = (await at.Shop.Core.Get<FeatureStore>().ReadAsync(picture, Stop)).Sha256;
        await at.Shop.Core.Get<WatchQueue>().SightedAtGateAsync(new GateSightingRow { Actor = "Market Place", Number = number, Url = url, Title = "Package", Pictures = sha256 }, Stop);
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Alike;
using Touchstone.Screening.Features;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Alike;

/// <summary>Offers that are nearly equal across shops, with the model of the product and the index of what was seen.</summary>
public sealed class AlikeFinderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Offers_at_other_shops_are_told_by_pictures_numbers_and_titles_the_undecided_hits_first()
    {
        await using TestCore core = await TestCore.StartAsync();
        string picture = await SeenAsync(core, ImageEncoder.Png(Drawn.Package(1))), copy = await SeenAsync(core, ImageEncoder.Jpeg(ImageOperations.Flip(Drawn.Package(1)), 60)), other = await SeenAsync(core, ImageEncoder.Png(Drawn.Package(2)));
        long reference = await core.AddReferenceAsync("kettle", ImageEncoder.Png(Drawn.Package(1)));
        long own = (await AddAsync(core, "a.example", "Blue kettle 1.7 l", [picture], reference, "4006381333931"))!.Value;
        await AddAsync(core, "b.example", "Something", [picture], null);
        long edited = (await AddAsync(core, "c.example", "Anything", [copy], reference))!.Value;
        await AddAsync(core, "d.example", "Wasserkocher", [other], null, "04006381333931");
        long titled = (await AddAsync(core, "e.example", "BLUE kettle 1.7 L!", [], reference, state: HitState.Confirmed))!.Value;
        await AddAsync(core, "f.example", "Blue kettle 1.7 l", [other], null);
        await AddAsync(core, "a.example", "Blue kettle, again", [picture], null);
        await core.Get<SeenFollower>().FollowAsync(Stop);

        AlikeOffers alike = await core.Get<AlikeFinder>().OfHitAsync(own, Stop);
        Assert.Equal((4, false), (alike.Shops, alike.IsCut));
        Assert.Equal(["c.example", "e.example", "b.example", "a.example", "d.example"], alike.Offers.Select(o => o.Shop));
        Assert.Equal(
            [[AlikeSign.NearPicture], [AlikeSign.NearTitle], [AlikeSign.SamePicture], [AlikeSign.SamePicture], [AlikeSign.SameNumber]],
            alike.Offers.Select(o => o.Signs.ToArray()));
        Assert.Equal([edited, titled, null, null, null], alike.Offers.Select(o => o.Hit?.Id));
        Assert.Equal((HitState.New, copy), (alike.Offers[0].Hit!.State, alike.Offers[0].ImageSha256));
        Assert.Equal(9.95m, alike.Offers[0].Price);
    }

    [Fact]
    public async Task A_picture_of_many_of_the_shops_own_pages_tells_nothing_and_what_an_offer_showed_before_neither()
    {
        await using TestCore core = await TestCore.StartAsync();
        string logo = await SeenAsync(core, ImageEncoder.Png(Drawn.Package(3))), picture = await SeenAsync(core, ImageEncoder.Png(Drawn.Package(1))), other = await SeenAsync(core, ImageEncoder.Png(Drawn.Package(2)));
        long reference = await core.AddReferenceAsync("kettle", ImageEncoder.Png(Drawn.Package(1)));
        long own = (await AddAsync(core, "a.example", "Kettle", [picture, logo], reference))!.Value;
        for (int i = 0; i < 6; i++) await AddAsync(core, "a.example", string.Create(CultureInfo.InvariantCulture, $"Thing {i}"), [logo], null);
        await AddAsync(core, "b.example", "Kettle", [picture], null);
        await AddAsync(core, "c.example", "Pan", [logo], null);
        await core.Get<SeenFollower>().FollowAsync(Stop);
        Assert.Equal(["b.example"], (await core.Get<AlikeFinder>().OfHitAsync(own, Stop)).Offers.Select(o => o.Shop));

        // It shows another picture now.
        await using (TouchstoneDb db = await core.OpenAsync())
        {
            ListingRow listing = await db.Listings.SingleAsync(l => l.Shop!.Host == "b.example", Stop);
            db.Observations.Add(ObservationOf(listing, 2, "Kettle", [other], null));
            await db.SaveChangesAsync(Stop);
        }
        Assert.Empty((await core.Get<AlikeFinder>().OfHitAsync(own, Stop)).Offers);
        Assert.Empty((await core.Get<AlikeFinder>().OfHitAsync(4_711, Stop)).Offers);
    }

    [Fact]
    public async Task That_older_hits_were_not_read_is_said()
    {
        await using TestCore core = await TestCore.StartAsync();
        long reference = await core.AddReferenceAsync("kettle", ImageEncoder.Png(Drawn.Package(1)));
        long own = (await AddAsync(core, "a.example", "Blue kettle 1.7 l", [], reference))!.Value;
        await AddAsync(core, "b.example", "Wasserkocher", [], reference);
        AlikeOffers few = await core.Get<AlikeFinder>().OfHitAsync(own, Stop);
        Assert.Equal((0, false), (few.Offers.Count, few.IsCut));
        await using (TouchstoneDb db = await core.OpenAsync())
        {
            long match = await db.Hits.Where(h => h.Id == own).Select(h => h.MatchId).SingleAsync(Stop);
            var shop = new ShopRow { Host = "many.example" };
            for (int i = 0; i < 2_000; i++) db.Hits.Add(new HitRow { Listing = new ListingRow { Shop = shop, Url = string.Create(CultureInfo.InvariantCulture, $"https://many.example/{i}"), Name = "Pan" }, ReferenceId = reference, MatchId = match, Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Review });
            await db.SaveChangesAsync(Stop);
        }
        Assert.True((await core.Get<AlikeFinder>().OfHitAsync(own, Stop)).IsCut);
    }

    private static async Task<string> SeenAsync(TestCore core, byte[] picture)
    {
        string sha256 = (await core.Get<FeatureStore>().ReadAsync(picture, Stop)).Sha256;
        await core.Get<SeenPictures>().KeepAsync([sha256], Stop);
        return sha256;
    }

    /// <summary>A listing as it is seen now, and the hit of a reference that it is.</summary>
    private static async Task<long?> AddAsync(TestCore core, string host, string name, string[] pictures, long? reference, string? gtin = null, HitState state = HitState.New)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await core.OpenAsync();
        ShopRow shop = await db.Shops.SingleOrDefaultAsync(s => s.Host == host, Stop) ?? new ShopRow { Host = host, FirstSeenAt = now };
        var listing = new ListingRow { Shop = shop, Url = $"https://{host}/{Guid.NewGuid():N}", Name = name, FirstSeenAt = now, LastSeenAt = now };
        ObservationRow observation = ObservationOf(listing, 1, name, pictures, gtin);
        db.Observations.Add(observation);
        HitRow? hit = null;
        if (reference is { } id)
        {
            var match = new MatchRow { ReferenceId = id, ImageSha256 = pictures.FirstOrDefault(), Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Review, Signals = "{}" };
            db.Screenings.Add(new ScreeningRow { Observation = observation, Verdict = Verdict.Review, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = now, Matches = { match } });
            hit = new HitRow { Listing = listing, ReferenceId = id, Match = match, Relation = match.Relation, Probability = 0.9, Verdict = Verdict.Review, FoundAt = now, State = state };
            db.Hits.Add(hit);
        }
        await db.SaveChangesAsync(Stop);
        return hit?.Id;
    }

    private static ObservationRow ObservationOf(ListingRow listing, int number, string name, string[] pictures, string? gtin)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var observation = new ObservationRow { Listing = listing, Number = number, Name = name, Gtin = gtin, Price = 9.95m, Currency = "EUR", ContentHash = new string('1', 64), FirstSeenAt = now, LastSeenAt = now };
        foreach ((int i, string sha256) in pictures.Index()) observation.Images.Add(new ObservationImageRow { Position = i, Url = $"https://i.example/{i}", ImageSha256 = sha256 });
        return observation;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Features;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Tests.Screening.Searches;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.LookBacks;

/// <summary>References that come in after the listings that show them: whole searches first, and then no request any more.</summary>
public sealed class LookBackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listing_that_was_seen_before_its_alert_came_is_a_hit_without_a_request_and_once()
    {
        await using LoopbackShop shop = await SeenAsync();
        long alert = await ComeAsync(shop.Core, "package 2", Drawn.Package(2));
        Assert.Equal(1, await LookBackAsync(shop.Core));

        await using TouchstoneDb db = await shop.Core.OpenAsync();
        HitRow hit = await db.Hits.Include(h => h.Listing).Include(h => h.Match!.Screening!.Observation).SingleAsync(Stop);
        Assert.Equal((alert, shop.UrlOf(2), (long?)null, HitState.New), (hit.ReferenceId, hit.Listing!.Url, hit.SearchId, hit.State));
        Assert.NotNull(hit.LookedBackAt);
        Assert.Equal(9.95m, hit.Match!.Screening!.Observation!.Price);
        LookBackRow row = await db.LookBacks.AsNoTracking().SingleAsync(l => l.ReferenceId == alert, Stop);
        Assert.Equal((LookBackState.Done, LookBackReason.CameIn, 3, 3, 1), (row.State, row.Reason, row.Pictures, row.Candidates, row.Hits));
        // Its siblings may match, too, until they are screened.
        Assert.InRange(row.Listings, 1, 3);
        Assert.NotNull(row.EndedAt);

        // Nothing is done twice: not when it is asked again, nor by a process that begins anew.
        int screenings = await db.Screenings.CountAsync(Stop);
        Assert.Equal(0, await LookBackAsync(shop.Core));
        await using TestCore restarted = await TestCore.StartAsync(of: shop.Core);
        Assert.Equal(0, await LookBackAsync(restarted));
        Assert.Equal((screenings, 1), (await db.Screenings.CountAsync(Stop), await db.Hits.CountAsync(Stop)));
    }

    [Fact]
    public async Task Many_references_of_one_import_are_asked_about_together_and_each_has_its_hit()
    {
        await using LoopbackShop shop = await SeenAsync();
        for (int i = 1; i <= 3; i++) await shop.Core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        for (int i = 10; i < 20; i++) await shop.Core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(13, await LookBackAsync(shop.Core));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        Assert.Equal(["package 1", "package 2", "package 3"], await db.Hits.OrderBy(h => h.Reference!.Title).Select(h => h.Reference!.Title).ToListAsync(Stop));
        // A listing is screened once for all that ask for it: once by its search, once now.
        Assert.Equal(6, await db.Screenings.CountAsync(Stop));
        Assert.Equal(1, await db.LookBacks.Where(l => l.LeaseOwner == null && l.StartedAt != null).Select(l => l.StartedAt).Distinct().CountAsync(Stop));
    }

    [Fact]
    public async Task A_worker_that_was_killed_leaves_what_the_next_one_does_once()
    {
        var clock = new Fixtures.ManualClock();
        await using LoopbackShop shop = await SeenAsync(s => s.AddSingleton<TimeProvider>(clock));
        await ComeAsync(shop.Core, "package 1", Drawn.Package(1));
        await shop.Core.Get<LookBackChanges>().QueueAsync(Stop);
        LookBackBatch killed = (await shop.Core.Get<LookBackQueue>().TakeAsync("killed", Stop))!;
        // It had come as far as a hit.
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        long first = await db.Observations.OrderBy(o => o.Id).Select(o => o.Id).FirstAsync(Stop);
        await shop.Core.Get<ObservationScreener>().ScreenAsync(first, Stop);
        Assert.Equal(2, await db.Screenings.CountAsync(s => s.ObservationId == first, Stop));
        Assert.Equal(0, await LookBackAsync(shop.Core));

        clock.Advance(LookBackQueue.LeaseTime + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await LookBackAsync(shop.Core));
        Assert.Equal((2, 1), (await db.Screenings.CountAsync(s => s.ObservationId == first, Stop), await db.Hits.CountAsync(Stop)));
        Assert.False(await shop.Core.Get<LookBackQueue>().RenewAsync(killed, new Dictionary<long, LookBackCounts>(), Stop));
    }

    [Fact]
    public async Task What_a_reference_is_known_by_finds_listings_that_show_another_picture_and_a_change_of_it_asks_again()
    {
        await using LoopbackShop shop = await SeenAsync();
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        await db.Observations.ExecuteUpdateAsync(s => s.SetProperty(o => o.Brand, "ACME"), Stop);
        await db.Observations.Where(o => o.Name == "Package 2").ExecuteUpdateAsync(s => s.SetProperty(o => o.Gtin, "4006381333931").SetProperty(o => o.Mpn, "QX-4711"), Stop);
        await db.Observations.ExecuteUpdateAsync(s => s.SetProperty(o => o.ContentHash, o => o.ContentHash + "x"), Stop);
        long id = await ComeAsync(shop.Core, "mask", Drawn.Package(90), gtin: "04006381333931");
        Assert.Equal(1, await LookBackAsync(shop.Core));
        Assert.Equal((Relation.SameIdentifier, "Package 2"), (await db.Hits.AsNoTracking().Include(h => h.Listing).SingleAsync(Stop)) is var hit ? (hit.Relation, hit.Listing!.Name) : default);

        long other = await ComeAsync(shop.Core, "other mask", Drawn.Package(91));
        Assert.Equal(1, await LookBackAsync(shop.Core));
        Assert.Equal(1, await db.Hits.CountAsync(Stop));
        ReferenceRow reference = await db.References.SingleAsync(r => r.Id == other, Stop);
        reference.Brand = "Acme";
        reference.Identifiers.Add(new ReferenceIdentifierRow { Scheme = "Model", Value = "QX 4711", Valid = true });
        await db.SaveChangesAsync(Stop);
        Assert.Equal(1, await LookBackAsync(shop.Core));
        Assert.Equal(LookBackReason.Facts, (await db.LookBacks.AsNoTracking().SingleAsync(l => l.ReferenceId == other, Stop)).Reason);
        Assert.Equal(1, await db.Hits.CountAsync(h => h.ReferenceId == other, Stop));

        // A title alone matches nothing anew.
        reference.Title = "Another mask";
        await db.SaveChangesAsync(Stop);
        Assert.Equal(0, await LookBackAsync(shop.Core));
        Assert.NotEqual(id, other);
    }

    [Fact]
    public async Task The_number_of_one_of_a_listings_variants_finds_it()
    {
        await using LoopbackShop shop = await SeenAsync();
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        ObservationRow seen = await db.Observations.SingleAsync(o => o.Name == "Package 2", Stop);
        seen.Variants.Add(new ObservationVariantRow { Position = 0, Name = "Red" });
        seen.Variants.Add(new ObservationVariantRow { Position = 1, Name = "Blue", Gtin = "4006381333931" });
        seen.ContentHash += "x";
        await db.SaveChangesAsync(Stop);
        await ComeAsync(shop.Core, "mask", Drawn.Package(90), gtin: "04006381333931");
        Assert.Equal(1, await LookBackAsync(shop.Core));
        HitRow hit = await db.Hits.AsNoTracking().Include(h => h.Listing).SingleAsync(Stop);
        Assert.Equal((Relation.SameIdentifier, "Package 2"), (hit.Relation, hit.Listing!.Name));
    }

    [Fact]
    public async Task A_new_picture_of_a_reference_is_asked_with()
    {
        await using LoopbackShop shop = await SeenAsync();
        long id = await ComeAsync(shop.Core, "package", Drawn.Package(90));
        Assert.Equal(1, await LookBackAsync(shop.Core));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        Assert.Equal(0, await db.Hits.CountAsync(Stop));
        db.ReferenceImages.Add(new ReferenceImageRow { ReferenceId = id, Position = 1, ImageSha256 = await shop.Core.Get<IBlobStore>().PutAsync(ImageEncoder.Png(Drawn.Package(3)), Stop) });
        await db.SaveChangesAsync(Stop);
        // While it waits to be described nothing is asked.
        Assert.Equal(0, await LookBackAsync(shop.Core));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(1, await LookBackAsync(shop.Core));
        Assert.Equal(LookBackReason.Pictures, (await db.LookBacks.AsNoTracking().SingleAsync(l => l.ReferenceId == id, Stop)).Reason);
        Assert.Equal(shop.UrlOf(3), (await db.Hits.Include(h => h.Listing).SingleAsync(Stop)).Listing!.Url);
    }

    [Theory]
    [InlineData("retired")]
    [InlineData("expired")]
    public async Task What_is_out_of_force_gives_nothing_until_it_is_in_force_again(string how)
    {
        await using LoopbackShop shop = await SeenAsync();
        long id = await ComeAsync(shop.Core, "package 1", Drawn.Package(1), ReferenceKind.Design);
        await shop.Core.Get<LookBackChanges>().QueueAsync(Stop);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        Assert.Equal(1, await db.LookBacks.CountAsync(l => l.ReferenceId == id, Stop));
        ReferenceRow reference = await db.References.SingleAsync(r => r.Id == id, Stop);
        if (how == "retired") Assert.True((await new RetireReference(id, "a mistake").RunAsync(shop.By(db), Stop)).Done);
        else reference.ExpiresOn = new DateOnly(2020, 1, 1);
        await db.SaveChangesAsync(Stop);
        Assert.Equal(0, await LookBackAsync(shop.Core));
        Assert.Equal((0, 0), (await db.LookBacks.CountAsync(l => l.ReferenceId == id, Stop), await db.Hits.CountAsync(Stop)));

        if (how == "retired") Assert.True((await new RestoreReference(id, "no mistake").RunAsync(shop.By(db), Stop)).Done);
        else reference.ExpiresOn = null;
        await db.SaveChangesAsync(Stop);
        await shop.Core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(1, await LookBackAsync(shop.Core));
        string url = shop.UrlOf(1);
        Assert.Equal(1, await db.Hits.CountAsync(h => h.ReferenceId == id && h.Listing!.Url == url, Stop));
    }

    [Fact]
    public async Task What_was_decided_stays_and_only_another_picture_opens_it_again()
    {
        await using LoopbackShop shop = await SeenAsync();
        long id = await ComeAsync(shop.Core, "package 1", Drawn.Package(1));
        await LookBackAsync(shop.Core);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        HitRow hit = await db.Hits.SingleAsync(Stop);
        Assert.True((await new DecideHit(hit.Id, HitDecision.Confirm).RunAsync(shop.By(db), Stop)).Done);
        long match = hit.MatchId;
        db.ReferenceIdentifiers.Add(new ReferenceIdentifierRow { ReferenceId = id, Scheme = "Gtin", Value = "4006381333931", Valid = true });
        await db.SaveChangesAsync(Stop);
        Assert.Equal(1, await LookBackAsync(shop.Core));
        HitRow after = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((HitState.Confirmed, match), (after.State, after.MatchId));
        Assert.Equal(1, (await db.LookBacks.AsNoTracking().SingleAsync(l => l.ReferenceId == id, Stop)).Hits);
    }

    [Fact]
    public async Task Only_the_newest_observation_of_a_listing_is_asked()
    {
        await using LoopbackShop shop = await SeenAsync();
        shop.Offer(1, "5.00", ImageEncoder.Jpeg(Drawn.Bottle()));
        await shop.SearchAsync(1);
        await ComeAsync(shop.Core, "package 1", Drawn.Package(1));
        Assert.Equal(1, await LookBackAsync(shop.Core));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        // What it showed first was asked, too, and nobody shows it now.
        Assert.Equal((4, 0), ((await db.LookBacks.SingleAsync(l => l.Reference!.Title == "package 1", Stop)).Candidates, await db.Hits.CountAsync(h => h.Reference!.Title == "package 1", Stop)));
    }

    [Fact]
    public async Task A_listing_that_is_screened_while_its_alert_is_asked_about_meets_it_all_the_same()
    {
        await using LoopbackShop shop = await SeenAsync();
        // The alert was asked about by another node; this one's gallery does not hold it yet.
        byte[] picture = ImageEncoder.Png(Drawn.Package(7));
        await using TestCore other = await TestCore.StartAsync(of: shop.Core);
        await other.AddReferenceAsync("package 7", picture);
        await other.Follower.RefreshAsync(null, Stop);
        Assert.Equal(1, await LookBackAsync(other));
        shop.Offer(7, "9.95", Drawn.EditedCopy(Drawn.Package(7)));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        long before = shop.Core.Follower.Status.Sequence;
        await db.LookBacks.ExecuteUpdateAsync(s => s.SetProperty(l => l.ChangeNumber, l => l.ChangeNumber + 1_000), Stop);
        await shop.SearchAsync(7);
        Assert.True(shop.Core.Follower.Status.Sequence > before);
        Assert.Equal(1, await db.Hits.CountAsync(Stop));
    }

    [Fact]
    public async Task What_was_seen_is_in_files_that_the_next_process_opens_and_what_was_not_merged_is_taken_again()
    {
        await using LoopbackShop shop = await SeenAsync();
        await shop.Core.Get<SeenFollower>().FollowAsync(Stop);
        Assert.Equal((3, 3), (shop.Core.Get<SeenGallery>().Count, shop.Core.Get<SeenGallery>().Pictures.Unmerged));
        Assert.True(await shop.Core.Get<SeenGallery>().Pictures.MergeAsync(shop.Core.Get<FeatureStore>().Unkept, Stop));
        shop.Offer(4, "9.95", Drawn.EditedCopy(Drawn.Package(4)));
        await shop.SearchAsync(4);
        await shop.Core.Get<SeenFollower>().FollowAsync(Stop);

        await using TestCore restarted = await TestCore.StartAsync(of: shop.Core);
        Assert.Equal((3, 0), (restarted.Get<SeenGallery>().Count, restarted.Get<SeenGallery>().Pictures.Unmerged));
        Assert.Equal(1, await restarted.Get<SeenFollower>().FollowAsync(Stop));
        Assert.Equal((4, 0, 4L), restarted.Get<SeenFollower>().Status is var status ? (status.Pictures, status.Waiting, status.Number) : default);
        await ComeAsync(restarted, "package 1", Drawn.Package(1));
        await ComeAsync(restarted, "package 4", Drawn.Package(4));
        Assert.Equal(2, await LookBackAsync(restarted));
        await using TouchstoneDb db = await restarted.OpenAsync();
        Assert.Equal(2, await db.Hits.CountAsync(Stop));
    }

    [Fact]
    public async Task An_installation_that_saw_nothing_asks_nothing()
    {
        await using TestCore core = await TestCore.StartAsync();
        await ComeAsync(core, "package 1", Drawn.Package(1));
        Assert.Equal(0, await LookBackAsync(core));
        await using TouchstoneDb db = await core.OpenAsync();
        LookBackRow row = await db.LookBacks.SingleAsync(Stop);
        Assert.Equal((LookBackState.Done, 0, 0), (row.State, row.Pictures, await db.SeenPictures.CountAsync(Stop)));
        Assert.Equal(core.Follower.Status.Sequence, await db.Sequences.Where(s => s.Name == SequenceRow.LookBacks).Select(s => s.Value).SingleAsync(Stop));
    }

    /// <summary>A shop of three packages that was searched while the registers held other ones, which a listing resembles no less than it resembles each other.</summary>
    private static async Task<LoopbackShop> SeenAsync(Action<IServiceCollection>? configure = null)
    {
        LoopbackShop shop = await LoopbackShop.StartAsync(configure);
        for (int i = 21; i <= 26; i++) await shop.Core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(0, await shop.Core.Get<LookBackChanges>().QueueAsync(Stop));
        for (int i = 1; i <= 3; i++)
        {
            shop.Offer(i, "9.95", Drawn.EditedCopy(Drawn.Package(i)));
            await shop.SearchAsync(i);
        }
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        Assert.Equal(0, await db.Hits.CountAsync(Stop));
        return shop;
    }

    private static async Task<long> ComeAsync(TestCore core, string title, RgbImage picture, ReferenceKind kind = ReferenceKind.Alert, string? gtin = null)
    {
        long id = await core.AddReferenceAsync(title, ImageEncoder.Png(picture), kind, gtin);
        await core.Follower.RefreshAsync(null, Stop);
        return id;
    }

    /// <summary>As often as there is something to ask; returns about how many references it was.</summary>
    private static async Task<int> LookBackAsync(TestCore core)
    {
        int all = 0;
        while (await core.Get<LookBackRunner>().RunSomeAsync("test", Stop) is var some and > 0) all += some;
        return all;
    }
}

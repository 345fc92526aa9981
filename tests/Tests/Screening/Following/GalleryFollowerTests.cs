using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Following;

/// <summary>How a gallery follows the registers: what is loaded, what is not, what is waited for, and what is said meanwhile.</summary>
public sealed class GalleryFollowerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_gallery_holds_is_not_loaded_again()
    {
        await using TestCore core = await CoreAsync(3);
        await core.Follower.RefreshAsync(null, Stop);
        string fingerprint = core.Follower.Status.Fingerprint;
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.Equal(3, await db.ImageFeatures.ExecuteDeleteAsync(Stop));

        using GalleryFollower restarted = core.FollowerOf(core.Get<ReferenceGallery>());
        Assert.False(restarted.Status.Ready);
        Assert.Equal(3, await restarted.FollowAsync(null, Stop));
        Assert.True(restarted.Status.Ready);
        Assert.Equal((3, fingerprint, core.Follower.Status.Sequence), (restarted.Status.Images, restarted.Status.Fingerprint, restarted.Status.Sequence));
        Assert.Equal(0, await db.ImageFeatures.CountAsync(Stop));
        Assert.Equal(0, await restarted.FollowAsync(null, Stop));
    }

    [Fact]
    public async Task What_was_retired_while_nobody_followed_is_dropped_from_a_gallery_that_holds_it()
    {
        await using TestCore core = await CoreAsync(2);
        await core.Follower.RefreshAsync(null, Stop);
        long id = await ChangeAsync(core, "package 1", r => r.RetiredAt = DateTimeOffset.UtcNow);

        ReferenceGallery gallery = core.Get<ReferenceGallery>();
        using GalleryFollower restarted = core.FollowerOf(gallery);
        await restarted.FollowAsync(null, Stop);
        Assert.Equal(1, gallery.Count);
        Assert.Null(gallery.Texts.FactsOf(id));
    }

    [Fact]
    public async Task A_changed_kind_or_number_of_a_reference_reaches_a_gallery_that_holds_its_pictures()
    {
        await using TestCore core = await CoreAsync(2);
        await core.Follower.RefreshAsync(null, Stop);
        ReferenceGallery gallery = core.Get<ReferenceGallery>();
        long id = await ChangeAsync(core, "package 1", r => r.Kind = ReferenceKind.GenuineProduct);
        Assert.Equal(1, await core.Follower.FollowAsync(null, Stop));
        Assert.Equal(ReferenceKind.GenuineProduct, Assert.Single(gallery.ImagesOf(id)).Kind);
        Assert.Equal((2, 0), (core.Follower.Status.Images, core.Follower.Status.Behind));

        await using TouchstoneDb db = await core.OpenAsync();
        db.ReferenceIdentifiers.Add(new ReferenceIdentifierRow { ReferenceId = id, Scheme = "Gtin", Value = "4006381333931", Valid = true });
        await db.SaveChangesAsync(Stop);
        Assert.Equal(1, await core.Follower.FollowAsync(null, Stop));
        Assert.Equal(id, Assert.Single(gallery.Identifiers.Find(new StatedOffer(null, null, null, "4006381333931"))).ReferenceId);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_described_is_a_failure_of_its_reference_and_the_gallery_is_ready_without_it()
    {
        var clock = new ManualClock();
        await using TestCore core = await CoreAsync(2, clock);
        await core.AddReferenceAsync("no picture", "not a picture"u8.ToArray());
        byte[] lost = ImageEncoder.Png(Drawn.Package(50));
        string sha256 = BlobName.Of(lost);
        await core.AddReferenceAsync("lost", lost);
        File.Delete(Path.Combine(core.Get<StorageOptions>().BlobFolder, BlobName.PathOf(sha256)));

        await core.Follower.RefreshAsync(null, Stop);
        GalleryStatus status = core.Follower.Status;
        Assert.True(status.Ready);
        Assert.Equal((2, 2, 0), (status.Images, status.Failed, status.Behind));
        Assert.Equal("The picture is not in the store.", await FailureAsync("lost"));
        Assert.StartsWith("UnsupportedFormat", await FailureAsync("no picture"), StringComparison.Ordinal);

        // The store has it again: it is tried once more after a while, and taken in.
        await core.Get<IBlobStore>().PutAsync(lost, Stop);
        Assert.Equal(0, await core.Get<ImageJobRunner>().RunSomeAsync(ImageJobKind.Describe, "test", Stop));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await core.Get<ImageJobRunner>().RunSomeAsync(ImageJobKind.Describe, "test", Stop));
        Assert.Equal(1, await core.Follower.FollowAsync(null, Stop));
        Assert.Equal((3, 1), (core.Follower.Status.Images, core.Follower.Status.Failed));
        Assert.Null(await FailureAsync("lost"));

        async Task<string?> FailureAsync(string title)
        {
            await using TouchstoneDb db = await core.OpenAsync();
            return await db.ReferenceImages.Where(i => i.Reference!.Title == title).Select(i => i.Failure).SingleAsync(Stop);
        }
    }

    [Fact]
    public async Task Progress_is_told_until_all_is_done()
    {
        await using TestCore core = await CoreAsync(3);
        // Two references may show one picture: it is described once.
        await core.AddReferenceAsync("package 1 again", ImageEncoder.Png(Drawn.Package(1)));
        var told = new List<GalleryStatus>();
        await core.Follower.RefreshAsync(new Told(told), Stop);
        Assert.Equal((0, 4), told.Where(s => s.Load is not null).Select(s => (s.Load!.Done, s.Load.Total)).First());
        Assert.Equal("Described 0 of 4 reference pictures.", told[0].Why);
        Assert.True(told[^1] is { Ready: true, Load: null, Why: null, Images: 4 });
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.Equal((3, 0), (await db.ImageFeatures.CountAsync(Stop), await db.ImageJobs.CountAsync(j => j.Kind == ImageJobKind.Describe, Stop)));
    }

    [Fact]
    public async Task An_import_makes_a_ready_gallery_behind_and_not_unready()
    {
        await using TestCore core = await CoreAsync(1);
        Assert.Equal(1, await core.Follower.FollowAsync(null, Stop));
        Assert.Equal((false, 1, "Described 0 of 1 reference pictures."), (core.Follower.Status.Ready, core.Follower.Status.Behind, core.Follower.Status.Why));
        await core.Follower.RefreshAsync(null, Stop);
        await core.AddReferenceAsync("new", ImageEncoder.Png(Drawn.Package(7)));
        await core.Follower.FollowAsync(null, Stop);
        Assert.Equal((true, 1, 1), (core.Follower.Status.Ready, core.Follower.Status.Behind, core.Follower.Status.Images));
        // Any node may do the job; this one follows.
        Assert.Equal(1, await core.Get<ImageJobRunner>().RunSomeAsync(ImageJobKind.Describe, "another node", Stop));
        Assert.Equal(1, await core.Follower.FollowAsync(null, Stop));
        Assert.Equal((0, 2), (core.Follower.Status.Behind, core.Follower.Status.Images));
    }

    [Fact]
    public async Task A_gallery_that_cannot_follow_for_a_minute_is_stale_until_it_can()
    {
        var clock = new ManualClock();
        var databases = new Breakable();
        await using TestCore core = await CoreAsync(1, clock);
        databases.Inner = core.Get<IDbContextFactory<TouchstoneDb>>();
        using GalleryFollower follower = new(
            databases, core.Get<ReferenceGallery>(), core.Get<FeatureStore>(), core.Get<OcrStore>(), core.Get<ImageJobs>(), core.Get<ImageJobRunner>(), new FollowingOptions(), clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<GalleryFollower>.Instance);
        await follower.RefreshAsync(null, Stop);
        databases.Broken = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => follower.FollowAsync(null, Stop));
        Assert.True(follower.Status.Ready);
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.False(follower.Status.Ready);
        Assert.Contains("away", follower.Status.Why, StringComparison.Ordinal);
        databases.Broken = false;
        await follower.FollowAsync(null, Stop);
        Assert.True(follower.Status.Ready);
    }

    [Theory]
    [InlineData(1200, 3350, 22.4, "Described 1,200 of 3,350 reference pictures, about 41 s left")]
    [InlineData(64, 1_000_000, 2, "Described 64 of 1,000,000 reference pictures, about 9 h left")]
    [InlineData(500, 1000, 300, "Described 500 of 1,000 reference pictures, about 5 min left")]
    [InlineData(0, 12, 0, "Described 0 of 12 reference pictures")]
    public void The_time_left_follows_from_the_pace_so_far(int done, int total, double seconds, string told) =>
        Assert.Equal(told, new GalleryLoad(done, total, TimeSpan.FromSeconds(seconds)).ToString());

    private static async Task<TestCore> CoreAsync(int packages, TimeProvider? clock = null)
    {
        TestCore core = await TestCore.StartAsync(clock is null ? null : services => services.AddSingleton(clock));
        for (int i = 1; i <= packages; i++) await core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        return core;
    }

    private static async Task<long> ChangeAsync(TestCore core, string title, Action<ReferenceRow> change)
    {
        await using TouchstoneDb db = await core.OpenAsync();
        ReferenceRow row = await db.References.SingleAsync(r => r.Title == title, Stop);
        change(row);
        await db.SaveChangesAsync(Stop);
        return row.Id;
    }

    private sealed class Told(List<GalleryStatus> told) : IProgress<GalleryStatus>
    {
        public void Report(GalleryStatus value) => told.Add(value);
    }

    private sealed class Breakable : IDbContextFactory<TouchstoneDb>
    {
        public IDbContextFactory<TouchstoneDb> Inner { get; set; } = null!;

        public bool Broken { get; set; }

        public TouchstoneDb CreateDbContext() => Broken ? throw new InvalidOperationException("The database is away.") : Inner.CreateDbContext();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Screenings;

/// <summary>How the gallery follows the registers: what is loaded, what is not, and what is said meanwhile.</summary>
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

        using GalleryFollower restarted = FollowerOf(core);
        Assert.False(restarted.Status.Ready);
        Assert.Equal(3, await restarted.RefreshAsync(null, Stop));
        Assert.True(restarted.Status.Ready);
        Assert.Equal((3, fingerprint), (restarted.Status.Images, restarted.Status.Fingerprint));
        Assert.Equal(0, await db.ImageFeatures.CountAsync(Stop));
        Assert.Equal(0, await restarted.RefreshAsync(null, Stop));
    }

    [Fact]
    public async Task What_was_retired_while_nobody_followed_is_dropped_from_a_gallery_that_holds_it()
    {
        await using TestCore core = await CoreAsync(2);
        await core.Follower.RefreshAsync(null, Stop);
        await using TouchstoneDb db = await core.OpenAsync();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await db.References.Where(r => r.Title == "package 1").ExecuteUpdateAsync(s => s.SetProperty(r => r.RetiredAt, now).SetProperty(r => r.UpdatedAt, now), Stop);

        using GalleryFollower restarted = FollowerOf(core);
        await restarted.RefreshAsync(null, Stop);
        ReferenceGallery gallery = core.Get<ReferenceGallery>();
        Assert.Equal(1, gallery.Count);
        Assert.Null(gallery.Texts.FactsOf(await db.References.Where(r => r.Title == "package 1").Select(r => r.Id).SingleAsync(Stop)));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_described_is_a_failure_of_its_reference_and_the_gallery_is_ready_without_it()
    {
        await using TestCore core = await CoreAsync(2);
        await core.AddReferenceAsync("no picture", "not a picture"u8.ToArray());
        await core.AddReferenceAsync("lost", ImageEncoder.Png(Drawn.Package(50)));
        await using TouchstoneDb db = await core.OpenAsync();
        await db.ReferenceImages.Where(i => i.Reference!.Title == "lost").ExecuteUpdateAsync(s => s.SetProperty(i => i.ImageSha256, new string('0', 64)), Stop);

        await core.Follower.RefreshAsync(null, Stop);
        GalleryStatus status = core.Follower.Status;
        Assert.True(status.Ready);
        Assert.Equal((2, 2, 0), (status.Images, status.Failed, status.Pending));
        Assert.Equal("The picture is not in the store.", await FailureAsync("lost"));
        Assert.StartsWith("UnsupportedFormat", await FailureAsync("no picture"), StringComparison.Ordinal);

        string sha256 = await core.Get<IBlobStore>().PutAsync(ImageEncoder.Png(Drawn.Package(51)), Stop);
        await db.ReferenceImages.Where(i => i.Reference!.Title == "lost").ExecuteUpdateAsync(s => s.SetProperty(i => i.ImageSha256, sha256), Stop);
        await db.References.Where(r => r.Title == "lost").ExecuteUpdateAsync(s => s.SetProperty(r => r.UpdatedAt, DateTimeOffset.UtcNow.AddSeconds(1)), Stop);
        Assert.Equal(1, await core.Follower.RefreshAsync(null, Stop));
        Assert.Equal((3, 1), (core.Follower.Status.Images, core.Follower.Status.Failed));
        Assert.Null(await FailureAsync("lost"));

        Task<string?> FailureAsync(string title) => db.ReferenceImages.Where(i => i.Reference!.Title == title).Select(i => i.Failure).SingleAsync(Stop);
    }

    [Fact]
    public async Task Progress_is_told_for_each_batch_until_all_is_done()
    {
        await using TestCore core = await CoreAsync(3);
        // Two references may show one picture: it is described once.
        await core.AddReferenceAsync("package 1 again", ImageEncoder.Png(Drawn.Package(1)));
        var told = new List<GalleryStatus>();
        await core.Follower.RefreshAsync(new Told(told), Stop);
        Assert.Equal([(0, 4), (4, 4)], told.Where(s => s.Load is not null).Select(s => (s.Load!.Done, s.Load.Total)));
        Assert.Equal("Described 0 of 4 reference pictures.", told[0].Why);
        Assert.All(told.SkipLast(1), s => Assert.False(s.Ready));
        Assert.True(told[^1] is { Ready: true, Load: null, Why: null, Images: 4 });
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.Equal(3, await db.ImageFeatures.CountAsync(Stop));
    }

    [Theory]
    [InlineData(1200, 3350, 22.4, "Described 1,200 of 3,350 reference pictures, about 41 s left")]
    [InlineData(64, 1_000_000, 2, "Described 64 of 1,000,000 reference pictures, about 9 h left")]
    [InlineData(500, 1000, 300, "Described 500 of 1,000 reference pictures, about 5 min left")]
    [InlineData(0, 12, 0, "Described 0 of 12 reference pictures")]
    public void The_time_left_follows_from_the_pace_so_far(int done, int total, double seconds, string told) =>
        Assert.Equal(told, new GalleryLoad(done, total, TimeSpan.FromSeconds(seconds)).ToString());

    private static async Task<TestCore> CoreAsync(int packages)
    {
        TestCore core = await TestCore.StartAsync();
        for (int i = 1; i <= packages; i++) await core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        return core;
    }

    /// <summary>Another follower of the same gallery: the process was started again, and the gallery was not lost.</summary>
    private static GalleryFollower FollowerOf(TestCore core) =>
        new(core.Get<IDbContextFactory<TouchstoneDb>>(), core.Get<ReferenceGallery>(), core.Get<ReferenceTextReader>(), core.Get<FeatureStore>(), TimeProvider.System, NullLogger<GalleryFollower>.Instance);

    private sealed class Told(List<GalleryStatus> told) : IProgress<GalleryStatus>
    {
        public void Report(GalleryStatus value) => told.Add(value);
    }
}

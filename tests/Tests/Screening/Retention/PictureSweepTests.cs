using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Features;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Retention;

/// <summary>Blobs that no row refers to go once they are old, and none that a row refers to.</summary>
public sealed class PictureSweepTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_nothing_refers_to_goes_with_what_was_read_of_it(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder, clock);
        var job = new RetentionJob(database, blobs, new RetentionOptions(), clock);
        await using TouchstoneDb db = database.CreateDbContext();
        string used = await AddAsync(db, blobs, [1]), unused = await AddAsync(db, blobs, [2]), page = await blobs.PutAsync(new byte[] { 3 }, Stop), lost = await AddAsync(db, blobs, [4]);
        HitRow hit = await SampleHits.AddAsync(db, image: used);
        DateTimeOffset now = clock.GetUtcNow();
        await db.Observations.Where(o => o.ListingId == hit.ListingId).ExecuteUpdateAsync(o => o.SetProperty(x => x.PageSha256, page).SetProperty(x => x.LastSeenAt, now), Stop);
        await db.Hits.ExecuteUpdateAsync(h => h.SetProperty(x => x.FoundAt, now), Stop);
        Assert.True(await blobs.DeleteAsync(lost, DateTimeOffset.MaxValue, Stop));

        // Young, as what is just being stored and has no row yet.
        clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, (await job.RunAsync(dryRun: false, Stop)).Sum(x => x.Rows));
        string late = await AddAsync(db, blobs, [5]);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal((2, 1), CountsOf(await job.RunAsync(dryRun: true, Stop)));
        Assert.Equal((2, 1), CountsOf(await job.RunAsync(dryRun: false, Stop)));
        Assert.Null(await blobs.GetAsync(unused, Stop));
        foreach (string kept in (string[])[used, page, late]) Assert.NotNull(await blobs.GetAsync(kept, Stop));
        Assert.Equal(new[] { used, late }.Order(), (await db.Images.Select(x => x.Sha256).ToListAsync(Stop)).Order());
        Assert.Equal(new[] { used, late }.Order(), (await db.ImageFeatures.Select(x => x.ImageSha256).ToListAsync(Stop)).Order());
        Assert.Equal(new[] { used, late }.Order(), (await db.ImageTexts.Select(x => x.ImageSha256).ToListAsync(Stop)).Order());
    }

    [Fact]
    public async Task What_is_stored_again_is_wanted_and_stays()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder, clock);
        var job = new RetentionJob(database, blobs, new RetentionOptions(), clock);
        string name = await blobs.PutAsync(new byte[] { 1 }, Stop);
        clock.Advance(TimeSpan.FromDays(40));
        // A crawl finds the picture again; the row that refers to it comes a moment later.
        await blobs.PutAsync(new byte[] { 1 }, Stop);
        Assert.Equal((0, 0), CountsOf(await job.RunAsync(dryRun: false, Stop)));
        Assert.NotNull(await blobs.GetAsync(name, Stop));
    }

    [Fact]
    public async Task Within_a_day_every_share_of_the_store_is_looked_at()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder, clock);
        var job = new RetentionJob(database, blobs, new RetentionOptions(), clock);
        for (byte i = 0; i < 60; i++) await blobs.PutAsync(new[] { i }, Stop);
        clock.Advance(TimeSpan.FromDays(31));
        var deleted = new List<long>();
        for (int hour = 0; hour < 24; hour++)
        {
            deleted.Add(CountsOf(await job.RunShareAsync(Stop)).Blobs);
            clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(60, deleted.Sum());
        Assert.True(deleted.Max() < 60);
    }

    private static (long Pictures, long Blobs) CountsOf(IReadOnlyList<RetentionLine> lines) => (lines.Single(x => x.Table == "Images").Rows, lines.Single(x => x.Table == RetentionJob.Blobs).Rows);

    private async Task<string> AddAsync(TouchstoneDb db, IBlobStore blobs, byte[] bytes)
    {
        string sha256 = await blobs.PutAsync(bytes, Stop);
        db.Images.Add(new ImageRow { Sha256 = sha256, Bytes = bytes.Length, StoredAt = clock.GetUtcNow() });
        db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = sha256, ModelId = "m", Format = FeatureFormat.Version, Content = [1], ExtractedAt = clock.GetUtcNow() });
        db.ImageTexts.Add(new ImageTextRow { ImageSha256 = sha256, ModelId = "m", Content = "{}", ReadAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(Stop);
        return sha256;
    }
}

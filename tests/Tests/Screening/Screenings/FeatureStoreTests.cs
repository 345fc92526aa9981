using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;

namespace Touchstone.Tests.Screening.Screenings;

/// <summary>Pictures described, looked up and saved in batches, over real SQLite.</summary>
public sealed class FeatureStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_stores_that_describe_the_same_pictures_at_once_leave_one_row_of_each()
    {
        await using TestCore core = await TestCore.StartAsync();
        string[] sha256s = await PicturesAsync(core, 6);
        using FeatureStore one = StoreOf(core, core.Get<IDbContextFactory<TouchstoneDb>>()), other = StoreOf(core, core.Get<IDbContextFactory<TouchstoneDb>>());
        // The other one overlaps in part, so that some of its rows are new where others are taken.
        IReadOnlyDictionary<string, ReadOutcome>[] read = await Task.WhenAll(one.ReadStoredAsync(sha256s[..5], Stop), other.ReadStoredAsync(sha256s[1..], Stop));
        Assert.All(read, outcomes => Assert.True(outcomes.Count == 5 && outcomes.Values.All(o => o.Image is not null)));
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.Equal(sha256s.Order(), (await db.ImageFeatures.Select(f => f.ImageSha256).ToListAsync(Stop)).Order());
        Assert.Equal(sha256s.Order(), (await db.Images.Select(i => i.Sha256).ToListAsync(Stop)).Order());
    }

    [Fact]
    public async Task Rows_that_another_worker_inserted_meanwhile_stay_and_the_rest_is_saved()
    {
        await using TestCore core = await TestCore.StartAsync();
        string[] sha256s = await PicturesAsync(core, 3);
        ReadOutcome first = await core.Get<FeatureStore>().ReadStoredAsync(sha256s[0], Stop);
        byte[] theirs = FeatureFormat.Write(first.Image!);
        var late = new InsertsBeforeTheThird(core.Get<IDbContextFactory<TouchstoneDb>>(), sha256s[1], first.Image!.Embedding.ModelId, theirs);
        using FeatureStore store = StoreOf(core, late);
        Assert.All((await store.ReadStoredAsync(sha256s, Stop)).Values, o => Assert.NotNull(o.Image));
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.Equal(3, await db.ImageFeatures.CountAsync(Stop));
        Assert.Equal(theirs, await db.ImageFeatures.Where(f => f.ImageSha256 == sha256s[1]).Select(f => f.Content).SingleAsync(Stop));
    }

    [Fact]
    public async Task A_picture_that_comes_again_is_dated_anew_also_where_a_first_look_would_be_enough()
    {
        await using TestCore core = await TestCore.StartAsync();
        byte[] picture = ImageEncoder.Png(Drawn.Package(1));
        string sha256 = (await core.Get<FeatureStore>().ReadAsync(picture, Stop)).Sha256;
        string file = Directory.EnumerateFiles(core.Get<StorageOptions>().BlobFolder, sha256, SearchOption.AllDirectories).Single();
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-40));
        Assert.NotNull((await core.Get<FeatureStore>().ReadAsync(picture, _ => true, null, Stop)).Image);
        // What is compared with removed offers later is not swept before.
        Assert.InRange(File.GetLastWriteTimeUtc(file), DateTime.UtcNow.AddDays(-1), DateTime.UtcNow.AddDays(1));
    }

    [Fact]
    public async Task Many_are_found_by_one_query_and_then_in_memory_but_a_load_keeps_nothing()
    {
        await using TestCore core = await TestCore.StartAsync();
        string[] sha256s = await PicturesAsync(core, 4);
        await core.Get<FeatureStore>().ReadStoredAsync(sha256s, Stop);
        var counted = new Counted(core.Get<IDbContextFactory<TouchstoneDb>>());
        using FeatureStore store = StoreOf(core, counted);
        Assert.All((await store.ReadStoredAsync(sha256s, Stop)).Values, o => Assert.False(o.DescribedNow));
        Assert.Equal(1, counted.Opened);
        Assert.Equal(4, (await store.FindAsync([.. sha256s, new string('0', 64)], Stop)).Count);
        Assert.Equal(2, counted.Opened);
        Assert.Equal(4, (await store.FindAsync(sha256s, Stop)).Count);
        Assert.Equal(2, counted.Opened);
    }

    [Fact]
    public async Task Features_that_are_cut_off_are_extracted_anew()
    {
        await using TestCore core = await TestCore.StartAsync();
        string[] sha256s = await PicturesAsync(core, 2);
        await core.Get<FeatureStore>().ReadStoredAsync(sha256s, Stop);
        await using TouchstoneDb db = await core.OpenAsync();
        ImageFeaturesRow row = await db.ImageFeatures.SingleAsync(f => f.ImageSha256 == sha256s[0], Stop);
        byte[] whole = row.Content;
        row.Content = whole[..(whole.Length / 2)];
        await db.SaveChangesAsync(Stop);
        IReadOnlyDictionary<string, ReadOutcome> read = await core.Get<FeatureStore>().ReadStoredAsync(sha256s, Stop);
        Assert.Equal((true, false), (read[sha256s[0]].DescribedNow, read[sha256s[1]].DescribedNow));
        Assert.Equal(whole, await db.ImageFeatures.AsNoTracking().Where(f => f.ImageSha256 == sha256s[0]).Select(f => f.Content).SingleAsync(Stop));
    }

    [Fact]
    public async Task Another_versions_features_are_neither_used_nor_deleted()
    {
        await using TestCore core = await TestCore.StartAsync();
        string sha256 = (await PicturesAsync(core, 1))[0];
        byte[] theirs = [(byte)'T', (byte)'S', (byte)'F', FeatureFormat.Version + 1, 1, 2, 3];
        await using TouchstoneDb db = await core.OpenAsync();
        db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = sha256, ModelId = core.Get<FeatureStore>().ModelId, Format = FeatureFormat.Version + 1, Content = theirs });
        await db.SaveChangesAsync(Stop);

        // Each of two versions that run at once describes the picture once, and not again after the other did.
        Assert.True((await core.Get<FeatureStore>().ReadStoredAsync([sha256], Stop))[sha256].DescribedNow);
        Assert.False((await core.Get<FeatureStore>().ReadStoredAsync([sha256], Stop))[sha256].DescribedNow);
        Assert.NotNull(await core.Get<FeatureStore>().FindAsync(sha256, Stop));
        Assert.Equal(theirs, await db.ImageFeatures.AsNoTracking().Where(f => f.Format == FeatureFormat.Version + 1).Select(f => f.Content).SingleAsync(Stop));
        Assert.Equal(2, await db.ImageFeatures.CountAsync(Stop));
    }

    [Fact]
    public async Task Stored_texts_are_taken_over_by_one_query()
    {
        await using TestCore core = await TestCore.StartAsync();
        string[] sha256s = [.. Enumerable.Range(0, 3).Select(i => new string((char)('a' + i), 64))];
        await using (TouchstoneDb db = await core.OpenAsync())
        {
            db.ImageTexts.AddRange(sha256s.Select(s => new ImageTextRow { ImageSha256 = s, ModelId = OcrReader.ModelId, Content = OcrText.None.ToJson(), ReadAt = DateTimeOffset.UnixEpoch }));
            await db.SaveChangesAsync(Stop);
        }
        var counted = new Counted(core.Get<IDbContextFactory<TouchstoneDb>>());
        using var store = new OcrStore(counted, core.Get<IBlobStore>(), core.Get<ImageDecoder>(), core.Get<Lazy<OcrReader>>(), TimeProvider.System);
        Assert.Equal((3, 1), ((await store.FindUnkeptAsync(sha256s, Stop)).Count, counted.Opened));
    }

    [Fact]
    public async Task What_took_too_long_once_is_read_when_the_machine_has_time()
    {
        await using TestCore core = await TestCore.StartAsync();
        byte[] picture = ImageEncoder.Png(Drawn.Package(1));
        var hasty = new FeatureExtractor(new ImageDecoder(), core.Get<ImageEmbedder>(), new DecodeOptions { Timeout = TimeSpan.Zero });
        using var busy = new FeatureStore(core.Get<IDbContextFactory<TouchstoneDb>>(), core.Get<IBlobStore>(), hasty, core.Get<OcrStore>(), TimeProvider.System);
        ReadOutcome late = await busy.ReadAsync(picture, Stop);
        Assert.Contains("TimedOut", late.Failure, StringComparison.Ordinal);
        Assert.False(late.IsLasting);
        Assert.NotNull((await core.Get<FeatureStore>().ReadAsync(picture, Stop)).Image);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_is_no_picture_is_not_stored_but_known(bool glances)
    {
        await using TestCore core = await TestCore.StartAsync();
        byte[] junk = new byte[100_000];
        FeatureStore store = core.Get<FeatureStore>();
        ReadOutcome read = glances ? await store.ReadAsync(junk, _ => true, null, Stop) : await store.ReadAsync(junk, Stop);
        Assert.True(read.IsLasting);
        Assert.Null(await core.Get<IBlobStore>().GetAsync(read.Sha256, Stop));
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.NotNull((await db.Images.SingleAsync(Stop)).Failure);
    }

    [Fact]
    public async Task Nothing_is_decoded_for_a_caller_who_is_gone()
    {
        await using TestCore core = await TestCore.StartAsync();
        using var gone = new CancellationTokenSource();
        using var stages = new GoneAtTheFirstStep(gone);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => core.Get<FeatureStore>().ReadAsync(ImageEncoder.Png(Drawn.Package(2)), stages, gone.Token));
        // Decoding had begun when the caller went; the description did not.
        Assert.Equal([RecognitionStage.Decode], stages.Entered);
    }

    private sealed class GoneAtTheFirstStep(CancellationTokenSource gone) : IStageObserver, IDisposable
    {
        public List<RecognitionStage> Entered { get; } = [];

        public IDisposable Enter(RecognitionStage stage)
        {
            Entered.Add(stage);
            gone.Cancel();
            return this;
        }

        public void Dispose()
        {
            // A stage ends.
        }
    }

    private static async Task<string[]> PicturesAsync(TestCore core, int count)
    {
        var sha256s = new string[count];
        for (int i = 0; i < count; i++) sha256s[i] = await core.Get<IBlobStore>().PutAsync(ImageEncoder.Png(Drawn.Package(i + 1)), Stop);
        return sha256s;
    }

    private static FeatureStore StoreOf(TestCore core, IDbContextFactory<TouchstoneDb> databases) =>
        new(databases, core.Get<IBlobStore>(), core.Get<FeatureExtractor>(), core.Get<OcrStore>(), TimeProvider.System);

    /// <summary>Counts the connections that are opened.</summary>
    private sealed class Counted(IDbContextFactory<TouchstoneDb> inner) : IDbContextFactory<TouchstoneDb>
    {
        public int Opened { get; private set; }

        public TouchstoneDb CreateDbContext()
        {
            Opened++;
            return inner.CreateDbContext();
        }
    }

    /// <summary>A worker beside this one: what it inserts comes after the store looked for the picture (two connections) and before it saves.</summary>
    private sealed class InsertsBeforeTheThird(IDbContextFactory<TouchstoneDb> inner, string sha256, string modelId, byte[] content) : IDbContextFactory<TouchstoneDb>
    {
        private int opened;

        public TouchstoneDb CreateDbContext()
        {
            if (++opened == 3)
            {
                using TouchstoneDb db = inner.CreateDbContext();
                db.Images.Add(new ImageRow { Sha256 = sha256, Bytes = 1, StoredAt = DateTimeOffset.UnixEpoch });
                db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = sha256, ModelId = modelId, Format = FeatureFormat.Version, Content = content, ExtractedAt = DateTimeOffset.UnixEpoch });
                db.SaveChanges();
            }
            return inner.CreateDbContext();
        }
    }
}

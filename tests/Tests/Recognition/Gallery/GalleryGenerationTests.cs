using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Recognition.Gallery;

/// <summary>A gallery in memory-mapped files answers as one in memory does, whatever came, went or was cut off.</summary>
public sealed class GalleryGenerationTests : IDisposable
{
    private static readonly ModelEntry Model = ModelCatalog.Load().Find(null);
    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-gallery-").FullName;
    private readonly FeatureTable table = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_merged_gallery_answers_as_one_in_memory()
    {
        using ReferenceGallery memory = new(Model), files = Open();
        Fill(1, 60, memory, files);
        Assert.True(await files.MergeAsync(table, default));
        Fill(61, 80, memory, files);
        Assert.Equal((80, 20), (files.Count, files.Unmerged));
        foreach (int i in (int[])[1, 17, 60, 61, 80]) AssertEqual(memory, files, i);
        Assert.Equal(memory.Fingerprint, files.Fingerprint);
    }

    [Fact]
    public async Task Seen_pictures_take_less_than_references_and_are_found_in_memory_and_in_files()
    {
        using ReferenceGallery references = Open();
        string own = Directory.CreateTempSubdirectory("touchstone-seen-").FullName;
        try
        {
            using var seen = new SeenGallery(Model, new GalleryFolder(own), new GalleryOptions());
            for (int i = 1; i <= 60; i++) seen.Put(new SeenPicture(i, Sha(i)), Known(i));
            Fill(1, 60, references);
            Assert.Equal(new SeenPicture(17, Sha(17)), seen.Near(Features(17), 5)[0]);
            Assert.True(await seen.Pictures.MergeAsync(table, default));
            Assert.True(await references.MergeAsync(table, default));
            Assert.Equal((60, 0), (seen.Count, seen.Pictures.Unmerged));
            foreach (int i in (int[])[1, 17, 60]) Assert.Equal(new SeenPicture(i, Sha(i)), seen.Near(Features(i), 5)[0]);
            Assert.Equal(new SeenPicture(17, Sha(17)), seen.CopiesOf(Features(17), 5)[0]);
            Assert.InRange(seen.Pictures.Stored().Bytes, 1, references.Stored().Bytes - 1);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    [Fact]
    public async Task A_merged_gallery_is_there_when_it_is_opened_again()
    {
        string fingerprint;
        using (ReferenceGallery first = Open())
        {
            Fill(1, 40, first);
            await first.MergeAsync(table, default);
            fingerprint = first.Fingerprint;
        }
        using ReferenceGallery second = Open();
        Assert.Equal((40, 0, fingerprint), (second.Count, second.Unmerged, second.Fingerprint));
        Assert.True(second.Contains(7, Sha(7)));
        Assert.Equal(7, second.FindCandidates(Features(7), 5)[0].Image.ReferenceImageId);
        Assert.Equal([7L], second.ImagesOf(1_007).Select(i => i.ReferenceImageId));
    }

    [Fact]
    public async Task What_is_replaced_or_removed_counts_no_more_before_and_after_a_merge()
    {
        using ReferenceGallery gallery = Open();
        Fill(1, 30, gallery);
        await gallery.MergeAsync(table, default);
        gallery.Remove(3);
        gallery.Put(new GalleryImage(5, 1_005, ReferenceKind.Mark, Sha(99)), Known(99));
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(29, gallery.Count);
            Assert.Null(gallery.Find(3));
            Assert.DoesNotContain(gallery.FindCandidates(Features(3), 10), c => c.Image.ReferenceImageId == 3);
            Assert.Equal((ReferenceKind.Mark, Sha(99)), (gallery.Find(5)!.Kind, gallery.Find(5)!.Sha256));
            Assert.Equal(5, gallery.FindCandidates(Features(99), 5)[0].Image.ReferenceImageId);
            Assert.NotEqual(5, gallery.FindCandidates(Features(5), 5)[0].Image.ReferenceImageId);
            Assert.Equal(round == 0 ? 3 : 0, gallery.Unmerged);
            await gallery.MergeAsync(table, default);
        }
    }

    [Fact]
    public async Task What_changes_while_a_merge_writes_counts_as_it_is_then()
    {
        using ReferenceGallery gallery = Open();
        Fill(1, 20, gallery);
        await gallery.MergeAsync(table, default);
        Fill(21, 30, gallery);
        var meddling = new Meddling(table, () =>
        {
            gallery.Remove(2);
            gallery.Remove(22);
            gallery.Put(new GalleryImage(23, 1_023, ReferenceKind.Alert, Sha(77)), Known(77));
            Fill(31, 31, gallery);
        });
        Assert.True(await gallery.MergeAsync(meddling, default));
        Assert.Equal(29, gallery.Count);
        Assert.Null(gallery.Find(2));
        Assert.Null(gallery.Find(22));
        Assert.Equal(Sha(77), gallery.Find(23)!.Sha256);
        Assert.Equal(Sha(31), gallery.Find(31)!.Sha256);
        using ReferenceGallery other = new(Model);
        foreach (int i in Enumerable.Range(1, 31).Where(i => i is not (2 or 22 or 23))) other.Put(Image(i), Known(i));
        other.Put(new GalleryImage(23, 1_023, ReferenceKind.Alert, Sha(77)), Known(77));
        Assert.Equal(other.Fingerprint, gallery.Fingerprint);
    }

    [Fact]
    public async Task A_merge_that_is_cut_off_leaves_the_earlier_generation()
    {
        using (ReferenceGallery gallery = Open())
        {
            Fill(1, 20, gallery);
            await gallery.MergeAsync(table, default);
            Fill(21, 25, gallery);
            await Assert.ThrowsAsync<InvalidOperationException>(() => gallery.MergeAsync(new Meddling(table, () => throw new InvalidOperationException("cut off")), default));
            Assert.Equal(25, gallery.Count);
        }
        // As a killed process leaves it: half a generation, and one that was written and never named.
        Directory.CreateDirectory(Path.Combine(folder, "2.part"));
        Directory.CreateDirectory(Path.Combine(folder, "2"));
        File.WriteAllText(Path.Combine(folder, "2", "entries"), "half");
        using ReferenceGallery again = Open();
        Assert.Equal(20, again.Count);
        Fill(21, 25, again);
        Assert.True(await again.MergeAsync(table, default));
        using ReferenceGallery last = Open();
        Assert.Equal(25, last.Count);
    }

    [Fact]
    public async Task Damaged_files_are_said_and_not_used()
    {
        using (ReferenceGallery gallery = Open())
        {
            Fill(1, 10, gallery);
            await gallery.MergeAsync(table, default);
        }
        string entries = Path.Combine(folder, "1", "entries");
        File.WriteAllBytes(entries, File.ReadAllBytes(entries)[..100]);
        using ReferenceGallery again = Open();
        Assert.Equal(0, again.Count);
        Assert.Contains(entries, again.Fault, StringComparison.Ordinal);
        Fill(1, 10, again);
        Assert.True(await again.MergeAsync(table, default));
    }

    [Fact]
    public async Task Searches_go_on_while_generations_are_exchanged()
    {
        using ReferenceGallery gallery = Open();
        Fill(1, 50, gallery);
        using var ended = new CancellationTokenSource();
        Task[] searches = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!ended.IsCancellationRequested) Assert.Equal(9, gallery.FindCandidates(Features(9), 3)[0].Image.ReferenceImageId);
        }))];
        for (int round = 0; round < 5; round++)
        {
            Fill(51 + round, 51 + round, gallery);
            await gallery.MergeAsync(table, default);
        }
        await ended.CancelAsync();
        await Task.WhenAll(searches);
    }

    [Fact]
    public async Task A_register_taken_over_as_a_whole_answers_as_one_in_memory_and_replaces_what_was_there()
    {
        using (ReferenceGallery earlier = Open())
        {
            Fill(90, 95, earlier);
            await earlier.MergeAsync(table, default);
        }
        using ReferenceGallery memory = new(Model);
        Fill(1, 60, memory);
        Assert.True(await new GalleryFolder(folder).FillAsync(Model, Images(), null, default));
        using ReferenceGallery filled = Open();
        Assert.Equal((60, 0, memory.Fingerprint), (filled.Count, filled.Unmerged, filled.Fingerprint));
        foreach (int i in (int[])[1, 17, 60]) AssertEqual(memory, filled, i);
        Assert.Equal([17L], filled.ImagesOf(1_017).Select(i => i.ReferenceImageId));
        Assert.Single(Directory.GetDirectories(folder));

        // Backwards: entries are found by id in whatever order they came.
        async IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> Images()
        {
            await Task.Yield();
            for (int i = 60; i > 0; i--) yield return (Image(i), Known(i));
        }
    }

    [Fact]
    public async Task A_view_that_nearly_equals_the_picture_takes_no_room_and_another_does()
    {
        using ReferenceGallery gallery = Open();
        ImageFeatures one = Features(1);
        float[] moved = [.. one.Embedding.Global], other = Features(2).Embedding.Global;
        moved[0] += 0.05f;
        float length = MathF.Sqrt(moved.Sum(x => x * x));
        ImageFeatures viewed = one with { Views = [[.. moved.Select(x => x / length)], other] };
        table.Add(viewed);
        gallery.Put(Image(1), viewed);
        Assert.Equal(1, gallery.FindCandidates(Features(2) with { LocalFeatures = null }, 1)[0].Image.ReferenceImageId);
        await gallery.MergeAsync(table, default);
        Assert.Equal(2, gallery.Stored().Vectors);
        Assert.Equal(1, gallery.FindCandidates(Features(2) with { LocalFeatures = null }, 1)[0].Image.ReferenceImageId);
    }

    private ReferenceGallery Open() => new(Model, new GalleryFolder(folder));

    private void Fill(int from, int to, params ReferenceGallery[] galleries)
    {
        for (int i = from; i <= to; i++)
            foreach (ReferenceGallery gallery in galleries) gallery.Put(Image(i), Known(i));
    }

    private static void AssertEqual(ReferenceGallery one, ReferenceGallery other, int query)
    {
        GalleryImage[] left10 = [.. one.FindCandidates(Features(query), 10).Select(c => c.Image)], right10 = [.. other.FindCandidates(Features(query), 10).Select(c => c.Image)];
        Assert.Equal(left10[0], right10[0]);
        Assert.Equal(query, right10[0].ReferenceImageId);
        // Strangers are all as far away: where two are, rounding (the files keep a finer query) may put either first.
        Assert.True(left10.Intersect(right10).Count() >= 8, string.Join(", ", right10.Select(i => i.ReferenceImageId)));
        Nearness left = one.Nearest(Features(query) with { Sha256 = Sha(12_345) }), right = other.Nearest(Features(query) with { Sha256 = Sha(12_345) });
        Assert.Equal(left.Things, right.Things, 0.02);
        Assert.Equal(left.Marks, right.Marks, 0.02);
    }

    private static GalleryImage Image(int i) => new(i, 1_000 + i, i % 3 == 0 ? ReferenceKind.Mark : ReferenceKind.Alert, Sha(i));

    private static string Sha(int i) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i)));

    private ImageFeatures Known(int i)
    {
        ImageFeatures features = Features(i);
        table.Add(features);
        return features;
    }

    /// <summary>Made-up features that are each other's strangers.</summary>
    private static ImageFeatures Features(int i)
    {
        var random = new Random(i);
        float[] Unit(int length)
        {
            float[] v = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.5f)];
            float norm = MathF.Sqrt(v.Sum(x => x * x));
            return Array.ConvertAll(v, x => x / norm);
        }
        var hash = new PdqHash((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64());
        var keypoints = new Keypoint[40];
        var descriptors = new byte[40 * LocalFeatureSet.DescriptorLength];
        for (int k = 0; k < keypoints.Length; k++) keypoints[k] = new Keypoint(random.Next(100), random.Next(100), 2 + random.Next(4), (float)random.NextDouble());
        random.NextBytes(descriptors);
        return new ImageFeatures(Sha(i), new PdqResult(hash, 90), new ImageEmbedding(Model.Id, Unit(Model.Dimension), [Unit(Model.RegionDimension)]), new LocalFeatureSet(100, 100, keypoints, descriptors)) { Views = [Unit(Model.Dimension)] };
    }

    /// <summary>Does something in the middle of a merge.</summary>
    private sealed class Meddling(FeatureTable table, Action meddle) : IFeatureSource
    {
        public Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
        {
            meddle();
            return table.FindAsync(sha256s, cancellationToken);
        }

        public Task<IReadOnlyDictionary<string, Touchstone.Recognition.Text.OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) => table.FindTextsAsync(sha256s, cancellationToken);
    }
}

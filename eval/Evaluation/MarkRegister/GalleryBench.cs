using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Inference;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>
/// Measures a gallery of many marks with the product's own code: the drawn ones (<see cref="DrawnRegister"/>) alone, then all, of which the rest is made in feature space
/// (<see cref="MadeMarks"/>). What it takes to open, in memory, and to recognise a photo, and whether the drawn marks are found.
/// </summary>
public static class GalleryBench
{
    private const int Opened = 5;
    private const int MadeAtOnce = 512;
    private const int Compared = 3_000, Asked = 400;

    /// <param name="options">What to measure.</param>
    /// <param name="progress">Told what is done now, in words, from any thread.</param>
    /// <param name="cancellationToken">Ends the work; descriptions and galleries that are kept are gone on with.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    /// <exception cref="InvalidDataException">A folder does not hold what it should; the message says which and what.</exception>
    public static async Task<GalleryBenchReport> RunAsync(GalleryBenchOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        options.Check();
        DrawnRegister register = DrawnRegister.Read(options.MarkFolder, options.Seed);
        ModelCatalog catalog = ModelCatalog.Load();
        using ImageEmbedder embedder = ImageEmbedder.Load(catalog);
        var reader = new FeatureExtractor(new ImageDecoder(), embedder);
        CalibrationProfile profile = ShippedProfiles.Find(embedder.ModelId) ?? throw new InvalidDataException($"No profile is shipped for {embedder.ModelId}.");
        DescribedMarks drawn = DescribedMarks.Of(register, reader, options.Drawn, options.BuildThreads, options.CacheFolder, new Told<int>(n => progress.Report($"Describing marks: {n} of {options.Drawn}")), cancellationToken);
        progress.Report("Fitting the spread");
        ImageFeatures[] donors = new ImageFeatures[drawn.Count];
        Parallel.For(0, donors.Length, i => donors[i] = drawn.Read(i));
        MarkSpread spread = MarkSpread.Fit(donors, options.Seed, cancellationToken);
        var features = new RegisterFeatures(drawn, new MadeMarks(donors, spread, options.Seed), embedder.Model);
        AskedPhoto[] photos = AskedPhoto.Make(options, register, reader);
        string folder = options.GalleryFolder ?? Directory.CreateTempSubdirectory("touchstone-bench-").FullName;
        try
        {
            var galleries = new List<GalleryMeasured>();
            foreach (int size in new[] { options.Drawn, options.References }.Distinct())
            {
                string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{embedder.ModelId}-{options.Drawn}-{size}-{options.Seed}"));
                double? built = await BuiltAsync(path, size, features, embedder.Model, progress, cancellationToken);
                galleries.Add(await MeasureAsync(path, size, built, new Parts(options, register, catalog, profile, features, photos), progress, cancellationToken));
            }
            return new GalleryBenchReport(embedder.ModelId, options.Drawn, Math.Min(register.Emblems, options.Drawn), Math.Round(drawn.BytesEach), spread.Bandwidth, spread.HashShare, Spread(donors, features, options), galleries);
        }
        finally
        {
            if (options.GalleryFolder is null) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The id of a mark's reference and of its picture.</summary>
    internal static long IdOf(int number) => number + 1L;

    private static GalleryImage ImageOf(int number) => new(IdOf(number), IdOf(number), ReferenceKind.Mark, DescribedMarks.Sha256Of(number));

    /// <summary>Makes the gallery unless the folder holds it; returns the seconds that took.</summary>
    private static async Task<double?> BuiltAsync(string path, int size, RegisterFeatures features, ModelEntry model, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using (var kept = new ReferenceGallery(model, new GalleryFolder(path)))
            if (kept.Count == size) return null;
        long start = Stopwatch.GetTimestamp();
        var linked = new Told<double>(share => progress.Report(string.Create(CultureInfo.InvariantCulture, $"Linking {size} marks: {100 * share:0} %")));
        await new GalleryFolder(path).FillAsync(model, Marks(size, features, progress, cancellationToken), linked, cancellationToken);
        return Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
    }

    private static async IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> Marks(int size, RegisterFeatures features, IProgress<string> progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var some = new ImageFeatures[MadeAtOnce];
        for (int first = 0; first < size; first += MadeAtOnce)
        {
            int count = Math.Min(MadeAtOnce, size - first);
            await Task.Run(() => Parallel.For(0, count, i => some[i] = features.Of(first + i)), cancellationToken);
            for (int i = 0; i < count; i++) yield return (ImageOf(first + i), some[i]);
            progress.Report($"Taking over marks: {first + count} of {size}");
        }
    }

    private static async Task<GalleryMeasured> MeasureAsync(string path, int size, double? built, Parts parts, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ModelEntry model = parts.Catalog.Find(null);
        ProcessMemory before = ProcessMemory.Now(path);
        long start = Stopwatch.GetTimestamp();
        using var gallery = new ReferenceGallery(model, new GalleryFolder(path));
        double first = Since(start);
        if (gallery.Count != size) throw new InvalidDataException($"{path} holds {gallery.Count} marks, not {size}: {gallery.Fault ?? "another process may be at it"}");
        double[] again = [.. Enumerable.Range(0, Opened).Select(_ => Reopened(model, path)).Order()];
        var asked = new List<PhotosAsked>();
        foreach (int threads in parts.Options.Threads)
        {
            using ImageEmbedder embedder = ImageEmbedder.Load(parts.Catalog, null, new OnnxModelOptions { IntraOpThreads = threads });
            var run = new PhotoRun(new FeatureExtractor(new ImageDecoder(), embedder), gallery, parts.Features, parts.Profile, new RecogniserOptions { Threads = threads });
            asked.Add(await run.AskAsync(parts.Photos, threads, parts.Options.Drawn, progress, cancellationToken));
        }
        ProcessMemory after = ProcessMemory.Now(path);
        progress.Report("Taking over names");
        for (int i = 0; i < size; i++)
        {
            gallery.Texts.Put(new ReferenceFacts(IdOf(i), ReferenceKind.Mark, parts.Register.Mark(i).Name, [], [], null, []));
            gallery.Identifiers.Put(IdOf(i), [], null, []);
        }
        ProcessMemory named = ProcessMemory.Now(path);
        (long bytes, int vectors) = gallery.Stored();
        double Each(long value) => Math.Round(value / (double)size, 1);
        var memory = new GalleryMemory(Each(bytes), after.Mapped is { } mapped ? Each(mapped) : null, after.Own - before.Own is { } own ? Each(own) : null, Each(after.Managed - before.Managed), Each(named.Managed - after.Managed));
        return new GalleryMeasured(size, Math.Round(vectors / (double)size, 2), built, Math.Round(first, 2), Math.Round(again[again.Length / 2], 2), memory, asked);
    }

    private static double Reopened(ModelEntry model, string path)
    {
        long start = Stopwatch.GetTimestamp();
        using var gallery = new ReferenceGallery(model, new GalleryFolder(path));
        return Since(start);
    }

    private static SpreadCompared[] Spread(ImageFeatures[] donors, RegisterFeatures features, GalleryBenchOptions options)
    {
        int count = Math.Min(Compared, donors.Length);
        ImageFeatures[] described = [.. Enumerable.Range(0, count).Select(i => donors[(int)((long)i * donors.Length / count)])], made = new ImageFeatures[count];
        Parallel.For(0, count, i => made[i] = features.Of(options.References + i));
        return
        [
            Both("cosine with the nearest other", some => MarkSpread.NearestCosines([.. some.Select(m => m.Embedding.Global)], Asked)),
            Both("cosine with any other", some => [.. some.Take(Asked).Select((m, i) => (double)System.Numerics.Tensors.TensorPrimitives.Dot<float>(m.Embedding.Global, some[^(i + 1)].Embedding.Global))]),
            Both("bits of the hash from the nearest other", some => MarkSpread.NearestBits([.. some.Select(m => m.Pdq)], Asked)),
            Both("keypoints", some => [.. some.Select(m => (double)m.LocalFeatures!.Keypoints.Length)]),
            Both("vectors of the mark", some => [.. some.Select(m => (double)m.Wholes.Count())]),
        ];

        SpreadCompared Both(string what, Func<ImageFeatures[], double[]> of) => new(what, Tenths(of(described)), Tenths(of(made)));
    }

    private static double[] Tenths(double[] values)
    {
        double[] rising = [.. values.Order()];
        return [.. new[] { 0.1, 0.5, 0.9 }.Select(share => rising.Length == 0 ? 0 : Math.Round(rising[Math.Min(rising.Length - 1, (int)(share * rising.Length))], 3))];
    }

    private static double Since(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    private sealed record Parts(GalleryBenchOptions Options, DrawnRegister Register, ModelCatalog Catalog, CalibrationProfile Profile, RegisterFeatures Features, AskedPhoto[] Photos);

    private sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}

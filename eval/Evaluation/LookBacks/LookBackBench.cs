using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Touchstone.Evaluation.MarkRegister;
using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.LookBacks;

/// <summary>
/// Measures asking what was seen with the product's own code: real pictures come in as alerts, of which edited copies lie among many pictures of listings that are made in
/// feature space (<see cref="MadeMarks"/>). How long until the candidates are known and recognised, how many of the copies are found, and what a plain scan of all vectors does.
/// </summary>
public static class LookBackBench
{
    private const int MadeAtOnce = 512;

    /// <param name="options">What to measure.</param>
    /// <param name="progress">Told what is done now, in words, from any thread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    /// <exception cref="InvalidDataException">A folder does not hold what it should; the message says which and what.</exception>
    public static async Task<LookBackBenchReport> RunAsync(LookBackBenchOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        options.Check();
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        CalibrationProfile profile = ShippedProfiles.Find(embedder.ModelId) ?? throw new InvalidDataException($"No profile is shipped for {embedder.ModelId}.");
        PlantedCopies planted = PlantedCopies.Make(options, new FeatureExtractor(new ImageDecoder(), embedder), progress, cancellationToken);
        progress.Report("Fitting the spread");
        MarkSpread spread = MarkSpread.Fit(planted.Others, options.Seed, cancellationToken);
        var features = new SeenFeatures(planted, new MadeMarks(planted.Others, spread, options.Seed), embedder.Model);
        string folder = options.GalleryFolder ?? Directory.CreateTempSubdirectory("touchstone-bench-").FullName;
        try
        {
            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"seen-{embedder.ModelId}-{options.Listings}-{options.Alerts}-{options.Described}-{options.Seed}"));
            double? built = await BuiltAsync(path, options.Listings, features, embedder.Model, progress, cancellationToken);
            return await new LookBackRun(options, embedder.Model, profile, planted, features, path, progress).MeasureAsync(built, cancellationToken);
        }
        finally
        {
            if (options.GalleryFolder is null) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double?> BuiltAsync(string path, int listings, SeenFeatures features, ModelEntry model, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using (var kept = new SeenGallery(model, new GalleryFolder(path), new GalleryOptions()))
            if (kept.Count == listings) return null;
        long start = Stopwatch.GetTimestamp();
        await SeenGallery.FillAsync(new GalleryFolder(path), model, Pictures(listings, features, progress, cancellationToken), new Linked(progress), cancellationToken);
        return Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
    }

    private static async IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> Pictures(int listings, SeenFeatures features, IProgress<string> progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var some = new ImageFeatures[MadeAtOnce];
        for (int first = 0; first < listings; first += MadeAtOnce)
        {
            int count = Math.Min(MadeAtOnce, listings - first);
            await Task.Run(() => Parallel.For(0, count, i => some[i] = features.Of(first + i)), cancellationToken);
            for (int i = 0; i < count; i++) yield return (SeenGallery.EntryOf(new SeenPicture(first + i + 1L, some[i].Sha256)), some[i]);
            progress.Report($"Taking over pictures of listings: {first + count} of {listings}");
        }
    }

    private sealed class Linked(IProgress<string> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(string.Create(CultureInfo.InvariantCulture, $"Linking pictures of listings: {100 * value:0} %"));
    }
}

/// <summary>One measurement of an index that is there. For one call.</summary>
internal sealed class LookBackRun(LookBackBenchOptions options, ModelEntry model, CalibrationProfile profile, PlantedCopies planted, SeenFeatures features, string path, IProgress<string> progress)
{
    private readonly List<double> proposing = [], certain = [], screening = [], scanning = [];
    private readonly HashSet<string> compared = new(StringComparer.Ordinal), found = new(StringComparer.Ordinal), scanned = new(StringComparer.Ordinal);
    private readonly HashSet<string> matching = new(StringComparer.Ordinal);
    private int pictures, screened;

    public async Task<LookBackBenchReport> MeasureAsync(double? built, CancellationToken cancellationToken)
    {
        using var seen = new SeenGallery(model, new GalleryFolder(path), new GalleryOptions());
        if (seen.Count != options.Listings) throw new InvalidDataException($"{path} holds {seen.Count} pictures, not {options.Listings}: {seen.Pictures.Fault ?? "another process may be at it"}");
        using ReferenceGallery gallery = Gallery();
        var recogniser = new Recogniser(new PairScorer(model), features, new RecogniserOptions());
        var search = new ReverseSearch(recogniser, seen, gallery, features, new ReverseSearchOptions { Candidates = options.Candidates });
        for (int i = 0; i < planted.Alerts.Count; i++)
        {
            progress.Report($"Asking: {i + 1} of {planted.Alerts.Count}");
            await AskAsync(i, search, recogniser, gallery, seen, cancellationToken);
        }
        ProcessMemory memory = ProcessMemory.Now(path);
        (long bytes, int vectors) = seen.Pictures.Stored();
        Scan();
        double Each(long value) => Math.Round(value / (double)options.Listings, 1);
        string[] edits = [.. planted.Copies.Select(c => c.Edit).Distinct(StringComparer.Ordinal)];
        return new LookBackBenchReport(
            model.Id, options.Listings, planted.Alerts.Count, built, Each(bytes), memory.Mapped is { } mapped ? Each(mapped) : null, Math.Round(vectors / (double)options.Listings, 2),
            Math.Round(pictures / (double)planted.Alerts.Count, 1), Math.Round(screened / (double)planted.Alerts.Count, 1),
            [Shares("candidates known and compared", proposing), Shares("and those that promise a match recognised", certain), Shares("and all recognised", screening), Shares("plain scan of all 8-bit vectors", scanning)],
            [.. edits.Select(edit => Found(edit, c => c.Edit == edit)), Found("all", _ => true)]);
    }

    /// <summary>The alerts, and other pictures that compete with them as a register's do.</summary>
    private ReferenceGallery Gallery()
    {
        var gallery = new ReferenceGallery(model);
        foreach ((int i, ImageFeatures reference) in planted.Alerts.Concat(planted.Others).Index()) gallery.Put(EntryOf(i, reference), reference);
        return gallery;
    }

    private static GalleryImage EntryOf(int number, ImageFeatures reference) => new(number + 1, number + 1, ReferenceKind.Alert, reference.Sha256);

    private async Task AskAsync(int alert, ReverseSearch search, Recogniser recogniser, ReferenceGallery gallery, SeenGallery seen, CancellationToken cancellationToken)
    {
        ImageFeatures reference = planted.Alerts[alert];
        (long start, TimeSpan made) = (Stopwatch.GetTimestamp(), features.Making);
        ReverseAnswer answer = await search.AskAsync(EntryOf(alert, reference), reference, profile, cancellationToken);
        double known = Stopwatch.GetElapsedTime(start).TotalSeconds - (features.Making - made).TotalSeconds;
        proposing.Add(known);
        start = Stopwatch.GetTimestamp();
        await AllAsync(answer.MayMatch.Take(answer.PromisedMatches));
        certain.Add(known + Stopwatch.GetElapsedTime(start).TotalSeconds);
        await AllAsync(answer.MayMatch.Skip(answer.PromisedMatches));
        screening.Add(known + Stopwatch.GetElapsedTime(start).TotalSeconds);
        (pictures, screened) = (pictures + answer.Compared, screened + answer.MayMatch.Count);
        found.UnionWith(answer.MayMatch);
        compared.UnionWith(seen.Near(reference, Math.Max(options.Candidates, answer.Compared)).Select(p => p.Sha256));
        // The answer that nothing is missing from: each copy is recognised by itself.
        foreach (PlantedCopy copy in planted.Copies.Where(c => c.Alert == alert))
            if (await MatchesAsync(copy.Features.Sha256)) matching.Add(copy.Features.Sha256);

        // As an installation screens the listings that show them.
        Task AllAsync(IEnumerable<string> sha256s) => Parallel.ForEachAsync(sha256s, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (sha256, _) => await MatchesAsync(sha256));

        async Task<bool> MatchesAsync(string sha256)
        {
            ImageFeatures picture = (await features.FindAsync([sha256], cancellationToken))[sha256];
            RecognitionOutcome outcome = await recogniser.RecogniseAsync(new RecognitionQuery { Images = [new QueryImage(picture)], Text = TextReading.Never }, gallery, profile, cancellationToken);
            return outcome.Matches.Any(m => m.ReferenceId == alert + 1 && m.Verdict == Verdict.Match);
        }
    }

    /// <summary>The floor: the whole pictures' vectors one after the other, without any index.</summary>
    private void Scan()
    {
        progress.Report("Scanning");
        var space = new VectorSpace(model.Id + "/global", model.Dimension);
        using var all = new ExactIndex(new VectorLayout(space), VectorPrecision.Int8);
        var names = new string[options.Listings];
        for (int i = 0; i < options.Listings; i++)
        {
            (names[i], float[] whole) = features.WholeOf(i);
            all.Add(i, space, whole);
        }
        foreach (ImageFeatures reference in planted.Alerts)
        {
            long start = Stopwatch.GetTimestamp();
            Neighbour[][] near = all.Search(space, [.. reference.Wholes.SelectMany(v => v)], options.Candidates);
            scanning.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            scanned.UnionWith(near.SelectMany(n => n).OrderByDescending(n => n.Score).Select(n => n.Id).Distinct().Take(options.Candidates).Select(id => names[id]));
        }
    }

    private CopiesFound Found(string edit, Func<PlantedCopy, bool> of)
    {
        PlantedCopy[] copies = [.. planted.Copies.Where(of)];
        string[] match = [.. copies.Select(c => c.Features.Sha256).Where(matching.Contains)];
        double Share(HashSet<string> those) => match.Length == 0 ? 0 : Math.Round(match.Count(those.Contains) / (double)match.Length, 4);
        return new CopiesFound(edit, copies.Length, match.Length, Share(compared), Share(found), Share(scanned));
    }

    internal static AlertSeconds Shares(string what, List<double> seconds)
    {
        double[] rising = [.. seconds.Order()];
        double At(double share) => Math.Round(rising[Math.Min(rising.Length - 1, (int)(share * rising.Length))], 3);
        return new AlertSeconds(what, At(0.5), At(0.9), At(1));
    }
}

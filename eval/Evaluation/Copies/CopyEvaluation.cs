using System.Diagnostics;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;
using Touchstone.Screening;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Copies;

/// <summary>
/// Makes edited copies of a folder's pictures and measures whether their originals are found: copies of enrolled pictures must name their
/// own, copies of strangers must name none. Deterministic for equal options and pictures, but for the times.
/// </summary>
public static class CopyEvaluation
{
    public const double Precision = 0.99;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".tif", ".tiff", ".bmp"];

    /// <exception cref="InvalidDataException">The folder has fewer than three readable pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static CopyReport Run(EvaluationParts parts, CopyOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        long start = Stopwatch.GetTimestamp();
        string folder = Path.GetFullPath(options.Folder);
        NearDuplicates duplicates = NearDuplicates.Of(folder);
        (string[] enrolled, string[] strangers) = Draw(folder, options, duplicates);
        var describer = new PictureDescriber(parts, options.Threads, progress, cancellationToken);
        using var gallery = new LabelledGallery(parts, ReferenceKind.GenuineProduct, options.Signals, options.Shortlist);
        DescribedImage?[] described = describer.Map("references", enrolled, name => describer.Describe(name, Path.Combine(folder, name)));
        for (int i = 0; i < enrolled.Length; i++)
            if (described[i] is { } image) gallery.Add(enrolled[i], image);
        var run = new CopyRun(describer, gallery, duplicates, folder, options);
        (string Name, bool Enrolled)[] sources = [.. enrolled.Take(options.Copied).Select(name => (name, true)), .. strangers.Select(name => (name, false))];
        CopyAnswer[][] answers = describer.Map("copies", sources, run.CopiesOf);
        bool calibrated = options.Signals == RetrievalSignals.All && parts.Profile is not null;
        CopyAnswer[] all = [.. answers.SelectMany(list => list)];
        if (all.Length == 0 || gallery.Count == 0) throw new InvalidDataException($"No picture of {options.Folder} could be read.");
        return new CopyReport
        {
            DataSetId = Path.GetFileName(folder),
            ModelId = parts.ModelId,
            ProfileId = calibrated ? parts.Profile!.Id : null,
            Signals = options.Signals,
            References = gallery.Count,
            Seed = options.Seed,
            Edits = [.. CopyEdit.All.Select((edit, i) => Judge($"{edit.Name}: {edit.Strength}", [.. all.Where(answer => answer.Edit == i)], calibrated))],
            Overall = Judge("all edits", all, calibrated),
            SecondsPerQuery = all.Average(answer => answer.Seconds),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Threads = options.Threads,
            Unread = describer.Unread,
        };
    }

    /// <summary>Draws references and strangers; no stranger is a near duplicate of a reference.</summary>
    private static (string[] Enrolled, string[] Strangers) Draw(string folder, CopyOptions options, NearDuplicates duplicates)
    {
        string[] names = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant(), StringComparer.Ordinal))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
        if (names.Length < 3) throw new InvalidDataException($"{options.Folder} holds {names.Length} pictures; at least 3 are needed.");
        new Random(options.Seed).Shuffle(names);
        int strangers = Math.Min(options.Strangers, names.Length / 3);
        string[] enrolled = [.. names.Skip(strangers).Take(options.References)];
        return (enrolled, [.. names.Take(strangers).Where(name => !enrolled.Any(other => duplicates.Same(name, other)))]);
    }

    private static EditResult Judge(string name, CopyAnswer[] answers, bool calibrated)
    {
        CopyAnswer[] copies = [.. answers.Where(answer => answer.Enrolled)];
        CopyAnswer[] strangers = [.. answers.Where(answer => !answer.Enrolled)];
        (double? threshold, int right) = PrecisionThreshold.Find(answers.Where(answer => answer.Score is not null).Select(answer => (answer.Score!.Value, answer.Right)), Precision);
        return new EditResult(
            name,
            new Proportion(copies.Count(answer => answer.Right), copies.Length),
            new Proportion(right, copies.Length),
            threshold,
            calibrated ? new Proportion(copies.Count(answer => answer.Right && answer.Verdict == Verdict.Match), copies.Length) : null,
            calibrated ? new Proportion(strangers.Count(answer => answer.Verdict == Verdict.Match), strangers.Length) : null);
    }

    /// <summary>What came first for one copy. Score is null if nothing was ranked.</summary>
    private sealed record CopyAnswer(int Edit, bool Enrolled, double? Score, bool Right, Verdict? Verdict, double Seconds);

    private sealed class CopyRun(PictureDescriber describer, LabelledGallery gallery, NearDuplicates duplicates, string folder, CopyOptions options)
    {
        public CopyAnswer[] CopiesOf((string Name, bool Enrolled) source)
        {
            if (describer.Load(source.Name, Path.Combine(folder, source.Name)) is not { } image) return [];
            // A seed of the name's own: results do not depend on which thread takes which picture.
            var random = new Random(StableSeed(source.Name, options.Seed));
            RgbImage ground = Ground(random);
            return [.. CopyEdit.All.Select((edit, i) => Ask(ImageEncoder.Jpeg(edit.Apply(image, ground, random), 90), i, source))];
        }

        private CopyAnswer Ask(byte[] copy, int edit, (string Name, bool Enrolled) source)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<RankedReference> ranked = gallery.Rank(describer.Describe(copy));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (ranked.Count == 0) return new CopyAnswer(edit, source.Enrolled, null, false, null, seconds);
            bool right = source.Enrolled && duplicates.Same(ranked[0].Label, source.Name);
            return new CopyAnswer(edit, source.Enrolled, ranked[0].Score, right, ranked[0].Verdict, seconds);
        }

        /// <summary>A mottled ground to paste on: none of the folder's pictures, which may be enrolled.</summary>
        private static RgbImage Ground(Random random)
        {
            byte[] blocks = new byte[12 * 12 * 3];
            random.NextBytes(blocks);
            RgbImage coarse = ImageOperations.Resize(new RgbImage(12, 12, blocks), 400, 400);
            return ImageOperations.AddNoise(coarse, 8, random.Next());
        }

        private static int StableSeed(string name, int seed)
        {
            uint hash = 2166136261;
            foreach (char letter in name) hash = (hash ^ letter) * 16777619;
            return (int)(hash ^ (uint)seed);
        }
    }
}

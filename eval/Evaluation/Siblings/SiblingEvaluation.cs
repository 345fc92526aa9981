using System.Diagnostics;
using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;
using Touchstone.Recognition.Calibration;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Siblings;

/// <summary>
/// Asks a gallery for things whose siblings it holds and not them: drawn pairs (another flavour, print or body round the same screen), catalogue pictures
/// of one shop among all the others, phone photos of packages without their own reference. Whatever matches is wrong, but for products that a
/// shop shows twice with different pictures, which nobody has labelled. Deterministic for equal options and pictures, but for the times.
/// </summary>
public static class SiblingEvaluation
{
    private const string Photos = "package_photos";

    private static readonly string[] PrintedGarments = ["T-Shirt", "Longsleeve", "Hoodie", "Polo"];

    /// <exception cref="InvalidDataException">There is no profile, or no readable picture; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static SiblingReport Run(EvaluationParts parts, SiblingOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        CalibrationProfile profile = parts.Profile ?? throw new InvalidDataException($"No profile fits {parts.ModelId}: what matches is a matter of its match points.");
        long start = Stopwatch.GetTimestamp();
        DescriptionCache? cache = options.CacheFolder is { } folder ? new DescriptionCache(folder, parts.Reader.Model) : null;
        var describer = new PictureDescriber(parts, options.Threads, progress, cancellationToken, cache);
        SiblingRun run = new(parts, options, describer);
        PictureSets sets = PictureSets.Read(options.ImageFolder);
        List<SiblingResult> results = [.. DrawnPairs(sets, options, describer).Select(run.Drawn)];
        SetPicture[] catalogue = [.. sets.Pictures.Where(picture => picture.IsProduct).Take(options.References)];
        if (catalogue.Length > 1) results.Add(run.Catalogue(catalogue, sets.Duplicates));
        if (options.Photos > 0 && Directory.Exists(Path.Combine(options.ImageFolder, Photos))) results.Add(run.OthersPhotos(Path.Combine(options.ImageFolder, Photos)));
        return new SiblingReport
        {
            ModelId = parts.ModelId,
            ProfileId = profile.Id,
            TextRead = parts.Texts is not null,
            Seed = options.Seed,
            Results = results,
            Together = new Proportion(results.Sum(result => result.Matched.Count), results.Sum(result => result.WithSibling)),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Unread = describer.Unread,
            Mistakes = run.Mistakes,
        };
    }

    private static IEnumerable<(string Kind, IReadOnlyList<(RgbImage One, RgbImage Other)> Pairs)> DrawnPairs(PictureSets sets, SiblingOptions options, PictureDescriber describer)
    {
        var random = new Random(options.Seed);
        SetPicture[] photos = [.. sets.Pictures.Where(picture => !picture.IsProduct)];
        random.Shuffle(photos);
        RgbImage[] shown = [.. photos.Take(options.Drawn).Select(picture => describer.Load(picture.Name, picture.Path)).OfType<RgbImage>()];
        List<MarkDrawing> marks = options.MarkFolder is { } folder ? ReadMarks(folder, random) : [];
        var drawing = new SiblingDrawing(shown, marks, random);
        yield return ("drawn: another flavour of a package", [.. Enumerable.Range(0, options.Drawn).Select(_ => drawing.FlavourPair())]);
        if (shown.Length > 0) yield return ("drawn: another device with the same picture on its screen", [.. Enumerable.Range(0, options.Drawn).Select(_ => drawing.ScreenPair())]);
        if (marks.Count < 2) yield break;
        HashSet<string> garments = GarmentsToPrintOn(options.ImageFolder);
        IEnumerable<RgbImage> printed = photos.Where(picture => garments.Contains(picture.Name)).Take(options.Drawn).Select(picture => describer.Load(picture.Name, picture.Path)).OfType<RgbImage>();
        yield return ("drawn: another print on the same photo of a garment", [.. printed.Select(drawing.PrintPair)]);
    }

    private static List<MarkDrawing> ReadMarks(string folder, Random random)
    {
        if (!Directory.Exists(folder)) throw new InvalidDataException($"There is no folder of marks {folder}.");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.svg").Order(StringComparer.Ordinal)];
        random.Shuffle(files);
        return [.. files.Take(200).Select((file, i) => MarkDrawing.Read(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file), i % 2 == 0, random)).OfType<MarkDrawing>()];
    }

    private static HashSet<string> GarmentsToPrintOn(string imageFolder)
    {
        string root = Path.Combine(imageFolder, PictureSets.Garments);
        return Directory.Exists(root) ? [.. ManifestTable.Rows(root).Where(row => PrintedGarments.Contains(row.Label, StringComparer.Ordinal)).Select(row => $"{PictureSets.Garments}/{row.File}")] : [];
    }
}

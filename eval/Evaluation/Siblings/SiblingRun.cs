using System.Collections.Concurrent;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Siblings;

/// <summary>Asks the galleries of one evaluation and keeps what matched wrongly.</summary>
internal sealed class SiblingRun(EvaluationParts parts, SiblingOptions options, PictureDescriber describer)
{
    private const int Quality = 90;

    private readonly ConcurrentBag<Mistake> mistakes = [];

    /// <summary>The most probable first, as many as are to be kept.</summary>
    public IReadOnlyList<Mistake> Mistakes => [.. mistakes.OrderByDescending(mistake => mistake.Wrong?.Score).ThenBy(mistake => mistake.Query, StringComparer.Ordinal).Take(options.MistakesKept)];

    /// <summary>One of each pair is enrolled, the other one asked; the other pairs' are left out, since two of them may be drawn alike.</summary>
    public SiblingResult Drawn((string Kind, IReadOnlyList<(RgbImage One, RgbImage Other)> Pairs) drawn)
    {
        using LabelledGallery gallery = NewGallery();
        byte[][] enrolled = [.. drawn.Pairs.Select(pair => ImageEncoder.Jpeg(pair.One, Quality))];
        ImageFeatures?[] described = describer.Map(drawn.Kind, enrolled, bytes => describer.DescribeReference(bytes, () => parts.Reader.Decode(bytes).Image));
        for (int i = 0; i < described.Length; i++) gallery.Add($"{i}", ReferenceKind.GenuineProduct, described[i]!);
        Verdict?[] verdicts = describer.Map(drawn.Kind, [.. drawn.Pairs.Select((pair, i) => (pair.Other, i))], asked =>
        {
            byte[] bytes = ImageEncoder.Jpeg(asked.Other, Quality);
            return (Verdict?)Ask(gallery, drawn.Kind, $"{asked.i}", bytes, describer.Describe(bytes), label => label != $"{asked.i}", label => enrolled[int.Parse(label, System.Globalization.CultureInfo.InvariantCulture)]).Verdict;
        });
        return Result(drawn.Kind, 1, verdicts);
    }

    /// <summary>Pictures of a catalogue, each among all the others; what is known to be one product is left out.</summary>
    public SiblingResult Catalogue(IReadOnlyList<SetPicture> pictures, NearDuplicates duplicates)
    {
        const string kind = "catalogue pictures of shops, each among all the others";
        using LabelledGallery gallery = NewGallery();
        Enrol(gallery, pictures.Select(picture => (picture.Name, picture.Path)));
        SetPicture[] asked = [.. pictures];
        new Random(options.Seed).Shuffle(asked);
        Dictionary<string, string> paths = pictures.ToDictionary(picture => picture.Name, picture => picture.Path, StringComparer.Ordinal);
        return Result(kind, gallery.Count, describer.Map(kind, [.. asked.Take(options.Asked)], picture => AskFile(gallery, kind, picture.Name, picture.Path, label => duplicates.Same(label, picture.Name), paths)));
    }

    /// <summary>Photos of packages, each asked of the other packages' pictures.</summary>
    public SiblingResult OthersPhotos(string folder)
    {
        const string kind = "phone photos of packages, each without its own reference";
        using LabelledGallery gallery = NewGallery();
        ManifestPicture[] rows = [.. ManifestTable.Rows(folder)], references = [.. rows.Where(row => row.Role == "reference")];
        Enrol(gallery, references.Select(row => (row.Label, Path.Combine(folder, row.File))));
        Dictionary<string, string> paths = references.ToDictionary(row => row.Label, row => Path.Combine(folder, row.File), StringComparer.Ordinal);
        return Result(kind, gallery.Count, describer.Map(kind, [.. rows.Where(row => row.Role == "query").Take(options.Photos)], row => AskFile(gallery, kind, row.File, Path.Combine(folder, row.File), label => label == row.Label, paths)));
    }

    private static SiblingResult Result(string kind, int references, IReadOnlyList<Verdict?> verdicts)
    {
        int with = verdicts.Count(verdict => verdict is not null);
        return new SiblingResult(kind, references, verdicts.Count, with, new Proportion(verdicts.Count(verdict => verdict == Verdict.Match), with), new Proportion(verdicts.Count(verdict => verdict == Verdict.Review), with));
    }

    private LabelledGallery NewGallery() => new(parts, RetrievalSignals.All, options.Shortlist);

    private void Enrol(LabelledGallery gallery, IEnumerable<(string Label, string Path)> pictures)
    {
        (string Label, string Path)[] all = [.. pictures];
        ImageFeatures?[] described = describer.Map("references", all, picture => describer.DescribeReference(picture.Label, picture.Path));
        for (int i = 0; i < all.Length; i++)
            if (described[i] is { } image) gallery.Add(all[i].Label, ReferenceKind.GenuineProduct, image);
    }

    /// <returns>The best verdict; null where the picture shows no sibling: keypoints place none of the references.</returns>
    private Verdict? AskFile(LabelledGallery gallery, string kind, string name, string path, Func<string, bool> own, Dictionary<string, string> paths)
    {
        if (describer.Describe(name, path) is not { } query) return null;
        (Verdict verdict, bool placed) = Ask(gallery, kind, name, File.ReadAllBytes(path), query, own, label => File.ReadAllBytes(paths[label]));
        return placed || verdict == Verdict.Match ? verdict : null;
    }

    private (Verdict Verdict, bool Placed) Ask(LabelledGallery gallery, string kind, string name, byte[] bytes, ImageFeatures query, Func<string, bool>? own, Func<string, byte[]> pictureOf)
    {
        IReadOnlyList<RankedReference> ranked = gallery.Rank([query], without: own);
        RankedReference[] matched = [.. ranked.Where(entry => entry.Verdict == Verdict.Match)];
        if (matched.Length > 0 && options.MistakesKept > 0)
            mistakes.Add(new Mistake(kind, "a sibling matches", name, bytes, null, new ShownReference(matched[0].Label, pictureOf(matched[0].Label), 1, matched[0].Score, matched[0].Measurement)));
        Verdict best = matched.Length > 0 ? Verdict.Match : ranked.Any(entry => entry.Verdict == Verdict.Review) ? Verdict.Review : Verdict.NoMatch;
        return (best, ranked.Any(entry => entry.Measurement?.Signals.Inliers >= MatchFeatures.TellingInliers));
    }
}

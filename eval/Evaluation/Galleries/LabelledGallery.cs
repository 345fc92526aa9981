using System.Diagnostics;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Alignment;

namespace Touchstone.Evaluation.Galleries;

/// <summary>A label as ranked for a query. Score orders; Verdict and Measurement are null where no profile or not all signals were used.</summary>
internal sealed record RankedReference(string Label, ReferenceKind Kind, double Score, Verdict? Verdict = null, Measurement? Measurement = null);

/// <summary>
/// Described references under labels, ranked for a query the way that the signals say: the whole reading by the <see cref="Recogniser"/> that
/// the product calls. References under one label are images of one reference. The register's facts are left out: they would give the answer
/// away. Safe for concurrent ranking once filled.
/// </summary>
internal sealed class LabelledGallery(EvaluationParts parts, RetrievalSignals signals, int shortlist) : IDisposable
{
    /// <summary>Inliers that chance gives; fewer do not move a rank where no profile weighs them.</summary>
    private const int ChanceInliers = 5;

    private readonly ReferenceGallery gallery = new(parts.Reader.Model);
    private readonly FeatureTable features = new();
    private readonly List<(string Label, ReferenceKind Kind, ImageFeatures Image)> references = [];
    private readonly Dictionary<string, long> referenceOf = new(StringComparer.Ordinal);
    private readonly List<string> labels = [];
    private Recogniser? recogniser;

    public int Count => references.Count;

    private Recogniser Recogniser => recogniser ??= new Recogniser(new PairScorer(parts.Reader.Model), features, new RecogniserOptions { Candidates = shortlist });

    public void Add(string label, ReferenceKind kind, ImageFeatures image)
    {
        if (referenceOf.TryAdd(label, referenceOf.Count)) labels.Add(label);
        gallery.Put(new GalleryImage(references.Count, referenceOf[label], kind, image.Sha256), image);
        if (image.Text is { } text) gallery.Texts.PutImage(references.Count, text);
        features.Add(image);
        references.Add((label, kind, image));
    }

    /// <summary>Best first, each label once; labels without any evidence are left out where only local features or text rank.</summary>
    /// <param name="query">One image, or several of one thing; only the whole reading fuses them, the others go by the first.</param>
    /// <param name="times">Where not null, what searching and comparing took is noted there.</param>
    /// <param name="without">The whole reading is done as if references of these labels were not there; null: of all.</param>
    public IReadOnlyList<RankedReference> Rank(IReadOnlyList<ImageFeatures> query, StageTimes? times = null, Func<string, bool>? without = null)
    {
        long start = Stopwatch.GetTimestamp();
        IEnumerable<RankedReference> ranked = signals switch
        {
            RetrievalSignals.Embedding => references.Select(reference => new RankedReference(reference.Label, reference.Kind, Cosine(query[0], reference.Image))),
            RetrievalSignals.Local => references.Select(reference => new RankedReference(reference.Label, reference.Kind, Geometry(query[0], reference.Image))).Where(entry => entry.Score > 0),
            RetrievalSignals.Text => ByText(query[0]),
            RetrievalSignals.All => Recognised(query, null, without),
            _ => throw new InvalidOperationException($"{signals} is no kind of ranking."),
        };
        RankedReference[] ordered = [.. ranked.OrderByDescending(entry => entry.Score).ThenBy(entry => referenceOf[entry.Label]).DistinctBy(entry => entry.Label)];
        if (times is not null) times.Recognition = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return ordered;
    }

    /// <summary>The reference of a label measured against the query, whether or not it proposes it; null where there is none.</summary>
    public RankedReference? MeasureOnly(ImageFeatures query, string label) =>
        referenceOf.TryGetValue(label, out long reference) ? Recognised([query], reference).FirstOrDefault(entry => entry.Label == label) : null;

    public void Dispose() => gallery.Dispose();

    private static double Cosine(ImageFeatures query, ImageFeatures reference) =>
        System.Numerics.Tensors.TensorPrimitives.Dot<float>(query.Embedding.Global, reference.Embedding.Global);

    private static double Geometry(ImageFeatures query, ImageFeatures reference)
    {
        if (query.LocalFeatures is not { } left || reference.LocalFeatures is not { } right) return 0;
        VerificationResult result = GeometricVerifier.Verify(left, right);
        // Coverage decides between equal counts.
        return result.Inliers + (0.5 * result.ReferenceCoverage);
    }

    private IEnumerable<RankedReference> ByText(ImageFeatures query) => query.Text is { } text
        ? gallery.FindByText(text, references.Count).Select((candidate, i) => references[(int)candidate.Image.ReferenceImageId] is var found ? new RankedReference(found.Label, found.Kind, 1.0 / (i + 1)) : null!)
        : [];

    private IEnumerable<RankedReference> Recognised(IReadOnlyList<ImageFeatures> query, long? asked, Func<string, bool>? without = null)
    {
        if (parts.Profile is not { } profile) return Scored(query[0]);
        var question = new RecognitionQuery
        {
            Images = [.. query.Select(image => new QueryImage(image))],
            Text = parts.Texts is null ? TextReading.Never : TextReading.Always,
            IsRejected = without is null ? static (_, _) => false : (_, reference) => without(labels[(int)reference]),
            Asked = asked is { } reference ? [.. gallery.ImagesOf(reference)] : [],
        };
        RecognitionOutcome outcome = Now(Recogniser.RecogniseAsync(question, gallery, profile, CancellationToken.None));
        return outcome.Images.FirstOrDefault(image => image.Failure is not null) is { Failure: { } failure }
            ? throw new InvalidOperationException($"A stage failed on {question.Images[0].Features.Sha256}: {failure.Message}", failure)
            : outcome.Ranking.Select(ranked => new RankedReference(LabelOf(ranked.Measured), ranked.Measured.Candidate.Image.Kind, ranked.Probability.Value, ranked.Verdict, ranked.Measured.Measurement));
    }

    private IEnumerable<RankedReference> Scored(ImageFeatures query) => Now(Recogniser.MeasureAsync(new QueryImage(query), gallery, CancellationToken.None)).Select(measured =>
    {
        int inliers = Math.Max(0, (measured.Measurement.Signals.Inliers ?? 0) - ChanceInliers);
        double score = Math.Max(measured.Measurement.Features.Similarity, 0.9 * measured.Measurement.Features.RegionSimilarity) + Math.Log(1 + inliers);
        return new RankedReference(LabelOf(measured), measured.Candidate.Image.Kind, score, Measurement: measured.Measurement);
    });

    private string LabelOf(MeasuredCandidate measured) => references[(int)measured.Candidate.Image.ReferenceImageId].Label;

    /// <summary>Features in memory are there at once, so that no thread waits.</summary>
    private static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();
}

using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Verification;

namespace Touchstone.Evaluation.Galleries;

/// <summary>A reference as ranked for a query. Score orders; Probability and Verdict are null where no profile or not all signals were used.</summary>
internal sealed record RankedReference(int Reference, string Label, double Score, double? Probability, Verdict? Verdict);

/// <summary>
/// Described references under labels, ranked for a query the way that the signals say. Safe for concurrent ranking once filled.
/// </summary>
internal sealed class LabelledGallery(EvaluationParts parts, ReferenceKind kind, RetrievalSignals signals, int shortlist) : IDisposable
{
    /// <summary>Inliers that chance gives; fewer do not move a rank where no profile weighs them.</summary>
    private const int ChanceInliers = 5;

    private readonly ReferenceGallery _gallery = new(parts.Reader.Model);
    private readonly MatchJudge _judge = new(parts.Reader.Model);
    private readonly List<(string Label, DescribedImage Image)> _references = [];

    public int Count => _references.Count;

    public void Add(string label, DescribedImage image)
    {
        _gallery.Put(new GalleryImage(_references.Count, _references.Count, kind, image.Sha256), image);
        _references.Add((label, image));
    }

    /// <summary>Best first; references without any evidence are left out where only local features rank.</summary>
    public IReadOnlyList<RankedReference> Rank(DescribedImage query)
    {
        IEnumerable<RankedReference> ranked = signals switch
        {
            RetrievalSignals.Embedding => _references.Select((reference, i) => new RankedReference(i, reference.Label, Cosine(query, reference.Image), null, null)),
            RetrievalSignals.Local => _references.Select((reference, i) => new RankedReference(i, reference.Label, Geometry(query, reference.Image), null, null)).Where(entry => entry.Score > 0),
            RetrievalSignals.All => _gallery.FindCandidates(query, shortlist).Select(candidate => Measured(query, (int)candidate.Image.ReferenceId)),
            _ => throw new InvalidOperationException($"{signals} is no kind of ranking."),
        };
        return [.. ranked.OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Reference)];
    }

    public void Dispose() => _gallery.Dispose();

    private static double Cosine(DescribedImage query, DescribedImage reference) =>
        System.Numerics.Tensors.TensorPrimitives.Dot<float>(query.Embedding.Global, reference.Embedding.Global);

    private static double Geometry(DescribedImage query, DescribedImage reference)
    {
        if (query.LocalFeatures is not { } left || reference.LocalFeatures is not { } right) return 0;
        VerificationResult result = GeometricVerifier.Verify(left, right);
        // Coverage decides between equal counts.
        return result.Inliers + (0.5 * result.ReferenceCoverage);
    }

    private RankedReference Measured(DescribedImage query, int reference)
    {
        (string label, DescribedImage image) = _references[reference];
        Measurement measurement = _judge.Measure(query, image, kind);
        if (parts.Profile is { } profile)
        {
            RelationCalibration calibration = profile.Relations[measurement.Relation];
            Probability probability = calibration.ProbabilityOf(measurement.Features);
            return new RankedReference(reference, label, probability.Value, probability.Value, calibration.VerdictOf(probability));
        }
        int inliers = Math.Max(0, (measurement.Signals.Inliers ?? 0) - ChanceInliers);
        double score = Math.Max(measurement.Features.Similarity, 0.9 * measurement.Features.RegionSimilarity) + Math.Log(1 + inliers);
        return new RankedReference(reference, label, score, null, null);
    }
}

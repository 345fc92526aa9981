using System.Diagnostics;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Verification;

namespace Touchstone.Evaluation.Galleries;

/// <summary>A reference as ranked for a query. Score orders; Verdict and Measurement are null where no profile or not all signals were used.</summary>
internal sealed record RankedReference(int Reference, string Label, ReferenceKind Kind, double Score, Verdict? Verdict = null, Measurement? Measurement = null);

/// <summary>
/// Described references under labels, ranked for a query the way that the signals say. Safe for concurrent ranking once filled.
/// </summary>
internal sealed class LabelledGallery(EvaluationParts parts, RetrievalSignals signals, int shortlist) : IDisposable
{
    /// <summary>Inliers that chance gives; fewer do not move a rank where no profile weighs them.</summary>
    private const int ChanceInliers = 5;

    private readonly ReferenceGallery _gallery = new(parts.Reader.Model);
    private readonly GalleryTexts _texts = new();
    private readonly MatchJudge _judge = new(parts.Reader.Model);
    private readonly List<(string Label, ReferenceKind Kind, DescribedImage Image)> _references = [];

    public int Count => _references.Count;

    public void Add(string label, ReferenceKind kind, DescribedImage image)
    {
        _gallery.Put(new GalleryImage(_references.Count, _references.Count, kind, image.Sha256), image);
        _texts.Add(_references.Count, image);
        _references.Add((label, kind, image));
    }

    /// <summary>Best first; references without any evidence are left out where only local features rank.</summary>
    /// <param name="times">Where not null, what searching and comparing took is noted there.</param>
    public IReadOnlyList<RankedReference> Rank(DescribedImage query, StageTimes? times = null)
    {
        long start = Stopwatch.GetTimestamp();
        int[] candidates = signals == RetrievalSignals.All ? [.. Candidates(query)] : [];
        long found = Stopwatch.GetTimestamp();
        IEnumerable<RankedReference> ranked = signals switch
        {
            RetrievalSignals.Embedding => _references.Select((reference, i) => new RankedReference(i, reference.Label, reference.Kind, Cosine(query, reference.Image))),
            RetrievalSignals.Local => _references.Select((reference, i) => new RankedReference(i, reference.Label, reference.Kind, Geometry(query, reference.Image))).Where(entry => entry.Score > 0),
            RetrievalSignals.Text => _texts.Rank(query).Select(found => new RankedReference(found.Reference, _references[found.Reference].Label, _references[found.Reference].Kind, found.Agreement)),
            RetrievalSignals.All => Measured(query, candidates),
            _ => throw new InvalidOperationException($"{signals} is no kind of ranking."),
        };
        RankedReference[] ordered = [.. ranked.OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Reference)];
        if (times is not null) (times.Candidates, times.Verification) = (Stopwatch.GetElapsedTime(start, found).TotalSeconds, Stopwatch.GetElapsedTime(found).TotalSeconds);
        return ordered;
    }

    /// <summary>The references of a label measured against the query, whether or not it proposes them; best first.</summary>
    public IReadOnlyList<RankedReference> MeasureOnly(DescribedImage query, string label) =>
        [.. Measured(query, Candidates(query).Union(Enumerable.Range(0, _references.Count).Where(i => _references[i].Label == label))).Where(entry => entry.Label == label).OrderByDescending(entry => entry.Score)];

    public void Dispose() => _gallery.Dispose();

    private IEnumerable<int> Candidates(DescribedImage query) =>
        _gallery.FindCandidates(query, shortlist).Select(candidate => (int)candidate.Image.ReferenceId).Union(_texts.FindCandidates(query));

    private static double Cosine(DescribedImage query, DescribedImage reference) =>
        System.Numerics.Tensors.TensorPrimitives.Dot<float>(query.Embedding.Global, reference.Embedding.Global);

    private static double Geometry(DescribedImage query, DescribedImage reference)
    {
        if (query.LocalFeatures is not { } left || reference.LocalFeatures is not { } right) return 0;
        VerificationResult result = GeometricVerifier.Verify(left, right);
        // Coverage decides between equal counts.
        return result.Inliers + (0.5 * result.ReferenceCoverage);
    }

    private IEnumerable<RankedReference> Measured(DescribedImage query, IEnumerable<int> references)
    {
        MeasuredCandidate[] measured = [.. references.Select(i => new MeasuredCandidate(
            new Candidate(new GalleryImage(i, i, _references[i].Kind, _references[i].Image.Sha256)),
            _references[i].Image,
            _texts.WithText(_judge.Measure(query, _references[i].Image, _references[i].Kind), query, _references[i].Image)))];
        // References under one label show one thing.
        return parts.Profile is { } profile
            ? Rivalry.WithLeads(measured, profile, (one, other) => _references[(int)one].Label == _references[(int)other].Label).Select(m => Judged(m, profile))
            : measured.Select(Scored);
    }

    private RankedReference Judged(MeasuredCandidate measured, CalibrationProfile profile)
    {
        Measurement measurement = measured.Measurement;
        (Probability probability, Verdict verdict, _) = MatchJudge.Decide(measurement, profile);
        return Ranked(measured, probability.Value) with { Verdict = verdict };
    }

    private RankedReference Scored(MeasuredCandidate measured)
    {
        Measurement measurement = measured.Measurement;
        int inliers = Math.Max(0, (measurement.Signals.Inliers ?? 0) - ChanceInliers);
        double score = Math.Max(measurement.Features.Similarity, 0.9 * measurement.Features.RegionSimilarity) + Math.Log(1 + inliers);
        return Ranked(measured, score);
    }

    private RankedReference Ranked(MeasuredCandidate measured, double score)
    {
        int reference = (int)measured.Candidate.Image.ReferenceId;
        return new RankedReference(reference, _references[reference].Label, _references[reference].Kind, score, Measurement: measured.Measurement);
    }
}

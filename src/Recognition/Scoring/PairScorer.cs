using System.Globalization;
using System.Numerics.Tensors;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Alignment;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Recognition.Scoring;

/// <summary>The measurements of one picture against one reference picture, before any threshold.</summary>
public sealed record Measurement(MatchFeatures Features, MatchSignals Signals, Relation Relation)
{
    /// <summary>How the reference lies in the picture; null where too few points agree to say.</summary>
    public Placement? Placement { get; init; }
}

/// <summary>Measures a picture against a reference picture: embeddings, hashes, geometry. Pure; safe for concurrent use.</summary>
/// <param name="background">Null: the model has none, and similarities are not normalised.</param>
public sealed class PairScorer(ModelEntry model, NormalisationCohort? background)
{
    // Of 1,517 edited copies three in four agree by 0.8, one in eight by less than 0.6; of 1,204 wrong references of copies 3 and 83 in 100.
    private const double ClearAgreement = 0.8, LittleAgreement = 0.6;

    // Colours this far apart at the same places are seen by people, too.
    private const float OtherColour = 0.35f;

    // A word that names the kind of thing ("spray") agrees by less; a brand, a model or several words by more.
    private const double TellingText = 0.7;

    // Of a surface that a photo shows bent, small and under a hand a fifth of the details are found; of one that only shares a maker's mark fewer.
    private const float SurfaceSupport = 0.2f;

    // Of 200 edited copies one in a hundred shows less of what it ought to; of 54 sibling products with 7 or more agreeing points four in five do.
    private const float CopySupport = 0.3f;

    // Of photos of emblems 2 in 100 more are found first than with the plain maximum, for either of two models; 10 and 40 give nearly as much.
    private const double Sharpness = 20;

    // A smaller part that differs is what a price tag or a fold does.
    private const float ToldChange = 0.02f;

    // Of equal bytes every point agrees, also where a plain picture has too few to extract.
    private const int EqualInliers = 200;

    /// <summary>Judges with the background set that is shipped for the model.</summary>
    public PairScorer(ModelEntry model)
        : this(model, NormalisationCohort.ShippedFor(model.Id))
    {
    }

    public Measurement Measure(ImageFeatures query, ImageFeatures reference, ReferenceKind kind)
    {
        float[][] queryWholes = [.. query.Wholes], referenceWholes = [.. reference.Wholes];
        double similarity = Pooled(queryWholes, referenceWholes);
        double region = model.RegionOffset is null ? similarity : RegionSimilarity(query, queryWholes, reference, referenceWholes);
        int? pdq = query.PdqDistanceTo(reference);
        (VerificationResult? geometry, LocalFeatureSet? seen) = Verified(query, reference);
        // A mark is a part of what it is printed on, which shows through it and about it; keypoints of a plain picture that was mirrored may agree the wrong way round.
        ChangedPart changed = kind == ReferenceKind.Mark || query.IsTurnedCopyOf(reference) ? ChangedPart.None : Changed(query, reference, geometry, seen);
        bool equal = query.Sha256 == reference.Sha256;
        (double distinction, double normalisedRegionScore) = Distinctions(query, reference, similarity, region);
        var features = new MatchFeatures
        {
            Similarity = similarity,
            RegionSimilarity = region,
            NormalisedScore = distinction,
            NormalisedRegionScore = normalisedRegionScore,
            PdqCloseness = equal ? 1 : MatchFeatures.ClosenessOf(pdq),
            LogInliers = Math.Log(1 + Math.Max(geometry?.Inliers ?? 0, equal ? EqualInliers : 0)),
            Coverage = equal ? 1 : geometry?.ReferenceCoverage ?? 0,
            QueryCoverage = equal ? 1 : geometry?.QueryCoverage ?? 0,
            Support = equal ? 1 : geometry?.Support ?? 0,
            LogAgreement = equal ? MatchFeatures.LogAgreementOf(1, 1) : geometry?.Aligned is { } aligned ? MatchFeatures.LogAgreementOf(aligned.Reference, aligned.Colour) : 0,
            PlacedColour = equal || geometry is not { Inliers: >= MatchFeatures.TellingInliers, Aligned: { } coloured } ? 0 : -coloured.ColourDistance,
            Changed = -changed.Share,
            Overlay = equal || geometry?.Aligned is not { } laid ? 0 : Math.Max(0, laid.Reference - laid.Query),
        };
        Relation relation = RelationOf(query, reference, kind, pdq, geometry);
        return new Measurement(features, Explain(similarity, region, pdq, geometry, changed, query, reference), relation) { Placement = PlacementOf(geometry, query, reference) };
    }

    /// <summary>
    /// Whether more than likeness speaks for it, which a person can be shown: the same picture, a surface whose details are there, or
    /// telling text. What is not shown is never a match, however probable.
    /// </summary>
    public static bool IsCorroborated(Relation relation, MatchFeatures features) =>
        relation == Relation.SameImage
        || (features.IsPlaced && features.Support >= SurfaceSupport)
        || features.TextAgreement >= TellingText;

    /// <summary>What a measurement makes by a profile.</summary>
    public static Decision Decide(Measurement measurement, CalibrationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(profile);
        RelationCalibration calibration = profile.Relations[measurement.Relation];
        Probability probability = calibration.ProbabilityOf(measurement.Features);
        Verdict verdict = calibration.VerdictOf(probability);
        bool changed = -measurement.Features.Changed >= profile.Change.Area;
        // A probability that says review goes on saying so: a copy that much is laid over is still looked at.
        if (changed) probability = new Probability(Math.Max(LogOdds.ToProbability(LogOdds.Of(probability.Value) + profile.Change.LogOdds), Math.Min(probability.Value, calibration.Review.Probability)));
        // What nobody can be shown a reason for is not acted on without a person, nor what shows another thing in a part.
        HeldBack? why = verdict != Verdict.Match ? null
            : changed ? HeldBack.ShowsAnother
            : !IsCorroborated(measurement.Relation, measurement.Features) ? HeldBack.NotExplained
            : measurement.Signals.Text?.AtPlace.Differing.Count > 0 ? HeldBack.ReadsOtherwise
            : null;
        return new Decision(probability, why is null ? verdict : Verdict.Review, why);
    }

    /// <summary>A measurement with what the texts say of the same two.</summary>
    public static Measurement WithText(Measurement measurement, TextAgreement text)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(text);
        MatchSignals signals = measurement.Signals;
        return measurement with
        {
            Features = measurement.Features with { TextAgreement = text.Balance, PlacedText = -text.AtPlace.Contradiction },
            Signals = signals with { Text = text, For = [.. signals.For, .. TextSentences.For(text)], Against = [.. signals.Against, .. TextSentences.Against(text)] },
        };
    }

    /// <summary>
    /// Looked at closely, more points of a photo agree; of a copy as small as the reference fewer may, because a doubled picture no longer has the
    /// points that sharp steps give it, which both have at their own size. What agrees more counts.
    /// </summary>
    private static (VerificationResult? Geometry, LocalFeatureSet? Seen) Verified(ImageFeatures query, ImageFeatures reference)
    {
        if (reference.LocalFeatures is not { } r) return (null, null);
        VerificationResult? stored = query.LocalFeatures is { } q ? GeometricVerifier.Verify(q, r) : null;
        VerificationResult? close = query.DenseFeatures is { } dense ? GeometricVerifier.Verify(dense, r) : null;
        return close is not null && !(stored?.Inliers >= close.Inliers) ? (close, query.DenseFeatures) : (stored, query.LocalFeatures);
    }

    private static ChangedPart Changed(ImageFeatures query, ImageFeatures reference, VerificationResult? geometry, LocalFeatureSet? seen) =>
        query.Sha256 != reference.Sha256 && geometry is { Inliers: >= MatchFeatures.TellingInliers, Transform: { } t } && seen is not null && reference.LocalFeatures is { } known && LiesFlat(t, Math.Max(known.Width, known.Height))
            ? GeometricVerifier.ChangedIn(seen, known, geometry)
            : ChangedPart.None;

    private static Placement? PlacementOf(VerificationResult? geometry, ImageFeatures query, ImageFeatures reference) =>
        geometry is { Inliers: >= MatchFeatures.TellingInliers, Transform: { } transform } && query.LocalFeatures is { } q && reference.LocalFeatures is { } r
            ? new Placement(transform, (r.Width, r.Height), (q.Width, q.Height))
            : null;

    private static Relation RelationOf(ImageFeatures query, ImageFeatures reference, ReferenceKind kind, int? pdq, VerificationResult? geometry)
    {
        if (query.Sha256 == reference.Sha256 || pdq <= ImageFeatures.SameImagePdq) return Relation.SameImage;
        if (kind == ReferenceKind.Mark) return Relation.MarkPresent;
        // A crop spans the whole picture, a collage holds the whole reference, and either shows what it ought to.
        if (geometry is { Inliers: >= MatchFeatures.TellingInliers, Support: > CopySupport, Transform: { } t } && Math.Max(geometry.ReferenceCoverage, geometry.QueryCoverage) > 0.25f && IsFlatCopy(t)) return Relation.SameImage;
        if (kind == ReferenceKind.Design && (geometry?.Inliers ?? 0) < MatchFeatures.TellingInliers) return Relation.SameDesign;
        return Relation.SameProduct;
    }

    /// <summary>A copy is moved, turned and scaled as a whole; a photo of the thing shears and foreshortens it.</summary>
    private static bool IsFlatCopy(float[] t) => PlaneShape.Of(t) is { Stretch: < 0.04, Shear: < 0.04, Foreshortening: < 1e-4 };

    /// <summary>As flat as pictures of one shop, which show things from the front but not from the same place, lie on each other; photos of them seldom do.</summary>
    private static bool LiesFlat(float[] t, int longer) => PlaneShape.Of(t) is { Stretch: < 0.15, Shear: < 0.1 } shape && shape.Foreshortening * longer < 0.2;

    private (double Whole, double Region) Distinctions(ImageFeatures query, ImageFeatures reference, double similarity, double region)
    {
        if (background is null) return (0, 0);
        CohortLevel q = background.LevelOf(query.Embedding, model), r = background.LevelOf(reference.Embedding, model);
        return (NormalisationCohort.NormalisedScore(similarity, q.Mean, q.Spread, r.Mean, r.Spread), NormalisationCohort.NormalisedScore(region, q.RegionMean, q.RegionSpread, r.RegionMean, r.RegionSpread));
    }

    /// <summary>
    /// A soft maximum over the picture's views of the best cosine with a view of the reference, (1/k) ln mean exp(k·cosine): it lies between the mean and the
    /// maximum, so that a thing which several views show beats one that a single view resembles.
    /// </summary>
    private static double Pooled(float[][] query, float[][] reference)
    {
        double[] best = Array.ConvertAll(query, view => Best([view], reference));
        double most = best.Max();
        return most + (Math.Log(best.Average(value => Math.Exp(Sharpness * (value - most)))) / Sharpness);
    }

    /// <summary>The best cosine of a window of one picture and a view of the other.</summary>
    private double RegionSimilarity(ImageFeatures query, float[][] queryWholes, ImageFeatures reference, float[][] referenceWholes)
    {
        float[][] q = Array.ConvertAll(queryWholes, v => model.RegionView(v)), r = Array.ConvertAll(referenceWholes, v => model.RegionView(v));
        return Math.Max(Best(query.Embedding.Regions, r), Best(reference.Embedding.Regions, q));
    }

    /// <summary>The best cosine between any two of unit length; −1 where one side has none.</summary>
    private static double Best(IReadOnlyList<float[]> some, float[][] others)
    {
        float best = -1;
        foreach (float[] one in some)
            foreach (float[] other in others) best = Math.Max(best, TensorPrimitives.Dot<float>(one, other));
        return best;
    }

    private static MatchSignals Explain(double similarity, double region, int? pdq, VerificationResult? geometry, ChangedPart changed, ImageFeatures query, ImageFeatures reference)
    {
        var pro = new List<string>();
        var contra = new List<string>();
        bool telling = geometry?.Inliers >= MatchFeatures.TellingInliers;
        if (query.Sha256 == reference.Sha256) pro.Add("The picture is the reference's, byte for byte.");
        else if (pdq is { } d) (d <= ImageFeatures.SameImagePdq ? pro : contra).Add(d <= ImageFeatures.SameImagePdq ? $"The perceptual hashes differ in {d} of 256 bits (copies: at most {ImageFeatures.SameImagePdq})." : $"The perceptual hashes differ in {d} of 256 bits: no plain copy.");
        if (geometry is not null)
        {
            if (telling) pro.Add($"{geometry.Inliers} points of the reference lie in the picture as one surface{(geometry.Mirrored ? ", mirrored" : "")}.");
            else contra.Add($"Only {geometry.Inliers} points agree; unrelated pictures give as many.");
        }
        if (geometry is { Inliers: >= MatchFeatures.TellingInliers }) (geometry.Support >= 0.5f ? pro : contra).Add(string.Create(CultureInfo.InvariantCulture, $"The picture shows {100 * geometry.Support:0} % of the details that the reference has there{(geometry.Support < CopySupport ? ": it may share a maker's mark only" : "")}."));
        if (telling && geometry!.Aligned is { } aligned)
        {
            double agreement = aligned.Reference * aligned.Colour;
            string share = string.Create(CultureInfo.InvariantCulture, $"Laid over each other, {100 * aligned.Reference:0} % of what the reference shows there agrees");
            if (agreement >= ClearAgreement) pro.Add($"{share}.");
            // A photo of the very thing agrees no better: it is lit, bent and framed otherwise.
            else if (agreement < LittleAgreement && IsFlatCopy(geometry.Transform!))
                contra.Add(aligned.Reference < ClearAgreement ? $"{share}: the rest may be another thing before the same background, or a sibling." : $"{share}, but the colours differ.");
        }
        if (telling && geometry!.Aligned is { ColourDistance: >= OtherColour }) contra.Add("Where the reference lies in the picture, the colours are others: another shade or flavour has the same print.");
        if (changed.Share >= ToldChange) contra.Add(string.Create(CultureInfo.InvariantCulture, $"Where both show something, {Math.Max(1, 100 * changed.Share):0} % of the reference's area shows another thing: another flavour, print or model, or something laid over a copy."));
        if (similarity >= 0.5) pro.Add($"The pictures look alike as a whole (similarity {similarity:0.00}).");
        else contra.Add($"The pictures differ as a whole (similarity {similarity:0.00}).");
        if (region > similarity + 0.1) pro.Add($"A part of one picture looks like the other (similarity {region:0.00}).");
        return new MatchSignals
        {
            Similarity = similarity,
            RegionSimilarity = region,
            PdqDistance = pdq,
            Inliers = geometry?.Inliers,
            // Fewer points than unrelated pictures share mark no region.
            ImageRegion = telling && query.LocalFeatures is { } q ? Parts(geometry?.QueryRegion, q.Width, q.Height) : [],
            ReferenceRegion = telling && reference.LocalFeatures is { } r ? Parts(geometry?.ReferenceRegion, r.Width, r.Height) : [],
            ChangedRegion = changed.Share >= ToldChange && query.LocalFeatures is { } within ? Parts(changed.QueryRegion, within.Width, within.Height) : [],
            For = pro,
            Against = contra,
        };
    }

    private static ImagePoint[] Parts(IReadOnlyList<ImagePoint>? region, int width, int height) =>
        region is null ? [] : [.. region.Select(p => new ImagePoint(Math.Clamp(p.X / width, 0, 1), Math.Clamp(p.Y / height, 0, 1)))];
}

using Touchstone.Evaluation.Statistics;
using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>How well a calibrated relation does on the part that nothing was fitted on.</summary>
/// <param name="Prior">The share of true ones among the most probable references of the calibration's pictures: the prior of the probabilities.</param>
/// <param name="Pairs">Compared pairs of the part.</param>
/// <param name="Pictures">Its pictures, each with its most probable reference.</param>
/// <param name="Bins">The pictures in order of their probability, in groups of equal size.</param>
/// <param name="CalibrationError">Expected calibration error over those groups, 0..1.</param>
/// <param name="UncorrectedError">The same before the correction on the second part.</param>
/// <param name="PairError">Expected calibration error over all compared pairs; most are easy, so it flatters.</param>
/// <param name="CrossFitted">The same over all parts, each fifth of the things by a fit on the others.</param>
/// <param name="Recall">Pictures that show a reference and reach the match point with it; null where the relation abstains.</param>
/// <param name="Backgrounds">The fit with and without the background set.</param>
public sealed record RelationFigures(
    Relation Relation, double Prior, int Pairs, int Pictures, IReadOnlyList<ReliabilityBin> Bins, double CalibrationError, double UncorrectedError, double PairError, CrossFittedFigures CrossFitted, Proportion? Recall, IReadOnlyList<BackgroundFigures> Backgrounds);

/// <summary>What fitting reaches on things that were not fitted, over all of them: a part of its own is a third as many, and siblings come in families.</summary>
public sealed record CrossFittedFigures(int Pictures, double CalibrationError);

/// <summary>What a fit reaches on the report part: log loss over pairs and the recall at <see cref="RelationFitting.MatchPrecision"/> measured precision.</summary>
public sealed record BackgroundFigures(bool WithBackground, double LogLoss, double Recall);

/// <summary>
/// Fits one relation: how its probability follows from the evidence and the lead (a factor for each and an offset of the log odds, as in
/// Platt's correction) on the most probable references of the first two parts of the things shown, apart for what keypoints place and what they do
/// not; the evidence was fitted on the first, where a dozen weights for hundreds of things leave little to be too sure of. Points and figures come
/// from the third. Deterministic.
/// </summary>
public static class RelationFitting
{
    /// <summary>The match point promises this precision.</summary>
    public const double MatchPrecision = 0.96;

    /// <summary>The review point is the lowest probability with this precision on the calibration part.</summary>
    public const double ReviewPrecision = 0.80;

    private const double MatchFloor = 0.5;
    private const double ReviewFloor = 0.3;

    // A copy without points to verify (a plain picture) scores low; a person should see it all the same.
    private const double CopyReviewFloor = 0.1;

    /// <exception cref="ArgumentException">A part holds no right or no wrong pair of the relation.</exception>
    /// <param name="samples">With leads.</param>
    /// <param name="scale">What they are on.</param>
    public static (RelationCalibration Calibration, RelationFigures Figures) Fit(Relation relation, CalibrationSamples samples, EvidenceScale scale)
    {
        ArgumentNullException.ThrowIfNull(samples);
        HashSet<int> asked = Asked(relation, samples);
        ILookup<Part, LabelledPair> parts = samples.Pairs.Where(p => p.Relation == relation && asked.Contains(p.Query)).ToLookup(p => p.Part);
        foreach (Part part in Enum.GetValues<Part>())
            if (!parts[part].Any(p => p.Same) || parts[part].All(p => p.Same)) throw new ArgumentException($"There is too little to fit {relation} with: the part {part} holds {parts[part].Count(p => p.Same)} right pairs of {parts[part].Count()}. Ask for more products and marks.");
        ArgumentNullException.ThrowIfNull(scale);
        RelationCalibration raw = Uncorrected(scale);
        LabelledPair[] first = First(raw, parts[Part.Fit].Concat(parts[Part.Calibrate]));
        double prior = Math.Round(First(raw, parts[Part.Calibrate]).Average(s => s.Same ? 1.0 : 0), 4);
        // Where every first answer is right nothing tells how sure is too sure; the further ones do.
        if (first.All(p => p.Same) || !first.Any(p => p.Same)) first = [.. parts[Part.Calibrate]];
        RelationCalibration calibration = Corrected(relation, scale, first);

        ScoredPicture[] report = Most(calibration, parts[Part.Report]);
        int positives = Positives(asked, samples, Part.Report);
        ScoredPicture[] shown = Most(calibration, parts[Part.Report].Where(p => p.IsCorroborated));
        OperatingPoint? match = MatchPoint(shown, positives);
        double from = relation == Relation.SameImage ? CopyReviewFloor : LowestPrecise(Most(calibration, parts[Part.Calibrate]));
        OperatingPoint review = ReviewPoint(report, positives, Math.Min(from, match?.Probability ?? 1));
        calibration = calibration with { Prior = prior, Match = match, Review = review };
        return (calibration, Figures(relation, calibration, scale, samples, parts, report, shown, positives));
    }

    /// <summary>The reference of each picture that is most probable: what a person sees first.</summary>
    internal static ScoredPicture[] Most(RelationCalibration calibration, IEnumerable<LabelledPair> pairs) =>
        [.. First(calibration, pairs).Select(p => new ScoredPicture(calibration.ProbabilityOf(p.Features).Value, p.Same))];

    internal static LabelledPair[] First(RelationCalibration calibration, IEnumerable<LabelledPair> pairs) =>
        [.. pairs.GroupBy(p => p.Query).Select(g => g.MaxBy(p => calibration.ProbabilityOf(p.Features).Value)!)];

    /// <summary>
    /// The pictures that tell of a relation: those whose reference was measured with it, those that were made to have it and whose reference
    /// was not proposed, and those that show nothing of the gallery. A picture whose reference was measured with another relation shows that
    /// one first.
    /// </summary>
    internal static HashSet<int> Asked(Relation relation, CalibrationSamples samples)
    {
        Dictionary<int, Relation> measured = samples.Pairs.Where(p => p.Same).ToDictionary(p => p.Query, p => p.Relation);
        return [.. samples.Queries
            .Where(q => q.Proposed is null ? (q.Expected == Relation.MarkPresent) == (relation == Relation.MarkPresent) : (measured.TryGetValue(q.Number, out Relation has) ? has : q.Expected) == relation)
            .Select(q => q.Number)];
    }

    /// <summary>The evidence as it is, without the lead.</summary>
    internal static RelationCalibration Uncorrected(EvidenceScale scale) => Of(scale.Placed, scale.Unplaced);

    private static RelationCalibration Of(WeightedSum placed, WeightedSum? unplaced) =>
        new() { Intercept = placed.Intercept, Weights = placed.Weights, Unplaced = unplaced, Review = new OperatingPoint(1, 0, 0, 0) };

    internal static RelationCalibration Corrected(Relation relation, EvidenceScale scale, LabelledPair[] pairs)
    {
        if (scale.Unplaced is not { } unplaced) return Of(WithMargin(scale.Placed, pairs), null);
        ILookup<bool, LabelledPair> placed = pairs.ToLookup(p => p.Features.IsPlaced);
        bool apart = EvidenceFitting.SufficeAlone([.. placed[true]]) && EvidenceFitting.SufficeAlone([.. placed[false]]);
        return Of(WithMargin(scale.Placed, apart ? [.. placed[true]] : pairs), WithMargin(unplaced, apart ? [.. placed[false]] : pairs));

        WeightedSum WithMargin(WeightedSum sum, LabelledPair[] on)
        {
            (double offset, double[] factors) = LogisticRegression.FitPositive([.. on.Select(p => (double[])[scale.Of(p.Features), p.Features.LogOddsMargin])], [.. on.Select(p => p.Same)], ridge: 0.1);
            WeightedSum corrected = sum.Corrected(factors[0], offset);
            return corrected with { Weights = new Dictionary<string, double>(corrected.Weights) { [EvidenceFitting.LeadName] = Math.Round(factors[1], 6), [EvidenceFitting.OfferName] = relation == Relation.SameProduct ? 1 : 0 } };
        }
    }

    private static OperatingPoint? MatchPoint(ScoredPicture[] report, int positives)
    {
        if (PromiseSearch.LowestWithPrecision(report, MatchPrecision, MatchFloor) is not { } found) return null;
        var guarantee = new Guarantee(MatchPrecision, null, PromiseSearch.Confidence, found.Samples, positives);
        return new OperatingPoint(found.Probability, Math.Round((double)found.Right / found.Samples, 4), Math.Round((double)found.Right / positives, 4), report.Length, guarantee);
    }

    /// <summary>The point was chosen on another part, so that its bounds need no correction.</summary>
    private static OperatingPoint ReviewPoint(ScoredPicture[] report, int positives, double probability)
    {
        ScoredPicture[] above = [.. report.Where(s => s.Probability >= probability)];
        int right = above.Count(s => s.Same);
        var guarantee = new Guarantee(
            Down(ExactBinomial.LowerBound(right, above.Length, PromiseSearch.Confidence)),
            Down(ExactBinomial.LowerBound(right, positives, PromiseSearch.Confidence)),
            PromiseSearch.Confidence, above.Length, positives);
        return new OperatingPoint(probability, Math.Round((double)right / above.Length, 4), Math.Round((double)right / positives, 4), report.Length, guarantee);
    }

    private static double LowestPrecise(ScoredPicture[] pictures)
    {
        int right = 0, taken = 0;
        double lowest = 1;
        foreach (ScoredPicture picture in pictures.OrderByDescending(s => s.Probability))
        {
            right += picture.Same ? 1 : 0;
            if (picture.Probability >= ReviewFloor && (double)right / ++taken >= ReviewPrecision) lowest = picture.Probability;
        }
        return Down(lowest);
    }

    /// <summary>Pictures that show a reference of the gallery, whether it was proposed or not.</summary>
    private static int Positives(HashSet<int> asked, CalibrationSamples samples, Part part) =>
        samples.Queries.Count(q => q.Proposed is not null && asked.Contains(q.Number) && LabelledPair.PartOf(q.Thing) == part);

    private static RelationFigures Figures(
        Relation relation, RelationCalibration calibration, EvidenceScale scale, CalibrationSamples samples, ILookup<Part, LabelledPair> parts, ScoredPicture[] report, ScoredPicture[] shown, int positives)
    {
        LabelledPair[] held = [.. parts[Part.Report]];
        ScoredPicture[] pairs = [.. held.Select(p => new ScoredPicture(calibration.ProbabilityOf(p.Features).Value, p.Same))];
        BackgroundFigures[] backgrounds = [.. new[] { false, true }.Select(with =>
        {
            RelationCalibration fitted = Uncorrected(with ? scale : EvidenceFitting.Fit(relation, samples, withBackground: false));
            return new BackgroundFigures(with, Reliability.LogLoss([.. held.Select(p => new ScoredPicture(fitted.ProbabilityOf(p.Features).Value, p.Same))]), RecallAt(Most(fitted, held), positives));
        })];
        Proportion? recall = calibration.Match is { } match ? new Proportion(shown.Count(s => s.Same && s.Probability >= match.Probability), positives) : null;
        IReadOnlyList<ReliabilityBin> bins = Reliability.Bins(report);
        return new RelationFigures(
            relation, calibration.Prior ?? 0, held.Length, report.Length, bins, Reliability.Error(bins), Reliability.Error(Reliability.Bins(Most(Uncorrected(scale), held))), Reliability.Error(Reliability.Bins(pairs)), CrossFitting.Of(relation, samples), recall, backgrounds);
    }

    private static double RecallAt(ScoredPicture[] pictures, int positives)
    {
        int right = 0, taken = 0, best = 0;
        foreach (ScoredPicture picture in pictures.OrderByDescending(s => s.Probability))
        {
            right += picture.Same ? 1 : 0;
            if ((double)right / ++taken >= MatchPrecision) best = right;
        }
        return (double)best / positives;
    }

    private static double Down(double value) => Math.Floor(value * 1000) / 1000;
}

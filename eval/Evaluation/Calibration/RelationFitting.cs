using Touchstone.Evaluation.Statistics;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>How well a calibrated relation does on the part that nothing was fitted on.</summary>
/// <param name="Prior">The share of true ones among the most probable references of the calibration's pictures: the prior of the probabilities.</param>
/// <param name="Pairs">Compared pairs of the part.</param>
/// <param name="Pictures">Its pictures, each with its most probable reference.</param>
/// <param name="Bins">The pictures in order of their probability, in groups of equal size.</param>
/// <param name="CalibrationError">Expected calibration error over those groups, 0..1.</param>
/// <param name="UncorrectedError">The same before the correction on the second part.</param>
/// <param name="PairError">Expected calibration error over all compared pairs; most are easy, so it flatters.</param>
/// <param name="Recall">Pictures that show a reference and reach the match point with it; null where the relation abstains.</param>
/// <param name="Backgrounds">The fit with and without the background set.</param>
public sealed record RelationFigures(
    Relation Relation, double Prior, int Pairs, int Pictures, IReadOnlyList<ReliabilityBin> Bins, double CalibrationError, double UncorrectedError, double PairError, Proportion? Recall, IReadOnlyList<BackgroundFigures> Backgrounds);

/// <summary>What a fit reaches on the report part: log loss over pairs and the recall at <see cref="RelationFitting.MatchPrecision"/> measured precision.</summary>
public sealed record BackgroundFigures(bool WithBackground, double LogLoss, double Recall);

/// <summary>
/// Fits one relation: weights on the first part of the things shown, the correction of the probabilities (Platt's: a factor and an offset
/// of the log odds) on the most probable references of the second, points and figures on the third. Deterministic.
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

    // Wrong copies are few: a strong penalty keeps the weights of those that there are in bounds.
    private const double CopyRidge = 5;

    /// <exception cref="ArgumentException">A part holds no right or no wrong pair of the relation.</exception>
    public static (RelationCalibration Calibration, RelationFigures Figures) Fit(Relation relation, CalibrationSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        HashSet<int> asked = Asked(relation, samples);
        ILookup<Part, LabelledPair> parts = samples.Pairs.Where(p => p.Relation == relation && asked.Contains(p.Query)).ToLookup(p => p.Part);
        foreach (Part part in Enum.GetValues<Part>())
            if (!parts[part].Any(p => p.Same) || parts[part].All(p => p.Same)) throw new ArgumentException($"There is too little to fit {relation} with: the part {part} holds {parts[part].Count(p => p.Same)} right pairs of {parts[part].Count()}. Ask for more products and marks.");
        RelationCalibration raw = Weighed(relation, parts[Part.Fit], withBackground: true);
        ScoredPicture[] second = Most(raw, parts[Part.Calibrate]);
        double prior = Math.Round(second.Average(s => s.Same ? 1.0 : 0), 4);
        // Where every first answer is right nothing tells how sure is too sure; the further ones do.
        if (second.All(s => s.Same) || !second.Any(s => s.Same)) second = [.. parts[Part.Calibrate].Select(p => new ScoredPicture(raw.ProbabilityOf(p.Features).Value, p.Same))];
        RelationCalibration calibration = Corrected(raw, second);

        ScoredPicture[] report = Most(calibration, parts[Part.Report]);
        int positives = Positives(asked, samples, Part.Report);
        ScoredPicture[] shown = Most(calibration, parts[Part.Report].Where(p => p.IsShown));
        OperatingPoint? match = MatchPoint(shown, positives);
        double from = relation == Relation.SameImage ? CopyReviewFloor : LowestPrecise(Most(calibration, parts[Part.Calibrate]));
        OperatingPoint review = ReviewPoint(report, positives, Math.Min(from, match?.Probability ?? 1));
        calibration = calibration with { Prior = prior, Match = match, Review = review };
        return (calibration, Figures(relation, calibration, raw, parts, report, shown, positives));
    }

    /// <summary>The reference of each picture that is most probable: what a person sees first.</summary>
    internal static ScoredPicture[] Most(RelationCalibration calibration, IEnumerable<LabelledPair> pairs) =>
        [.. pairs.GroupBy(p => p.Query).Select(g => g.Select(p => new ScoredPicture(calibration.ProbabilityOf(p.Features).Value, p.Same)).MaxBy(s => s.Probability))];

    /// <summary>
    /// The pictures that tell of a relation: those whose reference was measured with it, those that were made to have it and whose reference
    /// was not proposed, and those that show nothing of the gallery. A picture whose reference was measured with another relation shows that
    /// one first.
    /// </summary>
    private static HashSet<int> Asked(Relation relation, CalibrationSamples samples)
    {
        Dictionary<int, Relation> measured = samples.Pairs.Where(p => p.Same).ToDictionary(p => p.Query, p => p.Relation);
        return [.. samples.Queries
            .Where(q => q.Proposed is null ? (q.Expected == Relation.MarkPresent) == (relation == Relation.MarkPresent) : (measured.TryGetValue(q.Number, out Relation has) ? has : q.Expected) == relation)
            .Select(q => q.Number)];
    }

    private static RelationCalibration Weighed(Relation relation, IEnumerable<LabelledPair> pairs, bool withBackground)
    {
        LabelledPair[] fit = [.. pairs];
        double[][] rows = [.. fit.Select(p => (withBackground ? p.Features : p.Features with { Distinction = 0, RegionDistinction = 0 }).ToArray())];
        (double intercept, double[] weights) = relation == Relation.MarkPresent
            ? Chosen(fit, rows)
            : LogisticRegression.FitPositive(rows, [.. fit.Select(p => p.Same)], relation == Relation.SameImage ? CopyRidge : 1);
        return new RelationCalibration
        {
            Intercept = intercept,
            Weights = MatchFeatures.Names.Select((name, i) => (name, weights[i])).ToDictionary(w => w.name, w => w.Item2),
            Review = new OperatingPoint(1, 0, 0, 0),
        };
    }

    /// <summary>
    /// Weights that tell which mark it is: they rank better (right first 92.4 → 93.5 % of 550 made pictures) and are nearly as sure (recall at 96 % precision 68 → 66 %).
    /// For products they are not: a stranger's sibling is told apart as well as the product itself, and that recall falls from 63 to 26 %.
    /// </summary>
    private static (double Intercept, double[] Weights) Chosen(LabelledPair[] pairs, double[][] rows)
    {
        Choice[] choices = [.. Enumerable.Range(0, pairs.Length).GroupBy(i => pairs[i].Query)
            .Select(g => (Rows: g.ToArray(), Right: g.ToList().FindIndex(i => pairs[i].Same)))
            .Where(g => g.Right >= 0).Select(g => new Choice([.. g.Rows.Select(i => rows[i])], g.Right))];
        double[] weights = ConditionalLogit.FitPositive(choices);
        // The correction that follows moves it; it starts where its log odds are moderate.
        return (-choices.Average(choice => choice.Options.Max(row => row.Zip(weights, (x, w) => x * w).Sum())), weights);
    }

    private static RelationCalibration Corrected(RelationCalibration raw, ScoredPicture[] pictures)
    {
        (double offset, double[] factor) = LogisticRegression.Fit([.. pictures.Select(p => (double[])[LogOdds.Of(p.Probability)])], [.. pictures.Select(p => p.Same)], ridge: 0.1);
        return raw with
        {
            Intercept = Math.Round((factor[0] * raw.Intercept) + offset, 6),
            Weights = raw.Weights.ToDictionary(w => w.Key, w => Math.Round(factor[0] * w.Value, 6)),
        };
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

    private static RelationFigures Figures(Relation relation, RelationCalibration calibration, RelationCalibration raw, ILookup<Part, LabelledPair> parts, ScoredPicture[] report, ScoredPicture[] shown, int positives)
    {
        LabelledPair[] held = [.. parts[Part.Report]];
        ScoredPicture[] pairs = [.. held.Select(p => new ScoredPicture(calibration.ProbabilityOf(p.Features).Value, p.Same))];
        BackgroundFigures[] backgrounds = [.. new[] { false, true }.Select(with =>
        {
            RelationCalibration fitted = Weighed(relation, parts[Part.Fit], with);
            LabelledPair[] seen = with ? held : [.. held.Select(p => p with { Features = p.Features with { Distinction = 0, RegionDistinction = 0 } })];
            return new BackgroundFigures(with, Reliability.LogLoss([.. seen.Select(p => new ScoredPicture(fitted.ProbabilityOf(p.Features).Value, p.Same))]), RecallAt(Most(fitted, seen), positives));
        })];
        Proportion? recall = calibration.Match is { } match ? new Proportion(shown.Count(s => s.Same && s.Probability >= match.Probability), positives) : null;
        IReadOnlyList<ReliabilityBin> bins = Reliability.Bins(report);
        return new RelationFigures(
            relation, calibration.Prior ?? 0, held.Length, report.Length, bins, Reliability.Error(bins), Reliability.Error(Reliability.Bins(Most(raw, held))), Reliability.Error(Reliability.Bins(pairs)), recall, backgrounds);
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

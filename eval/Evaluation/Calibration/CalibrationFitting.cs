using Touchstone.Screening;
using Touchstone.Screening.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>A picture measured against a reference picture, with the truth.</summary>
/// <param name="Query">Which picture; 2n and 2n + 1 show the same thing and stay together when the pairs are split.</param>
/// <param name="Same">Whether the picture shows that reference.</param>
public sealed record LabelledPair(Relation Relation, int Query, MatchFeatures Features, bool Same);

/// <summary>
/// Fits a relation's probability on one half of the things shown and measures its operating points on the other half, by the most
/// probable reference of each picture, which is what a person sees first. The match point is the lowest probability from which on
/// precision is at least <see cref="MatchPrecision"/>, the review point likewise. Deterministic.
/// </summary>
public static class CalibrationFitting
{
    public const double MatchPrecision = 0.99;
    public const double ReviewPrecision = 0.80;

    /// <summary>Near-identical pictures of neighbouring products are findings, too, and right for a person to see.</summary>
    public const double FindingPrecision = 0.96;

    public static RelationCalibration Fit(IReadOnlyCollection<LabelledPair> pairs)
    {
        LabelledPair[] fit = [.. pairs.Where(p => p.Query / 2 % 2 == 0)], held = [.. pairs.Where(p => p.Query / 2 % 2 == 1)];
        (double intercept, double[] weights) = LogisticRegression.FitPositive([.. fit.Select(p => p.Features.ToArray())], [.. fit.Select(p => p.Same)]);
        RelationCalibration calibration = Unpointed(intercept, weights);
        (double Probability, bool Same)[] scored = [.. held
            .GroupBy(p => p.Query)
            .Select(g => g.Select(p => (Probability: calibration.ProbabilityOf(p.Features).Value, p.Same)).MaxBy(s => s.Probability))
            .OrderByDescending(s => s.Probability)];
        int positives = held.Where(p => p.Same).Select(p => p.Query).Distinct().Count();
        OperatingPoint match = PointAt(scored, positives, MatchPrecision, 0.5), review = PointAt(scored, positives, ReviewPrecision, 0.3);
        return calibration with { Match = match, Review = review.Probability < match.Probability ? review : match };
    }

    /// <summary>
    /// For a relation that is itself a finding (SameImage: equal hashes, or one flat copy of the other). Wrong ones are so few that all
    /// pairs are needed to fit, with a strong penalty, and the same pairs give the operating points: those figures are optimistic.
    /// </summary>
    public static RelationCalibration FitFinding(IReadOnlyCollection<LabelledPair> pairs)
    {
        (double intercept, double[] weights) = LogisticRegression.FitPositive([.. pairs.Select(p => p.Features.ToArray())], [.. pairs.Select(p => p.Same)], ridge: 5);
        RelationCalibration calibration = Unpointed(intercept, weights);
        (double Probability, bool Same)[] scored = [.. pairs.Select(p => (Probability: calibration.ProbabilityOf(p.Features).Value, p.Same)).OrderByDescending(s => s.Probability)];
        int positives = pairs.Count(p => p.Same);
        OperatingPoint match = PointAt(scored, positives, FindingPrecision, 0.5);
        // A finding without points to verify (a plain picture) scores low; a person should see it all the same.
        var review = new OperatingPoint(Math.Min(0.1, match.Probability), Math.Round((double)positives / scored.Length, 4), 1, scored.Length);
        return calibration with { Match = match, Review = review };
    }

    private static RelationCalibration Unpointed(double intercept, double[] weights) => new()
    {
        Intercept = Math.Round(intercept, 6),
        Weights = MatchFeatures.Names.Select((name, i) => (name, Weight: Math.Round(weights[i], 6))).ToDictionary(w => w.name, w => w.Weight),
        Match = new OperatingPoint(1, 0, 0, 0),
        Review = new OperatingPoint(1, 0, 0, 0),
    };

    /// <summary>The lowest probability, at least <paramref name="floor"/>, from which on all pictures together have the precision.</summary>
    private static OperatingPoint PointAt((double Probability, bool Same)[] scored, int positives, double precision, double floor)
    {
        int right = 0;
        var best = new OperatingPoint(1, 1, 0, scored.Length);
        for (int i = 0; i < scored.Length; i++)
        {
            if (scored[i].Same) right++;
            double reached = (double)right / (i + 1);
            if (scored[i].Probability >= floor && reached >= precision)
                best = new OperatingPoint(Math.Floor(scored[i].Probability * 1000) / 1000, Math.Round(reached, 4), Math.Round((double)right / positives, 4), scored.Length);
        }
        return best;
    }
}

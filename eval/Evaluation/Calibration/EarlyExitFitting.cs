using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Gallery;

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// Finds the likeness at a first look below which next to nothing is lost: what all but a hundredth of the pictures reach whose reference the
/// whole reading finds, for marks and for things. Chosen on the fitted parts, reported on the third. Deterministic.
/// </summary>
public static class EarlyExitFitting
{
    private const double Lost = 0.01;

    /// <summary>Found pictures that a relation needs before it has a say.</summary>
    private const int Enough = 20;

    /// <returns>Null where there is too little to tell.</returns>
    public static EarlyExit? Fit(CalibrationSamples samples, IReadOnlyDictionary<Relation, RelationCalibration> relations)
    {
        ArgumentNullException.ThrowIfNull(samples);
        HashSet<int> found = [.. samples.Pairs.Where(p => p.Same && relations[p.Relation].VerdictOf(relations[p.Relation].ProbabilityOf(p.Features)) != Verdict.NoMatch).Select(p => p.Query)];
        LabelledQuery[] fitted = [.. samples.Queries.Where(q => q.Part != Part.Report && found.Contains(q.Number))];
        if (PointOf(fitted.Where(q => !IsMark(q)), n => n.Things) is not { } things) return null;
        // Without samples of marks every picture near none at all is looked at closer.
        double marks = PointOf(fitted.Where(IsMark), n => n.Marks) ?? -1;
        LabelledQuery[] report = [.. samples.Queries.Where(q => q.Part == Part.Report)];
        LabelledQuery[] shown = [.. report.Where(q => found.Contains(q.Number))], strangers = [.. report.Where(q => q.Proposed is null)];
        if (shown.Length == 0) return null;
        var point = new EarlyExit(things, marks, 0, 0, PromiseSearch.Confidence, shown.Length, Passed(strangers.Where(q => !IsMark(q))), Passed(strangers.Where(IsMark)), strangers.Length);
        int kept = shown.Count(IsNear);
        return point with { Kept = Rounded((double)kept / shown.Length), KeptAtLeast = Math.Floor(1000 * ExactBinomial.LowerBound(kept, shown.Length, PromiseSearch.Confidence)) / 1000 };

        bool IsNear(LabelledQuery query) => IsMark(query) ? query.Nearest.Marks >= marks : query.Nearest.Things >= things;

        double Passed(IEnumerable<LabelledQuery> of) => Rounded(of.Select(q => IsNear(q) ? 0.0 : 1).DefaultIfEmpty(0).Average());
    }

    private static bool IsMark(LabelledQuery query) => query.Expected == Relation.MarkPresent;

    /// <summary>For each relation what all but the lost share reach, and of those the lowest; null where there are too few.</summary>
    private static double? PointOf(IEnumerable<LabelledQuery> found, Func<Nearness, double> of) => found
        .GroupBy(q => q.Expected)
        .Where(group => group.Count() >= Enough)
        .Min(group => (double?)Quantile([.. group.Select(q => of(q.Nearest))], Lost));

    private static double Rounded(double share) => Math.Round(share, 4);

    /// <summary>To thousandths, downwards.</summary>
    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return Math.Floor(1000 * values[(int)(share * values.Length)]) / 1000;
    }
}

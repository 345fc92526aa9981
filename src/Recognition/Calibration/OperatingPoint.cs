namespace Touchstone.Recognition.Calibration;

/// <summary>
/// What holds at an operating point with a confidence, by an exact binomial bound on samples that nothing was fitted on, corrected for
/// choosing the point. It speaks of pictures like those of the profile's data set.
/// </summary>
/// <param name="Precision">At least this share of the pictures whose most probable reference passes the point show it; 0..1.</param>
/// <param name="Recall">At least this share of the pictures that show a reference pass with it; 0..1, null where nothing is promised.</param>
/// <param name="Confidence">0..1; each of the two bounds holds with it.</param>
/// <param name="Samples">Pictures at or above the point, from which the precision's bound comes.</param>
/// <param name="Positives">Pictures that show a reference, from which the recall's bound comes.</param>
public sealed record Guarantee(double Precision, double? Recall, double Confidence, int Samples, int Positives);

/// <summary>
/// Where a verdict begins: hits at or above this probability had the stated precision and recall on the profile's data set.
/// </summary>
/// <param name="Probability">0..1.</param>
/// <param name="Precision">Measured, 0..1.</param>
/// <param name="Recall">Measured, 0..1.</param>
/// <param name="Samples">Pictures that the figures come from.</param>
/// <param name="Guarantee">Null: nothing can be promised at any probability, or nobody looked.</param>
public sealed record OperatingPoint(double Probability, double Precision, double Recall, int Samples, Guarantee? Guarantee = null);

/// <summary>The most probable reference of one picture: its probability, 0..1, and whether the picture shows it.</summary>
public readonly record struct ScoredPicture(double Probability, bool Same);

/// <summary>A probability from which on a precision is promised, and what was counted there.</summary>
/// <param name="Right">Pictures at or above it that are right, of <paramref name="Samples"/>.</param>
public readonly record struct PromisedPrecision(double Probability, int Right, int Samples);

/// <summary>
/// Finds the lowest probability from which on a precision can be promised: fixed-sequence testing, the one-dimensional case of Learn then
/// Test (Angelopoulos, Bates, Candès, Jordan and Lei, "Learn then Test: calibrating predictive algorithms to achieve risk control", 2021).
/// The sequence runs from strict to loose and is chosen by the probabilities alone, whatever the pictures show: through the counts at which
/// one more wrong picture is allowed. Each step tests "the precision is below the target" by the exact binomial at the whole level, and
/// the first that is not refuted ends it. So the chance that the answer does not have the precision is at most 1 − confidence, in spite
/// of the choosing. Deterministic; safe for concurrent use.
/// </summary>
public static class PromiseSearch
{
    /// <summary>The confidence of every promise.</summary>
    public const double Confidence = 0.95;

    /// <param name="pictures">None of them may have been fitted on.</param>
    /// <param name="target">The precision to promise, 0..1, exclusive.</param>
    /// <param name="floor">No lower probability is taken, 0..1.</param>
    /// <returns>Null: nothing can be promised.</returns>
    public static PromisedPrecision? LowestWithPrecision(IReadOnlyCollection<ScoredPicture> pictures, double target, double floor)
    {
        ScoredPicture[] order = [.. pictures.Where(p => p.Probability >= floor).OrderByDescending(p => p.Probability)];
        PromisedPrecision? found = null;
        foreach (double probability in Sequence(order, target, floor))
        {
            ScoredPicture[] above = [.. order.TakeWhile(p => p.Probability >= probability)];
            int right = above.Count(p => p.Same);
            if (ExactBinomial.AtLeast(right, above.Length, target) > 1 - Confidence) break;
            found = new PromisedPrecision(probability, right, above.Length);
        }
        return found;
    }

    /// <summary>So many samples are needed to promise a precision where so many of them are wrong.</summary>
    public static int LeastSamples(double target, int wrong) => LeastSamples(target, wrong, wrong + 1);

    private static int LeastSamples(double target, int wrong, int from)
    {
        int n = from;
        while (ExactBinomial.AtLeast(n - wrong, n, target) > 1 - Confidence) n++;
        return n;
    }

    /// <summary>The probabilities to test, falling; to thousandths, because a profile names them so.</summary>
    private static IEnumerable<double> Sequence(ScoredPicture[] order, double target, double floor)
    {
        for (int wrong = 0, count = 1; (count = LeastSamples(target, wrong, count)) <= order.Length; wrong++)
            yield return Math.Max(floor, Math.Floor(order[count - 1].Probability * 1000) / 1000);
        if (order.Length > 0) yield return floor;
    }
}

namespace Touchstone.Recognition.Calibration;

/// <summary>
/// Exact one-sided bounds of a share that was counted. Deterministic; safe for concurrent use.
/// Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934;
/// the incomplete beta function by its continued fraction (Press et al., Numerical Recipes, section 6.4).
/// </summary>
public static class ExactBinomial
{
    /// <summary>The chance of <paramref name="count"/> or more hits in <paramref name="of"/> trials of probability <paramref name="share"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative counts, more hits than trials, or a share outside 0..1.</exception>
    public static double AtLeast(int count, int of, double share)
    {
        Check(count, of);
        if (!(share >= 0 && share <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A share is within 0 and 1.");
        return count == 0 ? 1 : IncompleteBeta(count, of - count + 1, share);
    }

    /// <summary>The share is at least this, with the confidence (0..1, exclusive): 0 where nothing was hit.</summary>
    public static double LowerBound(int count, int of, double confidence)
    {
        Check(count, of, confidence);
        return count == 0 ? 0 : Solve(share => AtLeast(count, of, share) - (1 - confidence));
    }

    /// <summary>The share is at most this, with the confidence (0..1, exclusive): 1 where every trial was hit.</summary>
    public static double UpperBound(int count, int of, double confidence)
    {
        Check(count, of, confidence);
        return count == of ? 1 : 1 - LowerBound(of - count, of, confidence);
    }

    private static void Check(int count, int of, double confidence = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        if (!(confidence > 0 && confidence < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is above 0 and below 1.");
    }

    /// <summary>The zero of an increasing function on 0..1, by bisection to 1e-12.</summary>
    private static double Solve(Func<double, double> increasing)
    {
        double low = 0, high = 1;
        while (high - low > 1e-12)
        {
            double middle = (low + high) / 2;
            if (increasing(middle) < 0) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>The regularised incomplete beta function I_x(a, b), a and b at least 1.</summary>
    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(a, b, x) / a : 1 - (front * Fraction(b, a, 1 - x) / b);
    }

    /// <summary>The continued fraction by Lentz's method.</summary>
    private static double Fraction(double a, double b, double x)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 / Away(1 - ((a + b) * x / (a + 1))), value = d;
        for (int m = 1; m < 10_000; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            value *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-14) break;
        }
        return value;

        static double Away(double v) => Math.Abs(v) < Tiny ? Tiny : v;
    }

    /// <summary>ln Γ(x) for x ≥ 1, by Lanczos's approximation (g = 7, nine terms).</summary>
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = terms[0], t = x - 1 + 7.5;
        for (int i = 1; i < terms.Length; i++) sum += terms[i] / (x - 1 + i);
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// Logistic regression with ridge regularisation, fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and
/// Friedman, The Elements of Statistical Learning, section 4.4.1). Features are standardised while fitting and the result is given for
/// the raw features. Deterministic.
/// </summary>
public static class LogisticRegression
{
    /// <summary>
    /// Fits with weights of at least 0: every feature speaks for a match, so one whose weight comes out negative only echoes another and
    /// is left out (weight 0) before the rest is fitted again.
    /// </summary>
    public static (double Intercept, double[] Weights) FitPositive(IReadOnlyList<double[]> samples, IReadOnlyList<bool> labels, double ridge = 1)
    {
        double intercept = 0;
        double[] weights = Positive(samples.Count == 0 ? 0 : samples[0].Length, kept =>
        {
            (intercept, double[] fitted) = Fit([.. samples.Select(s => (double[])[.. kept.Select(i => s[i])])], labels, ridge);
            return fitted;
        });
        return (intercept, weights);
    }

    /// <summary>Fits the kept features again and again, each time without the one whose weight is furthest below 0.</summary>
    /// <param name="fit">From the indices of the kept features to their weights.</param>
    internal static double[] Positive(int features, Func<IReadOnlyList<int>, double[]> fit)
    {
        List<int> kept = [.. Enumerable.Range(0, features)];
        while (true)
        {
            double[] weights = fit(kept);
            int worst = Array.IndexOf(weights, weights.Min());
            if (weights[worst] >= 0)
            {
                var all = new double[features];
                for (int i = 0; i < kept.Count; i++) all[kept[i]] = weights[i];
                return all;
            }
            if (kept.Count == 1) throw new ArgumentException("No feature speaks for a match; the labels are not those of the samples.", nameof(fit));
            kept.RemoveAt(worst);
        }
    }

    /// <param name="samples">Rows of equal length.</param>
    /// <param name="labels">Whether the row is a positive; both kinds must be there.</param>
    /// <param name="ridge">Penalty on the standardised weights, above 0; it keeps separable data finite.</param>
    /// <returns>The intercept and a weight for each feature.</returns>
    public static (double Intercept, double[] Weights) Fit(IReadOnlyList<double[]> samples, IReadOnlyList<bool> labels, double ridge = 1)
    {
        if (samples.Count == 0 || samples.Count != labels.Count) throw new ArgumentException($"There are {samples.Count} samples and {labels.Count} labels.", nameof(samples));
        if (labels.All(l => l) || !labels.Any(l => l)) throw new ArgumentException("Positives and negatives are both needed.", nameof(labels));
        int n = samples[0].Length;
        (double[] mean, double[] deviation) = Spread(samples, n);
        double[][] rows = [.. samples.Select(s => (double[])[1, .. Enumerable.Range(0, n).Select(i => (s[i] - mean[i]) / deviation[i])])];
        var beta = new double[n + 1];
        for (int step = 0; step < 100; step++)
        {
            double[] change = Solve(NewtonSystem(rows, labels, beta, ridge));
            for (int i = 0; i <= n; i++) beta[i] += change[i];
            if (change.Max(Math.Abs) < 1e-8) break;
        }
        double[] weights = [.. Enumerable.Range(0, n).Select(i => beta[i + 1] / deviation[i])];
        double intercept = beta[0] - Enumerable.Range(0, n).Sum(i => weights[i] * mean[i]);
        return (intercept, weights);
    }

    internal static (double[] Mean, double[] Deviation) Spread(IReadOnlyList<double[]> samples, int n)
    {
        double[] mean = [.. Enumerable.Range(0, n).Select(i => samples.Average(s => s[i]))];
        double[] deviation = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(samples.Average(s => (s[i] - mean[i]) * (s[i] - mean[i])))).Select(d => d < 1e-9 ? 1 : d)];
        return (mean, deviation);
    }

    private static double[,] NewtonSystem(double[][] rows, IReadOnlyList<bool> labels, double[] beta, double ridge)
    {
        int n = beta.Length;
        var system = new double[n, n + 1];
        for (int r = 0; r < rows.Length; r++)
        {
            double[] row = rows[r];
            double z = 0;
            for (int i = 0; i < n; i++) z += beta[i] * row[i];
            double p = 1 / (1 + Math.Exp(-z)), weight = Math.Max(p * (1 - p), 1e-9), residual = (labels[r] ? 1 : 0) - p;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++) system[i, j] += weight * row[i] * row[j];
                system[i, n] += residual * row[i];
            }
        }
        for (int i = 1; i < n; i++)
        {
            system[i, i] += ridge;
            system[i, n] -= ridge * beta[i];
        }
        return system;
    }

    /// <summary>Gauss elimination with pivoting of an n×(n+1) system.</summary>
    internal static double[] Solve(double[,] a)
    {
        int n = a.GetLength(0);
        for (int c = 0; c < n; c++)
        {
            int pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(a[r, c]));
            for (int k = 0; k <= n; k++) (a[c, k], a[pivot, k]) = (a[pivot, k], a[c, k]);
            for (int r = c + 1; r < n; r++)
            {
                double f = a[r, c] / a[c, c];
                for (int k = c; k <= n; k++) a[r, k] -= f * a[c, k];
            }
        }
        var x = new double[n];
        for (int r = n - 1; r >= 0; r--)
        {
            double sum = a[r, n];
            for (int k = r + 1; k < n; k++) sum -= a[r, k] * x[k];
            x[r] = sum / a[r, r];
        }
        return x;
    }
}

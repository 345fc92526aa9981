namespace Touchstone.Evaluation.Calibration;

/// <summary>What one picture was compared with, one of which is right.</summary>
/// <param name="Options">The features of each compared reference, rows of equal length.</param>
/// <param name="Right">The index of the right one.</param>
public sealed record Choice(IReadOnlyList<double[]> Options, int Right);

/// <summary>
/// Weights by which the right one of several is told apart: the likelihood of each right one is exp(w·x) over the sum of that of all options of its
/// picture (D. McFadden, "Conditional logit analysis of qualitative choice behavior", 1974), with ridge regularisation, by Newton's method. What is
/// alike in all options of a picture, such as how well it was taken, has no say. Deterministic.
/// </summary>
public static class ConditionalLogit
{
    /// <summary>Fits with weights of at least 0, as <see cref="LogisticRegression.FitPositive"/> does.</summary>
    /// <returns>A weight for each feature.</returns>
    /// <exception cref="ArgumentException">There is no choice with two options or more.</exception>
    public static double[] FitPositive(IReadOnlyList<Choice> choices, double ridge = 1)
    {
        Choice[] told = [.. choices.Where(choice => choice.Options.Count > 1)];
        if (told.Length == 0) throw new ArgumentException("A choice has at least two options; there is none.", nameof(choices));
        double[] deviation = LogisticRegression.Spread([.. told.SelectMany(choice => choice.Options)], told[0].Options[0].Length).Deviation;
        return LogisticRegression.Positive(deviation.Length, kept =>
        {
            Choice[] scaled = [.. told.Select(choice => choice with { Options = [.. choice.Options.Select(row => (double[])[.. kept.Select(i => row[i] / deviation[i])])] })];
            double[] weights = Fit(scaled, kept.Count, ridge);
            return [.. kept.Select((i, at) => weights[at] / deviation[i])];
        });
    }

    private static double[] Fit(Choice[] choices, int n, double ridge)
    {
        var beta = new double[n];
        for (int step = 0; step < 100; step++)
        {
            double[] change = LogisticRegression.Solve(NewtonSystem(choices, beta, ridge));
            // Far from the optimum a whole step may overshoot.
            double pace = Math.Min(1, 2 / Math.Max(1e-9, change.Max(Math.Abs)));
            for (int i = 0; i < n; i++) beta[i] += pace * change[i];
            if (change.Max(Math.Abs) < 1e-8) break;
        }
        return beta;
    }

    private static double[,] NewtonSystem(Choice[] choices, double[] beta, double ridge)
    {
        int n = beta.Length;
        var system = new double[n, n + 1];
        foreach (Choice choice in choices)
        {
            double[] share = Shares(choice, beta);
            var mean = new double[n];
            for (int o = 0; o < share.Length; o++)
                for (int i = 0; i < n; i++) mean[i] += share[o] * choice.Options[o][i];
            for (int i = 0; i < n; i++) system[i, n] += choice.Options[choice.Right][i] - mean[i];
            for (int o = 0; o < share.Length; o++)
                for (int i = 0; i < n; i++)
                    for (int j = 0; j < n; j++) system[i, j] += share[o] * (choice.Options[o][i] - mean[i]) * (choice.Options[o][j] - mean[j]);
        }
        for (int i = 0; i < n; i++)
        {
            system[i, i] += ridge;
            system[i, n] -= ridge * beta[i];
        }
        return system;
    }

    private static double[] Shares(Choice choice, double[] beta)
    {
        double[] scores = [.. choice.Options.Select(row => row.Zip(beta, (x, w) => x * w).Sum())];
        double most = scores.Max();
        double[] shares = Array.ConvertAll(scores, score => Math.Exp(score - most));
        double sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }
}

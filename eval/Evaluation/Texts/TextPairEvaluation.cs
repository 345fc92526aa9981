using System.Diagnostics;
using Touchstone.Evaluation.Calibration;
using Touchstone.Evaluation.Statistics;
using Touchstone.Recognition.Text;

namespace Touchstone.Evaluation.Texts;

/// <summary>
/// Measures whether two titles or records are told to be of the same product: weights of the agreement and a threshold are fitted on the
/// train part and judged on the validation part, beside the plain share of common tokens. Deterministic.
/// </summary>
public static class TextPairEvaluation
{
    private const int Resamples = 1_000;

    /// <param name="folder">See <see cref="PairSet.Read"/>.</param>
    /// <exception cref="InvalidDataException">The folder holds no labelled pairs, or a line is none.</exception>
    public static TextPairReport Run(string folder, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<PairSet> sets = PairSet.Read(folder);
        List<TextPairResult> results = [];
        foreach (PairSet set in sets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(Judge(set));
            progress?.Report(new EvaluationProgress("pair sets", results.Count, sets.Count));
        }
        return new TextPairReport { DataSetId = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), Sets = results, Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private static TextPairResult Judge(PairSet set)
    {
        IdfWeights rarity = RarityOf(set.Train);
        double[][] train = Features(set.Train, rarity), validation = Features(set.Validation, rarity);
        (double intercept, double[] weights) = LogisticRegression.Fit(train, [.. set.Train.Select(p => p.Same)]);
        PairFigures agreement = Figures(set, [.. train.Select(Score)], [.. validation.Select(Score)]);
        PairFigures baseline = Figures(set, [.. set.Train.Select(Jaccard)], [.. set.Validation.Select(Jaccard)]);
        return new TextPairResult(set.Name, set.Train.Count, set.Validation.Count, set.Validation.Count(p => p.Same), agreement, baseline);

        double Score(double[] features) => 1 / (1 + Math.Exp(-(intercept + features.Zip(weights, (f, w) => f * w).Sum())));
    }

    /// <summary>How common words are, from the records of the train part alone.</summary>
    private static IdfWeights RarityOf(IReadOnlyList<ProductPair> pairs)
    {
        var index = new TextIndex();
        long id = 0;
        foreach (IReadOnlyList<TextWord> record in pairs.SelectMany(p => new[] { p.Left, p.Right }).DistinctBy(words => string.Join(' ', words.Select(w => w.Folded)))) index.Put(TextOwner.Picture(id++), record);
        return index.Rarity;
    }

    private static double[][] Features(IReadOnlyList<ProductPair> pairs, IdfWeights rarity)
    {
        var features = new double[pairs.Count][];
        Parallel.For(0, pairs.Count, i => features[i] = TitleComparison.Compare(pairs[i].Left, pairs[i].Right, rarity).ToArray());
        return features;
    }

    private static double Jaccard(ProductPair pair)
    {
        int shared = pair.LeftTokens.Count(pair.RightTokens.Contains), all = pair.LeftTokens.Count + pair.RightTokens.Count - shared;
        return all == 0 ? 0 : (double)shared / all;
    }

    private static PairFigures Figures(PairSet set, double[] train, double[] validation)
    {
        double threshold = BestThreshold(train, [.. set.Train.Select(p => p.Same)]);
        (bool Told, bool Same)[] told = [.. validation.Zip(set.Validation, (score, pair) => (score >= threshold, pair.Same))];
        int right = told.Count(t => t.Told && t.Same);
        (double low, double high) = Spread(told);
        return new PairFigures(threshold, new Proportion(right, told.Count(t => t.Told)), new Proportion(right, told.Count(t => t.Same)), F1(told), low, high);
    }

    /// <summary>The threshold with the best F1 on the train part.</summary>
    private static double BestThreshold(double[] scores, bool[] same)
    {
        (double Score, bool Same)[] ordered = [.. scores.Zip(same).OrderByDescending(p => p.First)];
        int positives = same.Count(s => s), right = 0;
        (double Threshold, double F1) best = (1, 0);
        for (int i = 0; i < ordered.Length; i++)
        {
            if (ordered[i].Same) right++;
            if (i + 1 < ordered.Length && ordered[i + 1].Score == ordered[i].Score) continue;
            double f1 = 2.0 * right / (i + 1 + positives);
            if (f1 > best.F1) best = (ordered[i].Score, f1);
        }
        return best.Threshold;
    }

    /// <summary>The middle 95 % of F1 over pairs drawn with replacement (B. Efron, 1979).</summary>
    private static (double Low, double High) Spread((bool Told, bool Same)[] told)
    {
        var random = new Random(1);
        double[] drawn = [.. Enumerable.Range(0, Resamples).Select(_ => F1([.. Enumerable.Range(0, told.Length).Select(_ => told[random.Next(told.Length)])])).Order()];
        return (drawn[(int)(0.025 * Resamples)], drawn[(int)(0.975 * Resamples) - 1]);
    }

    private static double F1((bool Told, bool Same)[] told)
    {
        int right = told.Count(t => t.Told && t.Same), wrong = told.Count(t => t.Told != t.Same);
        return right == 0 ? 0 : 2.0 * right / ((2 * right) + wrong);
    }
}

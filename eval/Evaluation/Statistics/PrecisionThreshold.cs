namespace Touchstone.Evaluation.Statistics;

/// <summary>Finds the lowest threshold at which what is found is right with a given precision.</summary>
internal static class PrecisionThreshold
{
    /// <param name="answers">The best score of each picture, and whether it named the right reference.</param>
    /// <param name="precision">0..1.</param>
    /// <returns>The threshold and how many right answers reach it; null and 0 if no threshold reaches the precision.</returns>
    public static (double? Threshold, int Right) Find(IEnumerable<(double Score, bool Right)> answers, double precision)
    {
        (double Score, bool Right)[] sorted = [.. answers.OrderByDescending(answer => answer.Score)];
        (double? threshold, int best, int right) = (null, 0, 0);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Right) right++;
            // A threshold cannot part answers of equal score.
            if (i + 1 < sorted.Length && sorted[i + 1].Score == sorted[i].Score) continue;
            if (right > 0 && right >= precision * (i + 1)) (threshold, best) = (sorted[i].Score, right);
        }
        return (threshold, best);
    }
}

namespace Touchstone.Evaluation.Statistics;

/// <summary>Finds the lowest threshold at which what is found is right with a given precision.</summary>
internal static class PrecisionThreshold
{
    /// <param name="answers">The best score of each picture, whether it named the right reference, and for how many pictures it stands.</param>
    /// <param name="precision">0..1.</param>
    /// <returns>The threshold and how many right answers reach it; null and 0 if no threshold reaches the precision.</returns>
    public static (double? Threshold, int Right) Find(IEnumerable<(double Score, bool Right, double Weight)> answers, double precision)
    {
        (double Score, bool Right, double Weight)[] sorted = [.. answers.OrderByDescending(answer => answer.Score)];
        (double? threshold, int best, int right) = (null, 0, 0);
        double precise = 0, taken = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            taken += sorted[i].Weight;
            if (sorted[i].Right) (right, precise) = (right + 1, precise + sorted[i].Weight);
            // A threshold cannot part answers of equal score.
            if (i + 1 < sorted.Length && sorted[i + 1].Score == sorted[i].Score) continue;
            if (right > 0 && precise >= precision * taken) (threshold, best) = (sorted[i].Score, right);
        }
        return (threshold, best);
    }
}

using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Statistics;

/// <summary>Pictures of about one probability: what was said of them, and what was true.</summary>
/// <param name="Said">The mean probability, 0..1.</param>
/// <param name="True">The share that is right, with its interval.</param>
public sealed record ReliabilityBin(double Said, Proportion True);

/// <summary>Whether probabilities are as often right as they say. Pure.</summary>
public static class Reliability
{
    /// <summary>Groups of equal size in order of probability: the first ones are larger by one where it does not divide.</summary>
    public static IReadOnlyList<ReliabilityBin> Bins(IReadOnlyCollection<ScoredPicture> pictures, int bins = 10)
    {
        ScoredPicture[] order = [.. pictures.OrderBy(p => p.Probability)];
        var result = new List<ReliabilityBin>();
        for (int i = 0, start = 0; i < bins; i++)
        {
            int size = (order.Length / bins) + (i < order.Length % bins ? 1 : 0);
            if (size == 0) break;
            ReadOnlySpan<ScoredPicture> bin = order.AsSpan(start, size);
            double said = 0;
            int right = 0;
            foreach (ScoredPicture picture in bin)
            {
                said += picture.Probability;
                right += picture.Same ? 1 : 0;
            }
            result.Add(new ReliabilityBin(said / size, new Proportion(right, size)));
            start += size;
        }
        return result;
    }

    /// <summary>Expected calibration error: the mean distance of what is said from what is true, weighed by size; 0..1.</summary>
    public static double Error(IReadOnlyCollection<ReliabilityBin> bins) =>
        bins.Sum(b => b.True.Of * Math.Abs(b.Said - b.True.Value!.Value)) / Math.Max(1, bins.Sum(b => b.True.Of));

    /// <summary>Mean −ln of the probability given to what is true, at least 1e-9 each.</summary>
    public static double LogLoss(IReadOnlyCollection<ScoredPicture> pictures) =>
        pictures.Average(p => -Math.Log(Math.Max(1e-9, p.Same ? p.Probability : 1 - p.Probability)));
}

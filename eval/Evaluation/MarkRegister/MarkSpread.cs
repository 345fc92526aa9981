using System.Numerics.Tensors;
using Touchstone.Recognition.Features;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>How far made marks lie from described ones: the share of chance in a vector, and the share of bits of a hash that come from other marks; each 0..1.</summary>
internal sealed record MarkSpread(double Bandwidth, double HashShare)
{
    private const int Pool = 3_000, Asked = 400, Steps = 7;

    /// <summary>
    /// Fits both so that the nearest of as many made marks is as near, in the median, as the nearest of the described ones is to a described one. Deterministic.
    /// </summary>
    public static MarkSpread Fit(IReadOnlyList<ImageFeatures> donors, int seed, CancellationToken cancellationToken)
    {
        ImageFeatures[] pool = [.. Enumerable.Range(0, Math.Min(Pool, donors.Count)).Select(i => donors[(int)((long)i * donors.Count / Math.Min(Pool, donors.Count))])];
        double cosine = Median(NearestCosines([.. pool.Select(p => p.Embedding.Global)], Asked)), bits = Median(NearestBits([.. pool.Select(p => p.Pdq)], Asked));
        // The larger either is, the further apart.
        double bandwidth = Bisected(0.05, 0.95, h => Median(NearestCosines(Made(pool, new MarkSpread(h, 0), seed, (m, i) => m.Whole(i), cancellationToken), Asked)) > cosine);
        double share = Bisected(0.01, 1, q => Median(NearestBits(Made(pool, new MarkSpread(0, q), seed, (m, i) => m.Hash(i), cancellationToken), Asked)) < bits);
        return new MarkSpread(bandwidth, share);
    }

    /// <summary>Of the first <paramref name="asked"/> vectors each one's cosine with the nearest other, rising.</summary>
    public static double[] NearestCosines(float[][] vectors, int asked)
    {
        var nearest = new double[Math.Min(asked, vectors.Length)];
        Parallel.For(0, nearest.Length, i =>
        {
            float best = -1;
            for (int j = 0; j < vectors.Length; j++)
                if (j != i) best = Math.Max(best, TensorPrimitives.Dot<float>(vectors[i], vectors[j]));
            nearest[i] = best;
        });
        Array.Sort(nearest);
        return nearest;
    }

    /// <summary>Of the first <paramref name="asked"/> hashes that tell anything each one's distance in bits from the nearest other, rising.</summary>
    public static double[] NearestBits(PdqResult[] hashes, int asked)
    {
        PdqHash[] telling = [.. hashes.Where(h => h.Quality >= 50).Select(h => h.Hash)];
        double[] nearest = [.. Enumerable.Range(0, Math.Min(asked, telling.Length)).Select(i => (double)telling.Where((_, j) => j != i).Min(other => other.DistanceTo(telling[i])))];
        Array.Sort(nearest);
        return nearest;
    }

    private static T[] Made<T>(ImageFeatures[] pool, MarkSpread spread, int seed, Func<MadeMarks, int, T> make, CancellationToken cancellationToken)
    {
        var maker = new MadeMarks(pool, spread, seed);
        var made = new T[pool.Length];
        Parallel.For(0, made.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => made[i] = make(maker, i));
        return made;
    }

    private static double Bisected(double low, double high, Func<double, bool> isTooSmall)
    {
        for (int step = 0; step < Steps; step++)
        {
            double middle = (low + high) / 2;
            if (isTooSmall(middle)) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private static double Median(double[] rising) => rising.Length == 0 ? 0 : rising[rising.Length / 2];
}

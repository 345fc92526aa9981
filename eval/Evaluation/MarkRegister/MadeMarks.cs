using System.Numerics.Tensors;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>
/// Features of marks that nobody drew, spread like those of described ones, in any number. Vectors are a smoothed bootstrap (Silverman and Young, "The bootstrap:
/// to smooth or not to smooth?", 1987): mean + √(1−h²)·(a described mark's − mean) + h·(a random vector of the described ones' covariance), all vectors of
/// a mark with the same draws, so that they belong together; mean and covariance stay, and h sets how near neighbours come. A hash takes each bit from the same described mark or,
/// with a set probability, from another. Keypoints are as many as that mark has, in short runs from other described marks, of the same rank in strength; descriptors
/// are moved a little. Deterministic: mark n of equal parts is always the same. Safe for concurrent use.
/// </summary>
/// <param name="donors">Described marks, at least <see cref="LeastDonors"/>, each with local features.</param>
/// <param name="spread">How far the made ones lie from the described.</param>
/// <param name="seed">Chooses all else.</param>
internal sealed class MadeMarks(IReadOnlyList<ImageFeatures> donors, MarkSpread spread, int seed)
{
    public const int LeastDonors = 32;

    // Enough that their sum is nearly normal; more cost more.
    private const int Mixed = 16;

    // So many keypoints in a row come from one donor, at their places: a letter or a corner that marks share.
    private const int Run = 4;
    private const int Moved = 6;

    private readonly float[] mean = Mean(donors.SelectMany(d => d.Wholes));
    private readonly float[][] regionMeans = [.. Enumerable.Range(0, donors[0].Embedding.Regions.Length).Select(r => Mean(donors.Select(d => d.Embedding.Regions[r])))];

    /// <param name="number">Any.</param>
    /// <param name="sha256">Names its picture.</param>
    public ImageFeatures Make(int number, string sha256)
    {
        Draw draw = DrawOf(number);
        ImageFeatures donor = draw.Donor;
        float[][] wholes = [.. donor.Wholes.Select((_, view) => Whole(draw, view))];
        float[][] regions = [.. donor.Embedding.Regions.Select((own, r) => Vector(own, regionMeans[r], draw, other => other.Embedding.Regions[r]))];
        return new ImageFeatures(sha256, Hash(draw), new ImageEmbedding(donor.Embedding.ModelId, wholes[0], regions), Local(draw)) { Views = wholes[1..] };
    }

    /// <summary>As <see cref="Make"/> makes it, with so much as indexes take: no windows, and the strongest keypoints alone.</summary>
    /// <param name="keypoints">So many at most.</param>
    public ImageFeatures MakeIndexed(int number, string sha256, int keypoints)
    {
        Draw draw = DrawOf(number);
        float[][] wholes = [.. draw.Donor.Wholes.Select((_, view) => Whole(draw, view))];
        return new ImageFeatures(sha256, Hash(draw), new ImageEmbedding(draw.Donor.Embedding.ModelId, wholes[0], []), Local(draw, keypoints)) { Views = wholes[1..] };
    }

    /// <summary>The embedding of the whole picture alone.</summary>
    public float[] Whole(int number) => Whole(DrawOf(number), 0);

    /// <summary>The hash alone.</summary>
    public PdqResult Hash(int number) => Hash(DrawOf(number));

    private Draw DrawOf(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        ImageFeatures donor = donors[random.Next(donors.Count)];
        var others = new ImageFeatures[Mixed];
        var weights = new float[Mixed];
        for (int i = 0; i < Mixed; i++)
        {
            others[i] = donors[random.Next(donors.Count)];
            // The sum of three uniform numbers is normal enough for a sum of sixteen of them; its variance is 1.
            weights[i] = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2 / Math.Sqrt(Mixed));
        }
        return new Draw(donor, others, weights, random.Next());
    }

    private float[] Whole(Draw draw, int view) => Vector(View(draw.Donor, view), mean, draw, other => View(other, view));

    private float[] Vector(float[] own, float[] mean, Draw draw, Func<ImageFeatures, float[]> of)
    {
        float h = (float)spread.Bandwidth, kept = MathF.Sqrt(1 - (h * h));
        var vector = new float[own.Length];
        float ofMean = 1 - kept;
        for (int i = 0; i < draw.Others.Length; i++)
        {
            float weight = h * draw.Weights[i];
            TensorPrimitives.MultiplyAdd(of(draw.Others[i]), weight, vector, vector);
            ofMean -= weight;
        }
        TensorPrimitives.MultiplyAdd(own, kept, vector, vector);
        TensorPrimitives.MultiplyAdd(mean, ofMean, vector, vector);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private PdqResult Hash(Draw draw)
    {
        var random = new Random(draw.Seed);
        ulong Word(Func<PdqHash, ulong> of)
        {
            ulong word = 0;
            for (int bit = 0; bit < 64; bit++)
            {
                ImageFeatures from = random.NextDouble() < spread.HashShare ? draw.Others[random.Next(Mixed)] : draw.Donor;
                word |= of(from.Pdq.Hash) & (1UL << bit);
            }
            return word;
        }
        return draw.Donor.Pdq with { Hash = new PdqHash(Word(h => h.A), Word(h => h.B), Word(h => h.C), Word(h => h.D)) };
    }

    private LocalFeatureSet Local(Draw draw, int most = int.MaxValue)
    {
        LocalFeatureSet own = draw.Donor.LocalFeatures!;
        var random = new Random(~draw.Seed);
        int all = own.Keypoints.Length;
        var keypoints = new Keypoint[Math.Min(most, all)];
        var descriptors = new byte[keypoints.Length * LocalFeatureSet.DescriptorLength];
        LocalFeatureSet from = own;
        int start = 0;
        for (int i = 0; i < keypoints.Length; i++)
        {
            if (i % Run == 0) (from, start) = (WithKeypoints(random), i);
            int at = Math.Min(from.Keypoints.Length - 1, (int)((long)start * from.Keypoints.Length / all) + i - start);
            Keypoint point = from.Keypoints[at];
            keypoints[i] = point with { X = point.X * own.Width / from.Width, Y = point.Y * own.Height / from.Height };
            Move(from.Descriptors.AsSpan(at * LocalFeatureSet.DescriptorLength, LocalFeatureSet.DescriptorLength), descriptors.AsSpan(i * LocalFeatureSet.DescriptorLength), (ulong)random.NextInt64());
        }
        return new LocalFeatureSet(own.Width, own.Height, keypoints, descriptors) { Thumbnail = own.Thumbnail };
    }

    private LocalFeatureSet WithKeypoints(Random random)
    {
        while (true)
            if (donors[random.Next(donors.Count)].LocalFeatures is { Keypoints.Length: > 0 } local) return local;
    }

    private static void Move(ReadOnlySpan<byte> from, Span<byte> to, ulong noise)
    {
        for (int i = 0; i < from.Length; i++)
        {
            noise = (noise * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            to[i] = (byte)Math.Clamp(from[i] + (int)((noise >> 33) % ((2 * Moved) + 1)) - Moved, 0, 255);
        }
    }

    /// <summary>A view of a mark that has fewer is one of those that it has.</summary>
    private static float[] View(ImageFeatures image, int view) => view == 0 || image.Views.Count == 0 ? image.Embedding.Global : image.Views[(view - 1) % image.Views.Count];

    private static float[] Mean(IEnumerable<float[]> vectors)
    {
        float[]? sum = null;
        int count = 0;
        foreach (float[] vector in vectors)
        {
            sum ??= new float[vector.Length];
            TensorPrimitives.Add(sum, vector, sum);
            count++;
        }
        TensorPrimitives.Divide(sum!, count, sum);
        return sum!;
    }

    /// <summary>What chance chose for one mark. Weights: of the others' deviations from the mean.</summary>
    private sealed record Draw(ImageFeatures Donor, ImageFeatures[] Others, float[] Weights, int Seed);
}

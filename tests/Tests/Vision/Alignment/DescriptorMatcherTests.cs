using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Vision.Alignment;

public sealed class DescriptorMatcherTests
{
    private const int Length = LocalFeatureSet.DescriptorLength;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 5)]
    [InlineData(40, 67)]
    [InlineData(131, 130)]
    public void Pairs_are_those_of_a_plain_search(int rows, int columns)
    {
        var random = new Random((rows * 1000) + columns);
        LocalFeatureSet reference = Set(columns, _ => (byte)random.Next(256), random);
        // Every second row is a disturbed column, the others resemble nothing.
        LocalFeatureSet query = Set(rows, i => (byte)Math.Clamp((i / Length % 2 == 0 ? reference.Descriptors[i % reference.Descriptors.Length] : random.Next(256)) + random.Next(-9, 10), 0, 255), random);
        List<FeaturePair> pairs = DescriptorMatcher.Match(query, reference, 0.8f);
        Assert.Equal(Plain(query, reference, 0.8).Order(), pairs.Select(p => (p.Query, p.Reference)).Order());
    }

    [Theory]
    [InlineData(nameof(DotProducts.Portable))]
    [InlineData(nameof(DotProducts.Avx2))]
    [InlineData(nameof(DotProducts.Vnni))]
    public unsafe void Distances_are_the_same_on_every_processor(string way)
    {
        DotProducts products = Enum.Parse<DotProducts>(way);
        Assert.SkipWhen(products > DescriptorDistances.Best, $"This processor has no {way} instructions.");
        var random = new Random(5);
        // The extremes among them, and a last block that is not full.
        byte[] columns = [.. Enumerable.Repeat((byte)0, Length), .. Enumerable.Repeat((byte)255, Length), .. Enumerable.Range(0, 69 * Length).Select(_ => (byte)random.Next(256))];
        int[] distances = new int[DescriptorDistances.Block];
        foreach (byte[] row in (byte[][])[[.. Enumerable.Repeat((byte)0, Length)], [.. Enumerable.Repeat((byte)255, Length)], columns[(9 * Length)..(10 * Length)]])
        {
            fixed (byte* all = columns, one = row)
            {
                var measured = new DescriptorDistances(all, 71, products);
                for (int start = 0; start < 71; start += DescriptorDistances.Block)
                {
                    measured.To(one, DescriptorDistances.Norm(one), start, distances);
                    for (int j = 0; j < distances.Length; j++)
                    {
                        int at = start + j;
                        Assert.Equal(at < 71 ? Enumerable.Range(0, Length).Sum(i => (row[i] - columns[(at * Length) + i]) * (row[i] - columns[(at * Length) + i])) : int.MaxValue, distances[j]);
                    }
                }
            }
        }
    }

    private static LocalFeatureSet Set(int count, Func<int, byte> value, Random random)
    {
        var descriptors = new byte[count * Length];
        for (int i = 0; i < descriptors.Length; i++) descriptors[i] = value(i);
        return new LocalFeatureSet(100, 100, [.. Enumerable.Range(0, count).Select(_ => new Keypoint(100 * random.NextSingle(), 100 * random.NextSingle(), 2, 0))], descriptors);
    }

    private static IEnumerable<(int Query, int Reference)> Plain(LocalFeatureSet query, LocalFeatureSet reference, double ratio)
    {
        int rows = query.Keypoints.Length, columns = reference.Keypoints.Length;
        long Distance(int row, int column) => Enumerable.Range(0, Length)
            .Sum(i => (long)Math.Pow(query.Descriptors[(row * Length) + i] - reference.Descriptors[(column * Length) + i], 2));
        long[][] distances = [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column => Distance(row, column)).ToArray())];
        for (int row = 0; row < rows; row++)
        {
            long[] sorted = [.. distances[row].Order()];
            int nearest = Array.IndexOf(distances[row], sorted[0]);
            if (sorted[0] < ratio * ratio * sorted[1] && Enumerable.Range(0, rows).MinBy(other => distances[other][nearest]) == row) yield return (row, nearest);
        }
    }
}

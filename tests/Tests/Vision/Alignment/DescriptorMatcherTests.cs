using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Vision.Alignment;

public sealed class DescriptorMatcherTests
{
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
        LocalFeatureSet query = Set(rows, i => (byte)Math.Clamp((i / LocalFeatureSet.DescriptorLength % 2 == 0 ? reference.Descriptors[i % reference.Descriptors.Length] : random.Next(256)) + random.Next(-9, 10), 0, 255), random);
        List<FeaturePair> pairs = DescriptorMatcher.Match(query, reference, 0.8f);
        Assert.Equal(Plain(query, reference, 0.8).Order(), pairs.Select(p => (p.Query, p.Reference)).Order());
    }

    private static LocalFeatureSet Set(int count, Func<int, byte> value, Random random)
    {
        var descriptors = new byte[count * LocalFeatureSet.DescriptorLength];
        for (int i = 0; i < descriptors.Length; i++) descriptors[i] = value(i);
        return new LocalFeatureSet(100, 100, [.. Enumerable.Range(0, count).Select(_ => new Keypoint(100 * random.NextSingle(), 100 * random.NextSingle(), 2, 0))], descriptors);
    }

    private static IEnumerable<(int Query, int Reference)> Plain(LocalFeatureSet query, LocalFeatureSet reference, double ratio)
    {
        int rows = query.Keypoints.Length, columns = reference.Keypoints.Length;
        long Distance(int row, int column) => Enumerable.Range(0, LocalFeatureSet.DescriptorLength)
            .Sum(i => (long)Math.Pow(query.Descriptors[(row * LocalFeatureSet.DescriptorLength) + i] - reference.Descriptors[(column * LocalFeatureSet.DescriptorLength) + i], 2));
        long[][] distances = [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column => Distance(row, column)).ToArray())];
        for (int row = 0; row < rows; row++)
        {
            long[] sorted = [.. distances[row].Order()];
            int nearest = Array.IndexOf(distances[row], sorted[0]);
            if (sorted[0] < ratio * ratio * sorted[1] && Enumerable.Range(0, rows).MinBy(other => distances[other][nearest]) == row) yield return (row, nearest);
        }
    }
}

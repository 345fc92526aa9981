using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>A tentative pair: rows of the two sets, and best over second best distance, 0..1.</summary>
internal readonly record struct FeaturePair(int Query, int Reference, float Ratio);

/// <summary>
/// Pairs descriptors by brute force: each of the query with its nearest of the reference, if that is clearly nearer than the second
/// nearest and has no nearer one in the query. Thread-safe; deterministic (integer arithmetic).
/// </summary>
internal static unsafe class DescriptorMatcher
{
    /// <summary>The pairs, clearest first.</summary>
    public static List<FeaturePair> Match(LocalFeatureSet query, LocalFeatureSet reference, float ratio)
    {
        int rows = query.Keypoints.Length;
        int columns = reference.Keypoints.Length;
        List<FeaturePair> pairs = [];
        // The ratio needs a second nearest.
        if (rows == 0 || columns < 2) return pairs;
        // Whole blocks, so that no loop needs a tail.
        int padded = (columns + DescriptorDistances.Block - 1) / DescriptorDistances.Block * DescriptorDistances.Block;
        int[] nearestRow = new int[padded];
        int[] nearestDistance = new int[padded];
        Array.Fill(nearestDistance, int.MaxValue);
        Nearest[] best = new Nearest[rows];
        fixed (byte* left = query.Descriptors, right = reference.Descriptors)
        {
            var distances = new DescriptorDistances(right, columns);
            for (int i = 0; i < rows; i++) best[i] = MatchRow(distances, left + (i * LocalFeatureSet.DescriptorLength), i, nearestRow, nearestDistance);
        }
        float squared = ratio * ratio;
        for (int i = 0; i < rows; i++)
        {
            (int column, int first, int second) = best[i];
            if (nearestRow[column] == i && first < squared * second)
                pairs.Add(new FeaturePair(i, column, MathF.Sqrt(first / (float)Math.Max(1, second))));
        }
        pairs.Sort(static (a, b) => a.Ratio != b.Ratio ? a.Ratio.CompareTo(b.Ratio) : a.Query.CompareTo(b.Query));
        return pairs;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Nearest MatchRow(DescriptorDistances distances, byte* row, int rowNumber, int[] nearestRow, int[] nearestDistance)
    {
        int norm = DescriptorDistances.Norm(row);
        var thisRow = Vector256.Create(rowNumber);
        Span<int> block = stackalloc int[DescriptorDistances.Block];
        (int column, int best, int second) = (0, int.MaxValue, int.MaxValue);
        for (int start = 0; start < nearestRow.Length; start += DescriptorDistances.Block)
        {
            distances.To(row, norm, start, block);
            for (int j = 0; j < block.Length; j += Vector256<int>.Count)
            {
                Vector256<int> distance = Vector256.Create<int>(block[j..]);
                Span<int> rows = nearestRow.AsSpan(start + j), least = nearestDistance.AsSpan(start + j);
                Vector256<int> before = Vector256.Create<int>(least);
                Vector256.ConditionalSelect(Vector256.LessThan(distance, before), thisRow, Vector256.Create<int>(rows)).CopyTo(rows);
                Vector256.Min(distance, before).CopyTo(least);
                uint near = Vector256.LessThan(distance, Vector256.Create(second)).ExtractMostSignificantBits();
                for (; near != 0; near &= near - 1)
                {
                    int at = j + BitOperations.TrailingZeroCount(near);
                    if (block[at] < best) (column, best, second) = (start + at, block[at], best);
                    else second = Math.Min(second, block[at]);
                }
            }
        }
        return new Nearest(column, best, second);
    }

    /// <summary>A row's nearest column, its squared distance, and that of the second nearest.</summary>
    private readonly record struct Nearest(int Column, int Best, int Second);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
    private const int Length = LocalFeatureSet.DescriptorLength;

    /// <summary>The pairs, clearest first.</summary>
    public static List<FeaturePair> Match(LocalFeatureSet query, LocalFeatureSet reference, float ratio)
    {
        int rows = query.Keypoints.Length;
        int columns = reference.Keypoints.Length;
        List<FeaturePair> pairs = [];
        // The ratio needs a second nearest.
        if (rows == 0 || columns < 2) return pairs;
        short[] left = Widened(query.Descriptors);
        short[] right = Widened(reference.Descriptors);
        int[] rightNorms = Norms(right, columns);
        int[] leftNorms = Norms(left, rows);
        int[] nearestRow = new int[columns];
        int[] nearestDistance = new int[columns];
        Array.Fill(nearestDistance, int.MaxValue);
        (int Column, int Best, int Second)[] best = new (int, int, int)[rows];
        fixed (short* leftRows = left, rightRows = right)
        {
            int* products = stackalloc int[Block];
            for (int i = 0; i < rows; i++)
                best[i] = MatchRow(leftRows + (i * Length), leftNorms[i], rightRows, rightNorms, i, nearestRow, nearestDistance, products);
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

    /// <summary>Products computed before they are looked at: enough to keep the multiply loop free of branches.</summary>
    private const int Block = 64;

    private static (int Column, int Best, int Second) MatchRow(
        short* row, int norm, short* columns, int[] norms, int rowNumber, int[] nearestRow, int[] nearestDistance, int* products)
    {
        (int column, int best, int second) = (0, int.MaxValue, int.MaxValue);
        for (int start = 0; start < norms.Length; start += Block)
        {
            int count = Math.Min(Block, norms.Length - start);
            Products(row, columns + (start * Length), count, products);
            for (int j = 0; j < count; j++)
            {
                int at = start + j;
                int distance = norm + norms[at] - (2 * products[j]);
                if (distance < second)
                {
                    if (distance < best) (column, best, second) = (at, distance, best);
                    else second = distance;
                }
                if (distance < nearestDistance[at]) (nearestRow[at], nearestDistance[at]) = (rowNumber, distance);
            }
        }
        return (column, best, second);
    }

    private static void Products(short* row, short* columns, int count, int* products)
    {
        if (!Avx2.IsSupported)
        {
            for (int j = 0; j < count; j++) products[j] = PortableProduct(row, columns + (j * Length));
            return;
        }
        Vector256<short> r0 = Vector256.Load(row), r1 = Vector256.Load(row + 16), r2 = Vector256.Load(row + 32), r3 = Vector256.Load(row + 48);
        Vector256<short> r4 = Vector256.Load(row + 64), r5 = Vector256.Load(row + 80), r6 = Vector256.Load(row + 96), r7 = Vector256.Load(row + 112);
        for (int j = 0; j < count; j++)
        {
            short* c = columns + (j * Length);
            Vector256<int> a = Avx2.MultiplyAddAdjacent(r0, Vector256.Load(c)) + Avx2.MultiplyAddAdjacent(r1, Vector256.Load(c + 16));
            Vector256<int> b = Avx2.MultiplyAddAdjacent(r2, Vector256.Load(c + 32)) + Avx2.MultiplyAddAdjacent(r3, Vector256.Load(c + 48));
            a += Avx2.MultiplyAddAdjacent(r4, Vector256.Load(c + 64)) + Avx2.MultiplyAddAdjacent(r5, Vector256.Load(c + 80));
            b += Avx2.MultiplyAddAdjacent(r6, Vector256.Load(c + 96)) + Avx2.MultiplyAddAdjacent(r7, Vector256.Load(c + 112));
            products[j] = Vector256.Sum(a + b);
        }
    }

    /// <summary>The same product where AVX2 is absent, such as on ARM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int PortableProduct(short* left, short* right)
    {
        Vector128<int> sum = Vector128<int>.Zero;
        for (int i = 0; i < Length; i += 8)
        {
            Vector128<short> a = Vector128.Load(left + i);
            Vector128<short> b = Vector128.Load(right + i);
            sum += (Vector128.WidenLower(a) * Vector128.WidenLower(b)) + (Vector128.WidenUpper(a) * Vector128.WidenUpper(b));
        }
        return Vector128.Sum(sum);
    }

    private static short[] Widened(byte[] descriptors) => Array.ConvertAll(descriptors, static value => (short)value);

    private static int[] Norms(short[] rows, int count)
    {
        int[] norms = new int[count];
        fixed (short* at = rows)
            for (int i = 0; i < count; i++) norms[i] = PortableProduct(at + (i * Length), at + (i * Length));
        return norms;
    }
}

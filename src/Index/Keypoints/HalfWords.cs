using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// 256 words for one half of a descriptor, laid out dimension by dimension so that a descriptor is compared with many at once. Bytes in
/// floats: every sum is a whole number below 2²⁴, so the result is exact and the same on every machine. Immutable; safe for concurrent use.
/// </summary>
internal sealed class HalfWords
{
    public const int Words = 256;
    public const int Length = VisualVocabulary.DescriptorLength / 2;

    private const int Lanes = 8;
    private const int Block = 8 * Lanes;

    private readonly float[] _columns = new float[Length * Words];
    private readonly float[] _norms = new float[Words];

    /// <param name="words">256 × 64 values, word by word.</param>
    public HalfWords(ReadOnlySpan<float> words)
    {
        for (int word = 0; word < Words; word++)
        {
            ReadOnlySpan<float> values = words.Slice(word * Length, Length);
            _norms[word] = TensorPrimitives.SumOfSquares(values);
            for (int i = 0; i < Length; i++) _columns[(i * Words) + word] = values[i];
        }
    }

    /// <summary>The nearest words, nearest first, ties by number. Distance: squared, less the square of the half descriptor itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Nearest(ReadOnlySpan<float> half, Span<WordCell> best)
    {
        Span<float> distances = stackalloc float[Words];
        for (int start = 0; start < Words; start += Block) Distances(half, start, distances);
        best.Fill(new WordCell(-1, float.MaxValue));
        float worst = float.MaxValue;
        for (int word = 0; word < Words; word++)
        {
            float distance = distances[word];
            if (distance >= worst) continue;
            int place = best.Length - 1;
            for (; place > 0 && distance < best[place - 1].Distance; place--) best[place] = best[place - 1];
            best[place] = new WordCell(word, distance);
            worst = best[^1].Distance;
        }
    }

    /// <summary>64 words at a time, their sums in eight registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Distances(ReadOnlySpan<float> half, int start, Span<float> distances)
    {
        Vector256<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        ReadOnlySpan<Vector256<float>> columns = MemoryMarshal.Cast<float, Vector256<float>>(_columns.AsSpan(start));
        for (int i = 0; i < Length; i++)
        {
            var value = Vector256.Create(half[i]);
            ReadOnlySpan<Vector256<float>> column = columns.Slice(i * (Words / Lanes), Block / Lanes);
            a += column[0] * value;
            b += column[1] * value;
            c += column[2] * value;
            d += column[3] * value;
            e += column[4] * value;
            f += column[5] * value;
            g += column[6] * value;
            h += column[7] * value;
        }
        Span<Vector256<float>> sums = [a, b, c, d, e, f, g, h];
        for (int i = 0; i < Block; i++) distances[start + i] = _norms[start + i] - (2 * sums[i / Lanes][i % Lanes]);
    }
}

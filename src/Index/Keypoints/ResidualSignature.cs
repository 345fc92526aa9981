using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// 64 bits that say on which side of 64 planes through its cell's centre a descriptor lies: near descriptors differ in few bits, others of
/// the cell in about 32 (Jégou, Douze and Schmid, "Hamming Embedding and Weak Geometric Consistency", ECCV 2008). The planes are rows of a
/// Hadamard matrix with shuffled signs, so that nothing has to be learnt. Projecting is linear: a descriptor is projected once, and the
/// projections of the words are subtracted. Whole numbers below 2²⁴ throughout, so exact in floats.
/// </summary>
internal static class ResidualSignature
{
    /// <summary>Values in a projection, and bits in a signature.</summary>
    public const int Planes = 64;

    private const int Length = VisualVocabulary.DescriptorLength;
    private const int Lanes = 8;

    private static readonly float[] Signs = MakeSigns();

    /// <summary>Projects 128 values, which are overwritten, onto the 64 planes.</summary>
    public static void Project(Span<float> values, Span<float> projection)
    {
        Span<Vector256<float>> v = MemoryMarshal.Cast<float, Vector256<float>>(values);
        ReadOnlySpan<Vector256<float>> signs = MemoryMarshal.Cast<float, Vector256<float>>(Signs);
        for (int i = 0; i < v.Length; i++) v[i] = InRow(v[i] * signs[i]);
        for (int width = 1; width < v.Length; width *= 2)
            for (int start = 0; start < v.Length; start += 2 * width)
                for (int i = start; i < start + width; i++) (v[i], v[i + width]) = (v[i] + v[i + width], v[i] - v[i + width]);
        for (int i = 0; i < Planes; i++) projection[i] = values[2 * i];
    }

    /// <summary>The signature of a descriptor in a cell, from the projections of the descriptor and of the cell's two words.</summary>
    public static ulong Of(ReadOnlySpan<float> descriptor, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        ReadOnlySpan<Vector256<float>> d = MemoryMarshal.Cast<float, Vector256<float>>(descriptor);
        ReadOnlySpan<Vector256<float>> a = MemoryMarshal.Cast<float, Vector256<float>>(first), b = MemoryMarshal.Cast<float, Vector256<float>>(second);
        ulong bits = 0;
        for (int i = 0; i < Planes / Lanes; i++) bits |= (ulong)Vector256.GreaterThan(d[i], a[i] + b[i]).ExtractMostSignificantBits() << (i * Lanes);
        return bits;
    }

    /// <summary>The transform of eight values: with each neighbour at distance 1, 2 and 4, sum and difference.</summary>
    private static Vector256<float> InRow(Vector256<float> v)
    {
        v = Vector256.Shuffle(v, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + (v * Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1));
        v = Vector256.Shuffle(v, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + (v * Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1));
        return Vector256.Shuffle(v, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + (v * Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1));
    }

    private static float[] MakeSigns()
    {
        // A fixed generator of our own: the planes, and with them the candidates, must not change with the runtime's Random.
        ulong state = 0x9E3779B97F4A7C15;
        float[] signs = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            signs[i] = (state >> 63) == 0 ? 1 : -1;
        }
        return signs;
    }
}

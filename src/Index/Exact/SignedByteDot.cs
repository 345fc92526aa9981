using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Touchstone.Index.Exact;

/// <summary>The exact integer inner product of two rows of signed bytes within −127..127, on whatever vectors the processor has.</summary>
internal static class SignedByteDot
{
    /// <summary>Both rows are of one length, below 130,000, so that the sum fits 32 bits.</summary>
    public static int Of(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        ref sbyte x = ref MemoryMarshal.GetReference(left);
        ref sbyte y = ref MemoryMarshal.GetReference(right);
        int at = 0, sum = 0;
        if (Avx2.IsSupported)
        {
            Vector256<int> sums = Vector256<int>.Zero, more = Vector256<int>.Zero;
            for (; at <= left.Length - 32; at += 32)
            {
                sums += Products(ref x, ref y, at);
                more += Products(ref x, ref y, at + 16);
            }
            sum = Vector256.Sum(sums + more);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            for (; at <= left.Length - 16; at += 16)
            {
                (Vector128<short> x0, Vector128<short> x1) = Vector128.Widen(Vector128.LoadUnsafe(ref x, (nuint)at));
                (Vector128<short> y0, Vector128<short> y1) = Vector128.Widen(Vector128.LoadUnsafe(ref y, (nuint)at));
                // Two products of bytes are at most 2 × 127², which a short still holds.
                (Vector128<int> low, Vector128<int> high) = Vector128.Widen((x0 * y0) + (x1 * y1));
                sums += low + high;
            }
            sum = Vector128.Sum(sums);
        }
        for (; at < left.Length; at++) sum += left[at] * right[at];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(ref sbyte x, ref sbyte y, int at) => Avx2.MultiplyAddAdjacent(
        Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref x, (nuint)at)),
        Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref y, (nuint)at)));
}

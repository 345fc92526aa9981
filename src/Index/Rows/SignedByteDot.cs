using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Touchstone.Index.Rows;

/// <summary>
/// Exact integer inner products with a row of signed bytes within −127..127, on whatever vectors the processor has. Both sides are of
/// one length; the caller sees to it that the sum fits 32 bits.
/// </summary>
internal static class SignedByteDot
{
    /// <summary>Of two rows of bytes, below 130,000 values long.</summary>
    public static int Of(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        ref sbyte x = ref MemoryMarshal.GetReference(left);
        ref sbyte y = ref MemoryMarshal.GetReference(right);
        int at = 0, sum = 0;
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sums = Vector512<int>.Zero;
            for (; at <= left.Length - 32; at += 32) sums += Avx512BW.MultiplyAddAdjacent(WideShorts(ref x, at), WideShorts(ref y, at));
            sum = Vector512.Sum(sums);
        }
        else if (Avx2.IsSupported)
        {
            Vector256<int> sums = Vector256<int>.Zero, more = Vector256<int>.Zero;
            for (; at <= left.Length - 32; at += 32)
            {
                sums += Avx2.MultiplyAddAdjacent(Shorts(ref x, at), Shorts(ref y, at));
                more += Avx2.MultiplyAddAdjacent(Shorts(ref x, at + 16), Shorts(ref y, at + 16));
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

    /// <summary>Of a finer query and a row of bytes.</summary>
    public static int Of(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> row)
    {
        ref short x = ref MemoryMarshal.GetReference(query);
        ref sbyte y = ref MemoryMarshal.GetReference(row);
        int at = 0, sum = 0;
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sums = Vector512<int>.Zero;
            for (; at <= row.Length - 32; at += 32) sums += Avx512BW.MultiplyAddAdjacent(WideShorts(ref y, at), Vector512.LoadUnsafe(ref x, (nuint)at));
            sum = Vector512.Sum(sums);
        }
        else if (Avx2.IsSupported)
        {
            Vector256<int> sums = Vector256<int>.Zero, more = Vector256<int>.Zero;
            for (; at <= row.Length - 32; at += 32)
            {
                sums += Avx2.MultiplyAddAdjacent(Shorts(ref y, at), Vector256.LoadUnsafe(ref x, (nuint)at));
                more += Avx2.MultiplyAddAdjacent(Shorts(ref y, at + 16), Vector256.LoadUnsafe(ref x, (nuint)(at + 16)));
            }
            sum = Vector256.Sum(sums + more);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            for (; at <= row.Length - 16; at += 16)
            {
                (Vector128<short> y0, Vector128<short> y1) = Vector128.Widen(Vector128.LoadUnsafe(ref y, (nuint)at));
                sums += Products(Vector128.LoadUnsafe(ref x, (nuint)at), y0) + Products(Vector128.LoadUnsafe(ref x, (nuint)(at + 8)), y1);
            }
            sum = Vector128.Sum(sums);
        }
        for (; at < row.Length; at++) sum += query[at] * row[at];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> WideShorts(ref sbyte row, int at) => Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref row, (nuint)at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Shorts(ref sbyte row, int at) => Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, (nuint)at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Products(Vector128<short> x, Vector128<short> y)
    {
        (Vector128<int> x0, Vector128<int> x1) = Vector128.Widen(x);
        (Vector128<int> y0, Vector128<int> y1) = Vector128.Widen(y);
        return (x0 * y0) + (x1 * y1);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Touchstone.Index.Hamming;

/// <summary>
/// Passes over keys that their first half shows to be too far away: half a key has as many differing bits or fewer than the whole. Counts the
/// bits of many keys at once by looking up four bits a time (Muła, Kurz and Lemire, "Faster population counts using AVX2 instructions",
/// 2018). Deterministic; the same on every processor.
/// </summary>
internal static class NearKeys
{
    /// <summary>The first row from <paramref name="row"/> on whose first two words differ from those of a query in at most so many bits; the number of rows if there is none.</summary>
    /// <param name="first">The first word of each key.</param>
    /// <param name="second">The second word of each key, as many.</param>
    /// <param name="row">0..the number of rows.</param>
    /// <param name="queries">Keys, one after the other, at least one.</param>
    /// <param name="maxDistance">In bits, 0..256.</param>
    public static int Next(ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, int row, ReadOnlySpan<ulong> queries, int maxDistance)
    {
        second = second[..first.Length];
        if (Avx2.IsSupported)
        {
            for (; row <= first.Length - 8; row += 8)
            {
                uint near = NearOfEight(ref MemoryMarshal.GetReference(first), ref MemoryMarshal.GetReference(second), (nuint)row, queries, maxDistance);
                if (near != 0) return row + BitOperations.TrailingZeroCount(near);
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; row <= first.Length - 2; row += 2)
            {
                uint near = NearOfTwo(ref MemoryMarshal.GetReference(first), ref MemoryMarshal.GetReference(second), (nuint)row, queries, maxDistance);
                if (near != 0) return row + BitOperations.TrailingZeroCount(near);
            }
        }
        for (; row < first.Length; row++)
        {
            for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
            {
                if (BitOperations.PopCount(first[row] ^ queries[q]) + BitOperations.PopCount(second[row] ^ queries[q + 1]) <= maxDistance) return row;
            }
        }
        return first.Length;
    }

    /// <summary>Bit i: the key at <paramref name="row"/> + i is near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NearOfEight(ref ulong first, ref ulong second, nuint row, ReadOnlySpan<ulong> queries, int maxDistance)
    {
        Vector256<ulong> a0 = Vector256.LoadUnsafe(ref first, row), a1 = Vector256.LoadUnsafe(ref first, row + 4);
        Vector256<ulong> b0 = Vector256.LoadUnsafe(ref second, row), b1 = Vector256.LoadUnsafe(ref second, row + 4);
        Vector256<ushort> least0 = Vector256<ushort>.AllBitsSet, least1 = least0;
        for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
        {
            Vector256<ulong> a = Vector256.Create(queries[q]), b = Vector256.Create(queries[q + 1]);
            least0 = Vector256.Min(least0, Avx2.SumAbsoluteDifferences(BitsOfBytes(a0 ^ a) + BitsOfBytes(b0 ^ b), Vector256<byte>.Zero));
            least1 = Vector256.Min(least1, Avx2.SumAbsoluteDifferences(BitsOfBytes(a1 ^ a) + BitsOfBytes(b1 ^ b), Vector256<byte>.Zero));
        }
        Vector256<long> bound = Vector256.Create((long)maxDistance);
        if (!Vector256.LessThanOrEqualAny(Vector256.Min(least0, least1).AsInt64(), bound)) return 0;
        return Vector256.LessThanOrEqual(least0.AsInt64(), bound).ExtractMostSignificantBits() | (Vector256.LessThanOrEqual(least1.AsInt64(), bound).ExtractMostSignificantBits() << 4);
    }

    /// <summary>Bit i: the key at <paramref name="row"/> + i is near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NearOfTwo(ref ulong first, ref ulong second, nuint row, ReadOnlySpan<ulong> queries, int maxDistance)
    {
        Vector128<ulong> a = Vector128.LoadUnsafe(ref first, row), b = Vector128.LoadUnsafe(ref second, row);
        Vector128<byte> least = Vector128<byte>.AllBitsSet;
        for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
        {
            Vector128<ulong> bits = (BitsOfBytes(a ^ Vector128.Create(queries[q])) + BitsOfBytes(b ^ Vector128.Create(queries[q + 1]))).AsUInt64();
            bits += bits >> 32;
            bits += bits >> 16;
            bits += bits >> 8; // now the lowest byte holds the sum of all eight, at most 128
            least = Vector128.Min(least, bits.AsByte());
        }
        return Vector128.LessThanOrEqual(least.AsUInt64() & Vector128.Create(255UL), Vector128.Create((ulong)maxDistance)).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> BitsOfBytes(Vector256<ulong> words)
    {
        Vector256<byte> bits = Vector256.Create(BitsOfFour, BitsOfFour), four = Vector256.Create((byte)15);
        return Avx2.Shuffle(bits, words.AsByte() & four) + Avx2.Shuffle(bits, (words >> 4).AsByte() & four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> BitsOfBytes(Vector128<ulong> words)
    {
        Vector128<byte> four = Vector128.Create((byte)15);
        return Vector128.Shuffle(BitsOfFour, words.AsByte() & four) + Vector128.Shuffle(BitsOfFour, (words >> 4).AsByte() & four);
    }

    /// <summary>The bits that are set in each of 0..15.</summary>
    private static Vector128<byte> BitsOfFour => Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
}

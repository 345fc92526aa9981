using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Touchstone.Index.Hamming;

/// <summary>
/// Passes over keys of which the first words show that they are too far away: a part of a key has as many differing bits as the whole, or fewer. Two words of random keys differ in 64 ± 6 bits, three in 96 ± 7,
/// so that a larger distance takes a third word, or nearly every key would pass. Counts the bits of many keys at once by looking up four bits a time (Muła, Kurz and Lemire,
/// "Faster population counts using AVX2 instructions", 2018). Deterministic; the same on every processor.
/// </summary>
/// <param name="first">The first word of each key.</param>
/// <param name="second">The second word of each key, as many.</param>
/// <param name="third">The third word of each key, as many.</param>
internal readonly ref struct NearKeys(ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> third)
{
    // Of random keys less than a millionth passes by two words at this distance, and nearly half of them at 63, where by three a millionth does.
    private const int FarthestByTwo = 34;

    private readonly ReadOnlySpan<ulong> _first = first, _second = second[..first.Length], _third = third[..first.Length];

    /// <summary>The first row from <paramref name="row"/> on whose first words differ from those of a query in at most so many bits; the number of rows if there is none.</summary>
    /// <param name="row">0..the number of rows.</param>
    /// <param name="queries">Keys, one after the other, at least one.</param>
    /// <param name="maxDistance">In bits, 0..256.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(int row, ReadOnlySpan<ulong> queries, int maxDistance)
    {
        bool three = maxDistance > FarthestByTwo;
        if (Avx2.IsSupported)
        {
            for (; row <= _first.Length - 8; row += 8)
            {
                uint near = three ? NearOfEight((nuint)row, queries, maxDistance, three: true) : NearOfEight((nuint)row, queries, maxDistance, three: false);
                if (near != 0) return row + BitOperations.TrailingZeroCount(near);
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; row <= _first.Length - 2; row += 2)
            {
                uint near = NearOfTwo((nuint)row, queries, maxDistance, three);
                if (near != 0) return row + BitOperations.TrailingZeroCount(near);
            }
        }
        for (; row < _first.Length; row++)
        {
            for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
            {
                int bits = BitOperations.PopCount(_first[row] ^ queries[q]) + BitOperations.PopCount(_second[row] ^ queries[q + 1]);
                if (bits <= maxDistance && (!three || bits + BitOperations.PopCount(_third[row] ^ queries[q + 2]) <= maxDistance)) return row;
            }
        }
        return _first.Length;
    }

    /// <summary>Bit i: the key at <paramref name="row"/> + i is near.</summary>
    /// <param name="three">A constant where it is called, so that each way is compiled by itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint NearOfEight(nuint row, ReadOnlySpan<ulong> queries, int maxDistance, bool three)
    {
        ref ulong first = ref MemoryMarshal.GetReference(_first), second = ref MemoryMarshal.GetReference(_second), third = ref MemoryMarshal.GetReference(_third);
        Vector256<ulong> a0 = Vector256.LoadUnsafe(ref first, row), a1 = Vector256.LoadUnsafe(ref first, row + 4);
        Vector256<ulong> b0 = Vector256.LoadUnsafe(ref second, row), b1 = Vector256.LoadUnsafe(ref second, row + 4);
        Vector256<ulong> c0 = three ? Vector256.LoadUnsafe(ref third, row) : default, c1 = three ? Vector256.LoadUnsafe(ref third, row + 4) : default;
        Vector256<ushort> least0 = Vector256<ushort>.AllBitsSet, least1 = least0;
        for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
        {
            Vector256<ulong> a = Vector256.Create(queries[q]), b = Vector256.Create(queries[q + 1]);
            Vector256<byte> bits0 = BitsOfBytes(a0 ^ a) + BitsOfBytes(b0 ^ b), bits1 = BitsOfBytes(a1 ^ a) + BitsOfBytes(b1 ^ b);
            if (three)
            {
                Vector256<ulong> c = Vector256.Create(queries[q + 2]);
                bits0 += BitsOfBytes(c0 ^ c);
                bits1 += BitsOfBytes(c1 ^ c);
            }
            least0 = Vector256.Min(least0, Avx2.SumAbsoluteDifferences(bits0, Vector256<byte>.Zero));
            least1 = Vector256.Min(least1, Avx2.SumAbsoluteDifferences(bits1, Vector256<byte>.Zero));
        }
        Vector256<long> bound = Vector256.Create((long)maxDistance);
        if (!Vector256.LessThanOrEqualAny(Vector256.Min(least0, least1).AsInt64(), bound)) return 0;
        return Vector256.LessThanOrEqual(least0.AsInt64(), bound).ExtractMostSignificantBits() | (Vector256.LessThanOrEqual(least1.AsInt64(), bound).ExtractMostSignificantBits() << 4);
    }

    /// <summary>Bit i: the key at <paramref name="row"/> + i is near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint NearOfTwo(nuint row, ReadOnlySpan<ulong> queries, int maxDistance, bool three)
    {
        Vector128<ulong> a = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_first), row), b = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_second), row), c = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_third), row);
        Vector128<byte> least = Vector128<byte>.AllBitsSet;
        for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
        {
            Vector128<byte> each = BitsOfBytes(a ^ Vector128.Create(queries[q])) + BitsOfBytes(b ^ Vector128.Create(queries[q + 1]));
            if (three) each += BitsOfBytes(c ^ Vector128.Create(queries[q + 2]));
            Vector128<ulong> bits = each.AsUInt64();
            bits += bits >> 32;
            bits += bits >> 16;
            bits += bits >> 8; // now the lowest byte holds the sum of all eight, at most 192
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

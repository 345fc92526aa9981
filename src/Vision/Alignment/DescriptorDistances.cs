using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>
/// Squared Euclidean distances of a descriptor to many, by integer inner products on the widest instructions of the processor that
/// pay: the same numbers on each. Not thread-safe. The descriptors' memory must not move while it is used.
/// </summary>
internal sealed unsafe class DescriptorDistances
{
    /// <summary>Distances made at a time: enough to keep the loop that multiplies free of branches.</summary>
    public const int Block = 64;

    private const int Length = LocalFeatureSet.DescriptorLength;

    /// <summary>What VNNI multiplies is a byte with a sign: the descriptor less 128, which is made good in <see cref="_terms"/>.</summary>
    private const int Shift = 128;

    private readonly byte* _columns;
    private readonly int[] _terms;
    private readonly DotProducts _products;

    /// <param name="columns"><paramref name="count"/> descriptors, one after the other.</param>
    /// <param name="products">How products are made; <see cref="Best"/> where none is said.</param>
    public DescriptorDistances(byte* columns, int count, DotProducts? products = null)
    {
        _products = products ?? Best;
        _columns = columns;
        _terms = new int[count];
        int shift = _products == DotProducts.Vnni ? Shift : 0;
        for (int j = 0; j < count; j++)
        {
            byte* column = columns + (j * Length);
            _terms[j] = Norm(column) - (2 * shift * Sum(column));
        }
    }

    /// <summary>The fastest way of this processor.</summary>
    public static DotProducts Best { get; } = AvxVnni.IsSupported ? DotProducts.Vnni : Avx2.IsSupported ? DotProducts.Avx2 : DotProducts.Portable;

    /// <summary>The square of a descriptor's length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Norm(byte* descriptor) => PortableProduct(descriptor, descriptor);

    /// <summary>Writes the distances to the columns from <paramref name="start"/> on, <see cref="Block"/> of them; where there are no more columns, the largest number.</summary>
    /// <param name="row">A descriptor.</param>
    /// <param name="norm">Of the row, by <see cref="Norm"/>.</param>
    /// <param name="start">A multiple of <see cref="Block"/>.</param>
    /// <param name="distances">Holds a block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void To(byte* row, int norm, int start, Span<int> distances)
    {
        int count = Math.Min(Block, _terms.Length - start);
        distances[count..].Fill(int.MaxValue);
        fixed (int* products = distances)
        {
            byte* columns = _columns + (start * Length);
            if (_products == DotProducts.Vnni) VnniProducts(row, columns, count, products);
            else if (_products == DotProducts.Avx2) Avx2Products(row, columns, count, products);
            else for (int j = 0; j < count; j++) products[j] = PortableProduct(row, columns + (j * Length));
            for (int j = 0; j < count; j++) products[j] = norm + _terms[start + j] - (2 * products[j]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void VnniProducts(byte* row, byte* columns, int count, int* products)
    {
        Vector256<byte> sign = Vector256.Create((byte)Shift);
        Vector256<sbyte> r0 = (Vector256.Load(row) ^ sign).AsSByte(), r1 = (Vector256.Load(row + 32) ^ sign).AsSByte();
        Vector256<sbyte> r2 = (Vector256.Load(row + 64) ^ sign).AsSByte(), r3 = (Vector256.Load(row + 96) ^ sign).AsSByte();
        int j = 0;
        for (; j <= count - 4; j += 4)
        {
            byte* c = columns + (j * Length);
            Vector256<int> a = Of(c, r0, r1, r2, r3), b = Of(c + Length, r0, r1, r2, r3);
            Vector256<int> d = Of(c + (2 * Length), r0, r1, r2, r3), e = Of(c + (3 * Length), r0, r1, r2, r3);
            // Four sums across at once: pairs of pairs, then the two halves.
            Vector256<int> four = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(d, e));
            Vector128.Store(four.GetLower() + four.GetUpper(), products + j);
        }
        for (; j < count; j++) products[j] = Vector256.Sum(Of(columns + (j * Length), r0, r1, r2, r3));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Of(byte* c, Vector256<sbyte> r0, Vector256<sbyte> r1, Vector256<sbyte> r2, Vector256<sbyte> r3)
        {
            Vector256<int> a = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, Vector256.Load(c), r0);
            Vector256<int> b = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, Vector256.Load(c + 32), r1);
            return AvxVnni.MultiplyWideningAndAdd(a, Vector256.Load(c + 64), r2) + AvxVnni.MultiplyWideningAndAdd(b, Vector256.Load(c + 96), r3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Products(byte* row, byte* columns, int count, int* products)
    {
        Vector256<short> r0 = Wide(row), r1 = Wide(row + 16), r2 = Wide(row + 32), r3 = Wide(row + 48);
        Vector256<short> r4 = Wide(row + 64), r5 = Wide(row + 80), r6 = Wide(row + 96), r7 = Wide(row + 112);
        for (int j = 0; j < count; j++)
        {
            byte* c = columns + (j * Length);
            Vector256<int> a = Avx2.MultiplyAddAdjacent(r0, Wide(c)) + Avx2.MultiplyAddAdjacent(r1, Wide(c + 16));
            Vector256<int> b = Avx2.MultiplyAddAdjacent(r2, Wide(c + 32)) + Avx2.MultiplyAddAdjacent(r3, Wide(c + 48));
            a += Avx2.MultiplyAddAdjacent(r4, Wide(c + 64)) + Avx2.MultiplyAddAdjacent(r5, Wide(c + 80));
            b += Avx2.MultiplyAddAdjacent(r6, Wide(c + 96)) + Avx2.MultiplyAddAdjacent(r7, Wide(c + 112));
            products[j] = Vector256.Sum(a + b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Wide(byte* bytes) => Avx2.ConvertToVector256Int16(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PortableProduct(byte* left, byte* right)
    {
        Vector128<uint> sum = Vector128<uint>.Zero;
        for (int i = 0; i < Length; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> a, Vector128<ushort> b) = Vector128.Widen(Vector128.Load(left + i));
            (Vector128<ushort> c, Vector128<ushort> d) = Vector128.Widen(Vector128.Load(right + i));
            // A product of two bytes fits 16 bits.
            (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(a * c);
            (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(b * d);
            sum += low + high + lower + upper;
        }
        return (int)Vector128.Sum(sum);
    }

    private static int Sum(byte* descriptor)
    {
        int sum = 0;
        for (int i = 0; i < Length; i++) sum += descriptor[i];
        return sum;
    }
}

/// <summary>How inner products of bytes are made.</summary>
internal enum DotProducts
{
    Portable,
    Avx2,
    Vnni,
}

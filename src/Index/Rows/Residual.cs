using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Index.Rows;

/// <summary>
/// What rounding a row to bytes leaves over, in sixteenths of a byte's step, −8..7: 4 bits a value, so that byte and residual together are
/// the value in 12 bits. Packed two in a byte: value j of the first half of the row in the lower four bits of byte j, value j of the second
/// half in the upper ones, each plus 8.
/// </summary>
internal static class Residual
{
    public const int Bits = 4;

    /// <summary>Parts of a byte's step.</summary>
    public const int Parts = 1 << Bits;

    private const int Half = Parts / 2;

    /// <summary>Bytes of the packed residual of so many values.</summary>
    public static int PackedLength(int dimension) => (dimension + 1) / 2;

    /// <param name="values">−8..7 each.</param>
    /// <param name="packed"><see cref="PackedLength"/> bytes.</param>
    public static void Pack(ReadOnlySpan<sbyte> values, Span<byte> packed)
    {
        for (int j = 0; j < packed.Length; j++)
        {
            int upper = packed.Length + j < values.Length ? values[packed.Length + j] : 0;
            packed[j] = (byte)((values[j] + Half) | ((upper + Half) << Bits));
        }
    }

    /// <param name="packed">The packed residual.</param>
    /// <param name="values">Room for two values a byte, which are −8..7 whatever the bytes are; of an odd number of values the last is of no meaning.</param>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<sbyte> values)
    {
        Span<sbyte> lower = values[..packed.Length], upper = values.Slice(packed.Length, packed.Length);
        int at = 0;
        for (; at <= packed.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            Vector256<byte> both = Vector256.LoadUnsafe(in MemoryMarshal.GetReference(packed), (nuint)at);
            var half = Vector256.Create<sbyte>(Half);
            ((both & Vector256.Create<byte>(Parts - 1)).AsSByte() - half).StoreUnsafe(ref MemoryMarshal.GetReference(lower), (nuint)at);
            ((both >>> Bits).AsSByte() - half).StoreUnsafe(ref MemoryMarshal.GetReference(upper), (nuint)at);
        }
        for (; at < packed.Length; at++) (lower[at], upper[at]) = ((sbyte)((packed[at] & (Parts - 1)) - Half), (sbyte)((packed[at] >> Bits) - Half));
    }
}

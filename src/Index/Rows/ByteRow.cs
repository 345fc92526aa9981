using System.Numerics.Tensors;

namespace Touchstone.Index.Rows;

/// <summary>
/// A vector as signed bytes: value = byte × scale, bytes −127..127, one scale a vector chosen by its largest magnitude. A view of the row
/// is the same bytes with another factor, which also brings the view to length 1. Whoever keeps the <see cref="Residual"/>, too, has the
/// values in 12 bits.
/// </summary>
internal static class ByteRow
{
    private const int MostByte = 127;

    /// <summary>
    /// Writes the bytes, what they leave over (sixteenths of a step, −8..7), and for each view of the layout the factor that makes an inner
    /// product of bytes one of the view.
    /// </summary>
    public static void Write(VectorLayout layout, ReadOnlySpan<float> vector, Span<sbyte> bytes, Span<sbyte> residual, Span<float> factors)
    {
        const int Peak = MostByte * Residual.Parts;
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        float inverse = largest == 0 ? 0 : Peak / largest;
        for (int i = 0; i < vector.Length; i++)
        {
            int fine = (int)Math.Clamp(MathF.Round(vector[i] * inverse), -Peak, Peak);
            bytes[i] = (sbyte)((fine + (Residual.Parts / 2)) >> Residual.Bits);
            residual[i] = (sbyte)(fine - (bytes[i] * Residual.Parts));
        }
        factors[0] = largest / MostByte;
        for (int view = 1; view < layout.Views.Count; view++)
        {
            VectorView part = layout.Views[view];
            factors[view] = Residual.Parts / MathF.Sqrt(Math.Max(1, SquaredLength(bytes.Slice(part.Offset, part.Space.Dimension), residual[part.Offset..])));
        }
    }

    /// <summary>Of the values in 12 bits.</summary>
    private static long SquaredLength(ReadOnlySpan<sbyte> bytes, ReadOnlySpan<sbyte> residual)
    {
        long sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            int fine = (bytes[i] * Residual.Parts) + residual[i];
            sum += fine * fine;
        }
        return sum;
    }
}

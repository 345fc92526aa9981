using System.Numerics.Tensors;

namespace Touchstone.Index.Rows;

/// <summary>
/// A vector as signed bytes: value = byte × scale, bytes −127..127, one scale a vector chosen by its largest magnitude. A view of the row
/// is the same bytes with another factor, which also brings the view to length 1.
/// </summary>
internal static class ByteRow
{
    /// <summary>Writes the bytes and, for each view of the layout, the factor that makes an inner product of bytes one of the view.</summary>
    public static void Write(VectorLayout layout, ReadOnlySpan<float> vector, Span<sbyte> bytes, Span<float> factors)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        float inverse = largest == 0 ? 0 : 127 / largest;
        for (int i = 0; i < vector.Length; i++) bytes[i] = (sbyte)Math.Clamp(MathF.Round(vector[i] * inverse), -127, 127);
        factors[0] = largest / 127;
        for (int view = 1; view < layout.Views.Count; view++)
        {
            VectorView part = layout.Views[view];
            ReadOnlySpan<sbyte> values = bytes.Slice(part.Offset, part.Space.Dimension);
            factors[view] = 1 / MathF.Sqrt(Math.Max(1, SignedByteDot.Of(values, values)));
        }
    }
}

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.Embedding;

/// <summary>
/// Pads a picture to a centred square and resizes it: area average when shrinking, bilinear on half-pixel centres when enlarging,
/// each sample rounded to 8 bits, as the training pipeline does. Output: side × side × 3, interleaved RGB. Pure; thread-safe.
/// </summary>
internal static class SquareResampler
{
    internal static byte[] Resample(RgbImage image, int side, ReadOnlySpan<byte> padding)
    {
        int square = Math.Max(image.Width, image.Height);
        Axis columns = Axis.Of(image.Width, square, side);
        Axis rows = Axis.Of(image.Height, square, side);
        byte[] result = new byte[side * side * 3];
        float[] line = new float[image.Width * 3];
        float[] wide = new float[image.Width * 3];
        for (int y = 0; y < side; y++)
        {
            SumRows(image, rows, y, line, wide);
            WriteRow(line, columns, rows.Outside[y], y, result, padding);
        }

        return result;
    }

    /// <summary>The weighted sum of the picture's rows that fall on one row of the result.</summary>
    private static void SumRows(RgbImage image, Axis rows, int y, float[] line, float[] wide)
    {
        Array.Clear(line);
        int stride = image.Width * 3;
        for (int i = rows.Starts[y]; i < rows.Starts[y + 1]; i++)
        {
            Widen(image.Pixels.AsSpan(rows.Indices[i] * stride, stride), wide);
            TensorPrimitives.MultiplyAdd(wide, rows.Weights[i], line, line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteRow(ReadOnlySpan<float> line, Axis columns, float outsideRow, int y, byte[] result, ReadOnlySpan<byte> padding)
    {
        int side = columns.Outside.Length;
        float insideRow = 1 - outsideRow;
        for (int x = 0; x < side; x++)
        {
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int i = columns.Starts[x]; i < columns.Starts[x + 1]; i++)
            {
                float weight = columns.Weights[i];
                int at = columns.Indices[i] * 3;
                red += weight * line[at];
                green += weight * line[at + 1];
                blue += weight * line[at + 2];
            }

            // What of this pixel lies beside the picture shows the padding.
            float outside = 1 - ((1 - columns.Outside[x]) * insideRow);
            Span<byte> pixel = result.AsSpan(((y * side) + x) * 3, 3);
            pixel[0] = Blend.Clamp(red + (outside * padding[0]));
            pixel[1] = Blend.Clamp(green + (outside * padding[1]));
            pixel[2] = Blend.Clamp(blue + (outside * padding[2]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        int i = 0;
        for (; i <= bytes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(bytes[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            Span<float> to = floats[i..];
            Vector.ConvertToSingle(Vector.AsVectorInt32(a)).CopyTo(to);
            Vector.ConvertToSingle(Vector.AsVectorInt32(b)).CopyTo(to[Vector<float>.Count..]);
            Vector.ConvertToSingle(Vector.AsVectorInt32(c)).CopyTo(to[(2 * Vector<float>.Count)..]);
            Vector.ConvertToSingle(Vector.AsVectorInt32(d)).CopyTo(to[(3 * Vector<float>.Count)..]);
        }

        for (; i < bytes.Length; i++) floats[i] = bytes[i];
    }

    /// <summary>Along one axis: for each sample of the result the samples of the picture under it, their weights, and the share that lies beside the picture.</summary>
    private sealed record Axis(int[] Starts, int[] Indices, float[] Weights, float[] Outside)
    {
        internal static Axis Of(int length, int square, int side)
        {
            int offset = (square - length) / 2;
            int[] starts = new int[side + 1];
            List<int> indices = [];
            List<float> weights = [];
            float[] outside = new float[side];
            for (int i = 0; i < side; i++)
            {
                foreach ((int index, float weight) in square > side ? Area(i, square, side) : Linear(i, square, side))
                {
                    int inside = index - offset;
                    if (inside < 0 || inside >= length)
                    {
                        outside[i] += weight;
                        continue;
                    }

                    indices.Add(inside);
                    weights.Add(weight);
                }

                starts[i + 1] = indices.Count;
            }

            return new Axis(starts, [.. indices], [.. weights], outside);
        }

        private static IEnumerable<(int Index, float Weight)> Area(int i, int square, int side)
        {
            double scale = (double)square / side;
            double from = i * scale;
            double to = Math.Min(square, from + scale);
            for (int s = (int)from; s < to; s++)
            {
                double cover = Math.Min(to, s + 1) - Math.Max(from, s);
                if (cover > 1e-9) yield return (s, (float)(cover / scale));
            }
        }

        private static IEnumerable<(int Index, float Weight)> Linear(int i, int square, int side)
        {
            double at = ((i + 0.5) * square / side) - 0.5;
            int first = (int)Math.Floor(at);
            float part = (float)(at - first);
            if (part < 1) yield return (Math.Clamp(first, 0, square - 1), 1 - part);
            if (part > 0) yield return (Math.Clamp(first + 1, 0, square - 1), part);
        }
    }
}

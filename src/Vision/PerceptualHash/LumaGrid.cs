using System.Numerics.Tensors;
using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.PerceptualHash;

/// <summary>
/// The 64×64 luma grid that PDQ hashes: luma 0..255, smoothed by a tent filter and sampled at the centres of 64×64 equal cells.
/// The tent is two passes of a box as wide as 1/128 of the picture, after the published description.
/// </summary>
internal static class LumaGrid
{
    public const int Side = 64;

    /// <summary>The publishers bring pictures to at most this many px a side before they hash; so do we, by area averaging.</summary>
    public const int MaxSide = 512;

    private const int BoxPasses = 2;

    /// <summary>64 rows of 64 values.</summary>
    public static float[] From(RgbImage image)
    {
        float[] luma = Luma(image);
        (int width, int height) = (image.Width, image.Height);
        if (width > MaxSide || height > MaxSide) (luma, width, height) = Shrink(luma, width, height);
        float[] other = new float[luma.Length];
        for (int pass = 0; pass < BoxPasses; pass++)
        {
            BoxRows(luma, other, width, height, BoxWidth(width));
            BoxColumns(other, luma, width, height, BoxWidth(height));
        }
        return Sample(luma, width, height);
    }

    private static int BoxWidth(int side) => (side + (2 * Side) - 1) / (2 * Side);

    private static float[] Luma(RgbImage image)
    {
        byte[] pixels = image.Pixels;
        float[] luma = new float[image.Width * image.Height];
        for (int i = 0, p = 0; i < luma.Length; i++, p += 3)
            luma[i] = (0.299f * pixels[p]) + (0.587f * pixels[p + 1]) + (0.114f * pixels[p + 2]);
        return luma;
    }

    /// <summary>Averages over areas; each side is brought to at most <see cref="MaxSide"/> on its own, since the grid is square anyway.</summary>
    private static (float[] Luma, int Width, int Height) Shrink(float[] luma, int width, int height)
    {
        int newWidth = Math.Min(width, MaxSide);
        int newHeight = Math.Min(height, MaxSide);
        float[] narrow = new float[newWidth * height];
        double stepX = (double)width / newWidth;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = luma.AsSpan(y * width, width);
            for (int x = 0; x < newWidth; x++) narrow[(y * newWidth) + x] = AreaMean(row, x * stepX, (x + 1) * stepX);
        }
        if (newHeight == height) return (narrow, newWidth, height);
        float[] result = new float[newWidth * newHeight];
        double stepY = (double)height / newHeight;
        for (int y = 0; y < newHeight; y++)
        {
            Span<float> target = result.AsSpan(y * newWidth, newWidth);
            double from = y * stepY;
            double to = (y + 1) * stepY;
            for (int source = (int)from; source < height && source < to; source++)
            {
                float weight = (float)((Math.Min(source + 1, to) - Math.Max(source, from)) / stepY);
                TensorPrimitives.MultiplyAdd(narrow.AsSpan(source * newWidth, newWidth), weight, target, target);
            }
        }
        return (result, newWidth, newHeight);
    }

    private static float AreaMean(ReadOnlySpan<float> row, double from, double to)
    {
        double sum = 0;
        for (int x = (int)from; x < row.Length && x < to; x++) sum += row[x] * (Math.Min(x + 1, to) - Math.Max(x, from));
        return (float)(sum / (to - from));
    }

    /// <summary>
    /// A running mean of <paramref name="box"/> values along each row. At the ends the mean is over the values that exist.
    /// For an even width the window reaches one further to the right than to the left, as the publishers' does.
    /// </summary>
    private static void BoxRows(float[] source, float[] target, int width, int height, int box)
    {
        int right = ((box + 2) / 2) - 1;
        int left = box - 1 - right;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> from = source.AsSpan(y * width, width);
            Span<float> to = target.AsSpan(y * width, width);
            double sum = 0;
            int count = 0;
            for (int x = 0; x < Math.Min(right, width); x++, count++) sum += from[x];
            for (int x = 0; x < width; x++)
            {
                if (x + right < width)
                {
                    sum += from[x + right];
                    count++;
                }
                if (x - left - 1 >= 0)
                {
                    sum -= from[x - left - 1];
                    count--;
                }
                to[x] = (float)(sum / count);
            }
        }
    }

    /// <summary>The same along columns, a whole row of running sums at a time.</summary>
    private static void BoxColumns(float[] source, float[] target, int width, int height, int box)
    {
        int below = ((box + 2) / 2) - 1;
        int above = box - 1 - below;
        float[] sums = new float[width];
        int count = 0;
        for (int y = 0; y < Math.Min(below, height); y++, count++) TensorPrimitives.Add(sums, Row(y), sums);
        for (int y = 0; y < height; y++)
        {
            if (y + below < height)
            {
                TensorPrimitives.Add(sums, Row(y + below), sums);
                count++;
            }
            if (y - above - 1 >= 0)
            {
                TensorPrimitives.Subtract(sums, Row(y - above - 1), sums);
                count--;
            }
            TensorPrimitives.Multiply(sums, 1f / count, target.AsSpan(y * width, width));
        }
        ReadOnlySpan<float> Row(int y) => source.AsSpan(y * width, width);
    }

    private static float[] Sample(float[] luma, int width, int height)
    {
        float[] grid = new float[Side * Side];
        for (int y = 0; y < Side; y++)
        {
            int row = (int)((y + 0.5) * height / Side);
            for (int x = 0; x < Side; x++) grid[(y * Side) + x] = luma[(row * width) + (int)((x + 0.5) * width / Side)];
        }
        return grid;
    }
}

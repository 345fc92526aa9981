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

    /// <summary>64 rows of 64 values.</summary>
    public static float[] From(RgbImage image)
    {
        float[] luma = Luma(image);
        (int width, int height) = (image.Width, image.Height);
        if (width > MaxSide || height > MaxSide) (luma, width, height) = Shrink(luma, width, height);
        // Smoothed only where it is sampled: along columns and along rows the order does not matter.
        Window[] down = Windows(height), across = Windows(width);
        float[] grid = new float[Side * Side], row = new float[width];
        for (int y = 0; y < Side; y++)
        {
            Array.Clear(row);
            for (int i = 0; i < down[y].Weights.Length; i++) TensorPrimitives.MultiplyAdd(luma.AsSpan((down[y].First + i) * width, width), down[y].Weights[i], row, row);
            for (int x = 0; x < Side; x++) grid[(y * Side) + x] = TensorPrimitives.Dot(row.AsSpan(across[x].First, across[x].Weights.Length), across[x].Weights);
        }
        return grid;
    }

    /// <summary>The values along one side that a sample is made of, and how much of it each is; together 1.</summary>
    private readonly record struct Window(int First, float[] Weights);

    /// <summary>
    /// The tent around each sample of a side: twice the mean over as many values as the box is wide. At the ends the mean is over the values that exist.
    /// For an even width the box reaches one further on than back, as the publishers' does.
    /// </summary>
    private static Window[] Windows(int side)
    {
        int box = BoxWidth(side), on = ((box + 2) / 2) - 1, back = box - 1 - on;
        (int First, int Last) Box(int centre) => (Math.Max(0, centre - back), Math.Min(side - 1, centre + on));
        return [.. Enumerable.Range(0, Side).Select(i =>
        {
            (int first, int last) = Box((int)((i + 0.5) * side / Side));
            int start = Box(first).First;
            double[] weights = new double[Box(last).Last - start + 1];
            for (int middle = first; middle <= last; middle++)
            {
                (int from, int to) = Box(middle);
                for (int at = from; at <= to; at++) weights[at - start] += 1.0 / (last - first + 1) / (to - from + 1);
            }
            return new Window(start, [.. weights.Select(static w => (float)w)]);
        })];
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
}

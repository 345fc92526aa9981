using System.Runtime.CompilerServices;
using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>Turns a picture into a grey plane (0..1) of the size at which features are sought.</summary>
internal static unsafe class GreyReduction
{
    /// <summary>The plane, and px of the picture for one px of the plane. The caller disposes the plane.</summary>
    public static (GreyPlane Plane, float StepX, float StepY) From(RgbImage image, LocalFeatureOptions options)
    {
        int longer = Math.Max(image.Width, image.Height);
        double factor = longer > options.MaxSide ? (double)options.MaxSide / longer : longer <= options.DoubleUpTo ? 2 : 1;
        int width = Math.Max(1, (int)Math.Round(image.Width * factor));
        int height = Math.Max(1, (int)Math.Round(image.Height * factor));
        GreyPlane plane = factor > 1 ? Enlarged(image, width, height) : Averaged(image, width, height);
        return (plane, (float)image.Width / width, (float)image.Height / height);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Luma(RgbImage image, int y, Span<float> row)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);
        for (int x = 0, p = 0; x < row.Length; x++, p += 3)
            row[x] = ((0.299f * pixels[p]) + (0.587f * pixels[p + 1]) + (0.114f * pixels[p + 2])) / 255f;
    }

    /// <summary>The mean over the area that each px covers; a plain copy at equal size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static GreyPlane Averaged(RgbImage image, int width, int height)
    {
        var plane = new GreyPlane(width, height);
        float[] source = new float[image.Width];
        float[] narrow = new float[width];
        (int[] starts, float[][] weights) = AreaWeights(image.Width, width);
        (int[] rowStarts, float[][] rowWeights) = AreaWeights(image.Height, height);
        int loaded = -1;
        for (int y = 0; y < height; y++)
        {
            var target = new Span<float>(plane.Row(y), width);
            target.Clear();
            for (int i = 0; i < rowWeights[y].Length; i++)
            {
                int sourceY = rowStarts[y] + i;
                if (sourceY != loaded)
                {
                    Luma(image, sourceY, source);
                    Narrow(source, narrow, starts, weights);
                    loaded = sourceY;
                }
                float weight = rowWeights[y][i];
                for (int x = 0; x < target.Length; x++) target[x] += weight * narrow[x];
            }
        }
        return plane;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(float[] source, float[] target, int[] starts, float[][] weights)
    {
        for (int x = 0; x < target.Length; x++)
        {
            float sum = 0;
            float[] row = weights[x];
            for (int i = 0; i < row.Length; i++) sum += row[i] * source[starts[x] + i];
            target[x] = sum;
        }
    }

    private static (int[] Starts, float[][] Weights) AreaWeights(int from, int to)
    {
        int[] starts = new int[to];
        float[][] weights = new float[to][];
        double step = (double)from / to;
        for (int i = 0; i < to; i++)
        {
            int first = (int)(i * step);
            int last = Math.Min(from - 1, (int)Math.Ceiling(((i + 1) * step) - 1e-9) - 1);
            starts[i] = first;
            weights[i] = new float[last - first + 1];
            for (int j = first; j <= last; j++)
                weights[i][j - first] = (float)((Math.Min(j + 1, (i + 1) * step) - Math.Max(j, i * step)) / step);
        }
        return (starts, weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static GreyPlane Enlarged(RgbImage image, int width, int height)
    {
        var plane = new GreyPlane(width, height);
        float[] grey = new float[image.Width * image.Height];
        for (int y = 0; y < image.Height; y++) Luma(image, y, grey.AsSpan(y * image.Width, image.Width));
        for (int y = 0; y < height; y++)
        {
            (int y0, int y1, float fy) = Around(y, height, image.Height);
            float* row = plane.Row(y);
            for (int x = 0; x < width; x++)
            {
                (int x0, int x1, float fx) = Around(x, width, image.Width);
                float top = grey[(y0 * image.Width) + x0] + (fx * (grey[(y0 * image.Width) + x1] - grey[(y0 * image.Width) + x0]));
                float bottom = grey[(y1 * image.Width) + x0] + (fx * (grey[(y1 * image.Width) + x1] - grey[(y1 * image.Width) + x0]));
                row[x] = top + (fy * (bottom - top));
            }
        }
        return plane;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Low, int High, float Part) Around(int at, int to, int from)
    {
        float position = Math.Clamp(((at + 0.5f) * from / to) - 0.5f, 0, from - 1);
        int low = (int)position;
        return (low, Math.Min(low + 1, from - 1), position - low);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>A separable Gaussian blur; beyond the border the edge value counts on. One row is held at a time, so that it stays in the cache.</summary>
internal static unsafe class GaussianBlur
{
    /// <summary>Blurs <paramref name="source"/> into <paramref name="target"/> and, if asked, writes target − source to <paramref name="difference"/>.</summary>
    // As of all inner loops over pixels here: a process that has just begun would run them with a call for each vector instruction until they are compiled anew.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(GreyPlane source, GreyPlane target, GreyPlane? difference, double sigma)
    {
        float[] kernel = HalfKernel(sigma);
        int radius = kernel.Length - 1;
        // A lead-in of whole vectors keeps the row aligned; the taps reach back into it.
        int lead = (radius + GreyPlane.Lanes - 1) / GreyPlane.Lanes * GreyPlane.Lanes;
        nuint length = (nuint)(lead + source.Stride + lead + GreyPlane.Lanes);
        float* buffer = (float*)NativeMemory.AlignedAlloc(length * sizeof(float), 64);
        try
        {
            float* row = buffer + lead;
            fixed (float* taps = kernel)
            {
                for (int y = 0; y < source.Height; y++)
                {
                    Down(source, y, row, taps, radius);
                    new Span<float>(row - lead, lead).Fill(row[0]);
                    new Span<float>(row + source.Width, source.Stride - source.Width + lead + GreyPlane.Lanes).Fill(row[source.Width - 1]);
                    Across(row, target.Row(y), source.Stride, taps, radius);
                    if (difference is not null) Subtract(target.Row(y), source.Row(y), difference.Row(y), source.Stride);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
    }

    /// <summary>The centre and one side of a normalised kernel that reaches to three sigma and a half.</summary>
    private static float[] HalfKernel(double sigma)
    {
        int radius = Math.Max(1, (int)Math.Ceiling(3.5 * sigma));
        double[] values = new double[radius + 1];
        for (int i = 0; i <= radius; i++) values[i] = Math.Exp(-(i * i) / (2 * sigma * sigma));
        double sum = (2 * values.Sum()) - values[0];
        return Array.ConvertAll(values, value => (float)(value / sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Down(GreyPlane source, int y, float* row, float* taps, int radius)
    {
        int last = source.Height - 1;
        float* centre = source.Row(y);
        for (int x = 0; x < source.Stride; x += GreyPlane.Lanes) Vector256.Store(Vector256.Load(centre + x) * taps[0], row + x);
        for (int i = 1; i <= radius; i++)
        {
            float* above = source.Row(Math.Max(0, y - i));
            float* below = source.Row(Math.Min(last, y + i));
            Vector256<float> tap = Vector256.Create(taps[i]);
            for (int x = 0; x < source.Stride; x += GreyPlane.Lanes)
            {
                Vector256<float> pair = Vector256.Load(above + x) + Vector256.Load(below + x);
                Vector256.Store(Vector256.MultiplyAddEstimate(pair, tap, Vector256.Load(row + x)), row + x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(float* row, float* target, int stride, float* taps, int radius)
    {
        for (int x = 0; x < stride; x += GreyPlane.Lanes)
        {
            Vector256<float> sum = Vector256.Load(row + x) * taps[0];
            for (int i = 1; i <= radius; i++)
            {
                Vector256<float> pair = Vector256.Load(row + x - i) + Vector256.Load(row + x + i);
                sum = Vector256.MultiplyAddEstimate(pair, Vector256.Create(taps[i]), sum);
            }
            Vector256.Store(sum, target + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(float* left, float* right, float* target, int stride)
    {
        for (int x = 0; x < stride; x += GreyPlane.Lanes)
            Vector256.Store(Vector256.Load(left + x) - Vector256.Load(right + x), target + x);
    }
}

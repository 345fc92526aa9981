using System.Runtime.CompilerServices;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// Finds up to two directions in which the gradients around a blob point: peaks of a 36-bin histogram weighted by a Gaussian of 1.5 sigma,
/// the second only if it reaches four fifths of the first. Holds scratch memory: one instance a thread.
/// </summary>
internal sealed unsafe class DominantOrientation
{
    private const int Bins = 36;
    private const float WeightSigma = 1.5f;
    private const float SecondPeak = 0.8f;

    /// <summary>The largest window: 4.5 sigma of the last level, both ways.</summary>
    private const int MaxRadius = 20;

    private readonly float[] _dx = new float[((2 * MaxRadius) + 1) * ((2 * MaxRadius) + 1) + GreyPlane.Lanes];
    private readonly float[] _dy = new float[((2 * MaxRadius) + 1) * ((2 * MaxRadius) + 1) + GreyPlane.Lanes];
    private readonly float[] _weights = new float[((2 * MaxRadius) + 1) * ((2 * MaxRadius) + 1) + GreyPlane.Lanes];

    /// <summary>Writes one or two angles in radians, (−π, π]; returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(GreyPlane plane, float x, float y, float sigma, Span<float> angles)
    {
        int radius = Math.Clamp((int)MathF.Round(3 * WeightSigma * sigma), 1, MaxRadius);
        int count = Gather(plane, (int)MathF.Round(x), (int)MathF.Round(y), radius, WeightSigma * sigma);
        int padded = (count + GreyPlane.Lanes - 1) / GreyPlane.Lanes * GreyPlane.Lanes;
        for (int i = count; i < padded; i++) _dx[i] = _dy[i] = _weights[i] = 0;
        fixed (float* dx = _dx, dy = _dy, weights = _weights) PolarGradient.Convert(dx, dy, weights, padded, Bins);
        Span<float> histogram = stackalloc float[Bins];
        histogram.Clear();
        for (int i = 0; i < count; i++)
        {
            int low = (int)_dy[i];
            float part = _dy[i] - low;
            if (low >= Bins) low -= Bins;
            histogram[low] += _dx[i] * (1 - part);
            histogram[low + 1 == Bins ? 0 : low + 1] += _dx[i] * part;
        }
        Smooth(histogram);
        return Peaks(histogram, angles);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Gather(GreyPlane plane, int cx, int cy, int radius, float sigma)
    {
        Span<float> falloff = stackalloc float[MaxRadius + 1];
        for (int i = 0; i <= radius; i++) falloff[i] = MathF.Exp(-(i * i) / (2 * sigma * sigma));
        int count = 0;
        int firstX = Math.Max(1, cx - radius);
        int lastX = Math.Min(plane.Width - 2, cx + radius);
        for (int y = Math.Max(1, cy - radius); y <= Math.Min(plane.Height - 2, cy + radius); y++)
        {
            float* row = plane.Row(y);
            float weight = falloff[Math.Abs(y - cy)];
            for (int x = firstX; x <= lastX; x++, count++)
            {
                _dx[count] = row[x + 1] - row[x - 1];
                _dy[count] = row[x + plane.Stride] - row[x - plane.Stride];
                _weights[count] = weight * falloff[Math.Abs(x - cx)];
            }
        }
        return count;
    }

    private static void Smooth(Span<float> histogram)
    {
        Span<float> copy = stackalloc float[Bins];
        for (int pass = 0; pass < 2; pass++)
        {
            histogram.CopyTo(copy);
            for (int i = 0; i < Bins; i++)
                histogram[i] = (0.25f * copy[(i + Bins - 1) % Bins]) + (0.5f * copy[i]) + (0.25f * copy[(i + 1) % Bins]);
        }
    }

    private static int Peaks(ReadOnlySpan<float> histogram, Span<float> angles)
    {
        (int first, int second) = (-1, -1);
        for (int i = 0; i < Bins; i++)
        {
            if (histogram[i] <= histogram[(i + Bins - 1) % Bins] || histogram[i] < histogram[(i + 1) % Bins]) continue;
            if (first < 0 || histogram[i] > histogram[first]) (first, second) = (i, first);
            else if (second < 0 || histogram[i] > histogram[second]) second = i;
        }
        if (first < 0)
        {
            // A perfectly even neighbourhood has no direction; any fixed one serves.
            angles[0] = 0;
            return 1;
        }
        angles[0] = Refined(histogram, first);
        if (second < 0 || histogram[second] < SecondPeak * histogram[first]) return 1;
        angles[1] = Refined(histogram, second);
        return 2;
    }

    /// <summary>The vertex of the parabola through a peak and its neighbours.</summary>
    private static float Refined(ReadOnlySpan<float> histogram, int peak)
    {
        float left = histogram[(peak + Bins - 1) % Bins];
        float right = histogram[(peak + 1) % Bins];
        float curvature = left + right - (2 * histogram[peak]);
        float bin = peak + (curvature < 0 ? 0.5f * (left - right) / curvature : 0);
        float angle = bin * (2 * MathF.PI / Bins);
        return angle > MathF.PI ? angle - (2 * MathF.PI) : angle <= -MathF.PI ? angle + (2 * MathF.PI) : angle;
    }
}

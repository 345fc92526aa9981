using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>Turns gradients into weighted magnitudes and directions, eight at a time.</summary>
internal static unsafe class PolarGradient
{
    /// <summary>
    /// In place: <paramref name="dx"/> becomes magnitude · weight, <paramref name="dy"/> the direction 0..bins (0 along +x, growing towards +y).
    /// </summary>
    /// <param name="dx">Horizontal differences.</param>
    /// <param name="dy">Vertical differences.</param>
    /// <param name="weights">A weight for each.</param>
    /// <param name="count">A multiple of eight.</param>
    /// <param name="bins">What a full turn counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Convert(float* dx, float* dy, float* weights, int count, float bins)
    {
        Vector256<float> turn = Vector256.Create(bins / (2 * MathF.PI));
        Vector256<float> full = Vector256.Create(bins);
        for (int i = 0; i < count; i += GreyPlane.Lanes)
        {
            Vector256<float> x = Vector256.Load(dx + i);
            Vector256<float> y = Vector256.Load(dy + i);
            Vector256<float> magnitude = Vector256.Sqrt((x * x) + (y * y)) * Vector256.Load(weights + i);
            Vector256<float> angle = Angle(x, y) * turn;
            angle = Vector256.ConditionalSelect(Vector256.LessThan(angle, Vector256<float>.Zero), angle + full, angle);
            Vector256.Store(magnitude, dx + i);
            Vector256.Store(angle, dy + i);
        }
    }

    /// <summary>The angle of (x, y) in −π..π within 3e-4: a polynomial for the first eighth of a turn, unfolded by symmetry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Angle(Vector256<float> x, Vector256<float> y)
    {
        Vector256<float> ax = Vector256.Abs(x);
        Vector256<float> ay = Vector256.Abs(y);
        Vector256<float> a = Vector256.Min(ax, ay) / Vector256.Max(Vector256.Max(ax, ay), Vector256.Create(1e-20f));
        Vector256<float> s = a * a;
        Vector256<float> r = Vector256.MultiplyAddEstimate(s, Vector256.Create(-0.0464964749f), Vector256.Create(0.15931422f));
        r = Vector256.MultiplyAddEstimate(r, s, Vector256.Create(-0.327622764f));
        r = Vector256.MultiplyAddEstimate(r * s, a, a);
        r = Vector256.ConditionalSelect(Vector256.GreaterThan(ay, ax), Vector256.Create(MathF.PI / 2) - r, r);
        r = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), Vector256.Create(MathF.PI) - r, r);
        return Vector256.ConditionalSelect(Vector256.LessThan(y, Vector256<float>.Zero), -r, r);
    }
}

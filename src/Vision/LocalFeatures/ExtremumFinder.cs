using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>A blob: position in px of its octave, level with its fraction, absolute response as part of full scale.</summary>
internal readonly record struct Blob(int Octave, float X, float Y, float Level, float Response);

/// <summary>Finds extrema of the differences of Gaussians, places them between samples, and drops weak ones and edges.</summary>
internal static unsafe class ExtremumFinder
{
    /// <summary>Px at the border where a descriptor would mostly see the outside.</summary>
    private const int Border = 5;

    private const int MaxSteps = 5;

    public static List<Blob> Find(ScaleSpace space, LocalFeatureOptions options)
    {
        List<Blob> blobs = [];
        for (int o = 0; o < space.Octaves.Count; o++)
            for (int level = 1; level <= ScaleSpace.Intervals; level++) FindInLevel(space.Octaves[o], o, level, options, blobs);
        return blobs;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FindInLevel(ScaleSpace.Octave octave, int octaveNumber, int level, LocalFeatureOptions options, List<Blob> blobs)
    {
        GreyPlane plane = octave.Differences[level];
        Vector256<float> floor = Vector256.Create(0.5f * options.ContrastThreshold);
        for (int y = Border; y < octave.Height - Border; y++)
        {
            float* row = plane.Row(y);
            int end = octave.Width - Border;
            for (int x = Border; x < end; x += GreyPlane.Lanes)
            {
                // Rows are padded to whole vectors only from column 0; the last block of a row is moved back into it.
                int at = Math.Min(x, plane.Stride - GreyPlane.Lanes);
                Vector256<float> values = Vector256.Load(row + at);
                uint strong = Vector256.GreaterThan(Vector256.Abs(values), floor).ExtractMostSignificantBits();
                if (strong == 0) continue;
                strong &= Extrema(octave, level, y, at, values);
                for (; strong != 0; strong &= strong - 1)
                {
                    int column = at + System.Numerics.BitOperations.TrailingZeroCount(strong);
                    if (column >= x && column < end && Place(octave, level, column, y, options) is { } blob)
                        blobs.Add(blob with { Octave = octaveNumber });
                }
            }
        }
    }

    /// <summary>One bit a column: not below any of its 26 neighbours, or not above any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Extrema(ScaleSpace.Octave octave, int level, int y, int x, Vector256<float> values)
    {
        uint highest = 0xFF;
        uint lowest = 0xFF;
        ReadOnlySpan<int> order = [level, level - 1, level + 1];
        foreach (int s in order)
        {
            for (int dy = -1; dy <= 1; dy++)
            {
                float* row = octave.Differences[s].Row(y + dy) + x;
                for (int dx = -1; dx <= 1; dx++)
                {
                    Vector256<float> other = Vector256.Load(row + dx);
                    highest &= Vector256.GreaterThanOrEqual(values, other).ExtractMostSignificantBits();
                    lowest &= Vector256.LessThanOrEqual(values, other).ExtractMostSignificantBits();
                }
            }
            if ((highest | lowest) == 0) return 0;
        }
        uint positive = Vector256.GreaterThan(values, Vector256<float>.Zero).ExtractMostSignificantBits();
        return (highest & positive) | (lowest & ~positive);
    }

    /// <summary>Fits a quadratic around the sample and moves until the extremum lies within half a sample; null where there is none.</summary>
    private static Blob? Place(ScaleSpace.Octave octave, int level, int x, int y, LocalFeatureOptions options)
    {
        for (int step = 0; step < MaxSteps; step++)
        {
            var fit = new Quadratic(octave, level, x, y);
            if (!fit.Solve(out double ox, out double oy, out double os)) return null;
            if (Math.Abs(ox) <= 0.6 && Math.Abs(oy) <= 0.6 && Math.Abs(os) <= 0.6)
            {
                float response = (float)Math.Abs(fit.ValueAt(ox, oy, os));
                if (response < options.ContrastThreshold || fit.IsEdge(options.EdgeRatio)) return null;
                return new Blob(0, (float)(x + ox), (float)(y + oy), (float)(level + os), response);
            }
            // An offset of several samples means that the fit is meaningless here.
            if (Math.Abs(ox) > 5 || Math.Abs(oy) > 5 || Math.Abs(os) > 5) return null;
            x += (int)Math.Round(ox);
            y += (int)Math.Round(oy);
            level += (int)Math.Round(os);
            if (level < 1 || level > ScaleSpace.Intervals) return null;
            if (x < Border || y < Border || x >= octave.Width - Border || y >= octave.Height - Border) return null;
        }
        return null;
    }

    /// <summary>The second-order expansion of the difference of Gaussians about a sample.</summary>
    private readonly struct Quadratic
    {
        private readonly double _value, _gx, _gy, _gs, _xx, _yy, _ss, _xy, _xs, _ys;

        public Quadratic(ScaleSpace.Octave octave, int level, int x, int y)
        {
            int stride = octave.Differences[level].Stride;
            float* here = octave.Differences[level].Row(y) + x;
            float* under = octave.Differences[level - 1].Row(y) + x;
            float* over = octave.Differences[level + 1].Row(y) + x;
            _value = *here;
            _gx = (here[1] - here[-1]) * 0.5;
            _gy = (here[stride] - here[-stride]) * 0.5;
            _gs = (*over - *under) * 0.5;
            _xx = here[1] + here[-1] - (2 * _value);
            _yy = here[stride] + here[-stride] - (2 * _value);
            _ss = *over + *under - (2 * _value);
            _xy = (here[stride + 1] - here[stride - 1] - here[-stride + 1] + here[-stride - 1]) * 0.25;
            _xs = (over[1] - over[-1] - under[1] + under[-1]) * 0.25;
            _ys = (over[stride] - over[-stride] - under[stride] + under[-stride]) * 0.25;
        }

        /// <summary>Cramer's rule for Hessian · offset = −gradient.</summary>
        public bool Solve(out double ox, out double oy, out double os)
        {
            double a = (_yy * _ss) - (_ys * _ys);
            double b = (_xy * _ss) - (_ys * _xs);
            double c = (_xy * _ys) - (_yy * _xs);
            double determinant = (_xx * a) - (_xy * b) + (_xs * c);
            ox = oy = os = 0;
            if (Math.Abs(determinant) < 1e-24) return false;
            ox = -((_gx * a) - (_xy * ((_gy * _ss) - (_ys * _gs))) + (_xs * ((_gy * _ys) - (_yy * _gs)))) / determinant;
            oy = -((_xx * ((_gy * _ss) - (_ys * _gs))) - (_gx * b) + (_xs * ((_xy * _gs) - (_gy * _xs)))) / determinant;
            os = -((_xx * ((_yy * _gs) - (_gy * _ys))) - (_xy * ((_xy * _gs) - (_gy * _xs))) + (_gx * c)) / determinant;
            return double.IsFinite(ox) && double.IsFinite(oy) && double.IsFinite(os);
        }

        public double ValueAt(double ox, double oy, double os) => _value + (0.5 * ((_gx * ox) + (_gy * oy) + (_gs * os)));

        public bool IsEdge(double ratio)
        {
            double trace = _xx + _yy;
            double determinant = (_xx * _yy) - (_xy * _xy);
            return determinant <= 0 || trace * trace * ratio >= (ratio + 1) * (ratio + 1) * determinant;
        }
    }
}

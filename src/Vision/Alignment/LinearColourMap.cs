namespace Touchstone.Vision.Alignment;

/// <summary>
/// One linear map from a picture's luma and colour differences to another's colour differences, fitted where both show the same places: what a cast of
/// light, less saturation or a turned hue does to all of a picture. For pictures that do not both stand on plain grounds, where the light of the place may do that; where they do, <see cref="ColourMap"/>
/// is. Fitted by reweighted least squares (Cauchy weights), so that a part with other colours does not bend it, and drawn towards no change. Immutable.
/// </summary>
internal sealed class LinearColourMap
{
    private const int Unknowns = 4;

    /// <summary>Distance of colours at which a place counts half.</summary>
    private const double Spread = 12;

    /// <summary>How strongly the map is drawn towards no change; the offset (of 128) hardly is.</summary>
    private const double Ridge = 2_000, OffsetRidge = 0.001;

    private readonly double[] blue;
    private readonly double[] red;

    private LinearColourMap(double[] blue, double[] red) => (this.blue, this.red) = (blue, red);

    public static LinearColourMap Fit(SampledGrid from, SampledGrid to)
    {
        var map = new LinearColourMap([0, 1, 0, 0], [0, 0, 1, 0]);
        bool first = true;
        for (int round = 0; round < 4; round++, first = false) map = map.Refitted(from, to, weighed: !first);
        return map;
    }

    /// <summary>How far the other picture's colour lies from what the map gives, 0..360.</summary>
    public double Residual(SampledGrid from, SampledGrid to, int at)
    {
        ReadOnlySpan<double> x = [from.Luma[at], from.Blue[at], from.Red[at], 128];
        double dBlue = Dot(blue, x) - to.Blue[at], dRed = Dot(red, x) - to.Red[at];
        return Math.Sqrt((dBlue * dBlue) + (dRed * dRed));
    }

    private LinearColourMap Refitted(SampledGrid from, SampledGrid to, bool weighed)
    {
        // Both rows of the map share their normal equations: three right-hand sides would differ, these two do.
        var system = new double[Unknowns, Unknowns + 2];
        for (int i = 0; i < Unknowns; i++) system[i, i] = i == Unknowns - 1 ? OffsetRidge : Ridge;
        (system[1, Unknowns], system[2, Unknowns + 1]) = (Ridge, Ridge);
        for (int at = 0; at < from.Luma.Length; at++)
        {
            if (float.IsNaN(to.Luma[at])) continue;
            double off = weighed ? Residual(from, to, at) / Spread : 0, weight = 1 / (1 + (off * off));
            ReadOnlySpan<double> x = [from.Luma[at], from.Blue[at], from.Red[at], 128];
            for (int row = 0; row < Unknowns; row++)
            {
                for (int column = 0; column < Unknowns; column++) system[row, column] += weight * x[row] * x[column];
                system[row, Unknowns] += weight * x[row] * to.Blue[at];
                system[row, Unknowns + 1] += weight * x[row] * to.Red[at];
            }
        }
        NormalEquations.Solve(system);
        return new LinearColourMap([.. Enumerable.Range(0, Unknowns).Select(i => system[i, Unknowns])], [.. Enumerable.Range(0, Unknowns).Select(i => system[i, Unknowns + 1])]);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}

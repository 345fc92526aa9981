namespace Touchstone.Vision.Alignment;

/// <summary>
/// What light and an edit of all of a picture do to its colours where it and another picture both stand on plain grounds, fitted where both show the same places: a gamma, a gain of each of red, green and blue,
/// a lift of all three, and more or less saturation about the grey of equal luma. A turned hue is not among them: white and black stay, whatever hue turns, so that a
/// map that may turn hues explains the other flavour of a product whose label stays. Fitted by reweighted least squares (Cauchy weights) from no change on,
/// with a spread that narrows, so that a part with other colours does not bend it. Immutable.
/// </summary>
internal sealed class ColourMap
{
    private const int Unknowns = 4;

    /// <summary>Distance of colours at which a place counts half, in each round of the fit.</summary>
    private static readonly double[] Spreads = [60, 30, 15, 12];

    private static readonly double[] Saturations = [0.75, 0.5, 0.25, 0, 1.25, 1.5];

    // The first one changes nothing.
    private static readonly double[] Gammas = [1, 0.45, 0.67, 1.5, 2.2];

    /// <summary>How strongly the gains are drawn towards no change.</summary>
    private const double Ridge = 2_000;

    /// <summary>A value this near to either end of the scale may have been cut off there and says nothing of gains.</summary>
    private const double CutOff = 4;

    /// <summary>Each so many-th place is fitted to, in both directions.</summary>
    private const int Step = 2;

    // Luma of red, green and blue, and what blue and red add to the colour differences (ITU-R BT.601, full range, as in JPEG).
    private const double LumaRed = 0.299, LumaGreen = 0.587, LumaBlue = 0.114, ToBlue = 0.564, ToRed = 0.713;

    private readonly double[] gains;
    private readonly double saturation;

    /// <summary>What the gamma makes of each value 0..255.</summary>
    private readonly double[] tones;

    private ColourMap(double[] gains, double saturation, double[] tones) => (this.gains, this.saturation, this.tones) = (gains, saturation, tones);

    /// <summary>Luma, and both colour differences about 0, of what the map makes of a place.</summary>
    private readonly record struct Colour(double Luma, double Blue, double Red);

    public static ColourMap Fit(OverlaidGrids laid)
    {
        int[] places = [.. Enumerable.Range(0, laid.Columns * laid.Rows).Where(i => i / laid.Columns % Step == 0 && i % laid.Columns % Step == 0 && !float.IsNaN(laid.Shown.Luma[i]))];
        ColourMap[] toned = [.. Gammas.Select(gamma => Fit(laid, places, 1, TonesOf(gamma)))];
        ColourMap best = toned.MinBy(map => map.Cost(laid, places))!;
        // A gamma that was found while colours were missing may only stand in for them.
        double[][] tones = ReferenceEquals(best, toned[0]) ? [best.tones] : [best.tones, toned[0].tones];
        return tones.SelectMany(_ => Saturations, (values, saturation) => Fit(laid, places, saturation, values)).Prepend(best).MinBy(map => map.Cost(laid, places))!;
    }

    /// <summary>How far the other picture's colour differences lie from what the map gives (0..360), and by how much it is lighter (-255..255).</summary>
    public (double Chroma, double Luma) Residual(SampledGrid from, SampledGrid to, int at)
    {
        Colour made = Of(from, at);
        double blue = made.Blue - (to.Blue[at] - 128), red = made.Red - (to.Red[at] - 128);
        return (Math.Sqrt((blue * blue) + (red * red)), to.Luma[at] - made.Luma);
    }

    private static double[] TonesOf(double gamma) => [.. Enumerable.Range(0, 256).Select(value => 255 * Math.Pow(value / 255.0, gamma))];

    private static ColourMap Fit(OverlaidGrids laid, int[] places, double saturation, double[] tones)
    {
        var map = new ColourMap([1, 1, 1, 0], saturation, tones);
        foreach (double spread in Spreads) map = map.Refitted(laid, places, spread);
        return map;
    }

    private double Cost(OverlaidGrids laid, int[] places) => places.Sum(at => Math.Log(1 + Square(Distance(laid, at) / Spreads[^1])));

    private double Distance(OverlaidGrids laid, int at)
    {
        (double chroma, double luma) = Residual(laid.Known, laid.Shown, at);
        return Math.Sqrt((chroma * chroma) + (luma * luma / 4));
    }

    private Colour Of(SampledGrid grid, int at)
    {
        (double red, double green, double blue) = Toned(grid, at);
        red = Math.Clamp((gains[0] * red) + gains[3], 0, 255);
        green = Math.Clamp((gains[1] * green) + gains[3], 0, 255);
        blue = Math.Clamp((gains[2] * blue) + gains[3], 0, 255);
        double luma = (LumaRed * red) + (LumaGreen * green) + (LumaBlue * blue);
        return new Colour(luma, saturation * ToBlue * (blue - luma), saturation * ToRed * (red - luma));
    }

    private ColourMap Refitted(OverlaidGrids laid, int[] places, double spread)
    {
        var system = new double[Unknowns, Unknowns + 1];
        for (int i = 0; i < Unknowns; i++) (system[i, i], system[i, Unknowns]) = (Ridge, i < 3 ? Ridge : 0);
        foreach (int at in places)
        {
            (double red, double green, double blue) = Toned(laid.Known, at);
            (double toRed, double toGreen, double toBlue) = Rgb(laid.Shown, at);
            double weight = 1 / (1 + Square(Distance(laid, at) / spread));
            // Saturation mixes each channel with the luma of all: three equations of a place.
            Add(system, weight, Row(red, green, blue, 1, 0, 0), toRed);
            Add(system, weight, Row(red, green, blue, 0, 1, 0), toGreen);
            Add(system, weight, Row(red, green, blue, 0, 0, 1), toBlue);
        }
        NormalEquations.Solve(system);
        return new ColourMap([.. Enumerable.Range(0, Unknowns).Select(i => i < 3 ? Math.Clamp(system[i, Unknowns], 0.4, 2.5) : Math.Clamp(system[i, Unknowns], -64, 64))], saturation, tones);
    }

    private (double Red, double Green, double Blue, double Lift) Row(double red, double green, double blue, double isRed, double isGreen, double isBlue)
    {
        double grey = 1 - saturation;
        return (((saturation * isRed) + (grey * LumaRed)) * red, ((saturation * isGreen) + (grey * LumaGreen)) * green, ((saturation * isBlue) + (grey * LumaBlue)) * blue, 1);
    }

    private static void Add(double[,] system, double weight, (double Red, double Green, double Blue, double Lift) row, double value)
    {
        if (value is < CutOff or > 255 - CutOff) return;
        ReadOnlySpan<double> x = [row.Red, row.Green, row.Blue, row.Lift];
        for (int i = 0; i < Unknowns; i++)
        {
            for (int j = 0; j < Unknowns; j++) system[i, j] += weight * x[i] * x[j];
            system[i, Unknowns] += weight * x[i] * value;
        }
    }

    private (double Red, double Green, double Blue) Toned(SampledGrid grid, int at)
    {
        (double red, double green, double blue) = Rgb(grid, at);
        return (tones[(int)(red + 0.5)], tones[(int)(green + 0.5)], tones[(int)(blue + 0.5)]);
    }

    private static (double Red, double Green, double Blue) Rgb(SampledGrid grid, int at)
    {
        double luma = grid.Luma[at], blue = luma + ((grid.Blue[at] - 128) / ToBlue), red = luma + ((grid.Red[at] - 128) / ToRed);
        return (Math.Clamp(red, 0, 255), Math.Clamp((luma - (LumaRed * red) - (LumaBlue * blue)) / LumaGreen, 0, 255), Math.Clamp(blue, 0, 255));
    }

    private static double Square(double x) => x * x;
}

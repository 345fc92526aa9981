using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>Luma and both colour differences (0..255) at the places of a grid, not numbers where the picture shows nothing. Not thread-safe while it is filled.</summary>
internal sealed class SampledGrid(int columns, int rows)
{
    /// <summary>The variance of colour, both differences together, that says nothing yet.</summary>
    private const double Faint = 20;

    /// <summary>What light alone may do to either colour difference: phone photos of white shelves are off by about as much.</summary>
    private const double MostCast = 12;

    /// <summary>Chroma that every place is taken to have without a distance, so that what is nearly grey says little.</summary>
    private const double Doubt = 6;

    /// <summary>Of saturated red and orange, or blue and violet, the colour differences are about so far apart.</summary>
    private const double FarApart = 64;

    public float[] Luma { get; } = new float[columns * rows];

    public float[] Blue { get; } = new float[columns * rows];

    public float[] Red { get; } = new float[columns * rows];

    /// <summary>Samples a picture; place and footprint are in parts of its sides.</summary>
    public void Take(int at, Thumbnail of, double x, double y, double footprint)
    {
        Luma[at] = Sample(of.Luma, x, y, footprint);
        Blue[at] = Sample(of.Blue, x, y, footprint);
        Red[at] = Sample(of.Red, x, y, footprint);
    }

    public void Miss(int at) => Luma[at] = Blue[at] = Red[at] = float.NaN;

    /// <summary>A copy that shows nothing at some of the places.</summary>
    public SampledGrid Without(Func<int, bool> missed)
    {
        var copy = new SampledGrid(columns, rows);
        for (int i = 0; i < Luma.Length; i++)
        {
            if (missed(i)) copy.Miss(i);
            else (copy.Luma[i], copy.Blue[i], copy.Red[i]) = (Luma[i], Blue[i], Red[i]);
        }
        return copy;
    }

    /// <summary>
    /// The correlation of both colour differences over all places that the other grid shows, each about its mean (a cast of light moves the mean),
    /// drawn towards 1 where there is little colour; 0..1.
    /// </summary>
    public float ColourCorrelation(SampledGrid other)
    {
        int shown = other.Blue.Count(value => !float.IsNaN(value));
        if (shown == 0) return 1;
        (double together, double own, double others) = (0, 0, 0);
        foreach ((float[] a, float[] b) in ((float[], float[])[])[(Blue, other.Blue), (Red, other.Red)])
        {
            (double meanA, double meanB) = (0, 0);
            for (int i = 0; i < a.Length; i++)
                if (!float.IsNaN(b[i])) (meanA, meanB) = (meanA + (a[i] / shown), meanB + (b[i] / shown));
            for (int i = 0; i < a.Length; i++)
            {
                if (float.IsNaN(b[i])) continue;
                (double x, double y) = (a[i] - meanA, b[i] - meanB);
                together += x * y;
                own += x * x;
                others += y * y;
            }
        }
        double faint = Faint * shown;
        return (float)Math.Clamp((together + faint) / (Math.Sqrt(own * others) + faint), 0, 1);
    }

    /// <summary>
    /// The mean distance of both colour differences over all places that the other grid shows, each weighed by how coloured it is in either, after a cast of light
    /// was taken out as far as light explains it; 0..1, where 1 is <see cref="FarApart"/> or more.
    /// </summary>
    public float ColourDistance(SampledGrid other)
    {
        int shown = 0;
        (double castBlue, double castRed) = (0, 0);
        for (int i = 0; i < Blue.Length; i++)
        {
            if (float.IsNaN(other.Blue[i])) continue;
            shown++;
            (castBlue, castRed) = (castBlue + other.Blue[i] - Blue[i], castRed + other.Red[i] - Red[i]);
        }
        if (shown == 0) return 0;
        (castBlue, castRed) = (Math.Clamp(castBlue / shown, -MostCast, MostCast), Math.Clamp(castRed / shown, -MostCast, MostCast));
        (double apart, double weights) = (0, Doubt * shown);
        for (int i = 0; i < Blue.Length; i++)
        {
            if (float.IsNaN(other.Blue[i])) continue;
            double weight = Math.Max(Chroma(Blue[i], Red[i]), Chroma(other.Blue[i], other.Red[i]));
            apart += weight * Math.Sqrt(Square(other.Blue[i] - Blue[i] - castBlue) + Square(other.Red[i] - Red[i] - castRed));
            weights += weight;
        }
        return (float)Math.Min(1, apart / weights / FarApart);

        static double Chroma(float blue, float red) => Math.Sqrt(Square(blue - 128) + Square(red - 128));
        static double Square(double x) => x * x;
    }

    private static float Sample(BytePlane plane, double x, double y, double footprint) => plane.At(x * plane.Width, y * plane.Height, footprint * plane.Width);
}

using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>Luma and both colour differences (0..255) at the places of a grid, not numbers where the picture shows nothing. Not thread-safe while it is filled.</summary>
internal sealed class SampledGrid(int columns, int rows)
{
    /// <summary>The variance of colour, both differences together, that says nothing yet.</summary>
    private const double Faint = 20;

    private readonly float[] blue = new float[columns * rows];
    private readonly float[] red = new float[columns * rows];

    public float[] Luma { get; } = new float[columns * rows];

    /// <summary>Samples a picture; place and footprint are in parts of its sides.</summary>
    public void Take(int at, Thumbnail of, double x, double y, double footprint)
    {
        Luma[at] = Sample(of.Luma, x, y, footprint);
        blue[at] = Sample(of.Blue, x, y, footprint);
        red[at] = Sample(of.Red, x, y, footprint);
    }

    public void Miss(int at) => Luma[at] = blue[at] = red[at] = float.NaN;

    /// <summary>
    /// The correlation of both colour differences over all places that the other grid shows, each about its mean (a cast of light moves the mean),
    /// drawn towards 1 where there is little colour; 0..1.
    /// </summary>
    public float ColourCorrelation(SampledGrid other)
    {
        int shown = other.blue.Count(value => !float.IsNaN(value));
        if (shown == 0) return 1;
        (double together, double own, double others) = (0, 0, 0);
        foreach ((float[] a, float[] b) in ((float[], float[])[])[(blue, other.blue), (red, other.red)])
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

    private static float Sample(BytePlane plane, double x, double y, double footprint) => plane.At(x * plane.Width, y * plane.Height, footprint * plane.Width);
}

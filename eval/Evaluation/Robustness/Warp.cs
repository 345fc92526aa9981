using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Bends pictures by smooth fields of movement. Pure but for the random numbers given.</summary>
internal static class Warp
{
    /// <summary>Moves each pixel by up to about <paramref name="reach"/> of the picture's width, in waves of which so many fit a side; bilinear, on premultiplied colour.</summary>
    public static RgbaImage Wavering(RgbaImage image, double reach, double waves, Random random)
    {
        (Wave x, Wave y) = (Wave.Of(waves, random), Wave.Of(waves, random));
        byte[] pixels = new byte[image.Pixels.Length];
        for (int row = 0; row < image.Height; row++)
        {
            for (int column = 0; column < image.Width; column++)
            {
                (double u, double v) = ((double)column / image.Width, (double)row / image.Height);
                double fromX = column + (reach * image.Width * x.At(u, v)), fromY = row + (reach * image.Width * y.At(u, v));
                Sample(image, fromX, fromY, pixels.AsSpan(((row * image.Width) + column) * 4, 4));
            }
        }
        return new RgbaImage(image.Width, image.Height, pixels);
    }

    private static void Sample(RgbaImage image, double x, double y, Span<byte> pixel)
    {
        x = Math.Clamp(x, 0, image.Width - 1.001);
        y = Math.Clamp(y, 0, image.Height - 1.001);
        (int left, int top) = ((int)x, (int)y);
        Span<double> sum = stackalloc double[4];
        for (int corner = 0; corner < 4; corner++)
        {
            (int dx, int dy) = (corner & 1, corner >> 1);
            double weight = Math.Abs(1 - dx - (x - left)) * Math.Abs(1 - dy - (y - top));
            ReadOnlySpan<byte> p = image.Pixels.AsSpan((((top + dy) * image.Width) + left + dx) * 4, 4);
            for (int c = 0; c < 3; c++) sum[c] += weight * p[c] * p[3];
            sum[3] += weight * p[3];
        }
        if (sum[3] < 0.5) return;
        for (int c = 0; c < 3; c++) pixel[c] = (byte)((sum[c] / sum[3]) + 0.5);
        pixel[3] = (byte)(sum[3] + 0.5);
    }

    /// <summary>A field of −1..1: three plane waves of random direction and phase.</summary>
    private sealed record Wave((double X, double Y, double Phase)[] Parts)
    {
        public static Wave Of(double waves, Random random) => new([.. Enumerable.Range(0, 3).Select(_ =>
        {
            (double sin, double cos) = Math.SinCos(random.NextDouble() * 2 * Math.PI);
            double rate = 2 * Math.PI * waves * (0.6 + (0.8 * random.NextDouble()));
            return (rate * cos, rate * sin, random.NextDouble() * 2 * Math.PI);
        })]);

        public double At(double u, double v)
        {
            double sum = 0;
            foreach ((double x, double y, double phase) in Parts) sum += Math.Sin((x * u) + (y * v) + phase);
            return sum / Parts.Length;
        }
    }
}

using Touchstone.Vision.Imaging;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Vision.LocalFeatures;

/// <summary>Pictures that the tests draw themselves: seeded, so that each test sees the same pixels each time.</summary>
internal static class DrawnPicture
{
    /// <summary>A cluttered picture of boxes, discs and strokes on a shaded ground; another seed is another picture.</summary>
    public static RgbImage Scene(int seed, int width = 320, int height = 240, int shapes = 70)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[width * height * 3];
        (double r, double g, double b) = (random.Next(90, 240), random.Next(90, 240), random.Next(90, 240));
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                double shade = 0.75 + (0.25 * x / width) - (0.2 * y / height);
                int p = ((y * width) + x) * 3;
                pixels[p] = (byte)(r * shade);
                pixels[p + 1] = (byte)(g * shade);
                pixels[p + 2] = (byte)(b * shade);
            }
        for (int i = 0; i < shapes; i++) DrawShape(random, pixels, width, height);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>One colour all over.</summary>
    public static RgbImage Plain(int width, int height, byte value = 255)
    {
        byte[] pixels = new byte[width * height * 3];
        Array.Fill(pixels, value);
        return new RgbImage(width, height, pixels);
    }

    public static RgbImage Turned(RgbImage image, PictureTurn turn)
    {
        bool swap = turn is PictureTurn.Clockwise90 or PictureTurn.Clockwise270 or PictureTurn.Transposed or PictureTurn.Transversed;
        int width = swap ? image.Height : image.Width;
        int height = swap ? image.Width : image.Height;
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                (int sx, int sy) = turn switch
                {
                    PictureTurn.Clockwise90 => (y, image.Height - 1 - x),
                    PictureTurn.Clockwise180 => (image.Width - 1 - x, image.Height - 1 - y),
                    PictureTurn.Clockwise270 => (image.Width - 1 - y, x),
                    PictureTurn.MirroredSideways => (image.Width - 1 - x, y),
                    PictureTurn.MirroredUpsideDown => (x, image.Height - 1 - y),
                    PictureTurn.Transposed => (y, x),
                    PictureTurn.Transversed => (image.Width - 1 - y, image.Height - 1 - x),
                    _ => (x, y),
                };
                image.Pixels.AsSpan(((sy * image.Width) + sx) * 3, 3).CopyTo(pixels.AsSpan(((y * width) + x) * 3));
            }
        return new RgbImage(width, height, pixels);
    }

    /// <summary>
    /// Draws the picture onto a canvas: the canvas pixel (x, y) shows the picture at (a x + b y + c, d x + e y + f), bilinear;
    /// outside the picture the canvas is kept.
    /// </summary>
    public static RgbImage Warped(RgbImage image, RgbImage canvas, ReadOnlySpan<double> map)
    {
        byte[] pixels = (byte[])canvas.Pixels.Clone();
        for (int y = 0; y < canvas.Height; y++)
            for (int x = 0; x < canvas.Width; x++)
            {
                double sx = (map[0] * x) + (map[1] * y) + map[2];
                double sy = (map[3] * x) + (map[4] * y) + map[5];
                if (sx < 0 || sy < 0 || sx > image.Width - 1 || sy > image.Height - 1) continue;
                int x0 = Math.Min((int)sx, image.Width - 2);
                int y0 = Math.Min((int)sy, image.Height - 2);
                (double fx, double fy) = (sx - x0, sy - y0);
                for (int channel = 0; channel < 3; channel++)
                {
                    double top = (At(x0, y0, channel) * (1 - fx)) + (At(x0 + 1, y0, channel) * fx);
                    double bottom = (At(x0, y0 + 1, channel) * (1 - fx)) + (At(x0 + 1, y0 + 1, channel) * fx);
                    pixels[(((y * canvas.Width) + x) * 3) + channel] = (byte)((top * (1 - fy)) + (bottom * fy) + 0.5);
                }
            }
        return new RgbImage(canvas.Width, canvas.Height, pixels);
        byte At(int x, int y, int channel) => image.Pixels[(((y * image.Width) + x) * 3) + channel];
    }

    /// <summary>Adds seeded noise of the given strength and changes brightness by a factor.</summary>
    public static RgbImage Recoloured(RgbImage image, double factor, int noise, int seed = 1)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp((image.Pixels[i] * factor) + random.Next(-noise, noise + 1), 0, 255);
        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static void DrawShape(Random random, byte[] pixels, int width, int height)
    {
        int side = Math.Min(width, height);
        double cx = random.NextDouble() * width;
        double cy = random.NextDouble() * height;
        double rx = side * (0.015 + (0.09 * random.NextDouble()));
        double ry = side * (0.015 + (0.09 * random.NextDouble()));
        double angle = random.NextDouble() * Math.PI;
        int kind = random.Next(3);
        Span<byte> colour = [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];
        double reach = Math.Max(rx, ry) * 1.5;
        (double cos, double sin) = (Math.Cos(angle), Math.Sin(angle));
        for (int y = Math.Max(0, (int)(cy - reach)); y < Math.Min(height, cy + reach); y++)
            for (int x = Math.Max(0, (int)(cx - reach)); x < Math.Min(width, cx + reach); x++)
            {
                double u = (((x - cx) * cos) + ((y - cy) * sin)) / rx;
                double v = (((y - cy) * cos) - ((x - cx) * sin)) / ry;
                bool inside = kind switch
                {
                    0 => Math.Abs(u) < 1 && Math.Abs(v) < 1,
                    1 => (u * u) + (v * v) < 1,
                    _ => (Math.Abs(u) < 1 && Math.Abs(v) < 0.3) || (Math.Abs(u) < 0.3 && Math.Abs(v) < 1),
                };
                if (inside) colour.CopyTo(pixels.AsSpan(((y * width) + x) * 3));
            }
    }
}

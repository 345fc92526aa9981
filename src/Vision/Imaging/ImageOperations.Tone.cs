using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>How <see cref="ImageOperations.AdjustColour"/> changes each channel: <c>255 · ((v · Gain + Offset) / 255) ^ Gamma</c>, then saturation.</summary>
public sealed record ColourAdjustment
{
    /// <summary>Factors for red, green and blue; default 1 each.</summary>
    public (float Red, float Green, float Blue) Gain { get; init; } = (1, 1, 1);

    /// <summary>Added after the gain, in 8-bit steps; default 0.</summary>
    public float Offset { get; init; }

    /// <summary>Exponent on 0..1; above 1 darkens; default 1; above 0.</summary>
    public float Gamma { get; init; } = 1;

    /// <summary>Distance from grey: 0 is grey, 1 (default) leaves, above 1 strengthens.</summary>
    public float Saturation { get; init; } = 1;
}

public static partial class ImageOperations
{
    /// <summary>Blurs with a Gaussian; sigma in px, above 0 and at most 100.</summary>
    public static RgbImage GaussianBlur(RgbImage image, double sigma)
    {
        ArgumentNullException.ThrowIfNull(image);
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 3);
        using Image blurred = Blurred(pixels, sigma);
        return new RgbImage(image.Width, image.Height, VipsPixels.Export(blurred));
    }

    /// <summary>Blurs a picture with transparency (for soft shadows); sigma in px, above 0 and at most 100.</summary>
    public static RgbaImage GaussianBlur(RgbaImage image, double sigma)
    {
        ArgumentNullException.ThrowIfNull(image);
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 4);
        using Image premultiplied = pixels.Premultiply();
        using Image blurred = Blurred(premultiplied, sigma);
        using Image plain = blurred.Unpremultiply();
        using Image bytes = plain.Cast(Enums.BandFormat.Uchar);
        return new RgbaImage(image.Width, image.Height, VipsPixels.Export(bytes));
    }

    /// <summary>Changes light and colour; see <see cref="ColourAdjustment"/>.</summary>
    public static RgbImage AdjustColour(RgbImage image, ColourAdjustment adjustment)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(adjustment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(adjustment.Gamma, nameof(adjustment));
        float[] red = Curve(adjustment.Gain.Red, adjustment);
        float[] green = Curve(adjustment.Gain.Green, adjustment);
        float[] blue = Curve(adjustment.Gain.Blue, adjustment);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            float r = red[image.Pixels[i]];
            float g = green[image.Pixels[i + 1]];
            float b = blue[image.Pixels[i + 2]];
            float grey = (0.299f * r) + (0.587f * g) + (0.114f * b);
            pixels[i] = Blend.Clamp(grey + ((r - grey) * adjustment.Saturation));
            pixels[i + 1] = Blend.Clamp(grey + ((g - grey) * adjustment.Saturation));
            pixels[i + 2] = Blend.Clamp(grey + ((b - grey) * adjustment.Saturation));
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    /// <summary>Adds Gaussian noise to every sample; sigma in 8-bit steps, 0 or more. The same seed gives the same noise.</summary>
    public static RgbImage AddNoise(RgbImage image, double sigma, int seed)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(sigma);
        Random random = new(seed);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            // Box and Muller: a normal number from two even ones.
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            pixels[i] = Blend.Clamp((float)(image.Pixels[i] + (sigma * normal)));
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static Image Blurred(Image pixels, double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sigma, 100);
        return pixels.Gaussblur(sigma);
    }

    private static float[] Curve(float gain, ColourAdjustment adjustment)
    {
        float[] curve = new float[256];
        for (int v = 0; v < curve.Length; v++)
        {
            float lit = Math.Clamp(((v * gain) + adjustment.Offset) / 255f, 0, 1);
            curve[v] = 255f * MathF.Pow(lit, adjustment.Gamma);
        }

        return curve;
    }
}

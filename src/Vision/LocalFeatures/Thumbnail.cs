using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// The whole picture, small: luma at up to <see cref="MaxSide"/> px a side and the two colour differences (Cb and Cr of JPEG, 128 where there is
/// no colour) at half of that. Two pictures are compared by it, place for place, once it is known how one lies in the other. Immutable; safe
/// for concurrent reads.
/// </summary>
public sealed record Thumbnail(BytePlane Luma, BytePlane Blue, BytePlane Red)
{
    /// <summary>The most px of a side; a smaller picture keeps its size.</summary>
    public const int MaxSide = 128;

    /// <summary>Px of a side of the colour planes for so many of the luma.</summary>
    internal static int HalfOf(int side) => (side + 1) / 2;

    public static Thumbnail Of(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        double factor = Math.Min(1, (double)MaxSide / Math.Max(image.Width, image.Height));
        int width = Math.Max(1, (int)Math.Round(image.Width * factor)), height = Math.Max(1, (int)Math.Round(image.Height * factor));
        byte[] rgb = (width == image.Width && height == image.Height ? image : ImageOperations.Resize(image, width, height)).Pixels;
        var luma = new byte[width * height];
        for (int i = 0, p = 0; i < luma.Length; i++, p += 3) luma[i] = Byte((0.299f * rgb[p]) + (0.587f * rgb[p + 1]) + (0.114f * rgb[p + 2]));
        return new Thumbnail(new BytePlane(width, height, luma), Difference(rgb, luma, width, height, 2, 0.564f), Difference(rgb, luma, width, height, 0, 0.713f));
    }

    /// <summary>128 + factor · (channel − luma), averaged over 2 × 2 px.</summary>
    private static BytePlane Difference(byte[] rgb, byte[] luma, int width, int height, int channel, float factor)
    {
        int halfWidth = HalfOf(width), halfHeight = HalfOf(height);
        var values = new byte[halfWidth * halfHeight];
        for (int y = 0; y < halfHeight; y++)
        {
            for (int x = 0; x < halfWidth; x++)
            {
                int sum = 0, count = 0;
                for (int v = 2 * y; v < Math.Min(height, (2 * y) + 2); v++)
                    for (int u = 2 * x; u < Math.Min(width, (2 * x) + 2); u++, count++) sum += rgb[(((v * width) + u) * 3) + channel] - luma[(v * width) + u];
                values[(y * halfWidth) + x] = Byte(128 + (factor * sum / count));
            }
        }
        return new BytePlane(halfWidth, halfHeight, values);
    }

    private static byte Byte(float value) => (byte)Math.Clamp((int)MathF.Round(value), 0, 255);
}

using Touchstone.Vision.Imaging.Libvips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Writes pictures as files, without metadata. Quality: 1 (worst) to 100, for lossy formats. Thread-safe; deterministic for one
/// version of libvips. Throws <see cref="VipsException"/> if the encoder fails.
/// </summary>
public static class ImageEncoder
{
    public static byte[] Jpeg(RgbImage image, int quality = 85) => Encode(image, ImageFormat.Jpeg, quality);

    public static byte[] Png(RgbImage image) => Encode(image, ImageFormat.Png);

    public static byte[] WebP(RgbImage image, int quality = 80) => Encode(image, ImageFormat.WebP, quality);

    /// <summary>PNG with transparency.</summary>
    public static byte[] Png(RgbaImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using VipsImageHandle pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 4);
        return Save(pixels, ImageFormat.Png, 100);
    }

    /// <summary>Encodes as JPEG, PNG, WebP, AVIF, GIF or TIFF.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not 1..100, or there is no encoder for the format.</exception>
    public static byte[] Encode(RgbImage image, ImageFormat format, int quality = 85)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using VipsImageHandle pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 3);
        return Save(pixels, format, quality);
    }

    private static byte[] Save(VipsImageHandle pixels, ImageFormat format, int quality)
    {
        using VipsOperation saver = format switch
        {
            ImageFormat.Jpeg => new VipsOperation("jpegsave_buffer").Set("Q", quality),
            ImageFormat.Png => new VipsOperation("pngsave_buffer"),
            ImageFormat.WebP => new VipsOperation("webpsave_buffer").Set("Q", quality),
            ImageFormat.Avif => new VipsOperation("heifsave_buffer").Set("compression", "av1").Set("effort", 0).Set("Q", quality),
            ImageFormat.Gif => new VipsOperation("gifsave_buffer"),
            ImageFormat.Tiff => new VipsOperation("tiffsave_buffer"),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no encoder for this format."),
        };
        return saver.Set("in", pixels).Set("keep", "none").Bytes();
    }
}

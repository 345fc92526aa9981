using NetVips;

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
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 4);
        return Save(pixels, ImageFormat.Png, 100);
    }

    /// <summary>Encodes as JPEG, PNG, WebP, AVIF, GIF or TIFF.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not 1..100, or there is no encoder for the format.</exception>
    public static byte[] Encode(RgbImage image, ImageFormat format, int quality = 85)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 3);
        return Save(pixels, format, quality);
    }

    private static byte[] Save(Image pixels, ImageFormat format, int quality)
    {
        const Enums.ForeignKeep nothing = Enums.ForeignKeep.None;
        return format switch
        {
            ImageFormat.Jpeg => pixels.JpegsaveBuffer(q: quality, keep: nothing),
            ImageFormat.Png => pixels.PngsaveBuffer(keep: nothing),
            ImageFormat.WebP => pixels.WebpsaveBuffer(q: quality, keep: nothing),
            ImageFormat.Avif => pixels.HeifsaveBuffer(q: quality, compression: Enums.ForeignHeifCompression.Av1, effort: 0, keep: nothing),
            ImageFormat.Gif => pixels.GifsaveBuffer(keep: nothing),
            ImageFormat.Tiff => pixels.TiffsaveBuffer(keep: nothing),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no encoder for this format."),
        };
    }
}

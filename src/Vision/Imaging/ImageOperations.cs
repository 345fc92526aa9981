using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Geometry of pictures: each operation returns a new picture. Thread-safe and deterministic. Coordinates in px, origin at the top
/// left corner of the top left pixel, y down. Throws <see cref="VipsException"/> where libvips fails and ArgumentException for the caller's mistakes.
/// </summary>
public static partial class ImageOperations
{
    private const int MaxSide = 16_384;

    /// <summary>Draws an SVG stretched to exactly the size given. Only for drawings of one's own or of a trusted register.</summary>
    public static RgbaImage RasteriseSvg(string svg, int width, int height)
    {
        ArgumentException.ThrowIfNullOrEmpty(svg);
        CheckSide(width);
        CheckSide(height);
        byte[] text = System.Text.Encoding.UTF8.GetBytes(svg);
        LibvipsLibrary.EnsureStarted();
        double scale;
        using (Image natural = Image.SvgloadBuffer(text)) scale = Math.Max((double)width / natural.Width, (double)height / natural.Height);
        using Image drawn = Image.SvgloadBuffer(text, scale: scale);
        using Image fitted = Stretch(drawn, width, height);
        return new RgbaImage(width, height, VipsPixels.Export(fitted));
    }

    /// <summary>Stretches to exactly the size given (Lanczos, area-averaged when shrinking).</summary>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckSide(width);
        CheckSide(height);
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 3);
        using Image fitted = Stretch(pixels, width, height);
        return new RgbImage(width, height, VipsPixels.Export(fitted));
    }

    /// <inheritdoc cref="Resize(RgbImage, int, int)"/>
    public static RgbaImage Resize(RgbaImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckSide(width);
        CheckSide(height);
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 4);
        using Image fitted = Stretch(pixels, width, height);
        return new RgbaImage(width, height, VipsPixels.Export(fitted));
    }

    /// <summary>Cuts out a rectangle that lies within the picture.</summary>
    public static RgbImage Crop(RgbImage image, int x, int y, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (x < 0 || y < 0 || x + (long)width > image.Width || y + (long)height > image.Height)
            throw new ArgumentOutOfRangeException(nameof(x), $"The rectangle {width}×{height} at ({x}, {y}) is not within {image.Width}×{image.Height}.");
        byte[] pixels = new byte[(long)width * height * 3];
        for (int row = 0; row < height; row++)
            image.Pixels.AsSpan((((y + row) * image.Width) + x) * 3, width * 3).CopyTo(pixels.AsSpan(row * width * 3));
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Mirrors left to right.</summary>
    public static RgbImage Flip(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < image.Height; y++)
        {
            int row = y * image.Width * 3;
            for (int x = 0; x < image.Width; x++)
                image.Pixels.AsSpan(row + (x * 3), 3).CopyTo(pixels.AsSpan(row + ((image.Width - 1 - x) * 3)));
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    /// <summary>Turns clockwise by an angle in degrees about the centre; the picture grows to hold its corners, which show the background.</summary>
    public static RgbImage Rotate(RgbImage image, double degrees, RgbColour background)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!double.IsFinite(degrees)) throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "The angle is finite, in degrees.");
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 3);
        using Image turned = pixels.Rotate(degrees, background: [background.Red, background.Green, background.Blue]);
        return new RgbImage(turned.Width, turned.Height, VipsPixels.Export(turned));
    }

    /// <summary>Lays a picture with transparency over another, its top left pixel at column x and row y, which may lie outside.</summary>
    public static RgbImage CompositeOver(RgbImage backdrop, RgbaImage overlay, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(backdrop);
        ArgumentNullException.ThrowIfNull(overlay);
        byte[] pixels = [.. backdrop.Pixels];
        int left = Math.Max(0, x);
        int right = (int)Math.Min(backdrop.Width, x + (long)overlay.Width);
        int bottom = (int)Math.Min(backdrop.Height, y + (long)overlay.Height);
        for (int row = Math.Max(0, y); row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                ReadOnlySpan<byte> source = overlay.Pixels.AsSpan((((row - y) * overlay.Width) + (column - x)) * 4, 4);
                Span<byte> target = pixels.AsSpan(((row * backdrop.Width) + column) * 3, 3);
                for (int c = 0; c < 3; c++) target[c] = Blend.Over(target[c], source[c], source[3]);
            }
        }

        return new RgbImage(backdrop.Width, backdrop.Height, pixels);
    }

    private static Image Stretch(Image image, int width, int height) =>
        image.ThumbnailImage(width, height: height, size: Enums.Size.Force, noRotate: true);

    private static void CheckSide(int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, MaxSide);
    }
}

namespace Touchstone.Vision.Imaging;

/// <summary>
/// A decoded picture. Layout: interleaved RGB, 8 bits a channel, sRGB, upright (EXIF orientation applied), rows top to
/// bottom without padding; the pixel at column x and row y begins at <c>(y * Width + x) * 3</c>. Transparency is already
/// laid over white, or over black where it would not show on white. The buffer belongs to the image and is not changed after construction. Safe for concurrent reads.
/// </summary>
public sealed class RgbImage
{
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width * height * 3</c> bytes; ownership passes to the image.</param>
    /// <exception cref="ArgumentException">The sizes disagree.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != (long)width * height * 3)
            throw new ArgumentException($"A {width}×{height} RGB image has {(long)width * height * 3} bytes, not {pixels.Length}.", nameof(pixels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Pixels { get; }
}

namespace Touchstone.Vision.Imaging;

/// <summary>
/// A picture with transparency: interleaved RGBA, 8 bits a channel, sRGB, alpha not premultiplied (0 clear, 255 opaque), rows top to
/// bottom without padding. The buffer belongs to the image and is not changed after construction. Safe for concurrent reads.
/// </summary>
public sealed class RgbaImage
{
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width * height * 4</c> bytes; ownership passes to the image.</param>
    /// <exception cref="ArgumentException">The sizes disagree.</exception>
    public RgbaImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != (long)width * height * 4)
            throw new ArgumentException($"A {width}×{height} RGBA image has {(long)width * height * 4} bytes, not {pixels.Length}.", nameof(pixels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Pixels { get; }

    /// <summary>The same picture, opaque everywhere.</summary>
    public static RgbaImage From(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] pixels = new byte[(long)image.Width * image.Height * 4];
        for (int from = 0, to = 0; to < pixels.Length; from += 3, to += 4)
        {
            image.Pixels.AsSpan(from, 3).CopyTo(pixels.AsSpan(to));
            pixels[to + 3] = 255;
        }

        return new RgbaImage(image.Width, image.Height, pixels);
    }

    /// <summary>The picture laid over one colour.</summary>
    public RgbImage Flatten(RgbColour background)
    {
        byte[] pixels = new byte[(long)Width * Height * 3];
        for (int from = 0, to = 0; to < pixels.Length; from += 4, to += 3)
        {
            int alpha = Pixels[from + 3];
            pixels[to] = Blend.Over(background.Red, Pixels[from], alpha);
            pixels[to + 1] = Blend.Over(background.Green, Pixels[from + 1], alpha);
            pixels[to + 2] = Blend.Over(background.Blue, Pixels[from + 2], alpha);
        }

        return new RgbImage(Width, Height, pixels);
    }
}

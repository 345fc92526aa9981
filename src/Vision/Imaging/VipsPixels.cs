using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>Moves pixels between managed buffers and libvips images, and brings images into the project's layout. Images belong to the caller.</summary>
internal static class VipsPixels
{
    /// <summary>A libvips image of interleaved 8-bit sRGB pixels (3 bands) or RGBA pixels (4 bands); the pixels are copied.</summary>
    internal static Image Import(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        LibvipsLibrary.EnsureStarted();
        using Image raw = Image.NewFromMemoryCopy(pixels, width, height, bands, Enums.BandFormat.Uchar);
        return raw.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Computes the pixels of an 8-bit image and copies them out.</summary>
    /// <exception cref="VipsException">The pipeline failed or was killed.</exception>
    internal static byte[] Export(Image image) => image.WriteToMemory<byte>();

    /// <summary>8-bit sRGB with three bands: other colour spaces and depths converted, transparency laid over the ground on which it shows.</summary>
    internal static Image ToSrgb(Image image)
    {
        Image current = image.Colourspace(Enums.Interpretation.Srgb);
        if (current.HasAlpha()) current = Then(current, static i => Flatten(i));
        if (current.Bands > 3) current = Then(current, static i => i.ExtractBand(0, n: 3));
        if (current.Format != Enums.BandFormat.Uchar) current = Then(current, static i => i.Cast(Enums.BandFormat.Uchar));
        if (current.Bands == 3) return current;
        int bands = current.Bands;
        current.Dispose();
        throw new DecodeFailedException(DecodeFailure.UnsupportedFormat, $"A picture with {bands} colour bands is not read.");
    }

    private static Image Flatten(Image image)
    {
        using Image pixels = image.CopyMemory();
        using Image bytes = pixels.Cast(Enums.BandFormat.Uchar);
        RgbColour ground = image.Bands == 4 ? TransparentGround.Under(Export(bytes)) : RgbColour.White;
        return pixels.Flatten([ground.Red, ground.Green, ground.Blue]);
    }

    /// <summary>Runs an operation whose input is disposed afterwards; libvips keeps what the result still needs.</summary>
    private static Image Then(Image input, Func<Image, Image> operation)
    {
        using (input) return operation(input);
    }
}

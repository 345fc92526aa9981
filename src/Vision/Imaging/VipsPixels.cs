using Touchstone.Vision.Imaging.Libvips;

namespace Touchstone.Vision.Imaging;

/// <summary>Moves pixels between managed buffers and libvips images, and brings images into the project's layout.</summary>
internal static unsafe class VipsPixels
{
    /// <summary>A libvips image of interleaved 8-bit sRGB pixels (3 bands) or RGBA pixels (4 bands); the pixels are copied.</summary>
    internal static VipsImageHandle Import(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        VipsRuntime.EnsureStarted();
        VipsImageHandle raw;
        fixed (byte* first = pixels)
            raw = VipsImports.ImageNewFromMemoryCopy(first, (nuint)pixels.Length, width, height, bands, (int)VipsBandFormat.UChar);
        using (raw)
        {
            if (raw.IsInvalid) throw new VipsException("vips_image_new_from_memory_copy", VipsRuntime.TakeError());
            using VipsOperation copy = new("copy");
            return copy.Set("in", raw).Set("interpretation", "srgb").Image();
        }
    }

    /// <summary>Computes the pixels of an 8-bit image and copies them out.</summary>
    /// <exception cref="VipsException">The pipeline failed or was killed.</exception>
    internal static byte[] Export(VipsImageHandle image)
    {
        nint memory = VipsImports.ImageWriteToMemory(image, out nuint length);
        if (memory == 0) throw new VipsException("vips_image_write_to_memory", VipsRuntime.TakeError());
        try
        {
            return new ReadOnlySpan<byte>((void*)memory, checked((int)length)).ToArray();
        }
        finally
        {
            VipsImports.GFree(memory);
        }
    }

    /// <summary>8-bit sRGB with three bands: other colour spaces and depths converted, transparency laid over white.</summary>
    internal static VipsImageHandle ToSrgb(VipsImageHandle image)
    {
        VipsImageHandle current = Run(new VipsOperation("colourspace").Set("in", image).Set("space", "srgb"));
        if (current.HasAlpha) current = Then(current, "flatten", static (o, _) => o.Set("background", (ReadOnlySpan<double>)[255, 255, 255]));
        if (current.Bands > 3) current = Then(current, "extract_band", static (o, _) => o.Set("band", 0).Set("n", 3));
        if (current.Format != VipsBandFormat.UChar) current = Then(current, "cast", static (o, _) => o.Set("format", "uchar"));
        if (current.Bands == 3) return current;
        int bands = current.Bands;
        current.Dispose();
        throw new DecodeFailedException(DecodeFailure.UnsupportedFormat, $"A picture with {bands} colour bands is not read.");
    }

    /// <summary>Runs an operation whose input is disposed afterwards; libvips keeps what the result still needs.</summary>
    internal static VipsImageHandle Then(VipsImageHandle input, string operation, Func<VipsOperation, VipsImageHandle, VipsOperation> set)
    {
        using (input)
        {
            using VipsOperation step = new(operation);
            return set(step.Set("in", input), input).Image();
        }
    }

    internal static VipsImageHandle Run(VipsOperation operation)
    {
        using (operation) return operation.Image();
    }
}

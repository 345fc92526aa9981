using System.Globalization;
using Touchstone.Vision.Imaging.Libvips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Reads pictures that nobody vouches for. Input: JPEG, PNG, WebP, AVIF, GIF (first frame), TIFF (first page), BMP, and SVG where the
/// options allow it (drawn at that side), told apart by their first bytes. Output: <see cref="RgbImage"/>, its longer side at most
/// <see cref="DecodeOptions.MaxSide"/>, or a named failure. The limits are checked against the header before pixels are decoded.
/// Thumbnails inside a file are never used: they may show something else. Safe for concurrent calls; deterministic.
/// </summary>
public sealed class ImageDecoder
{
    // Decoders that hold the whole picture at once get this much; the others work by rows.
    private const long MaxWholeBytes = 288L << 20;

    // A decoder that cannot be interrupted ends well within the limit below this many pixels, so no thread is spent on it.
    private const long InlinePixels = 4_000_000;

    /// <exception cref="NativeLibraryMissingException">libvips is absent.</exception>
    public DecodeOutcome Decode(ReadOnlyMemory<byte> bytes, DecodeOptions? options = null)
    {
        options ??= new DecodeOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSide, 1, nameof(options));
        if (bytes.IsEmpty) return new DecodeOutcome { Failure = DecodeFailure.Empty, Detail = "There are no bytes." };
        ImageFormat format = ImageFormats.Sniff(bytes.Span);
        Opened opened = new() { MediaType = ImageFormats.MediaType(format) };
        try
        {
            CheckAllowed(bytes.Length, format, options);
            RgbImage image = format == ImageFormat.Bmp ? DecodeBmp(bytes, options, opened) : DecodeWithVips(bytes, format, options, opened);
            return new DecodeOutcome { Image = image, MediaType = opened.MediaType, OriginalWidth = opened.Width, OriginalHeight = opened.Height };
        }
        catch (DecodeFailedException e)
        {
            return opened.Failed(e.Failure, e.Message);
        }
        catch (VipsException e)
        {
            return opened.Failed(DecodeFailure.Corrupt, e.Message);
        }
        catch (OutOfMemoryException)
        {
            return opened.Failed(DecodeFailure.TooManyPixels, "The picture does not fit into memory.");
        }
    }

    private static void CheckAllowed(int length, ImageFormat format, DecodeOptions options)
    {
        if (length > options.MaxBytes) throw new DecodeFailedException(DecodeFailure.TooManyBytes, $"The file has {length} bytes; at most {options.MaxBytes} are read.");
        if (format == ImageFormat.Unknown) throw new DecodeFailedException(DecodeFailure.UnsupportedFormat, "The bytes begin like no picture format that is read.");
        if (format == ImageFormat.Heic) throw new DecodeFailedException(DecodeFailure.UnsupportedFormat, "HEIF coded with HEVC is not read; AVIF is.");
        if (format == ImageFormat.Svg && !options.AllowSvg) throw new DecodeFailedException(DecodeFailure.UnsupportedFormat, "SVG is read only for registers.");
    }

    private static RgbImage DecodeBmp(ReadOnlyMemory<byte> bytes, DecodeOptions options, Opened opened)
    {
        using DecodeDeadline deadline = new(options.Timeout);
        BmpHeader header = BmpReader.ReadHeader(bytes.Span);
        opened.Width = header.Width;
        opened.Height = header.Height;
        CheckPixels(header.Width, header.Height, 4, options);
        RgbImage full = BmpReader.Read(bytes.Span, header, deadline);
        if (Math.Max(full.Width, full.Height) <= options.MaxSide) return full;
        using VipsImageHandle image = VipsPixels.Import(full.Pixels, full.Width, full.Height, 3);
        return Finish(image, options, deadline);
    }

    private static RgbImage DecodeWithVips(ReadOnlyMemory<byte> bytes, ImageFormat format, DecodeOptions options, Opened opened)
    {
        VipsRuntime.EnsureStarted();
        DecodeDeadline deadline = new(options.Timeout);
        bool handedOver = false;
        try
        {
            VipsOperation loader = Loader(format, bytes);
            VipsImageHandle? header = null;
            try
            {
                header = loader.Image();
                CheckHeader(header, format, options, opened);
                deadline.ThrowIfPassed();
                double shrink = ShrinkOnLoad(format, opened, options);
                if (shrink != 1) (loader, header) = Reopen(loader, header, format, bytes, shrink);
                if (Interruptible(header, format) || (long)opened.Width * opened.Height <= InlinePixels) return Pixels(header, options, deadline);
                handedOver = true;
                return PixelsOnThread(loader, header, options, deadline);
            }
            finally
            {
                if (!handedOver)
                {
                    header?.Dispose();
                    loader.Dispose();
                }
            }
        }
        finally
        {
            if (!handedOver) deadline.Dispose();
        }
    }

    private static VipsOperation Loader(ImageFormat format, ReadOnlyMemory<byte> bytes)
    {
        string name = format switch
        {
            ImageFormat.Jpeg => "jpegload_buffer",
            ImageFormat.Png => "pngload_buffer",
            ImageFormat.WebP => "webpload_buffer",
            ImageFormat.Gif => "gifload_buffer",
            ImageFormat.Tiff => "tiffload_buffer",
            ImageFormat.Avif => "heifload_buffer",
            _ => "svgload_buffer",
        };
        // Rows are read once, top to bottom, and a file that ends early or lies is an error, not a grey area.
        return new VipsOperation(name).Set("buffer", bytes).Set("access", "sequential").Set("fail-on", "error");
    }

    private static (VipsOperation Loader, VipsImageHandle Header) Reopen(VipsOperation loader, VipsImageHandle header, ImageFormat format, ReadOnlyMemory<byte> bytes, double shrink)
    {
        VipsOperation smaller = Loader(format, bytes);
        _ = format == ImageFormat.Jpeg ? smaller.Set("shrink", (int)shrink) : smaller.Set("scale", 1 / shrink);
        VipsImageHandle image;
        try
        {
            image = smaller.Image();
        }
        catch (VipsException)
        {
            smaller.Dispose();
            throw;
        }

        header.Dispose();
        loader.Dispose();
        return (smaller, image);
    }

    /// <summary>
    /// How much the decoder itself can shrink and still leave twice the side asked for, so that the resize sets the quality. A drawing
    /// has no pixels of its own: it is drawn at the side asked for, larger or smaller.
    /// </summary>
    private static double ShrinkOnLoad(ImageFormat format, Opened opened, DecodeOptions options)
    {
        double factor = Math.Max(opened.Width, opened.Height) / (2.0 * options.MaxSide);
        return format switch
        {
            ImageFormat.Jpeg => factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1,
            ImageFormat.WebP => factor > 1 ? factor : 1,
            ImageFormat.Svg => factor * 2,
            _ => 1,
        };
    }

    private static void CheckHeader(VipsImageHandle header, ImageFormat format, DecodeOptions options, Opened opened)
    {
        bool turned = header.Orientation >= 5;
        opened.Width = turned ? header.Height : header.Width;
        opened.Height = turned ? header.Width : header.Height;
        if (header.Pages > options.MaxFrames) throw new DecodeFailedException(DecodeFailure.TooManyFrames, $"The header announces {header.Pages} frames; at most {options.MaxFrames} are read.");
        int sample = header.Format switch
        {
            VipsBandFormat.UChar or VipsBandFormat.Char => 1,
            VipsBandFormat.UShort or VipsBandFormat.Short => 2,
            VipsBandFormat.Double or VipsBandFormat.Complex => 8,
            VipsBandFormat.DoubleComplex => 16,
            _ => 4,
        };
        // AVIF is decoded to planes and converted, with frames kept for reference: about 20 bytes a pixel were measured.
        int bytesPerPixel = format == ImageFormat.Avif ? header.Bands * 8 : header.Bands * sample;
        CheckPixels(header.Width, header.Height, WholePicture(header, format) ? bytesPerPixel : 0, options);
    }

    private static void CheckPixels(int width, int height, int wholeBytesPerPixel, DecodeOptions options)
    {
        long pixels = (long)width * height;
        if (pixels > options.MaxPixels) throw new DecodeFailedException(DecodeFailure.TooManyPixels, $"The header announces {width}×{height} pixels; at most {options.MaxPixels.ToString(CultureInfo.InvariantCulture)} are read.");
        if (pixels * wholeBytesPerPixel > MaxWholeBytes) throw new DecodeFailedException(DecodeFailure.TooManyPixels, $"The header announces {width}×{height} pixels of {wholeBytesPerPixel} bytes, which this format needs at once; at most {MaxWholeBytes >> 20} MiB are given.");
    }

    private static bool WholePicture(VipsImageHandle header, ImageFormat format) =>
        format is ImageFormat.WebP or ImageFormat.Avif or ImageFormat.Gif or ImageFormat.Svg || header.Has("interlaced") || header.Orientation > 1;

    private static bool Interruptible(VipsImageHandle header, ImageFormat format) => !WholePicture(header, format);

    /// <summary>
    /// Decoders that answer only when the whole picture is done are waited for on another thread. When the time is over the caller
    /// gets its answer; the thread ends with its decoder, bounded by the pixel limit, and frees what was lent to it.
    /// </summary>
    private static RgbImage PixelsOnThread(VipsOperation loader, VipsImageHandle header, DecodeOptions options, DecodeDeadline deadline)
    {
        TimeSpan left = deadline.Left;
        DecodeFailedException late = deadline.Failure();
        Task<RgbImage> work = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return Pixels(header, options, deadline);
                }
                finally
                {
                    header.Dispose();
                    loader.Dispose();
                    deadline.Dispose();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        if (Task.WaitAny([work], left) == 0) return work.GetAwaiter().GetResult();
        // Whatever the abandoned thread still throws is observed, so that it does not surface elsewhere.
        _ = work.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw late;
    }

    private static RgbImage Pixels(VipsImageHandle image, DecodeOptions options, DecodeDeadline deadline)
    {
        deadline.Watch(image);
        return Finish(image, options, deadline);
    }

    private static RgbImage Finish(VipsImageHandle image, DecodeOptions options, DecodeDeadline deadline)
    {
        try
        {
            // Resizes with premultiplied alpha, applies EXIF orientation and, where it changes anything, the colour profile.
            VipsOperation thumbnail = new VipsOperation("thumbnail_image").Set("in", image).Set("width", options.MaxSide).Set("height", options.MaxSide).Set("size", "down");
            if (ColourProfiles.NeedsTransform(image)) _ = thumbnail.Set("output-profile", "srgb");
            using VipsImageHandle small = VipsPixels.Run(thumbnail);
            using VipsImageHandle rgb = VipsPixels.ToSrgb(small);
            int width = rgb.Width;
            int height = rgb.Height;
            return new RgbImage(width, height, VipsPixels.Export(rgb));
        }
        catch (VipsException e) when (deadline.Passed)
        {
            throw deadline.Failure(e);
        }
    }

    /// <summary>What is known of a file while it is being read; goes into the outcome whether or not the reading ends well.</summary>
    private sealed class Opened
    {
        internal string? MediaType { get; init; }

        internal int Width { get; set; }

        internal int Height { get; set; }

        internal DecodeOutcome Failed(DecodeFailure failure, string detail) =>
            new() { Failure = failure, Detail = detail, MediaType = MediaType, OriginalWidth = Width, OriginalHeight = Height };
    }
}

using System.Globalization;
using NetVips;
using Touchstone.Vision.Isolation;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Reads pictures that nobody vouches for. Input: JPEG, PNG, WebP, AVIF, GIF (first frame; <see cref="AnimationFrames"/> gives the others),
/// TIFF (first page), BMP, Windows icons (the largest picture), and SVG where the options allow it (drawn at that side), told apart by their first bytes. Output:
/// <see cref="RgbImage"/>, its longer side at most <see cref="DecodeOptions.MaxSide"/>, or a named failure. The limits are checked against the
/// header before pixels are decoded. Thumbnails inside a file are never used: they may show something else. A file that ends a little early
/// gives the rows that it has (<see cref="LostRows"/>), as browsers show them. Safe for concurrent calls; deterministic.
/// </summary>
/// <param name="processes">Decode in processes of their own, where a limit on memory and time holds whatever the picture is; null: in this process, for pictures of our own.</param>
public sealed class ImageDecoder(IsolatedProcesses? processes = null)
{
    // Decoders that hold the whole picture at once get this much; the others work by rows.
    private const long MaxWholeBytes = 288L << 20;

    // A sequential JPEG that is shrunk while it is read may have so many times the pixels of another picture: phones take 200 megapixels.
    internal const int ShrunkPixels = 4;

    // A decoder that cannot be interrupted ends well within the limit below this many pixels, so no thread is spent on it.
    private const long InlinePixels = 4_000_000;

    /// <exception cref="NativeLibraryMissingException">libvips is absent.</exception>
    public DecodeOutcome Decode(ReadOnlyMemory<byte> bytes, DecodeOptions? options = null)
    {
        options ??= new DecodeOptions();
        return Refusal(bytes, options) ?? (processes is { Problem: null } ? IsolatedDecoding.Decode(processes, bytes, options) : Decode(bytes, 0, options));
    }

    /// <summary>What an animation shows besides its first frame (<see cref="AnimationFrames"/>).</summary>
    public AnimationContent ReadAnimation(ReadOnlyMemory<byte> bytes, DecodeOptions? options = null)
    {
        options ??= new DecodeOptions();
        return AnimationFrames.OfHead(bytes.Span, options) ?? (processes is { Problem: null } ? IsolatedDecoding.ReadAnimation(processes, bytes, options) : AnimationFrames.Read(bytes, options));
    }

    /// <summary>In this process, one frame of an animation, 0 the first.</summary>
    internal static DecodeOutcome Decode(ReadOnlyMemory<byte> bytes, int frame, DecodeOptions options)
    {
        if (Refusal(bytes, options) is { } refusal) return refusal;
        ImageFormat format = ImageFormats.Sniff(bytes.Span);
        Opened opened = new() { MediaType = ImageFormats.MediaType(format) };
        try
        {
            RgbImage image = format switch
            {
                ImageFormat.Bmp => DecodeBmp(bytes, BmpReader.Read, options, opened),
                ImageFormat.Icon => DecodeIcon(bytes, options, opened),
                _ => DecodeWithVips(bytes, format, frame, options, opened),
            };
            return new DecodeOutcome { Image = image, MediaType = opened.MediaType, OriginalWidth = opened.Width, OriginalHeight = opened.Height };
        }
        catch (DecodeFailedException e)
        {
            return opened.Failed(e.Failure, e.Message);
        }
        catch (VipsException e)
        {
            return opened.Failed(DecodeFailure.Corrupt, e.Message.ReplaceLineEndings(" ").Trim());
        }
        catch (OutOfMemoryException)
        {
            return opened.Failed(DecodeFailure.TooManyPixels, "The picture does not fit into memory.");
        }
    }

    /// <summary>What is refused by its length and its first bytes; null where it is to be decoded.</summary>
    private static DecodeOutcome? Refusal(ReadOnlyMemory<byte> bytes, DecodeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSide, 1, nameof(options));
        if (bytes.IsEmpty) return new DecodeOutcome { Failure = DecodeFailure.Empty, Detail = "There are no bytes." };
        ImageFormat format = ImageFormats.Sniff(bytes.Span);
        Opened opened = new() { MediaType = ImageFormats.MediaType(format) };
        if (bytes.Length > options.MaxBytes) return opened.Failed(DecodeFailure.TooManyBytes, $"The file has {bytes.Length} bytes; at most {options.MaxBytes} are read.");
        return format switch
        {
            ImageFormat.Unknown => opened.Failed(DecodeFailure.UnsupportedFormat, "The bytes begin like no picture format that is read."),
            ImageFormat.Heic => opened.Failed(DecodeFailure.UnsupportedFormat, "HEIF coded with HEVC is not read; AVIF is."),
            ImageFormat.Svg when !options.AllowSvg => opened.Failed(DecodeFailure.UnsupportedFormat, "SVG is read only for registers."),
            _ => null,
        };
    }

    private static RgbImage DecodeIcon(ReadOnlyMemory<byte> bytes, DecodeOptions options, Opened opened)
    {
        ReadOnlyMemory<byte> largest = IconReader.Largest(bytes);
        return ImageFormats.Sniff(largest.Span) == ImageFormat.Png ? DecodeWithVips(largest, ImageFormat.Png, 0, options, opened) : DecodeBmp(IconReader.Bitmap(largest.Span), IconReader.Read, options, opened);
    }

    private static RgbImage DecodeBmp(ReadOnlyMemory<byte> bytes, BitmapPixels read, DecodeOptions options, Opened opened)
    {
        DecodeDeadline deadline = new(options.Timeout);
        BmpHeader header = BmpReader.ReadHeader(bytes.Span);
        opened.Width = header.Width;
        opened.Height = header.Height;
        CheckPixels(header.Width, header.Height, 7, options);
        RgbaImage pixels = read(bytes.Span, header, deadline);
        RgbImage full = pixels.Flatten(TransparentGround.Under(pixels.Pixels));
        if (Math.Max(full.Width, full.Height) <= options.MaxSide) return full;
        using Image image = VipsPixels.Import(full.Pixels, full.Width, full.Height, 3);
        return Finish(image, options, deadline);
    }

    private delegate RgbaImage BitmapPixels(ReadOnlySpan<byte> bytes, BmpHeader header, DecodeDeadline deadline);

    private static RgbImage DecodeWithVips(ReadOnlyMemory<byte> bytes, ImageFormat format, int frame, DecodeOptions options, Opened opened)
    {
        LibvipsLibrary.EnsureStarted();
        DecodeDeadline deadline = new(options.Timeout);
        try
        {
            return DecodeWithVips(bytes, new Reading(format, frame, Enums.FailOn.Error), options, opened, deadline);
        }
        catch (VipsException damaged)
        {
            if (format == ImageFormat.Png && PngRows.Mended(bytes.Span, LostRows.LeastLeft) is { } mended) return DecodeWithVips(mended, new Reading(format, frame, Enums.FailOn.None), options, opened, deadline);
            // What is left of a damaged file is read again without the decoder's protest.
            RgbImage partial = DecodeWithVips(bytes, new Reading(format, frame, Enums.FailOn.None), options, opened, deadline);
            return LostRows.Cut(partial, format) ?? throw new DecodeFailedException(DecodeFailure.Corrupt, $"Too little of the picture is left: {damaged.Message.ReplaceLineEndings(" ").Trim()}", damaged);
        }
    }

    private static RgbImage DecodeWithVips(ReadOnlyMemory<byte> bytes, Reading reading, DecodeOptions options, Opened opened, DecodeDeadline deadline)
    {
        ImageFormat format = reading.Format;
        using Source source = Source.NewFromMemory(bytes.Span);
        Image image = Open(source, reading, shrink: 1);
        bool handedOver = false;
        try
        {
            double shrink = CheckHeader(image, format, options, opened);
            deadline.ThrowIfPassed();
            // What is larger than the limit and allowed takes longer in proportion.
            if (opened.Pixels > options.MaxPixels) deadline.Add(options.Timeout * ((double)opened.Pixels / options.MaxPixels));
            if (shrink != 1)
            {
                image.Dispose();
                image = Open(source, reading, shrink);
            }

            if (format == ImageFormat.Png && PngGamma.Exponent(bytes.Span) is not 1 and var exponent)
            {
                using Image stored = image;
                image = PngGamma.Apply(stored, exponent);
            }

            if (Interruptible(image, format) || opened.Pixels <= InlinePixels) return Pixels(image, options, deadline);
            handedOver = true;
            return PixelsOnThread(image, options, deadline);
        }
        finally
        {
            if (!handedOver) image.Dispose();
        }
    }

    /// <summary>
    /// Reads the header; the pixels follow when they are asked for. The loader is named, so that no other one that libvips may know is
    /// tried. Rows are read once, top to bottom.
    /// </summary>
    private static Image Open(Source source, Reading reading, double shrink)
    {
        const Enums.Access access = Enums.Access.Sequential;
        Enums.FailOn failOn = reading.FailOn;
        return reading.Format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: (int)shrink, access: access, failOn: failOn),
            ImageFormat.Png => Image.PngloadSource(source, access: access, failOn: failOn),
            ImageFormat.WebP => Image.WebploadSource(source, page: reading.Frame, scale: 1 / shrink, access: access, failOn: failOn),
            ImageFormat.Gif => Image.GifloadSource(source, page: reading.Frame, access: access, failOn: failOn),
            ImageFormat.Tiff => Image.TiffloadSource(source, access: access, failOn: failOn),
            ImageFormat.Avif => Image.HeifloadSource(source, access: access, failOn: failOn),
            _ => Image.SvgloadSource(source, scale: 1 / shrink, access: access, failOn: failOn),
        };
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

    /// <summary>Refuses what the limits do not allow; returns by how much the decoder is to shrink.</summary>
    private static double CheckHeader(Image header, ImageFormat format, DecodeOptions options, Opened opened)
    {
        bool turned = Orientation(header) >= 5;
        opened.Width = turned ? header.Height : header.Width;
        opened.Height = turned ? header.Width : header.Height;
        int frames = Number(header, "n-pages") ?? 1;
        if (frames > options.MaxFrames) throw new DecodeFailedException(DecodeFailure.TooManyFrames, $"The header announces {frames} frames; at most {options.MaxFrames} are read.");
        double shrink = ShrinkOnLoad(format, opened, options);
        // Sequential JPEG is decoded block by block at the smaller size: neither the picture nor its coefficients are ever held whole.
        if (format == ImageFormat.Jpeg && shrink > 1 && !header.Contains("interlaced"))
        {
            CheckPixels(header.Width, header.Height, 0, options with { MaxPixels = options.MaxPixels * ShrunkPixels });
            return shrink;
        }
        int sample = header.Format switch
        {
            Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
            Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
            Enums.BandFormat.Double or Enums.BandFormat.Complex => 8,
            Enums.BandFormat.Dpcomplex => 16,
            _ => 4,
        };
        // AVIF is decoded to planes and converted, with frames kept for reference: about 20 bytes a pixel were measured.
        int bytesPerPixel = format == ImageFormat.Avif ? header.Bands * 8 : header.Bands * sample;
        CheckPixels(header.Width, header.Height, WholePicture(header, format) ? bytesPerPixel : 0, options);
        return shrink;
    }

    private static void CheckPixels(int width, int height, int wholeBytesPerPixel, DecodeOptions options)
    {
        long pixels = (long)width * height;
        if (pixels > options.MaxPixels) throw new DecodeFailedException(DecodeFailure.TooManyPixels, $"The header announces {width}×{height} pixels; at most {options.MaxPixels.ToString(CultureInfo.InvariantCulture)} are read.");
        if (pixels * wholeBytesPerPixel > MaxWholeBytes) throw new DecodeFailedException(DecodeFailure.TooManyPixels, $"The header announces {width}×{height} pixels of {wholeBytesPerPixel} bytes, which this format needs at once; at most {MaxWholeBytes >> 20} MiB are given.");
    }

    private static bool WholePicture(Image header, ImageFormat format) =>
        format is ImageFormat.WebP or ImageFormat.Avif or ImageFormat.Gif or ImageFormat.Svg || header.Contains("interlaced") || Orientation(header) > 1;

    private static bool Interruptible(Image header, ImageFormat format) => !WholePicture(header, format);

    /// <summary>The EXIF orientation, 1 to 8; 1 where there is none.</summary>
    private static int Orientation(Image header) => Number(header, "orientation") is >= 1 and <= 8 and var orientation ? orientation : 1;

    private static int? Number(Image header, string field) => header.Contains(field) ? header.Get(field) as int? : null;

    /// <summary>
    /// Decoders that answer only when the whole picture is done are waited for on another thread. When the time is over the caller
    /// gets its answer; the thread ends with its decoder, bounded by the pixel limit, and frees the picture.
    /// </summary>
    private static RgbImage PixelsOnThread(Image image, DecodeOptions options, DecodeDeadline deadline)
    {
        Task<RgbImage> work = Task.Factory.StartNew(
            () =>
            {
                using (image) return Pixels(image, options, deadline);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        if (Task.WaitAny([work], deadline.Left) == 0) return work.GetAwaiter().GetResult();
        // Whatever the abandoned thread still throws is observed, so that it does not surface elsewhere.
        _ = work.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw deadline.Failure();
    }

    private static RgbImage Pixels(Image image, DecodeOptions options, DecodeDeadline deadline)
    {
        deadline.Watch(image);
        return Finish(image, options, deadline);
    }

    private static RgbImage Finish(Image image, DecodeOptions options, DecodeDeadline deadline)
    {
        try
        {
            // Resizes with premultiplied alpha, applies EXIF orientation and, where it changes anything, the colour profile.
            using Image? shown = ColourProfiles.OfBareInks(image);
            Image read = shown ?? image;
            using Image small = read.ThumbnailImage(options.MaxSide, height: options.MaxSide, size: Enums.Size.Down, outputProfile: ColourProfiles.NeedsTransform(read) ? "srgb" : null);
            using Image rgb = VipsPixels.ToSrgb(small);
            int width = rgb.Width;
            int height = rgb.Height;
            return new RgbImage(width, height, VipsPixels.Export(rgb));
        }
        catch (VipsException e) when (deadline.Passed)
        {
            throw deadline.Failure(e);
        }
    }

    /// <summary>What is read of a file, and how much damage is borne.</summary>
    private readonly record struct Reading(ImageFormat Format, int Frame, Enums.FailOn FailOn);

    /// <summary>What is known of a file while it is being read; goes into the outcome whether or not the reading ends well.</summary>
    private sealed class Opened
    {
        internal string? MediaType { get; init; }

        internal int Width { get; set; }

        internal int Height { get; set; }

        internal long Pixels => (long)Width * Height;

        internal DecodeOutcome Failed(DecodeFailure failure, string detail) =>
            new() { Failure = failure, Detail = detail, MediaType = MediaType, OriginalWidth = Width, OriginalHeight = Height };
    }
}

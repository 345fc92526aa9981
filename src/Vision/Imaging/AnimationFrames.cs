using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>What an animation shows besides its first frame.</summary>
/// <param name="Pictures">PNG, each unlike the first frame and unlike the others; empty where nothing moves much.</param>
/// <param name="IsWhole">Whether every frame resembles the first or one of the pictures; false where some could not be read.</param>
public sealed record AnimationContent(IReadOnlyList<byte[]> Pictures, bool IsWhole)
{
    /// <summary>Of a picture that stands still.</summary>
    public static AnimationContent Still { get; } = new([], true);

    internal static AnimationContent Unread { get; } = new([], false);
}

/// <summary>
/// The pictures of an animated GIF, WebP or PNG that a person sees one after the other. All frames are looked at in small; of those that differ,
/// the most different ones are taken until the rest resembles one of them or <see cref="MostTaken"/> are. AVIF sequences are
/// recognised and not read. Safe for concurrent calls; deterministic for one version of libvips.
/// </summary>
public static class AnimationFrames
{
    /// <summary>Most pictures taken besides the first frame.</summary>
    public const int MostTaken = 8;

    // Px a side of the small frames, and of the squares that they are compared by.
    private const int Side = 64, Square = 8;

    // Mean difference of a square, in levels of 255, from which on a frame shows something new there.
    private const int New = 20;

    private const int Bands = 4;

    /// <summary>What the first bytes tell without any decoding; null where the frames are to be looked at.</summary>
    internal static AnimationContent? OfHead(ReadOnlySpan<byte> bytes, DecodeOptions options)
    {
        if (ImageFormats.IsUnreadSequence(bytes)) return AnimationContent.Unread;
        if (bytes.Length > options.MaxBytes) return AnimationContent.Still;
        return ImageFormats.Sniff(bytes) switch
        {
            ImageFormat.Gif or ImageFormat.WebP => null,
            ImageFormat.Png when PngFrames.IsAnimated(bytes) => null,
            _ => AnimationContent.Still,
        };
    }

    /// <param name="bytes">A picture. Of one that cannot be read at all <see cref="ImageDecoder"/> says why; here it counts as still.</param>
    public static AnimationContent Read(ReadOnlyMemory<byte> bytes, DecodeOptions? options = null)
    {
        options ??= new DecodeOptions();
        if (OfHead(bytes.Span, options) is { } told) return told;
        ImageFormat format = ImageFormats.Sniff(bytes.Span);
        LibvipsLibrary.EnsureStarted();
        DecodeDeadline deadline = new(options.Timeout);
        if (format == ImageFormat.Png) return ReadPng(bytes, options, deadline);
        int frames;
        byte[] small;
        try
        {
            using Source source = Source.NewFromMemory(bytes.Span);
            using Image roll = Open(source, format);
            frames = roll.Contains("n-pages") && roll.Get("n-pages") is int pages ? pages : 1;
            if (frames < 2 || frames > options.MaxFrames || (long)roll.Width * roll.Height / frames > options.MaxPixels) return AnimationContent.Still;
            small = Small(roll, frames, deadline);
        }
        catch (VipsException)
        {
            return AnimationContent.Unread;
        }
        (List<int> taken, bool whole) = Choose(small, frames);
        RgbImage?[] pictures = [.. taken.Select(frame => ImageDecoder.Decode(bytes, frame, options).Image)];
        return new AnimationContent([.. pictures.OfType<RgbImage>().Select(ImageEncoder.Png)], whole && !pictures.Contains(null));
    }

    private static AnimationContent ReadPng(ReadOnlyMemory<byte> bytes, DecodeOptions options, DecodeDeadline deadline)
    {
        // The picture of the file is looked at anyway; of the frames those that differ from it are taken.
        if (PngFrames.Of(bytes.Span, options) is not { } frames || ImageDecoder.Decode(bytes, 0, options).Image is not { } still) return AnimationContent.Unread;
        const int frameBytes = Side * Side * Bands;
        byte[] small = new byte[(frames.Count + 1) * frameBytes];
        RgbImage Shown(RgbaImage frame) => frame.Flatten(TransparentGround.Under(frame.Pixels));
        void Keep(int index, RgbImage shown) => RgbaImage.From(ImageOperations.Resize(shown, Side, Side)).Pixels.CopyTo(small, index * frameBytes);
        try
        {
            Keep(0, still);
            frames.Show((i, frame) => Keep(i + 1, Shown(frame)), deadline);
            (List<int> taken, bool whole) = Choose(small, frames.Count + 1);
            var pictures = new List<byte[]>();
            if (taken.Count == 0) return new AnimationContent(pictures, whole);
            frames.Show(
                (i, frame) =>
                {
                    if (!taken.Contains(i + 1)) return;
                    double shrink = Math.Max(1, (double)Math.Max(frame.Width, frame.Height) / options.MaxSide);
                    RgbImage shown = Shown(frame);
                    pictures.Add(ImageEncoder.Png(shrink == 1 ? shown : ImageOperations.Resize(shown, Math.Max(1, (int)(frame.Width / shrink)), Math.Max(1, (int)(frame.Height / shrink)))));
                },
                deadline);
            return new AnimationContent(pictures, whole);
        }
        catch (Exception e) when (e is VipsException or DecodeFailedException)
        {
            return AnimationContent.Unread;
        }
    }

    /// <summary>All frames below each other; libvips computes them one by one.</summary>
    private static Image Open(Source source, ImageFormat format) => format == ImageFormat.Gif
        ? Image.GifloadSource(source, n: -1, access: Enums.Access.Sequential, failOn: Enums.FailOn.None)
        : Image.WebploadSource(source, n: -1, access: Enums.Access.Sequential, failOn: Enums.FailOn.None);

    /// <summary>Each frame as <see cref="Side"/> × <see cref="Side"/> px of <see cref="Bands"/> bytes.</summary>
    private static byte[] Small(Image roll, int frames, DecodeDeadline deadline)
    {
        deadline.Watch(roll);
        using Image rgba = roll.HasAlpha() ? roll.Copy() : roll.AddAlpha();
        using Image small = rgba.Resize((double)Side / roll.Width, vscale: (double)Side * frames / roll.Height, kernel: Enums.Kernel.Linear);
        using Image exact = small.Gravity(Enums.CompassDirection.NorthWest, Side, Side * frames, extend: Enums.Extend.Copy);
        using Image bytes = exact.Cast(Enums.BandFormat.Uchar);
        return VipsPixels.Export(bytes);
    }

    /// <summary>The frames that differ from the first and from each other, most different first, and whether no further one does.</summary>
    private static (List<int> Taken, bool Whole) Choose(byte[] small, int frames)
    {
        var taken = new List<int>();
        int[] distances = [.. Enumerable.Range(0, frames).Select(frame => Distance(small, frame, 0))];
        while (distances.Max() >= New)
        {
            if (taken.Count == MostTaken) return (taken, false);
            int next = Array.IndexOf(distances, distances.Max());
            taken.Add(next);
            for (int frame = 0; frame < frames; frame++) distances[frame] = Math.Min(distances[frame], Distance(small, frame, next));
        }
        return (taken, true);
    }

    /// <summary>The mean difference, in levels, of the square that differs most.</summary>
    private static int Distance(byte[] small, int one, int other)
    {
        const int frameBytes = Side * Side * Bands, rowBytes = Side * Bands, squareBytes = Square * Bands;
        ReadOnlySpan<byte> a = small.AsSpan(one * frameBytes, frameBytes), b = small.AsSpan(other * frameBytes, frameBytes);
        Span<int> sums = stackalloc int[Side / Square * (Side / Square)];
        for (int i = 0; i < frameBytes; i++) sums[(i / (rowBytes * Square) * (Side / Square)) + (i % rowBytes / squareBytes)] += Math.Abs(a[i] - b[i]);
        int most = 0;
        foreach (int sum in sums) most = Math.Max(most, sum);
        return most / (Square * Square * (Bands - 1));
    }
}

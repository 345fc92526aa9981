namespace Touchstone.Vision.Imaging;

/// <summary>The picture formats that are told apart by their first bytes.</summary>
public enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
    WebP,
    Gif,
    Tiff,
    Bmp,

    /// <summary>A Windows icon or cursor: pictures of one thing in several sizes.</summary>
    Icon,
    Avif,

    /// <summary>HEIF coded with HEVC. Recognised so that the failure can say so; no decoder for it is present.</summary>
    Heic,
    Svg,
}

/// <summary>Tells formats apart by magic bytes, never by a name or a declared media type. Pure; thread-safe.</summary>
public static class ImageFormats
{
    private const int SvgSearch = 4_096;

    /// <summary>The format of a file by its first bytes; 4,096 of them are enough.</summary>
    public static ImageFormat Sniff(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return ImageFormat.Jpeg;
        if (bytes.StartsWith(PngChunks.Signature)) return ImageFormat.Png;
        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8)) return ImageFormat.Gif;
        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)) return ImageFormat.WebP;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[(byte)'I', (byte)'I', 42, 0]) || bytes.StartsWith((ReadOnlySpan<byte>)[(byte)'M', (byte)'M', 0, 42])) return ImageFormat.Tiff;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[(byte)'I', (byte)'I', 43, 0]) || bytes.StartsWith((ReadOnlySpan<byte>)[(byte)'M', (byte)'M', 0, 43])) return ImageFormat.Tiff;
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8)) return SniffIsoMedia(bytes);
        if (bytes.StartsWith("BM"u8)) return ImageFormat.Bmp;
        if (IconReader.Looks(bytes)) return ImageFormat.Icon;
        return LooksLikeSvg(bytes) ? ImageFormat.Svg : ImageFormat.Unknown;
    }

    /// <summary>The registered media type, or null for <see cref="ImageFormat.Unknown"/>.</summary>
    public static string? MediaType(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Png => "image/png",
        ImageFormat.WebP => "image/webp",
        ImageFormat.Gif => "image/gif",
        ImageFormat.Tiff => "image/tiff",
        ImageFormat.Bmp => "image/bmp",
        ImageFormat.Icon => "image/vnd.microsoft.icon",
        ImageFormat.Avif => "image/avif",
        ImageFormat.Heic => "image/heic",
        ImageFormat.Svg => "image/svg+xml",
        _ => null,
    };

    /// <summary>Whether a browser shows an animation of which only the first frame is read here: an AVIF sequence.</summary>
    internal static bool IsUnreadSequence(ReadOnlySpan<byte> bytes) => Sniff(bytes) == ImageFormat.Avif && bytes[8..Math.Min(bytes.Length, 64)].IndexOf("avis"u8) >= 0;

    private static ImageFormat SniffIsoMedia(ReadOnlySpan<byte> bytes)
    {
        // The box holds a major brand, a version and compatible brands; 'mif1' alone says only "some HEIF", so all are searched.
        int end = (int)Math.Min((uint)bytes.Length, Math.Min(256, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes)));
        bool heif = false;
        bool hevc = false;
        for (int at = 8; at + 4 <= end; at += 4)
        {
            ReadOnlySpan<byte> brand = bytes.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return ImageFormat.Avif;
            hevc |= brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8);
            heif |= brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
        }

        return hevc ? ImageFormat.Heic : heif ? ImageFormat.Avif : ImageFormat.Unknown;
    }

    private static bool LooksLikeSvg(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, SvgSearch)];
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        return head.StartsWith("<"u8) && head.IndexOf("<svg"u8) >= 0;
    }
}

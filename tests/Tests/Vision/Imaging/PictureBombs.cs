using System.Buffers.Binary;
using System.IO.Compression;
using NetVips;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Small files that unfold into gigabytes or into minutes of work, one of each kind; made here, so that none lies in the tree.</summary>
internal static class PictureBombs
{
    private static readonly byte[] Signature = [0x89, .. "PNG\r\n\x1a\n"u8];

    public static IReadOnlyDictionary<string, Func<byte[]>> All { get; } = new Dictionary<string, Func<byte[]>>(StringComparer.Ordinal)
    {
        ["png-texts"] = static () => Png(16, 16, 0, Texts("zTXt", 600, 7_900_000)),
        ["png-international-texts"] = static () => Png(16, 16, 0, Texts("iTXt", 600, 7_900_000)),
        ["png-profile"] = static () => Png(16, 16, 0, Chunk("iCCP", [.. "p\0\0"u8, .. Packed(1L << 30)])),
        ["png-exif"] = static () => Png(16, 16, 0, Chunk("eXIf", [.. "II*\0\x08\0\0\0"u8, .. Enumerable.Repeat(byte.MaxValue, 4_000_000)])),
        ["png-interlaced"] = static () => Png(8_000, 8_000, 1, []),
        ["png-one-column"] = static () => Png(1, 60_000_000, 0, []),
        ["png-one-row"] = static () => Png(60_000_000, 1, 0, []),
        ["gif-screen"] = static () => Gif(8_000, 8_000, 1),
        ["gif-frames"] = static () => Gif(8_000, 8_000, 2_000),
        ["gif-many-frames"] = static () => Gif(100, 100, 100_000),
        ["webp-lossless"] = static () => Blank(8_000, 8_000, static image => image.WebpsaveBuffer(lossless: true, effort: 0)),
        ["avif-large"] = static () => Blank(3_000, 3_000, static image => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0)),
        ["jpeg-progressive"] = static () => Blank(8_000, 8_000, static image => image.JpegsaveBuffer(interlace: true)),
        ["jpeg-scans"] = static () => Scans(Blank(4_000, 4_000, static image => image.JpegsaveBuffer(interlace: true)), 2_000),
        ["tiff-strip"] = static () => Blank(8_000, 8_000, static image => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate)),
    };

    private static byte[] Png(int width, int height, byte interlace, byte[] chunks)
    {
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, interlace];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        long raw = ((width * 3L) + 1) * height;
        // The passes of an interlaced picture have filter bytes of their own; what is too much is not read.
        return [.. Signature, .. Chunk("IHDR", header), .. chunks, .. Chunk("IDAT", Packed(interlace == 0 ? raw : raw + (8L * height))), .. Chunk("IEND", [])];
    }

    private static byte[] Texts(string type, int count, int length)
    {
        byte[] packed = Packed(length, (byte)'A');
        using MemoryStream all = new();
        for (int i = 0; i < count; i++)
            all.Write(Chunk(type, [.. System.Text.Encoding.ASCII.GetBytes($"k{i}"), .. type == "zTXt" ? (byte[])[0, 0] : [0, 1, 0, 0, 0], .. packed]));
        return all.ToArray();
    }

    private static byte[] Packed(long length, byte of = 0)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] part = new byte[1 << 20];
            Array.Fill(part, of);
            for (long left = length; left > 0; left -= part.Length) zlib.Write(part, 0, (int)Math.Min(left, part.Length));
        }
        return packed.ToArray();
    }

    private static byte[] Chunk(string type, ReadOnlySpan<byte> content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), HostileFileTests.Crc(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    private static byte[] Gif(ushort width, ushort height, int frames)
    {
        byte[] frame = [0x21, 0xF9, 4, 8, 5, 0, 0, 0, 0x2C, 0, 0, 0, 0, .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), 0, 2, 2, 0x4C, 1, 0];
        return [.. "GIF89a"u8, .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. Enumerable.Repeat(frame, frames).SelectMany(static x => x), 0x3B];
    }

    private static byte[] Blank(int width, int height, Func<Image, byte[]> save)
    {
        LibvipsLibrary.EnsureStarted();
        using Image black = Image.Black(width, height, bands: 3);
        using Image image = black.Copy(interpretation: Enums.Interpretation.Srgb);
        return save(image);
    }

    /// <summary>The last scan again and again: each is a pass over the whole picture.</summary>
    private static byte[] Scans(byte[] jpeg, int times)
    {
        int scan = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]), end = jpeg.Length - 2;
        return [.. jpeg[..end], .. Enumerable.Repeat(jpeg[scan..end], times).SelectMany(static x => x), 0xFF, 0xD9];
    }
}

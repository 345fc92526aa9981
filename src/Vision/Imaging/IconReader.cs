using System.Buffers.Binary;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Windows icons and cursors: the largest of their pictures, of several that large the one with most colours, as browsers show them. Source: Microsoft, "Icons" (ICONDIR, ICONDIRENTRY). Pure; thread-safe.
/// </summary>
internal static class IconReader
{
    private const int Directory = 6, Entry = 16, InfoHeader = 40;

    internal static bool Looks(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Directory + Entry && bytes[0] == 0 && bytes[1] == 0 && bytes[2] is 1 or 2 && bytes[3] == 0 && Count(bytes) is > 0 and var count && Offset(bytes, 0) >= Directory + (count * Entry);

    /// <summary>The file of the picture that is shown: a PNG, or a bitmap without its file header whose height counts the mask, too.</summary>
    /// <exception cref="DecodeFailedException">No picture is where the directory says.</exception>
    internal static ReadOnlyMemory<byte> Largest(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        int best = -1, bestRank = -1;
        for (int i = 0; i < Count(bytes) && Directory + ((i + 1) * Entry) <= bytes.Length; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(Directory + (i * Entry), Entry);
            // A side of 256 is written as 0.
            int rank = (((entry[0] + 255) % 256) + 1) * (((entry[1] + 255) % 256) + 1) * 64 + (bytes[2] == 1 ? Math.Min(63, (int)BinaryPrimitives.ReadUInt16LittleEndian(entry[6..])) : 0);
            if (rank > bestRank && Offset(bytes, i) is > 0 and var offset && offset < bytes.Length) (best, bestRank) = (i, rank);
        }

        if (best < 0) throw new DecodeFailedException(DecodeFailure.Corrupt, "The icon's directory names no picture of it.");
        // Writers differ in whether the stated length is true.
        return file[(int)Offset(bytes, best)..];
    }

    /// <summary>The bitmap as a file of its own, with the height of the picture alone.</summary>
    internal static byte[] Bitmap(ReadOnlySpan<byte> picture)
    {
        if (picture.Length < InfoHeader || BinaryPrimitives.ReadInt32LittleEndian(picture) is < InfoHeader or > 124) throw new DecodeFailedException(DecodeFailure.Corrupt, "The icon's bitmap has no header.");
        byte[] file = new byte[BmpReader.FileHeader + picture.Length];
        "BM"u8.CopyTo(file);
        picture.CopyTo(file.AsSpan(BmpReader.FileHeader));
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(picture[14..]), colours = BinaryPrimitives.ReadInt32LittleEndian(picture[32..]);
        if (bits <= 8 && colours is <= 0 or > 256) colours = 1 << bits;
        bool masked = BinaryPrimitives.ReadInt32LittleEndian(picture) == InfoHeader && BinaryPrimitives.ReadInt32LittleEndian(picture[16..]) == 3;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), BmpReader.FileHeader + BinaryPrimitives.ReadInt32LittleEndian(picture) + (bits <= 8 ? colours * 4 : 0) + (masked ? 12 : 0));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), BinaryPrimitives.ReadInt32LittleEndian(picture[8..]) / 2);
        return file;
    }

    /// <summary>With 32 bits the fourth channel is the transparency; with less, or where that is empty, the mask below the picture is.</summary>
    internal static RgbaImage Read(ReadOnlySpan<byte> bitmap, BmpHeader header, DecodeDeadline deadline)
    {
        bool wide = header.BitsPerPixel == 32;
        RgbaImage image = BmpReader.Read(bitmap, wide ? header with { Masks = [header.Masks[0], header.Masks[1], header.Masks[2], 0xFF000000] } : header, deadline);
        if (image.Height < header.Height || (wide && HasTransparency(image))) return image;
        long rows = (((long)header.Width * header.BitsPerPixel) + 31) / 32 * 4 * header.Height;
        int stride = (header.Width + 31) / 32 * 4;
        for (int y = 0; y < header.Height; y++)
        {
            long at = header.PixelOffset + rows + ((long)y * stride);
            if (at + stride > bitmap.Length) break;
            ReadOnlySpan<byte> mask = bitmap.Slice((int)at, stride);
            int row = header.TopDown ? y : header.Height - 1 - y;
            for (int x = 0; x < header.Width; x++)
            {
                if ((mask[x / 8] & (0x80 >> (x % 8))) != 0) image.Pixels[(((row * header.Width) + x) * 4) + 3] = 0;
            }
        }

        return image;
    }

    private static bool HasTransparency(RgbaImage image)
    {
        for (int i = 3; i < image.Pixels.Length; i += 4)
        {
            if (image.Pixels[i] != 255) return true;
        }

        return false;
    }

    private static int Count(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);

    private static uint Offset(ReadOnlySpan<byte> bytes, int entry) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Directory + (entry * Entry) + 12)..]);
}

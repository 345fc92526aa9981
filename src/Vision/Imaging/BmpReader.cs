using System.Buffers.Binary;
using System.Numerics;

namespace Touchstone.Vision.Imaging;

/// <summary>The facts of a BMP header that its pixels are read by. <c>Masks</c>: red, green, blue, alpha; 0 where the channel is absent.</summary>
internal sealed record BmpHeader(int Width, int Height, bool TopDown, int BitsPerPixel, int Compression, int PixelOffset, int PaletteOffset, int PaletteEntries, int PaletteEntryBytes, uint[] Masks);

/// <summary>
/// Reads Windows and OS/2 bitmaps: 1, 2, 4, 8, 16, 24 and 32 bits, plain, RLE4, RLE8 and bit fields, as browsers show them: runs end where the row does, pixels that no run
/// names are black, and of a file that ends a little early the rows that came are the picture. Source: Microsoft, "Bitmap Storage" (BITMAPFILEHEADER, BITMAPINFOHEADER to
/// BITMAPV5HEADER). Pure; thread-safe.
/// </summary>
internal static class BmpReader
{
    internal const int FileHeader = 14;
    private const int CoreHeader = 12;
    private const int ShortHeader = 16;
    private const int InfoHeader = 40;
    private const int V4Header = 108;
    private const int Plain = 0;
    private const int Rle8 = 1;
    private const int Rle4 = 2;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;

    /// <exception cref="DecodeFailedException">The header is damaged or of a kind that is not read.</exception>
    internal static BmpHeader ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FileHeader + CoreHeader) throw Corrupt("The header is cut off.");
        int pixelOffset = Int(bytes, 10);
        int size = Int(bytes, FileHeader);
        if (size != CoreHeader && size is (< ShortHeader or > 124)) throw Corrupt($"The header states a size of {size} bytes.");
        if (bytes.Length < FileHeader + size) throw Corrupt("The header is cut off.");
        bool core = size == CoreHeader;
        int width = core ? Short(bytes, 18) : Int(bytes, 18);
        int height = core ? Short(bytes, 20) : Int(bytes, 22);
        int bits = Short(bytes, core ? 24 : 28);
        // What a short header leaves out is 0.
        int compression = size >= 20 ? Int(bytes, 30) : Plain;
        if (width <= 0 || height is 0 or int.MinValue) throw Corrupt($"The header announces {width}×{height} pixels.");
        CheckKind(bits, compression);
        uint[] masks = ReadMasks(bytes, size, bits, compression);
        int entries = size < 36 || bits > 8 ? 0 : Int(bytes, 46);
        if (bits <= 8 && entries is <= 0 or > 256) entries = 1 << bits;
        int paletteOffset = FileHeader + size;
        int entryBytes = core ? 3 : 4;
        if (bits <= 8 && paletteOffset + (entries * entryBytes) > bytes.Length) throw Corrupt("The palette is cut off.");
        if (pixelOffset < FileHeader + size || pixelOffset > bytes.Length) throw Corrupt($"The pixels are said to begin at byte {pixelOffset} of {bytes.Length}.");
        return new BmpHeader(width, Math.Abs(height), height < 0, bits, compression, pixelOffset, paletteOffset, bits <= 8 ? entries : 0, entryBytes, masks);
    }

    /// <exception cref="DecodeFailedException">Too many rows are missing, or the deadline passed.</exception>
    internal static RgbaImage Read(ReadOnlySpan<byte> bytes, BmpHeader header, DecodeDeadline deadline)
    {
        ReadOnlySpan<byte> body = bytes[header.PixelOffset..];
        byte[] palette = ReadPalette(bytes, header);
        byte[] pixels = new byte[(long)header.Width * header.Height * 4];
        int rows = header.Compression is Rle8 or Rle4 ? ReadRuns(body, header, palette, pixels, deadline) : ReadRows(body, header, palette, pixels, deadline);
        if (rows < LostRows.LeastLeft * header.Height) throw Corrupt($"Of {header.Height} rows {rows} are there.");
        // Some writers leave 0 in a channel that they do not mean.
        if (header.Compression == Plain && header.Masks[3] != 0 && IsClear(pixels)) MakeOpaque(pixels);
        if (rows == header.Height) return new RgbaImage(header.Width, header.Height, pixels);
        int row = header.Width * 4;
        return new RgbaImage(header.Width, rows, header.TopDown ? pixels[..(rows * row)] : pixels[((header.Height - rows) * row)..]);
    }

    private static int ReadRows(ReadOnlySpan<byte> body, BmpHeader header, byte[] palette, byte[] pixels, DecodeDeadline deadline)
    {
        long stride = (((long)header.Width * header.BitsPerPixel) + 31) / 32 * 4;
        // The last row needs no padding: writers differ.
        long row = (((long)header.Width * header.BitsPerPixel) + 7) / 8;
        int rows = body.Length < row ? 0 : (int)Math.Min(header.Height, ((body.Length - row) / stride) + 1);
        for (int y = 0; y < rows; y++)
        {
            deadline.ThrowIfPassed();
            ReadRow(body[(int)(y * stride)..], pixels.AsSpan(Row(header, y) * header.Width * 4, header.Width * 4), header, palette);
        }

        return rows;
    }

    /// <summary>Where the row of this number in the file lies in the picture.</summary>
    private static int Row(BmpHeader header, int y) => header.TopDown ? y : header.Height - 1 - y;

    private static bool IsClear(byte[] pixels)
    {
        for (int i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 0) return false;
        }

        return true;
    }

    private static void MakeOpaque(byte[] pixels)
    {
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
    }

    private static void CheckKind(int bits, int compression)
    {
        bool known = compression switch
        {
            Plain => bits is 1 or 2 or 4 or 8 or 16 or 24 or 32,
            Rle8 => bits == 8,
            Rle4 => bits == 4,
            BitFields or AlphaBitFields => bits is 16 or 32,
            _ => false,
        };
        if (!known) throw new DecodeFailedException(DecodeFailure.UnsupportedFormat, $"A BMP of {bits} bits with compression {compression} is not read.");
    }

    private static uint[] ReadMasks(ReadOnlySpan<byte> bytes, int size, int bits, int compression)
    {
        if (compression is not (BitFields or AlphaBitFields))
            return bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0x00FF0000, 0x0000FF00, 0x000000FF, bits == 32 && size >= V4Header ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(FileHeader + InfoHeader + 12)..]) : 0];
        int count = compression == AlphaBitFields || size >= 56 ? 4 : 3;
        int at = FileHeader + InfoHeader;
        if (bytes.Length < at + (count * 4)) throw Corrupt("The channel masks are cut off.");
        uint[] masks = new uint[4];
        for (int i = 0; i < count; i++) masks[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + (i * 4))..]);
        if (masks[0] == 0 && masks[1] == 0 && masks[2] == 0) throw Corrupt("The channel masks are empty.");
        return masks;
    }

    private static byte[] ReadPalette(ReadOnlySpan<byte> bytes, BmpHeader header)
    {
        byte[] palette = new byte[256 * 3];
        for (int i = 0; i < header.PaletteEntries; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(header.PaletteOffset + (i * header.PaletteEntryBytes), 3);
            (palette[i * 3], palette[(i * 3) + 1], palette[(i * 3) + 2]) = (entry[2], entry[1], entry[0]);
        }

        return palette;
    }

    private static void ReadRow(ReadOnlySpan<byte> source, Span<byte> target, BmpHeader header, byte[] palette)
    {
        int bits = header.BitsPerPixel;
        for (int x = 0; x < header.Width; x++)
        {
            Span<byte> pixel = target.Slice(x * 4, 4);
            pixel[3] = 255;
            if (bits == 24)
            {
                (pixel[0], pixel[1], pixel[2]) = (source[(x * 3) + 2], source[(x * 3) + 1], source[x * 3]);
            }
            else if (bits > 8)
            {
                uint word = bits == 16 ? BinaryPrimitives.ReadUInt16LittleEndian(source[(x * 2)..]) : BinaryPrimitives.ReadUInt32LittleEndian(source[(x * 4)..]);
                for (int c = 0; c < 3; c++) pixel[c] = (byte)Channel(word, header.Masks[c]);
                if (header.Masks[3] != 0) pixel[3] = (byte)Channel(word, header.Masks[3]);
            }
            else
            {
                int shift = 8 - bits - (x * bits % 8);
                int index = (source[x * bits / 8] >> shift) & ((1 << bits) - 1);
                palette.AsSpan(index * 3, 3).CopyTo(pixel);
            }
        }
    }

    private static int Channel(uint word, uint mask)
    {
        if (mask == 0) return 0;
        int shift = BitOperations.TrailingZeroCount(mask);
        ulong most = mask >> shift;
        return (int)((((word & mask) >> shift) * 255UL + (most / 2)) / most);
    }

    /// <returns>How many rows came.</returns>
    private static int ReadRuns(ReadOnlySpan<byte> body, BmpHeader header, byte[] palette, byte[] pixels, DecodeDeadline deadline)
    {
        MakeOpaque(pixels);
        int x = 0;
        int y = 0;
        int at = 0;
        while (y < header.Height)
        {
            deadline.ThrowIfPassed();
            if (at + 2 > body.Length) return y;
            int count = body[at];
            int value = body[at + 1];
            at += 2;
            if (count > 0)
            {
                int drawn = Math.Min(count, header.Width - x);
                for (int i = 0; i < drawn; i++, x++) Put(pixels, header, x, y, palette, Nibble(value, i, header));
                continue;
            }

            if (value == 1) return header.Height;
            if (value == 0) (x, y) = (0, y + 1);
            else if (value == 2)
            {
                if (at + 2 > body.Length) return y;
                (x, y) = (Math.Min(header.Width, x + body[at]), y + body[at + 1]);
                at += 2;
            }
            else
            {
                int bytes = header.Compression == Rle8 ? value : (value + 1) / 2;
                if (at + bytes > body.Length) return y;
                int drawn = Math.Min(value, header.Width - x);
                for (int i = 0; i < drawn; i++, x++) Put(pixels, header, x, y, palette, header.Compression == Rle8 ? body[at + i] : Nibble(body[at + (i / 2)], i, header));
                at += bytes + (bytes & 1);
            }
        }

        return header.Height;
    }

    private static int Nibble(int value, int position, BmpHeader header) =>
        header.Compression == Rle8 ? value : (position & 1) == 0 ? value >> 4 : value & 15;

    private static void Put(byte[] pixels, BmpHeader header, int x, int y, byte[] palette, int index) =>
        palette.AsSpan(index * 3, 3).CopyTo(pixels.AsSpan(((Row(header, y) * header.Width) + x) * 4, 3));

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static DecodeFailedException Corrupt(string detail) => new(DecodeFailure.Corrupt, $"BMP: {detail}");
}

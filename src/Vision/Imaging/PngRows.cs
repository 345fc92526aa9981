using System.Buffers.Binary;
using System.IO.Compression;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Makes of a PNG whose data break off one that holds just the rows that came, because the decoder loses some of them and leaves what it likes in their places. Pure; thread-safe.
/// Source: PNG specification, third edition.
/// </summary>
internal static class PngRows
{
    internal const int Signature = 8, Head = 8, Check = 4, HeaderLength = 13;

    private const int HeightAt = 4;

    /// <param name="least">The share of the rows that must have come.</param>
    /// <returns>The file; null where all rows came or too few, they come in passes, or the header cannot be read.</returns>
    public static byte[]? Mended(ReadOnlySpan<byte> file, double least)
    {
        if (file.Length < Signature + Head + HeaderLength || !file[(Signature + 4)..].StartsWith("IHDR"u8)) return null;
        byte[] header = file.Slice(Signature + Head, HeaderLength).ToArray();
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(HeightAt));
        int samples = header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        if (width <= 0 || height <= 0 || header[12] != 0) return null;
        using MemoryStream mended = new(), data = new();
        mended.Write(file[..Signature]);
        Write(mended, "IHDR"u8, header);
        for (int at = Signature; at + Head <= file.Length;)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(file[at..]), (uint)(file.Length - at - Head));
            ReadOnlySpan<byte> type = file.Slice(at + 4, 4), content = file.Slice(at + Head, length);
            if (type.SequenceEqual("IDAT"u8)) data.Write(content);
            // What colours mean stands before the data.
            else if (data.Length == 0 && !type.SequenceEqual("IHDR"u8)) Write(mended, type, content);
            at += Head + length + Check;
        }
        // A byte before each row names its filter.
        long row = 1 + ((((long)width * samples * header[8]) + 7) / 8);
        byte[] packed = Repacked(data, row * height, out long count);
        int rows = (int)(count / row);
        if (rows >= height || rows < least * height) return null;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(HeightAt), rows);
        mended.Position = Signature;
        Write(mended, "IHDR"u8, header);
        mended.Position = mended.Length;
        Write(mended, "IDAT"u8, packed);
        Write(mended, "IEND"u8, []);
        return mended.ToArray();
    }

    private static byte[] Repacked(MemoryStream data, long most, out long count)
    {
        data.Position = 0;
        count = 0;
        using MemoryStream packed = new();
        using (ZLibStream from = new(data, CompressionMode.Decompress), to = new(packed, CompressionLevel.Fastest))
        {
            byte[] part = new byte[1 << 12];
            try
            {
                for (int read; count < most && (read = from.Read(part)) > 0; count += read) to.Write(part, 0, read);
            }
            catch (InvalidDataException)
            {
                // The data break off here.
            }
        }
        return packed.ToArray();
    }

    internal static void Write(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        file.Write(number);
    }

    // Annex D of the specification.
    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return crc;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Makes of a PNG whose data break off one that holds just the rows that came, because the decoder loses some of them and leaves what it likes in their places. Pure; thread-safe.
/// Source: PNG specification, third edition.
/// </summary>
internal static class PngRows
{
    private const int HeightAt = 4;

    /// <param name="least">The share of the rows that must have come.</param>
    /// <returns>The file; null where all rows came or too few, they come in passes, or the header cannot be read.</returns>
    public static byte[]? Mended(ReadOnlySpan<byte> file, double least)
    {
        byte[] header = PngChunks.Header(file).ToArray();
        if (header.Length == 0) return null;
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(HeightAt));
        int samples = header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        if (width <= 0 || height <= 0 || header[12] != 0) return null;
        using MemoryStream mended = new(), data = new();
        mended.Write(PngChunks.Signature);
        PngChunks.Write(mended, "IHDR"u8, header);
        for (PngChunks chunks = new(file); chunks.Next();)
        {
            if (chunks.Is("IDAT"u8)) data.Write(chunks.Content);
            // What colours mean stands before the data.
            else if (data.Length == 0 && !chunks.Is("IHDR"u8)) PngChunks.Write(mended, chunks.Type, chunks.Content);
        }
        // A byte before each row names its filter.
        long row = 1 + ((((long)width * samples * header[8]) + 7) / 8);
        byte[] packed = Repacked(data, row * height, out long count);
        int rows = (int)(count / row);
        if (rows >= height || rows < least * height) return null;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(HeightAt), rows);
        mended.Position = PngChunks.Signature.Length;
        PngChunks.Write(mended, "IHDR"u8, header);
        mended.Position = mended.Length;
        PngChunks.Write(mended, "IDAT"u8, packed);
        PngChunks.Write(mended, "IEND"u8, []);
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
}

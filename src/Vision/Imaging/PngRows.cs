using System.Buffers.Binary;
using System.IO.Compression;

namespace Touchstone.Vision.Imaging;

/// <summary>Counts the rows that the data of a damaged PNG still hold: what its decoder leaves below them is no part of the picture. Pure; thread-safe. Source: PNG specification, third edition.</summary>
internal static class PngRows
{
    private const int Signature = 8, Head = 8, Check = 4, HeaderLength = 13;

    /// <summary>How many rows came of how many; null where the header cannot be read, or the rows come in passes.</summary>
    public static (int Came, int All)? Count(ReadOnlySpan<byte> file)
    {
        if (file.Length < Signature + Head + HeaderLength || !file[(Signature + 4)..].StartsWith("IHDR"u8)) return null;
        ReadOnlySpan<byte> header = file.Slice(Signature + Head, HeaderLength);
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        int samples = header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        if (width <= 0 || height <= 0 || header[12] != 0) return null;
        // A byte before each row names its filter.
        long row = 1 + ((((long)width * samples * header[8]) + 7) / 8);
        return ((int)Math.Min(height, Unpacked(Data(file), row * height) / row), height);
    }

    private static MemoryStream Data(ReadOnlySpan<byte> file)
    {
        MemoryStream data = new();
        for (int at = Signature; at + Head <= file.Length;)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(file[at..]), (uint)(file.Length - at - Head));
            if (file[(at + 4)..].StartsWith("IDAT"u8)) data.Write(file.Slice(at + Head, length));
            at += Head + length + Check;
        }
        data.Position = 0;
        return data;
    }

    private static long Unpacked(MemoryStream data, long most)
    {
        using ZLibStream stream = new(data, CompressionMode.Decompress);
        byte[] part = new byte[1 << 12];
        long count = 0;
        try
        {
            for (int read; count < most && (read = stream.Read(part)) > 0;) count += read;
        }
        catch (InvalidDataException)
        {
            // The data break off here.
        }
        return count;
    }
}

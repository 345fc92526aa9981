using System.Buffers.Binary;
using System.IO.Compression;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// The stored form of a thumbnail: width and height (1 byte each, both 0 where there is none), the length of what follows (uint16), then the planes of luma and
/// of both colour differences at 6 bits, each px as its difference to the one before, packed by Brotli. Deterministic.
/// </summary>
internal static class ThumbnailFormat
{
    private const int HeaderLength = 4;
    private const int DroppedBits = 2;
    private const int Quality = 5, Window = 16;

    public static byte[] Write(Thumbnail? thumbnail)
    {
        if (thumbnail is null) return new byte[HeaderLength];
        BytePlane[] planes = [thumbnail.Luma, thumbnail.Blue, thumbnail.Red];
        byte[] differences = new byte[planes.Sum(plane => plane.Pixels.Length)];
        int at = 0;
        foreach (BytePlane plane in planes)
        {
            int before = 0;
            foreach (byte pixel in plane.Pixels)
            {
                int value = pixel >> DroppedBits;
                differences[at++] = (byte)(value - before);
                before = value;
            }
        }
        byte[] bytes = new byte[HeaderLength + BrotliEncoder.GetMaxCompressedLength(differences.Length)];
        if (!BrotliEncoder.TryCompress(differences, bytes.AsSpan(HeaderLength), out int written, Quality, Window)) throw new InvalidOperationException("A thumbnail could not be packed.");
        (bytes[0], bytes[1]) = ((byte)thumbnail.Luma.Width, (byte)thumbnail.Luma.Height);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)written);
        return bytes[..(HeaderLength + written)];
    }

    /// <exception cref="InvalidDataException">The bytes are cut off, too long or no thumbnail.</exception>
    public static Thumbnail? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength) throw new InvalidDataException($"A thumbnail begins with {HeaderLength} bytes; there are {bytes.Length}.");
        int width = bytes[0], height = bytes[1], halfWidth = Thumbnail.HalfOf(width), halfHeight = Thumbnail.HalfOf(height);
        if (bytes.Length != HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) || width > Thumbnail.MaxSide || height > Thumbnail.MaxSide || (width == 0) != (height == 0))
            throw new InvalidDataException($"A thumbnail of {width}×{height} px does not take {bytes.Length} bytes.");
        if (width == 0) return bytes.Length == HeaderLength ? null : throw new InvalidDataException("An absent thumbnail takes no bytes.");
        byte[] differences = new byte[(width * height) + (2 * halfWidth * halfHeight)];
        if (!BrotliDecoder.TryDecompress(bytes[HeaderLength..], differences, out int read) || read != differences.Length) throw new InvalidDataException($"A thumbnail of {width}×{height} px is damaged.");
        ReadOnlySpan<byte> luma = differences.AsSpan(0, width * height), colour = differences.AsSpan(width * height);
        return new Thumbnail(Plane(luma, width, height), Plane(colour[..(halfWidth * halfHeight)], halfWidth, halfHeight), Plane(colour[(halfWidth * halfHeight)..], halfWidth, halfHeight));
    }

    private static BytePlane Plane(ReadOnlySpan<byte> differences, int width, int height)
    {
        var pixels = new byte[differences.Length];
        byte value = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            value += differences[i];
            // The middle of the values that were written as this one.
            pixels[i] = (byte)((value << DroppedBits) + (1 << (DroppedBits - 1)));
        }
        return new BytePlane(width, height, pixels);
    }
}

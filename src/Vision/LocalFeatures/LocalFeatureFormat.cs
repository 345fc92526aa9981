using System.Buffers.Binary;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// The stored form of a feature set, little-endian: version (1 byte), width, height, count (int32 each), then for each keypoint x, y, scale,
/// angle (float32 each), then the descriptors, then the thumbnail: width, height (1 byte each, both 0 where there is none), its luma and its colour differences. Every length and value is checked when read.
/// </summary>
internal static class LocalFeatureFormat
{
    // Raised with every change of the form or of what is described beside it; 2: pictures have views; 3: a thumbnail.
    private const byte Version = 3;
    private const int HeaderLength = 13;
    private const int KeypointLength = 16;
    private const int ThumbnailHeaderLength = 2;
    private const int MaxSide = 1 << 20;

    public static byte[] Write(LocalFeatureSet set)
    {
        int count = set.Keypoints.Length;
        if (count > LocalFeatureSet.MaxKeypoints || set.Descriptors.Length != count * LocalFeatureSet.DescriptorLength)
            throw new InvalidOperationException($"A set of {count} keypoints with {set.Descriptors.Length} descriptor bytes is not stored.");
        byte[] bytes = new byte[HeaderLength + (count * (KeypointLength + LocalFeatureSet.DescriptorLength)) + ThumbnailHeaderLength + (set.Thumbnail is { } small ? ThumbnailLength(small.Luma.Width, small.Luma.Height) : 0)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), set.Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), set.Height);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(9), count);
        Span<byte> at = bytes.AsSpan(HeaderLength);
        foreach (Keypoint point in set.Keypoints)
        {
            BinaryPrimitives.WriteSingleLittleEndian(at, point.X);
            BinaryPrimitives.WriteSingleLittleEndian(at[4..], point.Y);
            BinaryPrimitives.WriteSingleLittleEndian(at[8..], point.Scale);
            BinaryPrimitives.WriteSingleLittleEndian(at[12..], point.Angle);
            at = at[KeypointLength..];
        }
        set.Descriptors.CopyTo(at);
        at = at[set.Descriptors.Length..];
        if (set.Thumbnail is { } thumbnail)
        {
            (at[0], at[1]) = ((byte)thumbnail.Luma.Width, (byte)thumbnail.Luma.Height);
            at = at[ThumbnailHeaderLength..];
            foreach (BytePlane plane in (BytePlane[])[thumbnail.Luma, thumbnail.Blue, thumbnail.Red])
            {
                plane.Pixels.CopyTo(at);
                at = at[plane.Pixels.Length..];
            }
        }
        return bytes;
    }

    public static bool IsCurrent(ReadOnlySpan<byte> bytes) => bytes is [Version, ..];

    public static LocalFeatureSet Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength) throw new InvalidDataException($"Local features begin with {HeaderLength} bytes; there are {bytes.Length}.");
        if (bytes[0] != Version) throw new InvalidDataException($"Local features of version {bytes[0]} are not read; the version is {Version}.");
        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(bytes[5..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]);
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide) throw new InvalidDataException($"Local features of a {width}×{height} picture are impossible.");
        if (count is < 0 or > LocalFeatureSet.MaxKeypoints) throw new InvalidDataException($"A set of {count} local features is impossible; the most is {LocalFeatureSet.MaxKeypoints}.");
        long ending = HeaderLength + ((long)count * (KeypointLength + LocalFeatureSet.DescriptorLength));
        if (bytes.Length < ending + ThumbnailHeaderLength) throw new InvalidDataException($"{count} local features take {ending + ThumbnailHeaderLength} bytes or more, not {bytes.Length}.");
        Keypoint[] keypoints = new Keypoint[count];
        for (int i = 0; i < count; i++) keypoints[i] = ReadKeypoint(bytes.Slice(HeaderLength + (i * KeypointLength), KeypointLength), i, width, height);
        return new LocalFeatureSet(width, height, keypoints, bytes[(HeaderLength + (count * KeypointLength))..(int)ending].ToArray()) { Thumbnail = ReadThumbnail(bytes[(int)ending..]) };
    }

    private static Thumbnail? ReadThumbnail(ReadOnlySpan<byte> bytes)
    {
        int width = bytes[0], height = bytes[1], halfWidth = Thumbnail.HalfOf(width), halfHeight = Thumbnail.HalfOf(height);
        if (bytes.Length != ThumbnailHeaderLength + ThumbnailLength(width, height) || width > Thumbnail.MaxSide || height > Thumbnail.MaxSide)
            throw new InvalidDataException($"A thumbnail of {width}×{height} px does not take {bytes.Length} bytes.");
        if (width * height == 0) return null;
        ReadOnlySpan<byte> luma = bytes[ThumbnailHeaderLength..], colour = luma[(width * height)..];
        return new Thumbnail(Plane(luma, width, height), Plane(colour, halfWidth, halfHeight), Plane(colour[(halfWidth * halfHeight)..], halfWidth, halfHeight));
    }

    private static BytePlane Plane(ReadOnlySpan<byte> bytes, int width, int height) => new(width, height, bytes[..(width * height)].ToArray());

    private static int ThumbnailLength(int width, int height) => (width * height) + (2 * Thumbnail.HalfOf(width) * Thumbnail.HalfOf(height));

    private static Keypoint ReadKeypoint(ReadOnlySpan<byte> bytes, int index, int width, int height)
    {
        var point = new Keypoint(
            BinaryPrimitives.ReadSingleLittleEndian(bytes),
            BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]),
            BinaryPrimitives.ReadSingleLittleEndian(bytes[8..]),
            BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]));
        // Comparisons with NaN are false, so a value that is not a number fails here as well.
        bool sane = point.X >= -1 && point.X <= width && point.Y >= -1 && point.Y <= height
            && point.Scale > 0 && point.Scale <= MaxSide && point.Angle >= -3.1416f && point.Angle <= 3.1416f;
        return sane ? point : throw new InvalidDataException($"Keypoint {index} ({point}) lies outside its {width}×{height} picture or is not a number.");
    }
}

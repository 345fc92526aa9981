using System.Buffers.Binary;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// The stored form of a feature set, little-endian: version (1 byte), width, height, count (int32 each), then for each keypoint x, y, scale,
/// angle (float32 each), then the descriptors. Every length and value is checked when read.
/// </summary>
internal static class LocalFeatureFormat
{
    // Raised with every change of the form or of what is described beside it; 2: pictures have views.
    private const byte Version = 2;
    private const int HeaderLength = 13;
    private const int KeypointLength = 16;
    private const int MaxSide = 1 << 20;

    public static byte[] Write(LocalFeatureSet set)
    {
        int count = set.Keypoints.Length;
        if (count > LocalFeatureSet.MaxKeypoints || set.Descriptors.Length != count * LocalFeatureSet.DescriptorLength)
            throw new InvalidOperationException($"A set of {count} keypoints with {set.Descriptors.Length} descriptor bytes is not stored.");
        byte[] bytes = new byte[HeaderLength + (count * (KeypointLength + LocalFeatureSet.DescriptorLength))];
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
        long expected = HeaderLength + ((long)count * (KeypointLength + LocalFeatureSet.DescriptorLength));
        if (bytes.Length != expected) throw new InvalidDataException($"{count} local features take {expected} bytes, not {bytes.Length}.");
        Keypoint[] keypoints = new Keypoint[count];
        for (int i = 0; i < count; i++) keypoints[i] = ReadKeypoint(bytes.Slice(HeaderLength + (i * KeypointLength), KeypointLength), i, width, height);
        return new LocalFeatureSet(width, height, keypoints, bytes[(HeaderLength + (count * KeypointLength))..].ToArray());
    }

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

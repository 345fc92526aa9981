using System.Buffers.Binary;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// The stored form of a feature set, little-endian: version (1 byte), width, height (int32 each), count (uint16), then for each keypoint x and y (uint16, in parts
/// of the sides), scale (1 byte, 16 to an octave) and angle (1 byte, 256 to a turn), then its descriptor at 4 bits a value, then the thumbnail (<see cref="ThumbnailFormat"/>).
/// Of 128 values of a descriptor, whose unit is 512 long, few exceed 160: those are cut. Every length and value is checked when it is read.
/// </summary>
internal static class LocalFeatureFormat
{
    // Raised with every change of the form or of what is described beside it.
    private const byte Version = 4;
    private const int HeaderLength = 11;
    private const int KeypointLength = 6;
    private const int PackedDescriptorLength = LocalFeatureSet.DescriptorLength / 2;
    private const int MaxSide = 1 << 20;
    private const float DescriptorStep = 10.5f;
    private const float ScaleSteps = 16, LeastOctave = -3;

    public static byte[] Write(LocalFeatureSet set)
    {
        int count = set.Keypoints.Length;
        if (count > LocalFeatureSet.MaxKeypoints || set.Descriptors.Length != count * LocalFeatureSet.DescriptorLength)
            throw new InvalidOperationException($"A set of {count} keypoints with {set.Descriptors.Length} descriptor bytes is not stored.");
        byte[] thumbnail = ThumbnailFormat.Write(set.Thumbnail);
        byte[] bytes = new byte[HeaderLength + (count * (KeypointLength + PackedDescriptorLength)) + thumbnail.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), set.Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), set.Height);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(9), (ushort)count);
        Span<byte> at = bytes.AsSpan(HeaderLength);
        foreach (Keypoint point in set.Keypoints)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at, PartOf(point.X, set.Width));
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], PartOf(point.Y, set.Height));
            at[4] = (byte)Math.Clamp(MathF.Round((MathF.Log2(point.Scale) - LeastOctave) * ScaleSteps), 0, 255);
            at[5] = (byte)((int)MathF.Round(point.Angle / (2 * MathF.PI) * 256) & 255);
            at = at[KeypointLength..];
        }
        for (int i = 0; i < set.Descriptors.Length; i += 2, at = at[1..]) at[0] = (byte)(Level(set.Descriptors[i]) | (Level(set.Descriptors[i + 1]) << 4));
        thumbnail.CopyTo(at);
        return bytes;
    }

    public static LocalFeatureSet Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength) throw new InvalidDataException($"Local features begin with {HeaderLength} bytes; there are {bytes.Length}.");
        if (bytes[0] != Version) throw new InvalidDataException($"Local features of version {bytes[0]} are not read; the version is {Version}.");
        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]), height = BinaryPrimitives.ReadInt32LittleEndian(bytes[5..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[9..]);
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide) throw new InvalidDataException($"Local features of a {width}×{height} picture are impossible.");
        if (count > LocalFeatureSet.MaxKeypoints) throw new InvalidDataException($"A set of {count} local features is impossible; the most is {LocalFeatureSet.MaxKeypoints}.");
        int ending = HeaderLength + (count * (KeypointLength + PackedDescriptorLength));
        if (bytes.Length < ending) throw new InvalidDataException($"{count} local features take {ending} bytes or more, not {bytes.Length}.");
        var keypoints = new Keypoint[count];
        for (int i = 0; i < count; i++) keypoints[i] = ReadKeypoint(bytes.Slice(HeaderLength + (i * KeypointLength), KeypointLength), width, height);
        var descriptors = new byte[count * LocalFeatureSet.DescriptorLength];
        ReadOnlySpan<byte> packed = bytes[(HeaderLength + (count * KeypointLength))..ending];
        for (int i = 0; i < packed.Length; i++) (descriptors[2 * i], descriptors[(2 * i) + 1]) = (Value(packed[i] & 15), Value(packed[i] >> 4));
        return new LocalFeatureSet(width, height, keypoints, descriptors) { Thumbnail = ThumbnailFormat.Read(bytes[ending..]) };
    }

    private static ushort PartOf(float at, int side) => (ushort)Math.Clamp(MathF.Round((at + 0.5f) / side * ushort.MaxValue), 0, ushort.MaxValue);

    private static int Level(byte value) => Math.Min(15, (int)MathF.Round(value / DescriptorStep));

    private static byte Value(int level) => (byte)MathF.Round(level * DescriptorStep);

    private static Keypoint ReadKeypoint(ReadOnlySpan<byte> bytes, int width, int height)
    {
        float x = (BinaryPrimitives.ReadUInt16LittleEndian(bytes) * (width / (float)ushort.MaxValue)) - 0.5f, y = (BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) * (height / (float)ushort.MaxValue)) - 0.5f;
        float angle = (sbyte)bytes[5] / 256f * 2 * MathF.PI;
        return new Keypoint(x, y, MathF.Pow(2, (bytes[4] / ScaleSteps) + LeastOctave), angle);
    }
}

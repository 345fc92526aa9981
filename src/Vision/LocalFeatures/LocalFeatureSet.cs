namespace Touchstone.Vision.LocalFeatures;

/// <summary>A keypoint. X, Y in px of the picture it was extracted from, origin at the top left pixel's centre, y down;
/// scale is the blob radius sigma in px; angle in radians, (−π, π], 0 along +x, growing towards +y.</summary>
public readonly record struct Keypoint(float X, float Y, float Scale, float Angle);

/// <summary>
/// The local features of one picture: <c>Descriptors</c> holds <c>Keypoints.Length</c> rows of 128 bytes (a gradient
/// histogram descriptor, square-rooted (RootSIFT), 512 times its unit vector, at most 255). Width and Height are those of the picture in px.
/// Immutable by convention; safe for concurrent reads.
/// </summary>
public sealed record LocalFeatureSet(int Width, int Height, Keypoint[] Keypoints, byte[] Descriptors)
{
    /// <summary>Bytes per descriptor.</summary>
    public const int DescriptorLength = 128;

    /// <summary>Most keypoints that a set may hold.</summary>
    public const int MaxKeypoints = 10_000;

    /// <summary>The whole picture, small; null where only keypoints were made.</summary>
    public Thumbnail? Thumbnail { get; init; }

    /// <summary>The stored form: see <see cref="FromBytes"/>.</summary>
    public byte[] ToBytes() => LocalFeatureFormat.Write(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another version, cut off, too long, or hold impossible values.</exception>
    public static LocalFeatureSet FromBytes(ReadOnlySpan<byte> bytes) => LocalFeatureFormat.Read(bytes);

    /// <summary>
    /// The features that the picture has when left and right are swapped, without extracting again: keypoints move, angles become π − angle,
    /// and the histogram bins of each descriptor change places.
    /// </summary>
    public LocalFeatureSet Mirrored()
    {
        Keypoint[] keypoints = Array.ConvertAll(Keypoints, point =>
        {
            float angle = MathF.PI - point.Angle;
            return point with { X = Width - 1 - point.X, Angle = angle > MathF.PI ? angle - (2 * MathF.PI) : angle };
        });
        byte[] descriptors = new byte[Descriptors.Length];
        for (int i = 0; i < descriptors.Length; i += DescriptorLength)
            GradientDescriptor.Mirror(Descriptors.AsSpan(i, DescriptorLength), descriptors.AsSpan(i, DescriptorLength));
        return new LocalFeatureSet(Width, Height, keypoints, descriptors);
    }
}

namespace Touchstone.Vision.LocalFeatures;

/// <summary>A keypoint. X, Y in px of the picture it was extracted from, origin at the top left pixel's centre, y down;
/// scale is the blob radius sigma in px; angle in radians, (−π, π], 0 along +x, growing towards +y.</summary>
public readonly record struct Keypoint(float X, float Y, float Scale, float Angle);

/// <summary>
/// The local features of one picture: <c>Descriptors</c> holds <c>Keypoints.Length</c> rows of 128 bytes (a gradient
/// histogram descriptor, square-rooted (RootSIFT) and quantised to 0..255). Width and Height are those of the picture in px.
/// Immutable by convention; safe for concurrent reads.
/// </summary>
public sealed record LocalFeatureSet(int Width, int Height, Keypoint[] Keypoints, byte[] Descriptors)
{
    /// <summary>Bytes per descriptor.</summary>
    public const int DescriptorLength = 128;
}

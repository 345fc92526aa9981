namespace Touchstone.Index.Keypoints;

/// <summary>
/// Turn and size of a keypoint in a byte: its angle in sixteenths of the circle and, in the upper half, its scale in half octaves from half a
/// px to 90 px, which is more than the range that features are found in.
/// </summary>
internal static class KeypointGeometry
{
    /// <summary>Parts of the circle.</summary>
    public const int Turns = 16;

    private const int SmallestSize = -2;
    private const int Sizes = 16;

    public static byte Of(IndexedKeypoint keypoint)
    {
        int turn = (int)MathF.Floor(keypoint.Angle / (2 * MathF.PI) * Turns) & (Turns - 1);
        int size = (int)Math.Clamp(MathF.Round(2 * MathF.Log2(keypoint.Scale)) - SmallestSize, 0, Sizes - 1);
        return (byte)((size * Turns) | turn);
    }

    /// <summary>The turn from one keypoint to another, 0..15.</summary>
    public static int Turn(byte from, byte to) => (to - from) & (Turns - 1);

    /// <summary>The change of size from one keypoint to another in half octaves, −15..15.</summary>
    public static int SizeChange(byte from, byte to) => (to / Turns) - (from / Turns);
}

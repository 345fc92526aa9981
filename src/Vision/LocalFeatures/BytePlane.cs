namespace Touchstone.Vision.LocalFeatures;

/// <summary>One channel of a small picture, 8 bits a px, rows top to bottom. Immutable by convention; safe for concurrent reads.</summary>
public sealed class BytePlane
{
    private byte[][]? levels;

    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width * height</c> bytes.</param>
    /// <exception cref="ArgumentException">The sizes disagree.</exception>
    public BytePlane(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || pixels.Length != width * height) throw new ArgumentException($"A plane of {width}×{height} px does not take {pixels.Length} bytes.", nameof(pixels));
        (Width, Height, Pixels) = (width, height, pixels);
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Pixels { get; }

    /// <summary>
    /// The value, 0..255, at a place, averaged over about <paramref name="footprint"/> px in each direction: bilinear in the level of the pyramid
    /// whose px are the nearest that are no larger.
    /// </summary>
    /// <param name="x">From the left edge, px, 0..<see cref="Width"/>; what lies outside has the value of the edge.</param>
    /// <param name="y">From the upper edge, px, 0..<see cref="Height"/>.</param>
    /// <param name="footprint">Px of this plane.</param>
    public float At(double x, double y, double footprint)
    {
        byte[][] pyramid = levels ??= Pyramid();
        int level = Math.Clamp((int)Math.Floor(Math.Log2(Math.Max(1, footprint))), 0, pyramid.Length - 1);
        int width = Width >> level, height = Height >> level;
        double u = Math.Clamp((x * width / Width) - 0.5, 0, width - 1), v = Math.Clamp((y * height / Height) - 0.5, 0, height - 1);
        int left = (int)u, top = (int)v, right = Math.Min(left + 1, width - 1), bottom = Math.Min(top + 1, height - 1);
        float along = (float)(u - left), down = (float)(v - top);
        byte[] plane = pyramid[level];
        float upper = plane[(top * width) + left] + (along * (plane[(top * width) + right] - plane[(top * width) + left]));
        float lower = plane[(bottom * width) + left] + (along * (plane[(bottom * width) + right] - plane[(bottom * width) + left]));
        return upper + (down * (lower - upper));
    }

    /// <summary>Each level has half the sides of the one before; none is narrower than 8 px unless the plane is.</summary>
    private byte[][] Pyramid()
    {
        var made = new List<byte[]> { Pixels };
        for (int level = 1; Math.Min(Width, Height) >> level >= 8; level++)
        {
            byte[] from = made[^1];
            int stride = Width >> (level - 1), width = Width >> level, height = Height >> level;
            var plane = new byte[width * height];
            for (int y = 0; y < height; y++)
                for (int x = 0, at = 2 * y * stride; x < width; x++, at += 2)
                    plane[(y * width) + x] = (byte)((from[at] + from[at + 1] + from[at + stride] + from[at + stride + 1] + 2) / 4);
            made.Add(plane);
        }
        return [.. made];
    }
}

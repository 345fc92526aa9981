using System.Numerics;

namespace Touchstone.Vision.Imaging;

public static partial class ImageOperations
{
    /// <summary>
    /// Draws a picture on a clear canvas so that its corners lie on four points, in the order top left, top right, bottom right,
    /// bottom left; points may lie outside the canvas. Bilinear on premultiplied colour, with 2×2 samples a pixel, after a shrink to
    /// about the size drawn, so that edges and small prints stay smooth.
    /// </summary>
    /// <exception cref="ArgumentException">There are not four corners, or they span no convex quadrilateral.</exception>
    public static RgbaImage Perspective(RgbaImage image, ReadOnlySpan<Vector2> corners, int canvasWidth, int canvasHeight)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckSide(canvasWidth);
        CheckSide(canvasHeight);
        if (corners.Length != 4) throw new ArgumentException($"A quadrilateral has 4 corners, not {corners.Length}.", nameof(corners));
        CheckConvex(corners);
        RgbaImage source = ShrinkToDrawn(image, corners);
        double[] toSource = Homography.Between(corners, source.Width, source.Height);
        byte[] pixels = new byte[(long)canvasWidth * canvasHeight * 4];
        (int left, int top, int right, int bottom) = Bounds(corners, canvasWidth, canvasHeight);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                Vector4 sum = default;
                for (int s = 0; s < 4; s++)
                {
                    double px = x + 0.25 + (0.5 * (s & 1));
                    double py = y + 0.25 + (0.5 * (s >> 1));
                    (double u, double v) = Homography.Apply(toSource, px, py);
                    sum += Sample(source, (float)u - 0.5f, (float)v - 0.5f);
                }

                Store(pixels.AsSpan(((y * canvasWidth) + x) * 4, 4), sum / 4);
            }
        }

        return new RgbaImage(canvasWidth, canvasHeight, pixels);
    }

    private static void CheckConvex(ReadOnlySpan<Vector2> corners)
    {
        int sign = 0;
        for (int i = 0; i < 4; i++)
        {
            Vector2 a = corners[(i + 1) & 3] - corners[i];
            Vector2 b = corners[(i + 2) & 3] - corners[(i + 1) & 3];
            float cross = (a.X * b.Y) - (a.Y * b.X);
            if (!float.IsFinite(cross) || MathF.Abs(cross) < 1e-3f || (sign != 0 && Math.Sign(cross) != sign))
                throw new ArgumentException("The corners span no convex quadrilateral.", nameof(corners));
            sign = Math.Sign(cross);
        }
    }

    private static RgbaImage ShrinkToDrawn(RgbaImage image, ReadOnlySpan<Vector2> corners)
    {
        float width = Math.Max(Vector2.Distance(corners[0], corners[1]), Vector2.Distance(corners[3], corners[2]));
        float height = Math.Max(Vector2.Distance(corners[0], corners[3]), Vector2.Distance(corners[1], corners[2]));
        int drawnWidth = Math.Clamp((int)MathF.Ceiling(width), 1, image.Width);
        int drawnHeight = Math.Clamp((int)MathF.Ceiling(height), 1, image.Height);
        return drawnWidth == image.Width && drawnHeight == image.Height ? image : Resize(image, drawnWidth, drawnHeight);
    }

    private static (int Left, int Top, int Right, int Bottom) Bounds(ReadOnlySpan<Vector2> corners, int width, int height)
    {
        Vector2 least = Vector2.Min(Vector2.Min(corners[0], corners[1]), Vector2.Min(corners[2], corners[3]));
        Vector2 most = Vector2.Max(Vector2.Max(corners[0], corners[1]), Vector2.Max(corners[2], corners[3]));
        return (
            (int)Math.Clamp(MathF.Floor(least.X) - 1, 0, width),
            (int)Math.Clamp(MathF.Floor(least.Y) - 1, 0, height),
            (int)Math.Clamp(MathF.Ceiling(most.X) + 1, 0, width),
            (int)Math.Clamp(MathF.Ceiling(most.Y) + 1, 0, height));
    }

    /// <summary>Premultiplied colour and alpha, 0..255, at a point given in pixel centres; clear outside, so that edges fade over one pixel.</summary>
    private static Vector4 Sample(RgbaImage image, float u, float v)
    {
        if (!(u > -1 && v > -1 && u < image.Width && v < image.Height)) return default;
        int x = (int)MathF.Floor(u);
        int y = (int)MathF.Floor(v);
        float fx = u - x;
        float fy = v - y;
        Vector4 top = Vector4.Lerp(Texel(image, x, y), Texel(image, x + 1, y), fx);
        Vector4 bottom = Vector4.Lerp(Texel(image, x, y + 1), Texel(image, x + 1, y + 1), fx);
        return Vector4.Lerp(top, bottom, fy);
    }

    private static Vector4 Texel(RgbaImage image, int x, int y)
    {
        if ((uint)x >= (uint)image.Width || (uint)y >= (uint)image.Height) return default;
        ReadOnlySpan<byte> p = image.Pixels.AsSpan(((y * image.Width) + x) * 4, 4);
        float alpha = p[3] / 255f;
        return new Vector4(p[0] * alpha, p[1] * alpha, p[2] * alpha, p[3]);
    }

    private static void Store(Span<byte> pixel, Vector4 premultiplied)
    {
        if (premultiplied.W < 0.5f) return;
        float scale = 255f / premultiplied.W;
        pixel[0] = Blend.Clamp(premultiplied.X * scale);
        pixel[1] = Blend.Clamp(premultiplied.Y * scale);
        pixel[2] = Blend.Clamp(premultiplied.Z * scale);
        pixel[3] = Blend.Clamp(premultiplied.W);
    }
}

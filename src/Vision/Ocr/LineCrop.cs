using System.Numerics;
using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.Ocr;

/// <summary>
/// A line of text straightened for the networks: three planes (blue, green, red), <see cref="Height"/> rows, values −1..1; columns beyond
/// the line hold 0. Immutable by convention.
/// </summary>
/// <param name="Filled">Columns that hold the line.</param>
internal sealed record LineCrop(float[] Planes, int Width, int Filled)
{
    /// <summary>Rows that both networks expect.</summary>
    internal const int Height = 48;

    // The width's step; fewer shapes let the runtime plan its memory once.
    private const int Step = 32;
    private const int MostWidth = 1_280;

    // A line this much higher than wide is read from bottom to top.
    private const float Upended = 1.5f;

    /// <summary>The rectangle as its text runs from left to right, upside down or not.</summary>
    internal static TurnedRectangle Level(TurnedRectangle line) => line.Height >= Upended * line.Width ? line.QuarterTurned() : line;

    /// <summary>Cuts a line out as wide as its shape asks for, or at <paramref name="width"/> columns, the rest left empty.</summary>
    internal static LineCrop Of(RgbImage image, TurnedRectangle line, int? width = null)
    {
        int natural = Math.Clamp((int)MathF.Ceiling(Height * line.Width / Math.Max(1, line.Height)), 8, MostWidth);
        int columns = width ?? (natural + Step - 1) / Step * Step;
        int filled = Math.Min(natural, columns);
        var planes = new float[3 * Height * columns];
        Vector2 right = (line.TopRight - line.TopLeft) / filled, down = (line.BottomLeft - line.TopLeft) / Height;
        // Where several pixels fall into one, several samples are averaged.
        int samples = Math.Clamp((int)MathF.Round(down.Length()), 1, 4);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < filled; x++)
            {
                Vector3 sum = default;
                for (int s = 0; s < samples * samples; s++)
                {
                    float u = x + (((s % samples) + 0.5f) / samples), v = y + (((s / samples) + 0.5f) / samples);
                    sum += Sample(image, line.TopLeft + (right * u) + (down * v));
                }
                Vector3 value = (sum / (samples * samples * 127.5f)) - Vector3.One;
                int at = (y * columns) + x, plane = Height * columns;
                (planes[at], planes[plane + at], planes[(2 * plane) + at]) = (value.Z, value.Y, value.X);
            }
        }
        return new LineCrop(planes, columns, filled);
    }

    /// <summary>Bilinear; beyond the picture its edge goes on.</summary>
    private static Vector3 Sample(RgbImage image, Vector2 at)
    {
        float x = Math.Clamp(at.X - 0.5f, 0, image.Width - 1), y = Math.Clamp(at.Y - 0.5f, 0, image.Height - 1);
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, image.Width - 1), bottom = Math.Min(top + 1, image.Height - 1);
        Vector3 upper = Vector3.Lerp(Pixel(image, left, top), Pixel(image, right, top), x - left);
        Vector3 lower = Vector3.Lerp(Pixel(image, left, bottom), Pixel(image, right, bottom), x - left);
        return Vector3.Lerp(upper, lower, y - top);
    }

    private static Vector3 Pixel(RgbImage image, int x, int y)
    {
        int at = ((y * image.Width) + x) * 3;
        return new Vector3(image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }
}

using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Ocr;

/// <summary>Pictures with text that the tests draw. Text on an SVG needs a font on the machine: without one the calling test skips visibly.</summary>
internal static class Printed
{
    private static readonly Lazy<bool> HasFont = new(() =>
    {
        RgbImage drawn = Draw([("MMMM", 0, 40, 40)], 200, 60);
        return drawn.Pixels.Any(p => p < 128);
    });

    /// <summary>Dark text on light paper; each line with the place of its base line and its size in px.</summary>
    internal static RgbImage Label(int width, int height, params (string Text, int X, int Y, int Size)[] lines)
    {
        if (!HasFont.Value) Assert.Skip("No font is installed: apt-get install -y fonts-dejavu-core");
        return Draw(lines, width, height);
    }

    private static RgbImage Draw((string Text, int X, int Y, int Size)[] lines, int width, int height)
    {
        string texts = string.Concat(lines.Select(l => $"<text x='{l.X}' y='{l.Y}' font-family='DejaVu Sans, Liberation Sans, sans-serif' font-weight='bold' font-size='{l.Size}' fill='#123'>{l.Text}</text>"));
        return ImageOperations.RasteriseSvg($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><rect width='{width}' height='{height}' fill='#eee'/>{texts}</svg>", width, height).Flatten(RgbColour.White);
    }
}

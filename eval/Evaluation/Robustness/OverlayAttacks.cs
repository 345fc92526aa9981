using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Attacks that hide a part of the picture: smearing, words, stickers, watermarks, lines.</summary>
internal static class OverlayAttacks
{
    private const int Side = SvgWriter.Side;
    private static readonly string[] Words = ["BEST PRICE", "FREE SHIPPING", "ORIGINAL QUALITY", "NEW 2026", "HOT DEAL", "TOP SHOP", "SALE TODAY", "ORDER NOW"];

    public static IReadOnlyList<PictureAttack> All { get; } =
    [
        new("smear", "10 % of the area", "25 % of the area", "45 % of the area", (image, strength, with) => Smeared(image, strength.Pick(0.1, 0.25, 0.45), with)),
        new("text", "1 line", "3 lines", "6 lines", (image, strength, with) => Over(image, Lines(strength.Pick(1, 3, 6), with))),
        new("stickers", "about 8 % of the area", "about 20 % of the area", "about 35 % of the area", (image, strength, with) => Stickered(image, strength.Pick(0.08, 0.2, 0.35), with)),
        new("watermark", "all over, a quarter opaque", "all over, half opaque", "all over, opaque", (image, strength, with) => Over(image, Watermark(strength.Pick(0.25, 0.5, 1.0), with))),
        new("thin lines", "8 lines", "20 lines", "45 lines", (image, strength, with) => Over(image, ThinLines(strength.Pick(8, 20, 45), with))),
    ];

    /// <summary>Stickers with a price until they would cover the share of the area if none overlapped.</summary>
    public static RgbImage Stickered(RgbImage image, double share, AttackMeans with)
    {
        var svg = new SvgWriter();
        for (double covered = 0; covered < share;)
        {
            double width = Side * Math.Min(with.Between(0.2, 0.4), share / 0.25), height = width * with.Between(0.4, 1);
            double x = with.Between(0, Side - width), y = with.Between(0, Side - height);
            svg.Rectangle(x, y, width, height, Css(with.Colour()), with.Random.Next(2) == 0 ? 12 : height / 2);
            StrokeFont.Fit(svg, with.Random.Next(2) == 0 ? $"-{with.Random.Next(10, 80)}" : $"{with.Random.Next(1, 99)}.99", x + (width * 0.15), y + (height * 0.25), width * 0.7, height * 0.5, "#ffffff", new Lettering(0.16, 0, 0.9));
            covered += width * height / Side / Side;
        }
        return Over(image, svg);
    }

    public static SvgWriter Lines(int count, AttackMeans with)
    {
        var svg = new SvgWriter();
        double step = Side / (count + 1.0);
        for (int i = 0; i < count; i++)
        {
            double height = with.Between(0.08, 0.11) * Side;
            StrokeFont.Fit(svg, Words[with.Random.Next(Words.Length)], 20, (step * (i + with.Between(0.6, 1.1))) - (height / 2), Side - 40, height, Css(with.Colour()), new Lettering(0.2, with.Between(-10, 10), 0.9));
        }
        return svg;
    }

    public static RgbImage Over(RgbImage image, SvgWriter svg) =>
        ImageOperations.CompositeOver(image, ImageOperations.RasteriseSvg(svg.ToString(), image.Width, image.Height), 0, 0);

    public static string Css(RgbColour colour) => $"rgb({colour.Red},{colour.Green},{colour.Blue})";

    private static SvgWriter Watermark(double opacity, AttackMeans with)
    {
        var svg = new SvgWriter();
        string word = Words[with.Random.Next(Words.Length)];
        svg.Raw(SvgWriter.Text($"<g opacity='{opacity:0.##}' transform='rotate({with.Between(20, 40) * with.Sign():0} 300 300)'>"));
        for (int row = -1; row < 6; row++)
            for (int column = -1; column < 3; column++)
                StrokeFont.Fit(svg, word, (column * 300) + (row % 2 * 90), row * 115, 270, 46, with.Random.Next(2) == 0 ? "#808080" : "#c0c0c0", new Lettering(0.14, 0, 0.9));
        return svg.Raw("</g>");
    }

    private static SvgWriter ThinLines(int count, AttackMeans with)
    {
        var svg = new SvgWriter();
        for (int i = 0; i < count; i++)
        {
            bool across = with.Random.Next(2) == 0;
            (double a, double b) = (with.Between(0, Side), with.Between(0, Side));
            svg.Line(across ? SvgWriter.Text($"M0 {a:0}L{Side} {b:0}") : SvgWriter.Text($"M{a:0} 0L{b:0} {Side}"), Css(with.Colour()), with.Between(3, 6));
        }
        return svg;
    }

    /// <summary>Drags a rectangle's pixels sideways: a running mean over a third of its width, twice.</summary>
    private static RgbImage Smeared(RgbImage image, double share, AttackMeans with)
    {
        double proportion = with.Between(0.7, 1.4);
        int width = Math.Clamp((int)(image.Width * Math.Sqrt(share * proportion)), 4, image.Width);
        int height = Math.Clamp((int)(image.Height * Math.Sqrt(share / proportion)), 4, image.Height);
        int left = (int)((image.Width - width) * with.Between(0.2, 0.8)), top = (int)((image.Height - height) * with.Between(0.2, 0.8));
        byte[] pixels = [.. image.Pixels];
        int reach = Math.Max(1, width / 6);
        for (int pass = 0; pass < 2; pass++)
            for (int y = top; y < top + height; y++) SmearRow(pixels.AsSpan(((y * image.Width) + left) * 3, width * 3), reach);
        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static void SmearRow(Span<byte> row, int reach)
    {
        byte[] old = row.ToArray();
        int width = old.Length / 3;
        for (int channel = 0; channel < 3; channel++)
        {
            for (int x = 0; x < width; x++)
            {
                (int from, int to, int sum) = (Math.Max(0, x - reach), Math.Min(width - 1, x + reach), 0);
                for (int at = from; at <= to; at++) sum += old[(at * 3) + channel];
                row[(x * 3) + channel] = (byte)(sum / (to - from + 1));
            }
        }
    }
}

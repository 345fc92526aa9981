using System.Text.RegularExpressions;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Drawing;

/// <summary>The inks that a mark is drawn with. Paper null: only the mark is there, the rest is clear.</summary>
/// <param name="Ink">A CSS colour.</param>
/// <param name="SecondInk">Where not null the ink changes into this one from top to bottom.</param>
/// <param name="Bolder">The stroke laid round the filled shape, in 600ths of the drawing; 0 or more.</param>
/// <param name="OutlineOnly">Draws the contour instead of the filled shape.</param>
public sealed record MarkStyle(string Ink, string? Paper, string? SecondInk = null, double Bolder = 0, bool OutlineOnly = false);

/// <summary>A mark as drawn: an emblem of 24 × 24 units, alone or above a word. Immutable.</summary>
/// <param name="Name">Names it among the marks.</param>
/// <param name="Outline">The emblem's SVG path.</param>
/// <param name="Word">Upper-case letters and digits below the emblem; null where it stands alone.</param>
public sealed partial record MarkDrawing(string Name, string Outline, string? Word, Lettering Lettering)
{
    private const int Side = 400;

    /// <summary>How registers show marks.</summary>
    public static MarkStyle Registered { get; } = new("#000000", "#ffffff");

    /// <summary>Reads an emblem drawn as a single path of 24 × 24 units; null where the file is drawn otherwise.</summary>
    public static MarkDrawing? Read(string name, string svg, bool withWord, Random random)
    {
        if (Path().Match(svg) is not { Success: true } path || !svg.Contains("viewBox=\"0 0 24 24\"", StringComparison.Ordinal)) return null;
        string title = NotInFont().Replace(Title().Match(svg).Groups[1].Value.ToUpperInvariant(), string.Empty);
        var lettering = new Lettering(0.1 + (0.12 * random.NextDouble()), random.Next(3) == 0 ? 12 : 0, 0.7 + (0.4 * random.NextDouble()));
        return new MarkDrawing(name, path.Groups[1].Value, withWord && title.Length is >= 3 and <= 14 ? title : null, lettering);
    }

    /// <summary>400 × 400 px.</summary>
    public RgbaImage Draw(MarkStyle style)
    {
        var svg = new SvgWriter();
        if (style.Paper is not null) svg.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, style.Paper);
        string ink = style.SecondInk is { } second ? svg.Gradient(true, (0, style.Ink, 1), (1, second, 1)) : style.Ink;
        (double scale, double x, double y) = Word is null ? (22.5, 30, 30) : (15, 120, 40);
        // The stroke is given in units of the emblem, which the transform enlarges.
        double stroke = (style.OutlineOnly ? 10 + style.Bolder : style.Bolder) / scale;
        svg.Within(SvgWriter.Text($"translate({x} {y}) scale({scale})"), () =>
            svg.Path(Outline, style.OutlineOnly ? "none" : ink, stroke > 0 ? SvgWriter.Text($"stroke='{ink}' stroke-width='{stroke:0.###}' stroke-linejoin='round'") : string.Empty));
        // A gradient is laid over the box of what is drawn, which a row of strokes need not have: words keep the first ink.
        if (Word is { } word) StrokeFont.Fit(svg, word, 50, 430, 500, 120, style.Ink, Lettering with { Weight = Lettering.Weight + (style.Bolder / 240) });
        return ImageOperations.RasteriseSvg(svg.ToString(), Side, Side);
    }

    [GeneratedRegex("<path d=\"([^\"]+)\"/>", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Path();

    [GeneratedRegex("<title>([^<]*)</title>", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Title();

    [GeneratedRegex("[^A-Z0-9]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NotInFont();
}

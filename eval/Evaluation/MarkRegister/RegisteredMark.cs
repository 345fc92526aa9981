using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>What stands in a mark, and where.</summary>
internal enum MarkArrangement
{
    Emblem,
    Word,
    WordBelowEmblem,
    WordBesideEmblem,
}

/// <summary>What is drawn round a mark.</summary>
internal enum MarkFrame
{
    None,
    Rectangle,
    Rounded,
    Ellipse,
}

/// <summary>A mark of the drawn register. Immutable.</summary>
/// <param name="Outline">The emblem's SVG path of 24 × 24 units; null where there is none.</param>
/// <param name="Word">Upper-case letters; null where there is none.</param>
/// <param name="Inverted">Light on a dark plate.</param>
/// <param name="Margin">White round the mark in the register's picture, as a share of its longer side; 0..0.2.</param>
internal sealed record RegisteredMark(MarkArrangement Arrangement, string? Outline, string? Word, Lettering Lettering, MarkFrame Frame, bool Inverted, string Ink, double Margin)
{
    private const int Side = 400;
    private const string White = "#ffffff";

    /// <summary>What people would call it.</summary>
    public string Name => Word ?? "Figurative mark";

    /// <summary>The register's picture: the mark on white, cut to it but for the margin; at most 400 px a side.</summary>
    public RgbImage Registered()
    {
        RgbImage drawn = Draw(Inverted ? White : Ink, Inverted ? Ink : null).Flatten(RgbColour.White);
        return Cut(drawn);
    }

    /// <summary>The mark as something bears it: in some ink, with or without a ground of its own; 400 × 400 px, the rest clear.</summary>
    public RgbaImage Printed(Random chance)
    {
        string dark = Colour(chance, 0, 110), light = Colour(chance, 160, 256);
        bool isLight = chance.Next(2) == 0;
        string? plate = Inverted || chance.Next(2) == 0 ? isLight ? dark : light : null;
        return Draw(isLight ? light : dark, plate);
    }

    private static string Colour(Random chance, int least, int most) => $"#{chance.Next(least, most):x2}{chance.Next(least, most):x2}{chance.Next(least, most):x2}";

    private RgbaImage Draw(string ink, string? plate)
    {
        var svg = new SvgWriter();
        (double x, double y, double width, double height) = Box;
        if (Frame == MarkFrame.None)
        {
            if (plate is not null) svg.Rectangle(x - 30, y - 30, width + 60, height + 60, plate);
            Content(svg, ink);
            return ImageOperations.RasteriseSvg(svg.ToString(), Side, Side);
        }
        // The frame takes its room from the content.
        const double shrunk = 0.68, centre = SvgWriter.Side / 2.0;
        string line = SvgWriter.Text($"stroke='{ink}' stroke-width='12'");
        if (Frame == MarkFrame.Ellipse) svg.Ellipse(centre, centre, Math.Min(285, width * shrunk * 0.78), Math.Min(285, (height * shrunk * 0.78) + 40), plate ?? "none", line);
        else svg.Rectangle(centre - (width * shrunk / 2) - 35, centre - (height * shrunk / 2) - 35, (width * shrunk) + 70, (height * shrunk) + 70, plate ?? "none", Frame == MarkFrame.Rounded ? 35 : 0, line);
        svg.Within(SvgWriter.Text($"translate({centre} {centre}) scale({shrunk}) translate({-x - (width / 2)} {-y - (height / 2)})"), () => Content(svg, ink));
        return ImageOperations.RasteriseSvg(svg.ToString(), Side, Side);
    }

    private (double X, double Y, double Width, double Height) Box => Arrangement switch
    {
        MarkArrangement.Emblem => (30, 30, 540, 540),
        MarkArrangement.Word => (50, 235, 500, 130),
        MarkArrangement.WordBelowEmblem => (50, 80, 500, 440),
        _ => (40, 210, 520, 180),
    };

    private void Content(SvgWriter svg, string ink)
    {
        switch (Arrangement)
        {
            case MarkArrangement.Emblem:
                Emblem(svg, 30, 30, 540, ink);
                break;
            case MarkArrangement.Word:
                StrokeFont.Fit(svg, Word!, 50, 235, 500, 130, ink, Lettering);
                break;
            case MarkArrangement.WordBelowEmblem:
                Emblem(svg, 160, 80, 280, ink);
                StrokeFont.Fit(svg, Word!, 50, 400, 500, 120, ink, Lettering);
                break;
            default:
                Emblem(svg, 40, 210, 180, ink);
                StrokeFont.Fit(svg, Word!, 250, 240, 310, 120, ink, Lettering);
                break;
        }
    }

    private void Emblem(SvgWriter svg, double x, double y, double side, string ink) =>
        svg.Within(SvgWriter.Text($"translate({x} {y}) scale({side / 24})"), () => svg.Path(Outline!, ink));

    private RgbImage Cut(RgbImage drawn)
    {
        int left = drawn.Width, top = drawn.Height, right = -1, bottom = -1;
        for (int y = 0; y < drawn.Height; y++)
        {
            for (int x = 0; x < drawn.Width; x++)
            {
                if (drawn.Pixels.AsSpan(((y * drawn.Width) + x) * 3, 3).IndexOfAnyExcept(byte.MaxValue) < 0) continue;
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            }
        }
        int margin = (int)(Margin * Math.Max(right - left, bottom - top));
        (left, top, right, bottom) = (Math.Max(0, left - margin), Math.Max(0, top - margin), Math.Min(drawn.Width - 1, right + margin), Math.Min(drawn.Height - 1, bottom + margin));
        return ImageOperations.Crop(drawn, left, top, right - left + 1, bottom - top + 1);
    }
}

using Touchstone.Evaluation.Drawing;
using Touchstone.Market.Products;

namespace Touchstone.Market.Drawing;

/// <summary>The look of one design: what is printed on the product, whatever its shape. Equal seeds print equal artwork.</summary>
/// <param name="design">The design.</param>
/// <param name="markPath">The outline of the mark that the design carries, in 24 × 24 units, or null.</param>
internal sealed class Artwork(ProductDesign design, string? markPath = null)
{
    private readonly int _seed = design.Seed;

    public Palette Palette { get; } = Palette.Of(new Random(design.Seed));

    public Lettering Lettering { get; } = LetteringOf(new Random(design.Seed + 1));

    public ProductDesign Design => design;

    /// <summary>A random source for one part of the drawing: parts do not disturb each other.</summary>
    public Random Part(int part) => new((_seed * 31) + part);

    /// <summary>What the front of the product shows: its mark where it carries one, else its label.</summary>
    public void Front(SvgWriter svg, Box box, int part = 0)
    {
        if (markPath is null)
        {
            Label(svg, box, part);
            return;
        }
        svg.Rectangle(box.X, box.Y, box.Width, box.Height, Palette.Paper, 10);
        double side = Math.Min(box.Width, box.Height) * 0.84;
        string place = SvgWriter.Text($"translate({box.X + ((box.Width - side) / 2):0.##} {box.Y + ((box.Height - side) / 2):0.##}) scale({side / 24:0.####})");
        svg.Within(place, () => svg.Path(markPath, Palette.Ink));
    }

    /// <summary>Pattern, emblem, brand, name, model and small print in one of four layouts.</summary>
    public void Label(SvgWriter svg, Box box, int part = 0)
    {
        Random random = Part(100 + part);
        svg.Rectangle(box.X, box.Y, box.Width, box.Height, random.Next(2) == 0 ? Palette.Paper : Palette.Body);
        Patterns.Draw(svg, random, box, Palette);
        switch (random.Next(4))
        {
            case 0:
                Panel(svg, box.Part(0.06, 0.08, 0.88, 0.3), design.Brand, 0);
                Emblem(svg, random, box.Part(0.28, 0.42, 0.44, 0.26));
                Panel(svg, box.Part(0.06, 0.72, 0.88, 0.2), design.Name, 1);
                break;
            case 1:
                Emblem(svg, random, box.Part(0.08, 0.06, 0.84, 0.42));
                Panel(svg, box.Part(0.04, 0.52, 0.92, 0.22), design.Brand, 1);
                Panel(svg, box.Part(0.14, 0.77, 0.72, 0.15), design.Name, 0);
                break;
            case 2:
                svg.Ellipse(box.X + (box.Width / 2), box.Y + (box.Height * 0.42), box.Width * 0.44, box.Height * 0.3, Palette.Ink);
                StrokeFont.Fit(svg, design.Brand, box.X + (box.Width * 0.14), box.Y + (box.Height * 0.28), box.Width * 0.72, box.Height * 0.16, Palette.Paper, Lettering);
                StrokeFont.Fit(svg, design.Name, box.X + (box.Width * 0.2), box.Y + (box.Height * 0.47), box.Width * 0.6, box.Height * 0.1, Palette.Accent, Lettering);
                Emblem(svg, random, box.Part(0.34, 0.74, 0.32, 0.22));
                break;
            default:
                Panel(svg, box.Part(0, 0.1, 1, 0.2), design.Name, 1);
                Panel(svg, box.Part(0, 0.34, 1, 0.3), design.Brand, 0);
                Emblem(svg, random, box.Part(0.05, 0.68, 0.4, 0.28));
                SmallPrint(svg, random, box.Part(0.5, 0.7, 0.46, 0.26));
                break;
        }
        StrokeFont.Fit(svg, design.Model, box.X + (box.Width * 0.05), box.Bottom - (box.Height * 0.065), box.Width * 0.4, box.Height * 0.05, Palette.Ink, Lettering with { Slant = 0 });
    }

    /// <summary>The brand's word alone, in a plate.</summary>
    public void Panel(SvgWriter svg, Box box, string text, int tone)
    {
        (string ground, string ink) = tone == 0 ? (Palette.Ink, Palette.Paper) : (Palette.Paper, Palette.Ink);
        svg.Rectangle(box.X, box.Y, box.Width, box.Height, ground, Math.Min(box.Height, box.Width) * 0.12);
        Box inner = box.Part(0.06, 0.14, 0.88, 0.72);
        StrokeFont.Fit(svg, text, inner.X, inner.Y, inner.Width, inner.Height, ink, Lettering);
    }

    public void Emblem(SvgWriter svg, Random random, Box box) => Emblems.Draw(svg, new Random(_seed + 7), box, Palette.Accent, random.Next(2) == 0 ? Palette.Paper : Palette.Ink);

    /// <summary>Lines that look like the warnings and ratings on a package: the model, volts, codes.</summary>
    public void SmallPrint(SvgWriter svg, Random random, Box box)
    {
        svg.Rectangle(box.X, box.Y, box.Width, box.Height, Palette.Paper);
        string[] lines = [design.Model, $"{random.Next(3, 240)}V {random.Next(1, 9)}.{random.Next(10)}A", $"LOT {random.Next(1_000, 9_999)}", $"EN {random.Next(100, 999)}-{random.Next(1, 9)}", $"{random.Next(20, 900)} ML", $"NO. {random.Next(10, 99)}/{random.Next(10, 99)}", design.Brand];
        random.Shuffle(lines);
        int count = 2 + random.Next(4);
        double step = 0.94 / count;
        for (int i = 0; i < count; i++)
        {
            Box line = box.Part(0.05, 0.06 + (i * step), 0.9, step * (0.5 + (random.NextDouble() * 0.3)));
            StrokeFont.Fit(svg, lines[i], line.X, line.Y, line.Width, line.Height, Palette.Ink, new Lettering(0.12, 0, 0.7 + (random.NextDouble() * 0.5)));
        }
    }

    private static Lettering LetteringOf(Random random) => new(0.1 + (random.NextDouble() * 0.14), random.Next(3) == 0 ? 10 + random.Next(10) : 0, 0.7 + (random.NextDouble() * 0.6));
}

using Touchstone.Evaluation.Drawing;
using Touchstone.Market.Drawing;

namespace Touchstone.Market.Photography;

/// <summary>What things lie on when somebody photographs them: planks, tiles, cloth, stone, a table before a wall.</summary>
internal static class Grounds
{
    public static string Draw(Random random)
    {
        var svg = new SvgWriter();
        double hue = random.NextDouble() * 360;
        switch (random.Next(5))
        {
            case 0: Planks(svg, random); break;
            case 1: Tiles(svg, random, hue); break;
            case 2: Cloth(svg, random, hue); break;
            case 3: Stone(svg, random, hue); break;
            default: Table(svg, random, hue); break;
        }
        return svg.ToString();
    }

    /// <summary>Light falling from a side: white to black, mostly clear.</summary>
    public static string Light(Random random)
    {
        var svg = new SvgWriter();
        double strength = 0.12 + (random.NextDouble() * 0.2);
        string fill = svg.Gradient(random.Next(2) == 0, (0, "#ffffff", strength), (0.5, "#ffffff", 0), (0.5, "#000000", 0), (1, "#000000", strength));
        svg.Within(random.Next(2) == 0 ? "rotate(180 300 300)" : "rotate(0)", () => svg.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, fill));
        return svg.ToString();
    }

    private static void Planks(SvgWriter svg, Random random)
    {
        double hue = 18 + random.Next(25), light = 0.3 + (random.NextDouble() * 0.35);
        for (double y = 0; y < SvgWriter.Side;)
        {
            double height = 60 + (random.NextDouble() * 50), tone = light + (random.NextDouble() * 0.08);
            svg.Rectangle(0, y, SvgWriter.Side, height, Palette.Colour(hue, 0.45, tone));
            for (int i = 0; i < 5; i++)
            {
                double at = y + (random.NextDouble() * height);
                svg.Line(SvgWriter.Text($"M0 {at:0.##}Q{random.Next(600)} {at + random.Next(-14, 14):0.##} 600 {at + random.Next(-8, 8):0.##}"), Palette.Colour(hue, 0.4, tone - 0.05), 1 + (random.NextDouble() * 2));
            }
            svg.Rectangle(0, y + height - 3, SvgWriter.Side, 3, Palette.Colour(hue, 0.4, light - 0.16));
            y += height;
        }
    }

    private static void Tiles(SvgWriter svg, Random random, double hue)
    {
        double side = 70 + random.Next(70);
        svg.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, Palette.Colour(hue, 0.1, 0.55));
        for (double y = -20; y < SvgWriter.Side; y += side)
            for (double x = -30; x < SvgWriter.Side; x += side)
                svg.Rectangle(x, y, side - 5, side - 5, Palette.Colour(hue, 0.2, 0.7 + (random.NextDouble() * 0.14)), 3);
    }

    private static void Cloth(SvgWriter svg, Random random, double hue)
    {
        svg.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, Palette.Colour(hue, 0.35, 0.6));
        double step = 16 + random.Next(24);
        for (double at = 0; at < SvgWriter.Side; at += step)
        {
            svg.Rectangle(at, 0, step * 0.45, SvgWriter.Side, Palette.Colour(hue, 0.4, 0.42), 0, "opacity='0.4'");
            svg.Rectangle(0, at, SvgWriter.Side, step * 0.45, Palette.Colour(hue, 0.4, 0.75), 0, "opacity='0.4'");
        }
    }

    private static void Stone(SvgWriter svg, Random random, double hue)
    {
        svg.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, Palette.Colour(hue, 0.06, 0.82));
        for (int i = 0; i < 14; i++)
            svg.Line(SvgWriter.Text($"M{random.Next(-100, 700)} {random.Next(-100, 700)}Q{random.Next(600)} {random.Next(600)} {random.Next(-100, 700)} {random.Next(-100, 700)}"), Palette.Colour(hue, 0.1, 0.55 + (random.NextDouble() * 0.2)), 1 + (random.NextDouble() * 5));
    }

    private static void Table(SvgWriter svg, Random random, double hue)
    {
        double edge = 300 + random.Next(160);
        svg.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, svg.Gradient(true, (0, Palette.Colour(hue, 0.25, 0.8), 1), (1, Palette.Colour(hue, 0.25, 0.62), 1)));
        svg.Rectangle(0, edge, SvgWriter.Side, SvgWriter.Side - edge, svg.Gradient(true, (0, Palette.Colour(hue + 40, 0.3, 0.35), 1), (1, Palette.Colour(hue + 40, 0.3, 0.5), 1)));
    }
}

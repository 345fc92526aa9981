using Touchstone.Evaluation.Drawing;

namespace Touchstone.Market.Drawing;

/// <summary>Small pictures that a brand prints on its goods.</summary>
internal static class Emblems
{
    public static void Star(SvgWriter svg, double x, double y, double radius, int rays, double turn, string fill)
    {
        var points = new (double, double)[rays * 2];
        for (int i = 0; i < points.Length; i++)
        {
            double angle = ((i * Math.PI) / rays) + (turn * Math.PI / 180), reach = (i & 1) == 0 ? radius : radius * 0.45;
            points[i] = (x + (reach * Math.Sin(angle)), y - (reach * Math.Cos(angle)));
        }
        svg.Polygon(points, fill);
    }

    /// <summary>A random emblem: a base shape with a second and a third one in it, mirrored left to right as logos are.</summary>
    public static void Draw(SvgWriter svg, Random random, Box box, string fill, string inner)
    {
        double x = box.X + (box.Width / 2), y = box.Y + (box.Height / 2), radius = Math.Min(box.Width, box.Height) / 2;
        switch (random.Next(4))
        {
            case 0: svg.Circle(x, y, radius, fill); break;
            case 1: Star(svg, x, y, radius, 5 + random.Next(5), 0, fill); break;
            case 2: svg.Path(SvgWriter.Text($"M{x:0.##} {y + radius:0.##}Q{x + (radius * 1.4):0.##} {y:0.##} {x + (radius * 0.8):0.##} {y - radius:0.##}L{x - (radius * 0.8):0.##} {y - radius:0.##}Q{x - (radius * 1.4):0.##} {y:0.##} {x:0.##} {y + radius:0.##}Z"), fill); break;
            default: svg.Rectangle(x - (radius * 0.85), y - (radius * 0.85), radius * 1.7, radius * 1.7, fill, radius * 0.3); break;
        }
        for (int i = 0; i < 3; i++)
        {
            double px = radius * (0.1 + (random.NextDouble() * 0.45)), py = radius * ((random.NextDouble() * 1.0) - 0.5), tip = radius * ((random.NextDouble() * 1.1) - 0.55);
            string colour = i == 1 ? fill : inner;
            svg.Polygon([(x, y + tip), (x + px, y + py), (x + (px * 0.4), y + py + (radius * 0.35)), (x, y + (tip * 0.2)), (x - (px * 0.4), y + py + (radius * 0.35)), (x - px, y + py)], colour);
        }
    }
}

using Touchstone.Evaluation.Drawing;

namespace Touchstone.Market.Drawing;

/// <summary>A rectangle in drawing units.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    /// <summary>The part from (x, y) with the width and height, all as shares of this box.</summary>
    public Box Part(double x, double y, double width, double height) => new(X + (x * Width), Y + (y * Height), width * Width, height * Height);

    public string Path => SvgWriter.Text($"M{X:0.##} {Y:0.##}H{Right:0.##}V{Bottom:0.##}H{X:0.##}Z");
}

/// <summary>Printed patterns that fill a box; each kind differs, and each drawing of a kind differs by its random source.</summary>
internal static class Patterns
{
    private static readonly Action<SvgWriter, Random, Box, Palette>[] Kinds = [Stripes, Dots, Zigzag, Mosaic, Bubbles, Stars, Rays, Leaves, Blocks, Waves];

    public static void Draw(SvgWriter svg, Random random, Box box, Palette palette) =>
        svg.Clipped(box.Path, () => Kinds[random.Next(Kinds.Length)](svg, random, box, palette));

    private static string Pick(Random random, Palette palette) => random.Next(4) switch { 0 => palette.Accent, 1 => palette.Second, 2 => palette.Paper, _ => palette.Ink };

    private static void Stripes(SvgWriter svg, Random random, Box box, Palette palette)
    {
        double lean = random.Next(-60, 60);
        for (double x = box.X - 60; x < box.Right + 60;)
        {
            double width = 6 + (random.NextDouble() * 24);
            svg.Polygon([(x + lean, box.Y), (x + width + lean, box.Y), (x + width - lean, box.Bottom), (x - lean, box.Bottom)], Pick(random, palette), "opacity='0.85'");
            x += width + 8 + (random.NextDouble() * 26);
        }
    }

    private static void Dots(SvgWriter svg, Random random, Box box, Palette palette)
    {
        double step = 22 + (random.NextDouble() * 22);
        for (double y = box.Y; y < box.Bottom + step; y += step)
            for (double x = box.X + (((int)(y / step) & 1) * step / 2); x < box.Right + step; x += step)
                svg.Circle(x, y, step * (0.16 + (random.NextDouble() * 0.24)), Pick(random, palette));
    }

    private static void Zigzag(SvgWriter svg, Random random, Box box, Palette palette)
    {
        double high = 10 + (random.NextDouble() * 24), wide = 14 + (random.NextDouble() * 30);
        for (double y = box.Y - high; y < box.Bottom + high; y += high * (1.2 + random.NextDouble()))
        {
            var d = new System.Text.StringBuilder(SvgWriter.Text($"M{box.X - wide:0.##} {y:0.##}"));
            bool up = false;
            for (double x = box.X; x < box.Right + wide; x += wide, up = !up) d.Append(SvgWriter.Text($"L{x:0.##} {(up ? y : y + high):0.##}"));
            svg.Line(d.ToString(), Pick(random, palette), 3 + (random.NextDouble() * 7));
        }
    }

    private static void Mosaic(SvgWriter svg, Random random, Box box, Palette palette)
    {
        double step = 34 + (random.NextDouble() * 26);
        for (double y = box.Y; y < box.Bottom; y += step)
            for (double x = box.X; x < box.Right; x += step)
            {
                bool falling = random.Next(2) == 0;
                svg.Polygon([(x, y), falling ? (x + step, y + step) : (x + step, y), (x, y + step)], Pick(random, palette));
                svg.Polygon([(x + step, y + step), falling ? (x, y) : (x + step, y), falling ? (x + step, y) : (x, y + step)], Pick(random, palette));
            }
    }

    private static void Bubbles(SvgWriter svg, Random random, Box box, Palette palette)
    {
        int count = (int)(box.Width * box.Height / 900) + 8;
        for (int i = 0; i < count; i++)
        {
            string attributes = random.Next(2) == 0 ? SvgWriter.Text($"stroke='{Pick(random, palette)}' stroke-width='{2 + (random.NextDouble() * 4):0.##}'") : "opacity='0.8'";
            svg.Circle(box.X + (random.NextDouble() * box.Width), box.Y + (random.NextDouble() * box.Height), 5 + (random.NextDouble() * 24), Pick(random, palette), attributes);
        }
    }

    private static void Stars(SvgWriter svg, Random random, Box box, Palette palette)
    {
        int count = (int)(box.Width * box.Height / 1_300) + 6;
        for (int i = 0; i < count; i++)
            Emblems.Star(svg, box.X + (random.NextDouble() * box.Width), box.Y + (random.NextDouble() * box.Height), 7 + (random.NextDouble() * 17), 4 + random.Next(4), random.Next(90), Pick(random, palette));
    }

    private static void Rays(SvgWriter svg, Random random, Box box, Palette palette)
    {
        double x = box.X + (box.Width * random.NextDouble()), y = box.Y + (box.Height * random.NextDouble()), far = box.Width + box.Height;
        for (double angle = 0; angle < 2 * Math.PI;)
        {
            double next = angle + 0.09 + (random.NextDouble() * 0.22);
            svg.Polygon([(x, y), (x + (far * Math.Cos(angle)), y + (far * Math.Sin(angle))), (x + (far * Math.Cos(next)), y + (far * Math.Sin(next)))], Pick(random, palette), "opacity='0.8'");
            angle = next + 0.1 + (random.NextDouble() * 0.15);
        }
    }

    private static void Leaves(SvgWriter svg, Random random, Box box, Palette palette)
    {
        int count = (int)(box.Width * box.Height / 1_500) + 6;
        for (int i = 0; i < count; i++)
        {
            double length = 18 + (random.NextDouble() * 30), wide = length * (0.25 + (random.NextDouble() * 0.3));
            string place = SvgWriter.Text($"translate({box.X + (random.NextDouble() * box.Width):0.##} {box.Y + (random.NextDouble() * box.Height):0.##}) rotate({random.Next(360)})");
            string fill = Pick(random, palette), vein = Pick(random, palette);
            svg.Within(place, () => svg.Path(SvgWriter.Text($"M0 0Q{wide:0.##} {-length / 2:0.##} 0 {-length:0.##}Q{-wide:0.##} {-length / 2:0.##} 0 0Z"), fill)
                .Line(SvgWriter.Text($"M0 6L0 {-length * 0.8:0.##}"), vein, 1.6));
        }
    }

    private static void Blocks(SvgWriter svg, Random random, Box box, Palette palette)
    {
        int count = (int)(box.Width * box.Height / 1_100) + 6;
        for (int i = 0; i < count; i++)
        {
            double width = 8 + (random.NextDouble() * 50), height = 8 + (random.NextDouble() * 34);
            svg.Rectangle(box.X + (random.NextDouble() * box.Width) - (width / 2), box.Y + (random.NextDouble() * box.Height) - (height / 2), width, height, Pick(random, palette), random.Next(8), "opacity='0.88'");
        }
    }

    private static void Waves(SvgWriter svg, Random random, Box box, Palette palette)
    {
        for (double y = box.Y - 10; y < box.Bottom + 30; y += 11 + (random.NextDouble() * 16))
        {
            double wide = 26 + (random.NextDouble() * 40), high = 5 + (random.NextDouble() * 15);
            var d = new System.Text.StringBuilder(SvgWriter.Text($"M{box.X - (wide * random.NextDouble()):0.##} {y:0.##}"));
            for (double x = box.X; x < box.Right + (2 * wide); x += wide) d.Append(SvgWriter.Text($"q{wide / 2:0.##} {high:0.##} {wide:0.##} 0")).Append(SvgWriter.Text($"t{wide:0.##} 0"));
            svg.Line(d.ToString(), Pick(random, palette), 2 + (random.NextDouble() * 6));
        }
    }
}

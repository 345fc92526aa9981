namespace Touchstone.Cli.Demo.Drawing;

internal static partial class ProductDrawing
{
    private static void PlushBear(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double head = 105 + random.Next(30), ear = 30 + random.Next(28), arm = 50 + random.Next(25);
        foreach (int side in (int[])[-1, 1])
        {
            svg.Circle(300 + (side * head * 0.78), 175 - (head * 0.72), ear, p.Body).Circle(300 + (side * head * 0.78), 175 - (head * 0.72), ear * 0.55, p.Second);
            svg.Ellipse(300 + (side * 165), 380, arm, 95, p.Body, SvgWriter.Text($"transform='rotate({side * (20 + random.Next(25))} {300 + (side * 165)} 380)'"));
            svg.Ellipse(300 + (side * 85), 530, 68, 52, p.Body).Ellipse(300 + (side * 85), 535, 40, 30, p.Accent);
        }
        svg.Ellipse(300, 415, 150, 140, p.Body);
        svg.Clipped("M185 330Q300 290 415 330L440 470Q300 560 160 470Z", () => art.Front(svg, new Box(160, 305, 280, 225)));
        svg.Ellipse(300, 175, head * 1.08, head, p.Body);
        svg.Ellipse(300, 215, head * 0.5, head * 0.38, p.Paper).Ellipse(300, 192, 22, 15, p.Ink);
        svg.Line(SvgWriter.Text($"M300 205V226Q280 246 {262 - random.Next(12)} 232M300 226Q320 246 {338 + random.Next(12)} 232"), p.Ink, 5);
        double eye = 12 + random.Next(12), apart = 42 + random.Next(20);
        foreach (int side in (int[])[-1, 1]) svg.Circle(300 + (side * apart), 150, eye, p.Ink).Circle(300 + (side * apart) - (eye * 0.3), 145, eye * 0.32, "#ffffff");
        if (random.Next(2) == 0) svg.Polygon([(300, 290), (235, 262), (240, 320)], p.Second).Polygon([(300, 290), (365, 262), (360, 320)], p.Second).Circle(300, 290, 14, p.Accent);
        else Emblems.Star(svg, 300 + random.Next(-60, 60), 100, 30, 5, random.Next(60), p.Second);
    }

    private static void Robot(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double head = 150 + random.Next(90), body = 230 + random.Next(80);
        var chest = new Box(300 - (body / 2), 235, body, 215);
        svg.Line(SvgWriter.Text($"M300 90L{260 + random.Next(80)} 40"), p.Ink, 8);
        svg.Rectangle(300 - (head / 2), 80, head, 130, p.Body, 10 + random.Next(40)).Rectangle(270, 205, 60, 35, p.Ink);
        double eye = 20 + random.Next(16);
        foreach (int side in (int[])[-1, 1])
        {
            svg.Circle(300 + (side * head * 0.24), 132, eye, p.Paper).Circle(300 + (side * head * 0.24), 132, eye * 0.5, p.Accent);
            svg.Rectangle(300 + (side * ((body / 2) + 28)) - 26, 250, 52, 150 + random.Next(40), p.Second, 22).Circle(300 + (side * ((body / 2) + 28)), 430, 34, p.Ink);
            svg.Rectangle(300 + (side * body * 0.26) - 38, 445, 76, 90, p.Second, 8).Rectangle(300 + (side * body * 0.26) - 52, 525, 104, 40, p.Ink, 14);
        }
        for (int i = 0; i < 5; i++) svg.Rectangle(300 - (head * 0.3) + (i * head * 0.13), 175, head * 0.08, 22, i % 2 == 0 ? p.Ink : p.Accent, 3);
        svg.Path(RoundedBox(new Box(chest.X - 12, chest.Y - 10, chest.Width + 24, chest.Height + 22), 24), p.Body);
        art.Front(svg, chest.Part(0.05, 0.05, 0.9, 0.9));
    }

    private static void ToyBox(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double lean = 30 + random.Next(35), top = 70 + random.Next(60);
        var front = new Box(70, top, 420, 480 - top + 60);
        svg.Polygon([(front.Right, front.Y), (front.Right + lean + 10, front.Y - lean), (front.Right + lean + 10, front.Bottom - lean), (front.Right, front.Bottom)], p.Ink);
        svg.Polygon([(front.X, front.Y), (front.X + lean, front.Y - lean), (front.Right + lean + 10, front.Y - lean), (front.Right, front.Y)], p.Second);
        svg.Clipped(front.Path, () =>
        {
            art.Front(svg, front);
            Box window = front.Part(0.08 + (random.NextDouble() * 0.3), 0.42, 0.5, 0.34);
            svg.Path(RoundedBox(window, 26), "#dfeaf2", SvgWriter.Text($"stroke='{p.Ink}' stroke-width='6'"));
            Random contents = art.Part(3);
            for (int i = 0; i < 9; i++)
            {
                Box piece = window.Part(0.05 + (contents.NextDouble() * 0.72), 0.1 + (contents.NextDouble() * 0.6), 0.2, 0.26);
                if (contents.Next(2) == 0) svg.Rectangle(piece.X, piece.Y, piece.Width, piece.Height, i % 2 == 0 ? p.Accent : p.Body, 6);
                else Emblems.Star(svg, piece.X + 24, piece.Y + 22, 26, 3 + contents.Next(4), contents.Next(90), i % 2 == 0 ? p.Second : p.Body);
            }
        });
    }

    private static void RaceCar(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double nose = 300 + random.Next(40), roof = 165 + random.Next(50), tail = random.Next(40);
        string body = SvgWriter.Text($"M40 400Q{30 + tail:0.##} {nose:0.##} 110 300L190 {roof + 40:0.##}Q215 {roof:0.##} 270 {roof:0.##}H370Q405 {roof:0.##} 430 {roof + 50:0.##}L470 290Q560 300 570 360V420H40Z");
        svg.Path(body, p.Body);
        svg.Clipped(body, () => art.Front(svg, new Box(95, 285, 400, 145)));
        Shade(svg, body, 0.18);
        svg.Polygon([(225, 285), (265, roof + 25), (320, roof + 25), (320, 285)], "#cfe3ee").Polygon([(335, 285), (335, roof + 25), (385, roof + 25), (420, 285)], "#b8d2e0");
        if (random.Next(2) == 0) svg.Polygon([(50, 300), (25, 215), (125, 215), (110, 300)], p.Second);
        else svg.Rectangle(20, 225, 120, 24, p.Second, 8).Rectangle(70, 245, 18, 60, p.Ink);
        foreach (int x in (int[])[150, 455])
        {
            svg.Circle(x, 430, 68, p.Ink).Circle(x, 430, 40, p.Paper);
            for (int i = 0; i < 6; i++) Emblems.Star(svg, x, 430, 38, 4 + (art.Design.Seed % 4), i * 15, i % 2 == 0 ? p.Accent : p.Second);
            svg.Circle(x, 430, 11, p.Ink);
        }
    }
}

using Touchstone.Evaluation.Drawing;

namespace Touchstone.Market.Drawing;

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
        double head = 130 + random.Next(150), headHigh = 90 + random.Next(60), body = 210 + random.Next(110), chestHigh = 190 + random.Next(50);
        var chest = new Box(300 - (body / 2), 90 + headHigh + 30, body, chestHigh);
        RobotAntennas(svg, random, p);
        svg.Rectangle(300 - (head / 2), 75, head, headHigh, p.Body, random.Next(60)).Rectangle(270, 70 + headHigh, 60, 40, p.Ink);
        RobotFace(svg, random, p, head, headHigh);
        int arms = random.Next(3);
        double armHigh = 110 + random.Next(90), foot = 44 + random.Next(50);
        bool wheels = random.Next(2) == 0;
        foreach (int side in (int[])[-1, 1])
        {
            double x = 300 + (side * ((body / 2) + 34));
            if (arms == 0) svg.Rectangle(x - 24, chest.Y + 10, 48, armHigh, p.Second, 22).Circle(x, chest.Y + armHigh + 20, 32, p.Ink);
            else if (arms == 1) for (int i = 0; i < 5; i++) svg.Circle(x + (side * i * 5), chest.Y + 25 + (i * armHigh / 4.5), 22 - (i * 2), i % 2 == 0 ? p.Second : p.Accent);
            else svg.Polygon([(x - (side * 20), chest.Y + 15), (x + (side * 60), chest.Y - 70), (x + (side * 84), chest.Y - 40), (x - (side * 16), chest.Y + 65)], p.Second);
            double leg = 300 + (side * body * 0.26);
            if (wheels) svg.Circle(leg, 530, foot * 0.7, p.Ink).Circle(leg, 530, foot * 0.4, p.Accent);
            else svg.Rectangle(leg - 30, chest.Bottom, 60, 540 - chest.Bottom, p.Second, 8).Rectangle(leg - foot, 525, foot * 2, 42, p.Ink, random.Next(20));
        }
        svg.Path(RoundedBox(new Box(chest.X - 12, chest.Y - 10, chest.Width + 24, chest.Height + 22), 6 + random.Next(40)), p.Body);
        art.Front(svg, chest.Part(0.05, 0.05, 0.9, 0.9));
    }

    private static void RobotAntennas(SvgWriter svg, Random random, Palette p)
    {
        int count = random.Next(3);
        for (int i = 0; i < count; i++)
        {
            double x = count == 1 ? 300 : 265 + (i * 70), tip = x + random.Next(-45, 45);
            svg.Line(SvgWriter.Text($"M{x:0.##} 80L{tip:0.##} 38"), p.Ink, 5 + random.Next(6)).Circle(tip, 34, 8 + random.Next(12), p.Accent);
        }
    }

    private static void RobotFace(SvgWriter svg, Random random, Palette p, double head, double high)
    {
        double eye = 14 + random.Next(16), y = 75 + (high * 0.38), apart = head * (0.16 + (random.NextDouble() * 0.12));
        int kind = random.Next(3);
        if (kind == 2) svg.Rectangle(300 - (head * 0.42), y - eye, head * 0.84, eye * 2, p.Ink, eye * 0.8).Rectangle(300 - (head * 0.3) + random.Next(40), y - (eye * 0.4), 44, eye * 0.8, p.Accent, 5);
        else
            foreach (int side in (int[])[-1, 1])
            {
                if (kind == 0) svg.Circle(300 + (side * apart), y, eye, p.Paper).Circle(300 + (side * apart) + random.Next(-5, 6), y, eye * 0.5, p.Accent);
                else svg.Rectangle(300 + (side * apart) - eye, y - eye, eye * 2, eye * 2, p.Accent, 5).Rectangle(300 + (side * apart) - (eye * 0.5), y - (eye * 0.3), eye, eye * 0.8, p.Ink);
            }
        double mouth = 75 + (high * 0.76);
        if (random.Next(2) == 0)
        {
            int bars = 3 + random.Next(5);
            for (int i = 0; i < bars; i++) svg.Rectangle(300 - (head * 0.28) + (i * head * 0.56 / bars), mouth - 8, head * 0.34 / bars, 12 + random.Next(12), i % 2 == 0 ? p.Ink : p.Second, 2);
        }
        else svg.Line(SvgWriter.Text($"M{300 - (head * 0.25):0.##} {mouth:0.##}Q300 {mouth + random.Next(-16, 22):0.##} {300 + (head * 0.25):0.##} {mouth:0.##}"), p.Ink, 6 + random.Next(8));
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

using Touchstone.Evaluation.Drawing;

namespace Touchstone.Market.Drawing;

internal static partial class ProductDrawing
{
    private static void Charger(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double wide = 130 + random.Next(50);
        foreach (int side in (int[])[-1, 1]) svg.Rectangle(300 + (side * (50 + random.Next(25))) - 11, 30, 22, 95, "#b9bcc2", 8);
        var body = new Box(300 - wide, 115, wide * 2, 300 + random.Next(50));
        string outline = RoundedBox(body, 20 + random.Next(50));
        svg.Path(outline, p.Body);
        svg.Clipped(outline, () => art.Front(svg, body.Part(0.06, 0.08, 0.88, 0.86)));
        Shade(svg, outline, 0.22);
        svg.Rectangle(260, body.Bottom - 8, 80, 34, p.Ink, 6);
        svg.Line(SvgWriter.Text($"M300 {body.Bottom + 26:0.##}Q{250 - random.Next(120)} {body.Bottom + 60:0.##} 330 {body.Bottom + 90:0.##}T{430 + random.Next(90)} {body.Bottom + 110:0.##}"), p.Second, 13);
    }

    private static void PowerBank(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        var body = new Box(150 - random.Next(30), 40, 300 + random.Next(40), 520);
        string outline = RoundedBox(body, 14 + random.Next(80));
        bool printBelow = random.Next(2) == 0;
        svg.Path(outline, p.Body);
        svg.Clipped(outline, () =>
        {
            art.Front(svg, printBelow ? body.Part(0.07, 0.13, 0.86, 0.62) : body.Part(0.1, 0.3, 0.8, 0.64));
            art.SmallPrint(svg, art.Part(6), printBelow ? body.Part(0.1 + (random.NextDouble() * 0.2), 0.79, 0.35 + (random.NextDouble() * 0.2), 0.16) : body.Part(0.42, 0.06, 0.42, 0.2));
        });
        Shade(svg, outline, 0.22);
        int lights = 2 + random.Next(5);
        bool upright = random.Next(2) == 0;
        for (int i = 0; i < lights; i++)
        {
            double x = body.X + 40 + (upright ? 0 : i * 22), y = body.Y + 38 + (upright ? i * 22 : 0);
            if (random.Next(2) == 0) svg.Circle(x, y, 5 + random.Next(5), i < 3 ? p.Accent : p.Ink);
            else svg.Rectangle(x - 6, y - 6, 12, 12, i < 3 ? p.Accent : p.Ink);
        }
        svg.Rectangle(body.Right - 60 - random.Next(80), body.Bottom - 40 - random.Next(50), 40 + random.Next(40), 18 + random.Next(14), p.Ink, random.Next(12));
        if (random.Next(2) == 0) svg.Circle(body.Right - 46, body.Y + 36, 10 + random.Next(12), p.Second);
    }

    private static void Helmet(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double high = 70 + random.Next(50), rear = 35 + random.Next(30);
        string shell = SvgWriter.Text($"M{rear:0.##} 380Q20 {high + 30:0.##} 300 {high:0.##}Q590 {high + 20:0.##} 570 330L540 385Q300 350 {rear:0.##} 380Z");
        svg.Line("M130 380Q200 540 290 545M470 375Q400 520 300 548", p.Ink, 15).Rectangle(262, 528, 76, 38, p.Accent, 10);
        svg.Path(shell, p.Body);
        svg.Clipped(shell, () =>
        {
            Patterns.Draw(svg, art.Part(7), new Box(0, 40, 600, 170), p);
            art.Front(svg, new Box(115, 165, 350, 200));
        });
        Shade(svg, shell, 0.25);
        int vents = 3 + random.Next(3);
        for (int i = 0; i < vents; i++) svg.Ellipse(170 + (i * 260.0 / (vents - 1)), high + 52, 15 + random.Next(12), 26, p.Ink, SvgWriter.Text($"transform='rotate({-30 + (i * 60 / (vents - 1))} {170 + (i * 260 / (vents - 1))} {high + 52:0.##})'"));
    }

    private static void Lamp(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double top = 60 + random.Next(70), foot = 90 + random.Next(60);
        string shade = SvgWriter.Text($"M{300 - top:0.##} 40H{300 + top:0.##}L510 330H90Z");
        svg.Rectangle(288, 320, 24, 210, p.Ink).Ellipse(300, 545, foot, 28, p.Second);
        for (int i = 0; i < 3 + random.Next(3); i++) svg.Ellipse(300, 370 + (i * 44), 20 + random.Next(34), 17, i % 2 == 0 ? p.Accent : p.Body);
        svg.Path(shade, p.Body);
        svg.Clipped(shade, () =>
        {
            Patterns.Draw(svg, art.Part(8), new Box(80, 40, 440, 290), p);
            art.Front(svg, new Box(185, 95, 230, 205));
        });
        Shade(svg, shade, 0.25);
    }

    private static void Shirt(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double sleeve = 240 + random.Next(60), hem = 530 + random.Next(30);
        string shirt = SvgWriter.Text($"M200 60Q300 {110 + random.Next(40)} 400 60L470 85L585 {sleeve:0.##}L495 {sleeve + 50:0.##}L455 225V{hem:0.##}H145V225L105 {sleeve + 50:0.##}L15 {sleeve:0.##}L130 85Z");
        svg.Path(shirt, p.Body, SvgWriter.Text($"stroke='{p.Ink}' stroke-width='3'"));
        svg.Clipped(shirt, () =>
        {
            if (random.Next(2) == 0) svg.Rectangle(0, hem - 50, 600, 22, p.Accent).Rectangle(0, hem - 20, 600, 10, p.Second);
            else svg.Polygon([(0, 200), (130, 140), (130, 180), (0, 240)], p.Accent).Polygon([(600, 200), (470, 140), (470, 180), (600, 240)], p.Accent);
            art.Front(svg, new Box(175, 175, 250, 260));
        });
        svg.Line("M150 240Q165 380 150 500M450 240Q435 380 450 500", p.Ink, 2);
    }

    private static void Mug(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double bulge = 10 + random.Next(30), handle = 70 + random.Next(40);
        svg.Path(SvgWriter.Text($"M430 190Q{480 + handle:0.##} 180 {480 + handle:0.##} 300T430 430V390Q{440 + handle:0.##} 390 {440 + handle:0.##} 300T430 230Z"), p.Second);
        string mug = SvgWriter.Text($"M80 110H440Q{440 + bulge:0.##} 310 425 520Q260 550 95 520Q{80 - bulge:0.##} 310 80 110Z");
        svg.Path(mug, p.Body);
        svg.Clipped(mug, () => art.Front(svg, new Box(110, 160, 300, 310)));
        Shade(svg, mug);
        svg.Ellipse(260, 110, 180, 30, p.Paper).Ellipse(260, 114, 160, 21, p.Ink);
    }

    private static void PhoneCase(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        var body = new Box(165, 30, 270, 540);
        string outline = RoundedBox(body, 30 + random.Next(30));
        svg.Path(outline, p.Body);
        svg.Clipped(outline, () =>
        {
            Patterns.Draw(svg, art.Part(9), body, p);
            art.Front(svg, body.Part(0.08, 0.3, 0.84, 0.52));
        });
        var camera = new Box(body.X + 18, body.Y + 18, 90 + random.Next(60), 100);
        svg.Path(RoundedBox(camera, 24), p.Ink);
        for (int i = 0; i < 2 + random.Next(3); i++) svg.Circle(camera.X + 28 + ((i % 2) * 44), camera.Y + 28 + ((i / 2) * 44), 17, "#39424e", "stroke='#8893a3' stroke-width='4'");
        Shade(svg, outline, 0.2);
    }
}

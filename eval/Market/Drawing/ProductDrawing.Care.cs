using Touchstone.Evaluation.Drawing;

namespace Touchstone.Market.Drawing;

internal static partial class ProductDrawing
{
    private static void CreamTube(SvgWriter svg, Artwork art, Random random)
    {
        double top = 125 + random.Next(40), bottom = 80 + random.Next(30);
        string tube = SvgWriter.Text($"M{300 - top:0.##} 40H{300 + top:0.##}L{300 + bottom:0.##} 480H{300 - bottom:0.##}Z");
        svg.Path(tube, art.Palette.Body);
        svg.Clipped(tube, () =>
        {
            svg.Rectangle(300 - top, 40, top * 2, 26, art.Palette.Ink);
            art.Front(svg, new Box(300 - top, 80, top * 2, 380));
        });
        Shade(svg, tube);
        double cap = bottom * (0.75 + (random.NextDouble() * 0.25));
        svg.Rectangle(300 - cap, 478, cap * 2, 85, art.Palette.Second, 10);
        for (int i = 1; i < 9; i++) svg.Rectangle(300 - cap + (i * cap * 2 / 9), 486, 4, 70, art.Palette.Ink, 2);
    }

    private static void CreamJar(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double lid = 90 + random.Next(60), waist = 200 + random.Next(40);
        string jar = SvgWriter.Text($"M{300 - waist:0.##} {110 + lid:0.##}H{300 + waist:0.##}Q{330 + waist:0.##} 400 {290 + waist:0.##} 510Q300 {540 + random.Next(20):0.##} {310 - waist:0.##} 510Q{270 - waist:0.##} 400 {300 - waist:0.##} {110 + lid:0.##}Z");
        svg.Path(jar, p.Paper);
        svg.Clipped(jar, () => art.Front(svg, new Box(280 - waist, 125 + lid, (waist * 2) + 40, 385 - lid)));
        Shade(svg, jar);
        svg.Rectangle(290 - waist, 110, (waist * 2) + 20, lid, p.Second, 14);
        svg.Clipped(new Box(290 - waist, 110, (waist * 2) + 20, lid).Path, () => Patterns.Draw(svg, art.Part(4), new Box(290 - waist, 124, (waist * 2) + 20, lid - 28), p));
        Shade(svg, new Box(290 - waist, 110, (waist * 2) + 20, lid).Path, 0.35);
    }

    private static void SprayBottle(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double wide = 115 + random.Next(35), shoulder = 230 + random.Next(40);
        string bottle = SvgWriter.Text($"M262 165H338V200Q{300 + wide:0.##} 215 {300 + wide:0.##} {shoulder:0.##}V545Q{300 + wide:0.##} 565 {280 + wide:0.##} 565H{320 - wide:0.##}Q{300 - wide:0.##} 565 {300 - wide:0.##} 545V{shoulder:0.##}Q{300 - wide:0.##} 215 262 200Z");
        svg.Polygon([(215, 60), (390, 60), (410, 105), (330, 130), (330, 170), (270, 170), (270, 120), (200, 110)], p.Second);
        svg.Line(SvgWriter.Text($"M240 115Q{190 + random.Next(25)} 160 {205 + random.Next(20)} 215"), p.Ink, 20).Rectangle(175, 66, 46, 32, p.Ink, 6);
        svg.Path(bottle, p.Body);
        svg.Clipped(bottle, () => art.Front(svg, new Box(300 - wide, shoulder + 15, wide * 2, 530 - shoulder)));
        Shade(svg, bottle);
    }

    private static void HairDryer(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        double thick = 95 + random.Next(35), lean = random.Next(-30, 40);
        svg.Polygon([(300, 300), (420, 300), (405 + lean, 570), (315 + lean, 570)], p.Second);
        svg.Rectangle(330 + (lean * 0.4), 380, 50, 36, p.Paper, 8).Rectangle(335 + (lean * 0.6), 440, 46, 26, p.Accent, 8);
        svg.Polygon([(30, 235 - (thick * 0.55)), (130, 235 - (thick * 0.8)), (130, 235 + (thick * 0.8)), (30, 235 + (thick * 0.55))], p.Ink);
        string barrel = SvgWriter.Text($"M120 {235 - thick:0.##}H430Q560 {235 - thick:0.##} 560 235Q560 {235 + thick:0.##} 430 {235 + thick:0.##}H120Z");
        svg.Path(barrel, p.Body);
        svg.Clipped(barrel, () => art.Front(svg, new Box(135, 245 - thick, 300, (thick * 2) - 20)));
        for (int i = 0; i < 6; i++) svg.Line(SvgWriter.Text($"M{455 + (i * 15)} {235 - (thick * (0.75 - (i * 0.08))):0.##}V{235 + (thick * (0.75 - (i * 0.08))):0.##}"), p.Ink, 5);
        Shade(svg, barrel, 0.2);
    }

    private static void MaskPack(SvgWriter svg, Artwork art, Random random)
    {
        Palette p = art.Palette;
        var pack = new Box(90, 45, 420, 510);
        string outline = RoundedBox(pack, 8 + random.Next(30));
        svg.Path(outline, p.Body);
        svg.Clipped(outline, () =>
        {
            art.Front(svg, pack.Part(0, 0, 1, 0.5));
            svg.Rectangle(pack.X, pack.Y + 255, 420, 255, p.Paper);
            double y = 400 + random.Next(20), high = 65 + random.Next(25);
            svg.Line(SvgWriter.Text($"M170 {y:0.##}Q110 {y - 60:0.##} 130 {y + 70:0.##}M430 {y:0.##}Q490 {y - 60:0.##} 470 {y + 70:0.##}"), p.Second, 7);
            string mask = SvgWriter.Text($"M170 {y - (high * 0.5):0.##}Q300 {y - high:0.##} 430 {y - (high * 0.5):0.##}V{y + (high * 0.4):0.##}Q300 {y + (high * 1.4):0.##} 170 {y + (high * 0.4):0.##}Z");
            svg.Path(mask, p.Accent);
            svg.Clipped(mask, () => Patterns.Draw(svg, art.Part(5), new Box(170, y - high, 260, high * 2.4), p));
            string[] words = ["FFP2", "KN95", "N95", "TYPE IIR", "FFP3"];
            StrokeFont.Fit(svg, words[random.Next(words.Length)], 120, 500, 150, 38, p.Ink, art.Lettering);
            StrokeFont.Fit(svg, $"{random.Next(2, 60)} PCS", 330, 500, 140, 38, p.Ink, art.Lettering);
        });
    }
}

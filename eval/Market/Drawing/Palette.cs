namespace Touchstone.Market.Drawing;

/// <summary>The colours of one design: body, two accents, paper (light) and ink (dark).</summary>
internal sealed record Palette(string Body, string Accent, string Second, string Paper, string Ink)
{
    public static Palette Of(Random random)
    {
        double hue = random.NextDouble() * 360;
        double accent = hue + (random.Next(2) == 0 ? 150 : 60) + (random.NextDouble() * 70);
        double second = hue + 230 + (random.NextDouble() * 60);
        double light = 0.38 + (random.NextDouble() * 0.27);
        return new Palette(
            Colour(hue, 0.45 + (random.NextDouble() * 0.45), light),
            Colour(accent, 0.7, light > 0.5 ? 0.4 : 0.6),
            Colour(second, 0.65, 0.5),
            Colour(hue + 30, 0.3, 0.93),
            Colour(second, 0.5, 0.14));
    }

    /// <summary>A colour of the hue in degrees, saturation and lightness 0..1, as <c>#rrggbb</c>.</summary>
    public static string Colour(double hue, double saturation, double lightness)
    {
        double reach = saturation * Math.Min(lightness, 1 - lightness);
        return $"#{Channel(0):x2}{Channel(8):x2}{Channel(4):x2}";

        int Channel(int shift)
        {
            double k = (shift + (((hue % 360) + 360) / 30)) % 12;
            return (int)Math.Round(255 * (lightness - (reach * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)))));
        }
    }
}

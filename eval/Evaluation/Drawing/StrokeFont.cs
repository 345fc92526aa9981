using System.Text;

namespace Touchstone.Evaluation.Drawing;

/// <summary>How letters look: stroke width over letter height, slant in degrees, width over the usual width.</summary>
public sealed record Lettering(double Weight, double Slant, double Stretch);

/// <summary>
/// Letters drawn as strokes, so that prints are the same on machines with and without fonts. A glyph is polylines of points on a grid
/// 0..4 by 0..6, two digits a point.
/// </summary>
public static class StrokeFont
{
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['A'] = "062046 1434", ['B'] = "00063645443303 3342413000", ['C'] = "4130100105163645", ['D'] = "00063645413000", ['E'] = "40000646 0333",
        ['F'] = "400006 0333", ['G'] = "4130100105163645 454323", ['H'] = "0006 4046 0343", ['I'] = "2026 1030 1636", ['J'] = "404536160504",
        ['K'] = "0006 400346", ['L'] = "000646", ['M'] = "0600234046", ['N'] = "06004640", ['O'] = "100105163645413010", ['P'] = "06003041423303",
        ['Q'] = "100105163645413010 2446", ['R'] = "06003041423303 2346", ['S'] = "413010010213334445361605", ['T'] = "0040 2026",
        ['U'] = "000516364540", ['V'] = "002640", ['W'] = "0016233640", ['X'] = "0046 4006", ['Y'] = "002340 2326", ['Z'] = "00400646",
        ['0'] = "100105163645413010 0541", ['1'] = "112026 0646", ['2'] = "01103041420646", ['3'] = "004023334445361605", ['4'] = "36300444",
        ['5'] = "4000033344453606", ['6'] = "4130100105163645443303", ['7'] = "004016", ['8'] = "103041423313020110 1304051636454433",
        ['9'] = "4313020110304145361605", ['-'] = "1333", ['.'] = "2526", ['+'] = "1333 2224", ['/'] = "0640", ['!'] = "2024 2526",
    };

    /// <summary>The width of a text in units, for letters of this height.</summary>
    public static double Width(string text, double height, Lettering lettering) => text.Length == 0 ? 0 : ((text.Length * 5.4) - 1.4) * height / 6 * lettering.Stretch;

    /// <summary>Writes upper-case letters, digits and <c>- . + / !</c> with their top left corner at the point; other characters are gaps.</summary>
    public static void Write(SvgWriter svg, string text, double x, double y, double height, string colour, Lettering lettering)
    {
        double unit = height / 6, across = unit * lettering.Stretch;
        double slant = Math.Tan(lettering.Slant * Math.PI / 180);
        var path = new StringBuilder();
        foreach (char letter in text)
        {
            if (Glyphs.TryGetValue(letter, out string? glyph)) Append(path, glyph, x, y, across, unit, slant);
            x += 5.4 * across;
        }
        svg.Line(path.ToString(), colour, Math.Max(1.2, height * lettering.Weight));
    }

    /// <summary>Writes a text into a box: as large as fits, in its middle.</summary>
    public static void Fit(SvgWriter svg, string text, double x, double y, double width, double height, string colour, Lettering lettering)
    {
        double margin = 1 - (lettering.Weight * 0.6);
        double size = Math.Min(height * margin, height * width * margin / Width(text, height, lettering));
        Write(svg, text, x + ((width - Width(text, size, lettering)) / 2), y + ((height - size) / 2), size, colour, lettering);
    }

    private static void Append(StringBuilder path, string glyph, double x, double y, double across, double unit, double slant)
    {
        foreach (string line in glyph.Split(' '))
        {
            for (int i = 0; i < line.Length; i += 2)
            {
                double row = line[i + 1] - '0';
                path.Append(SvgWriter.Text($"{(i == 0 ? 'M' : 'L')}{x + ((line[i] - '0') * across) + ((6 - row) * unit * slant):0.##} {y + (row * unit):0.##}"));
            }
        }
    }
}

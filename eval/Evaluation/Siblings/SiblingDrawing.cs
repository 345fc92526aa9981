using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Siblings;

/// <summary>
/// Draws two things that share much of their picture and are not the same: a device with the same picture on its screen, a garment with another
/// print, a package of another flavour. Deterministic for equal random numbers.
/// </summary>
internal sealed class SiblingDrawing(IReadOnlyList<RgbImage> photos, IReadOnlyList<MarkDrawing> marks, Random random)
{
    private const int Side = SvgWriter.Side;
    private static readonly string[] Brands = ["NORDA", "VELIX", "TOMARO", "KESTRA", "LUMEO", "BRISTA", "FENNO", "OLIVAR"];
    private static readonly string[] Flavours = ["APPLE", "MANGO", "CHERRY", "VANILLA", "LEMON", "COCOA", "MINT", "PEACH"];
    private static readonly string[] Colours = ["#3f9b46", "#f2a400", "#b3123a", "#ead9a6", "#f4de1f", "#6b3e26", "#58c2a5", "#f58b6c"];

    /// <summary>The same picture on the screens of two devices.</summary>
    public (RgbImage One, RgbImage Other) ScreenPair()
    {
        RgbImage shown = ImageOperations.Resize(Photo(), 400, 300);
        int[] bodies = [0, 1, 2, 3, 4];
        random.Shuffle(bodies);
        return (Device(bodies[0], shown), Device(bodies[1], shown));
    }

    /// <summary>One garment with two prints.</summary>
    public (RgbImage One, RgbImage Other) PrintPair(RgbImage garment)
    {
        int first = random.Next(marks.Count), second = (first + 1 + random.Next(marks.Count - 1)) % marks.Count;
        double share = Between(0.3, 0.5), x = Between(-0.03, 0.03), y = Between(-0.1, 0.02);
        return (Printed(garment, marks[first], share, x, y), Printed(garment, marks[second], share, x, y));
    }

    /// <summary>Two flavours of one package.</summary>
    public (RgbImage One, RgbImage Other) FlavourPair()
    {
        int first = random.Next(Flavours.Length), second = (first + 1 + random.Next(Flavours.Length - 1)) % Flavours.Length;
        var package = new Package(Brands[random.Next(Brands.Length)], Between(200, 380), Between(380, 520), random.Next(3), random.Next());
        return (Flavoured(package, first), Flavoured(package, second));
    }

    private RgbImage Device(int body, RgbImage shown)
    {
        // Where the screen lies, in units of the drawing: 4 to 3 in all bodies.
        (double x, double y, double width) = body switch { 0 => (90, 60, 420.0), 1 => (60, 130, 480.0), 2 => (140, 170, 320.0), 3 => (110, 90, 380.0), _ => (160, 140, 280.0) };
        double height = width * 3 / 4;
        var svg = new SvgWriter();
        svg.Rectangle(0, 0, Side, Side, "#ffffff");
        switch (body)
        {
            case 0: // a laptop
                svg.Rectangle(x - 18, y - 18, width + 36, height + 36, "#2b2d31", 14);
                svg.Polygon([(40, 470), (560, 470), (596, 540), (4, 540)], "#b9bcc2");
                for (int row = 0; row < 3; row++)
                    for (int key = 0; key < 14; key++) svg.Rectangle(70 + (key * 33.5) - (row * 3), 476 + (row * 18), 26, 13, "#4b4e55", 2);
                break;
            case 1: // a tablet with a pen
                svg.Rectangle(x - 26, y - 26, width + 52, height + 52, "#f3f3f0", 24, "stroke='#8d8d88' stroke-width='5'");
                svg.Circle(x + width + 13, y + (height / 2), 7, "#77776f").Rectangle(120, 540, 380, 15, "#303030", 7);
                break;
            case 2: // a handheld console
                svg.Rectangle(20, y - 22, 560, height + 44, "#d9303a", 60);
                svg.Rectangle(x - 12, y - 12, width + 24, height + 24, "#111114", 8);
                svg.Circle(78, 250, 34, "#1c1c20").Rectangle(60, 330, 36, 12, "#1c1c20").Rectangle(72, 318, 12, 36, "#1c1c20");
                foreach ((double bx, double by) in ((double, double)[])[(500, 250), (540, 230), (520, 280), (552, 268)]) svg.Circle(bx, by, 14, "#f0d02a");
                break;
            case 3: // a monitor on a stand
                svg.Rectangle(x - 14, y - 14, width + 28, height + 52, "#101014", 4).Rectangle(270, y + height + 38, 60, 80, "#8f9299").Ellipse(300, y + height + 128, 120, 20, "#6c6f76");
                break;
            default: // a toy with a screen
                svg.Ellipse(300, 290, 250, 230, "#3aa6d8").Rectangle(x - 10, y - 10, width + 20, height + 20, "#fff3c9", 16);
                svg.Circle(200, 440, 28, "#f25f5c").Circle(300, 455, 28, "#ffe066").Circle(400, 440, 28, "#70c1b3").Rectangle(250, 20, 100, 50, "#2d7fa6", 24);
                break;
        }
        RgbImage canvas = Drawn(svg);
        RgbImage fitted = ImageOperations.Resize(shown, Px(width), Px(height));
        return ImageOperations.CompositeOver(canvas, RgbaImage.From(fitted), Px(x), Px(y));
    }

    private RgbImage Printed(RgbImage garment, MarkDrawing mark, double share, double x, double y)
    {
        int side = (int)(share * Math.Min(garment.Width, garment.Height));
        string ink = Colours[random.Next(Colours.Length)];
        RgbaImage print = ImageOperations.Resize(mark.Draw(new MarkStyle(ink, null)), side, side);
        return ImageOperations.CompositeOver(garment, print, (int)((garment.Width * (0.5 + x)) - (side / 2.0)), (int)((garment.Height * (0.5 + y)) - (side / 2.0)));
    }

    private static RgbImage Flavoured(Package package, int flavour)
    {
        // What both flavours share is drawn with the same numbers.
        var same = new Random(package.Seed);
        var own = new Random(package.Seed + flavour + 1);
        double x = 300 - (package.Width / 2), y = 300 - (package.Height / 2);
        var svg = new SvgWriter();
        svg.Rectangle(0, 0, Side, Side, "#ffffff");
        svg.Rectangle(x, y, package.Width, package.Height, "#f6f4ee", 18 * package.Shape, "stroke='#c9c5ba' stroke-width='3'");
        svg.Rectangle(x, y + (0.62 * package.Height), package.Width, 0.3 * package.Height, Colours[flavour]);
        StrokeFont.Fit(svg, package.Brand, x + 16, y + 20, package.Width - 32, 70, "#1d2b53", new Lettering(0.2, 0, 0.9));
        svg.Ellipse(300, y + 120, package.Width * 0.4, 14, "#c8a24a");
        for (int i = 0; i < 4; i++) svg.Line(SvgWriter.Text($"M{x + 20:0} {y + 145 + (i * 9):0}L{x + (package.Width * (0.5 + (0.4 * same.NextDouble()))):0} {y + 145 + (i * 9):0}"), "#555", 2.5);
        for (int i = 0; i < 7; i++) svg.Ellipse(x + (package.Width * (0.15 + (0.7 * own.NextDouble()))), y + (package.Height * (0.42 + (0.17 * own.NextDouble()))), 14 + (22 * own.NextDouble()), 14 + (20 * own.NextDouble()), Colours[flavour], "stroke='#00000055' stroke-width='2'");
        StrokeFont.Fit(svg, Flavours[flavour], x + 20, y + (0.66 * package.Height), package.Width - 40, 52, "#ffffff", new Lettering(0.18, 0, 0.9));
        StrokeFont.Fit(svg, "250 G", x + 20, y + (0.82 * package.Height), package.Width - 40, 26, "#ffffff", new Lettering(0.16, 0, 0.9));
        return Drawn(svg);
    }

    private sealed record Package(string Brand, double Width, double Height, int Shape, int Seed);

    private RgbImage Photo() => photos[random.Next(photos.Count)];

    private static RgbImage Drawn(SvgWriter svg) => ImageOperations.RasteriseSvg(svg.ToString(), 400, 400).Flatten(RgbColour.White);

    private static int Px(double units) => (int)Math.Round(units * 400 / Side);

    private double Between(double from, double to) => from + (random.NextDouble() * (to - from));
}

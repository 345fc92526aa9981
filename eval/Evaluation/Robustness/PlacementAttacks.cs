using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Attacks that put the picture among or onto others: collage, picture in picture, a screenshot, another background.</summary>
internal static class PlacementAttacks
{
    private const int Side = 400;

    /// <summary>A cut-out that left less than this clear has no background to replace.</summary>
    private const double LeastClear = 0.05;

    public static IReadOnlyList<PictureAttack> All { get; } =
    [
        new("collage", "one of 2", "one of 4", "one of 9", (image, strength, with) => Collage(image, strength.Pick((2, 1), (2, 2), (3, 3)), with)),
        new("picture in picture", "60 % of the side", "40 % of the side", "25 % of the side", (image, strength, with) => Pasted(RgbaImage.From(image), strength.Pick(0.6, 0.4, 0.25), with)),
        new("screenshot", "80 % of the height", "45 % of the height", "one of six offers", Screenshot),
        new("background", "cut out, 85 % of another photo's side", "cut out, 65 % of another photo's side", "cut out, 45 % of another photo's side",
            (image, strength, with) => IsCutOut(image, out RgbaImage product) ? Pasted(product, strength.Pick(0.85, 0.65, 0.45), with) : null),
    ];

    private static bool IsCutOut(RgbImage image, out RgbaImage product)
    {
        product = CutOut.Of(image);
        int clear = 0;
        for (int i = 3; i < product.Pixels.Length; i += 4)
            if (product.Pixels[i] == 0) clear++;
        return clear + ((image.Width * image.Height) - (product.Width * product.Height)) > LeastClear * image.Width * image.Height;
    }

    private static RgbImage Collage(RgbImage image, (int Columns, int Rows) grid, AttackMeans with)
    {
        const int tile = Side / 2;
        RgbImage canvas = Plain(grid.Columns * tile, grid.Rows * tile, RgbColour.White);
        int own = with.Random.Next(grid.Columns * grid.Rows);
        for (int i = 0; i < grid.Columns * grid.Rows; i++)
            canvas = Placed(canvas, i == own ? image : with.Another(), i % grid.Columns * tile, i / grid.Columns * tile, tile - 4);
        return canvas;
    }

    private static RgbImage Pasted(RgbaImage picture, double share, AttackMeans with)
    {
        double factor = share * Side / Math.Max(picture.Width, picture.Height);
        RgbaImage sized = ImageOperations.Resize(picture, Math.Max(8, (int)(picture.Width * factor)), Math.Max(8, (int)(picture.Height * factor)));
        return ImageOperations.CompositeOver(ImageOperations.Resize(with.Another(), Side, Side), sized, with.Random.Next(Side - sized.Width + 1), with.Random.Next(Side - sized.Height + 1));
    }

    /// <summary>A shop's page on a phone: bars, words, buttons, and the picture large, smaller, or as one of six offers.</summary>
    private static RgbImage Screenshot(RgbImage image, AttackStrength strength, AttackMeans with)
    {
        const int width = 360, height = 640;
        RgbImage screen = OverlayAttacks.Over(Plain(width, height, with.Random.Next(3) == 0 ? new RgbColour(24, 24, 28) : RgbColour.White), Furniture(strength, with));
        if (strength != AttackStrength.Hard)
        {
            int tall = (int)(height * strength.Pick(0.8, 0.45, 0));
            return Placed(screen, image, 0, (int)(height * 0.11), width, tall);
        }
        int own = with.Random.Next(6);
        for (int i = 0; i < 6; i++) screen = Placed(screen, i == own ? image : with.Another(), (i % 2 * 180) + 10, 75 + (i / 2 * 185), 160, 140);
        return screen;
    }

    private static SvgWriter Furniture(AttackStrength strength, AttackMeans with)
    {
        var svg = new SvgWriter();
        var plain = new Lettering(0.14, 0, 0.5);
        string colour = OverlayAttacks.Css(with.Colour());
        StrokeFont.Write(svg, $"{with.Random.Next(10, 24)}.{with.Random.Next(10, 60)}", 15, 5, 12, "#808080", plain);
        svg.Rectangle(520, 6, 60, 10, "#808080", 5).Rectangle(0, 24, 600, 40, colour);
        StrokeFont.Write(svg, "SHOP / OFFERS", 30, 34, 18, "#ffffff", plain);
        if (strength == AttackStrength.Moderate)
        {
            StrokeFont.Write(svg, "NICE THING - ALL COLOURS", 25, 360, 18, "#808080", plain);
            StrokeFont.Write(svg, $"{with.Random.Next(3, 80)}.99 EUR", 25, 395, 26, "#c02020", plain);
            for (int line = 0; line < 4; line++) svg.Rectangle(25, 445 + (line * 18), with.Between(300, 540), 8, "#a0a0a0", 4);
        }
        if (strength == AttackStrength.Hard)
            for (int i = 0; i < 6; i++) StrokeFont.Write(svg, $"{with.Random.Next(3, 80)}.99", 30 + (i % 2 * 300), 205 + (i / 2 * 173), 14, "#c02020", plain);
        return svg.Rectangle(60, 560, 480, 30, colour, 15);
    }

    private static RgbImage Placed(RgbImage canvas, RgbImage image, int x, int y, int side) => Placed(canvas, image, x, y, side, side);

    /// <summary>The picture, proportions kept, in the middle of a box of the canvas.</summary>
    private static RgbImage Placed(RgbImage canvas, RgbImage image, int x, int y, int width, int height)
    {
        double factor = Math.Min((double)width / image.Width, (double)height / image.Height);
        int w = Math.Max(1, (int)(image.Width * factor)), h = Math.Max(1, (int)(image.Height * factor));
        return ImageOperations.CompositeOver(canvas, RgbaImage.From(ImageOperations.Resize(image, w, h)), x + ((width - w) / 2), y + ((height - h) / 2));
    }

    private static RgbImage Plain(int width, int height, RgbColour colour) => new RgbaImage(width, height, new byte[width * height * 4]).Flatten(colour);
}

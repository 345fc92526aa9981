using System.Numerics;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Copies;

/// <summary>
/// An edit that sellers or attackers make, at one strength. <c>Apply</c> takes the picture, another picture (for pasting) and seeded
/// randomness; it is pure otherwise.
/// </summary>
/// <param name="Name">Such as <c>crop</c>.</param>
/// <param name="Strength">In words, such as <c>keeps 50 % of each side</c>.</param>
public sealed record CopyEdit(string Name, string Strength, Func<RgbImage, RgbImage, Random, RgbImage> Apply)
{
    private static readonly RgbColour White = new(255, 255, 255);
    private static readonly ImageDecoder Decoder = new();

    /// <summary>The edits that are measured, mild before strong.</summary>
    public static IReadOnlyList<CopyEdit> All { get; } =
    [
        new("jpeg", "quality 60", (image, _, _) => Jpeg(image, 60)),
        new("jpeg", "quality 20", (image, _, _) => Jpeg(image, 20)),
        new("scale", "to 50 %", (image, _, _) => Scaled(image, 0.5, 0.5)),
        new("squeeze", "width to 75 %", (image, _, _) => Scaled(image, 0.75, 1)),
        new("crop", "keeps 80 % of each side", (image, _, random) => Cropped(image, 0.8, random)),
        new("crop", "keeps 50 % of each side", (image, _, random) => Cropped(image, 0.5, random)),
        new("rotate", "8 degrees", (image, _, random) => ImageOperations.Rotate(image, random.Next(2) == 0 ? 8 : -8, White)),
        new("rotate", "90 degrees", (image, _, _) => ImageOperations.Rotate(image, 90, White)),
        new("mirror", "left to right", (image, _, _) => ImageOperations.Flip(image)),
        new("recolour", "channels ±20 %", (image, _, random) => Recoloured(image, 0.2f, random)),
        new("grey", "no colour", (image, _, _) => ImageOperations.AdjustColour(image, new ColourAdjustment { Saturation = 0 })),
        new("darken", "gamma 2", (image, _, _) => ImageOperations.AdjustColour(image, new ColourAdjustment { Gamma = 2 })),
        new("blur", "sigma 1 % of the longer side", (image, _, _) => ImageOperations.GaussianBlur(image, 0.01 * Longer(image))),
        new("noise", "sigma 20 of 255", (image, _, random) => ImageOperations.AddNoise(image, 20, random.Next())),
        new("overlay", "bar over 15 % of the height", (image, _, random) => Barred(image, 0.15, random)),
        new("overlay", "bar over 35 % of the height", (image, _, random) => Barred(image, 0.35, random)),
        new("watermark", "text across, half clear", (image, _, _) => Watermarked(image)),
        new("border", "15 % on each side", (image, _, random) => Bordered(image, 0.15, random)),
        new("perspective", "corners move by up to 15 %", (image, _, random) => Tilted(image, 0.15, random)),
        new("paste", "at half size on another picture", (image, other, random) => Pasted(image, other, 0.5, random)),
        new("paste", "at a third of the size on another picture", (image, other, random) => Pasted(image, other, 0.33, random)),
        new("together", "crop 85 %, recolour, bar, quality 60", (image, _, random) => Jpeg(Barred(Recoloured(Cropped(image, 0.85, random), 0.15f, random), 0.12, random), 60)),
    ];

    private static int Longer(RgbImage image) => Math.Max(image.Width, image.Height);

    private static RgbImage Jpeg(RgbImage image, int quality) =>
        Decoder.Decode(ImageEncoder.Jpeg(image, quality)).Image ?? throw new InvalidOperationException("A picture that was just encoded could not be decoded.");

    private static RgbImage Scaled(RgbImage image, double x, double y) =>
        ImageOperations.Resize(image, Math.Max(8, (int)(image.Width * x)), Math.Max(8, (int)(image.Height * y)));

    private static RgbImage Cropped(RgbImage image, double part, Random random)
    {
        int width = Math.Max(1, (int)(image.Width * part));
        int height = Math.Max(1, (int)(image.Height * part));
        // Around the middle rather than anywhere: a corner of a cut-out is empty paper.
        int x = (int)((image.Width - width) * (0.3 + (0.4 * random.NextDouble())));
        int y = (int)((image.Height - height) * (0.3 + (0.4 * random.NextDouble())));
        return ImageOperations.Crop(image, x, y, width, height);
    }

    private static RgbImage Recoloured(RgbImage image, float strength, Random random) => ImageOperations.AdjustColour(image, new ColourAdjustment
    {
        Gain = (Around(strength, random), Around(strength, random), Around(strength, random)),
        Saturation = random.Next(2) == 0 ? 0.6f : 1.4f,
    });

    private static float Around(float strength, Random random) => 1 + (strength * ((2 * random.NextSingle()) - 1));

    private static RgbImage Barred(RgbImage image, double part, Random random)
    {
        double top = random.NextDouble() * (1 - part) * 100;
        string svg = $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100' preserveAspectRatio='none'><rect x='0' y='{top:0.0}' width='100' height='{part * 100:0.0}' fill='rgb({random.Next(256)},{random.Next(256)},{random.Next(256)})'/>"
            + $"<text x='8' y='{top + (part * 65):0.0}' font-size='{part * 50:0.0}' fill='white'>-{random.Next(10, 80)} % TODAY</text></svg>";
        return ImageOperations.CompositeOver(image, ImageOperations.RasteriseSvg(svg, image.Width, image.Height), 0, 0);
    }

    private static RgbImage Watermarked(RgbImage image)
    {
        const string svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100' preserveAspectRatio='none'><g transform='rotate(-30 50 50)' fill='grey' fill-opacity='0.5' font-size='13'><text x='0' y='25'>BEST SHOP</text><text x='10' y='55'>BEST SHOP</text><text x='20' y='85'>BEST SHOP</text></g></svg>";
        return ImageOperations.CompositeOver(image, ImageOperations.RasteriseSvg(svg, image.Width, image.Height), 0, 0);
    }

    private static RgbImage Bordered(RgbImage image, double part, Random random)
    {
        int border = Math.Max(1, (int)(part * Longer(image)));
        var colour = new RgbColour((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        int width = image.Width + (2 * border);
        int height = image.Height + (2 * border);
        RgbImage frame = new RgbaImage(width, height, new byte[width * height * 4]).Flatten(colour);
        return ImageOperations.CompositeOver(frame, RgbaImage.From(image), border, border);
    }

    private static RgbImage Tilted(RgbImage image, double part, Random random)
    {
        float reach = (float)(part * Math.Min(image.Width, image.Height));
        Vector2[] corners = [Moved(0, 0, 1, 1), Moved(image.Width, 0, -1, 1), Moved(image.Width, image.Height, -1, -1), Moved(0, image.Height, 1, -1)];
        return ImageOperations.Perspective(RgbaImage.From(image), corners, image.Width, image.Height).Flatten(White);

        Vector2 Moved(float x, float y, float inX, float inY) => new(x + (inX * reach * random.NextSingle()), y + (inY * reach * random.NextSingle()));
    }

    private static RgbImage Pasted(RgbImage image, RgbImage other, double part, Random random)
    {
        const int side = 400;
        double factor = part * side / Longer(image);
        int width = Math.Max(8, (int)(image.Width * factor));
        int height = Math.Max(8, (int)(image.Height * factor));
        RgbaImage small = RgbaImage.From(ImageOperations.Resize(image, width, height));
        return ImageOperations.CompositeOver(ImageOperations.Resize(other, side, side), small, random.Next(side - width), random.Next(side - height));
    }
}

using System.Numerics;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Scenes;

/// <summary>
/// Makes the pictures that shops and phones show of a reference: the product photographed on another background, a mark printed on a surface. Deterministic for equal random numbers; not safe for concurrent use of one instance.
/// </summary>
/// <param name="backgrounds">Photos to put things on, at least one.</param>
public sealed class SceneMaker(IReadOnlyList<RgbImage> backgrounds, Random random)
{
    private const int Side = 400;
    private static readonly ImageDecoder Decoder = new();

    /// <summary>The cut-out product photographed: perspective, another background, light, blur, noise, JPEG.</summary>
    public RgbImage Photo(RgbaImage product, double smallest = 0.5, double largest = 1.0)
    {
        double size = Range(smallest, largest) * Side / Math.Max(product.Width, product.Height);
        RgbImage canvas = Background();
        RgbaImage placed = ImageOperations.Perspective(product, Corners(product.Width * size, product.Height * size), Side, Side);
        RgbImage scene = ImageOperations.CompositeOver(canvas, placed, 0, 0);
        scene = Lit(scene, 0.8);
        if (random.NextDouble() < 0.5) scene = ImageOperations.GaussianBlur(scene, Range(0.3, 1.1));
        if (random.NextDouble() < 0.4) scene = ImageOperations.AddNoise(scene, Range(1, 6), random.Next());
        return Jpeg(scene, random.Next(45, 92));
    }

    /// <summary>A background with nothing placed on it.</summary>
    public RgbImage Background()
    {
        RgbImage photo = backgrounds[random.Next(backgrounds.Count)];
        int side = (int)(Range(0.5, 1) * Math.Min(photo.Width, photo.Height));
        RgbImage part = ImageOperations.Crop(photo, random.Next(photo.Width - side + 1), random.Next(photo.Height - side + 1), side, side);
        return ImageOperations.Resize(part, Side, Side);
    }

    private Vector2[] Corners(double width, double height)
    {
        double turn = Range(-0.25, 0.25), tilt = Range(0, 0.16) * Math.Min(width, height);
        (double sin, double cos) = Math.SinCos(turn);
        double cx = (Side / 2) + (Range(-1, 1) * Math.Max(8, (Side - width) / 2)), cy = (Side / 2) + (Range(-1, 1) * Math.Max(8, (Side - height) / 2));
        (double X, double Y)[] unit = [(-1, -1), (1, -1), (1, 1), (-1, 1)];
        return [.. unit.Select(u =>
        {
            double x = (u.X * width / 2) + Range(-tilt, tilt), y = (u.Y * height / 2) + Range(-tilt, tilt);
            return new Vector2((float)(cx + (x * cos) - (y * sin)), (float)(cy + (x * sin) + (y * cos)));
        })];
    }

    private RgbImage Cropped(RgbImage image)
    {
        int w = Math.Max(24, (int)(image.Width * Range(0.55, 0.95))), h = Math.Max(24, (int)(image.Height * Range(0.55, 0.95)));
        return ImageOperations.Crop(image, random.Next(image.Width - w + 1), random.Next(image.Height - h + 1), w, h);
    }

    private RgbImage Lit(RgbImage image, double strength) => ImageOperations.AdjustColour(image, new ColourAdjustment
    {
        Gain = ((float)(1 + (strength * Range(-0.2, 0.2))), (float)(1 + (strength * Range(-0.2, 0.2))), (float)(1 + (strength * Range(-0.2, 0.2)))),
        Gamma = (float)Math.Exp(strength * Range(-0.35, 0.35)),
        Saturation = (float)Range(0.5, 1.4),
    });

    private RgbImage Stickered(RgbImage image)
    {
        string colour = $"rgb({random.Next(256)},{random.Next(256)},{random.Next(256)})";
        double x = Range(0, 0.7), y = Range(0, 0.8);
        string svg = $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100' preserveAspectRatio='none'><rect x='{x * 100:0}' y='{y * 100:0}' width='{Range(20, 45):0}' height='{Range(8, 18):0}' rx='3' fill='{colour}'/>"
            + $"<text x='{(x * 100) + 3:0}' y='{(y * 100) + 9:0}' font-size='8' fill='white'>-{random.Next(10, 80)}%</text></svg>";
        return ImageOperations.CompositeOver(image, ImageOperations.RasteriseSvg(svg, image.Width, image.Height), 0, 0);
    }

    private RgbImage Framed(RgbImage image)
    {
        int border = Math.Max(2, (int)(image.Width * Range(0.02, 0.1)));
        var frame = new byte[(image.Width + (2 * border)) * (image.Height + (2 * border)) * 3];
        Array.Fill(frame, (byte)random.Next(256));
        return ImageOperations.CompositeOver(new RgbImage(image.Width + (2 * border), image.Height + (2 * border), frame), RgbaImage.From(image), border, border);
    }

    private static RgbImage Jpeg(RgbImage image, int quality) =>
        Decoder.Decode(ImageEncoder.Jpeg(image, quality)).Image ?? throw new InvalidOperationException("A picture that was just encoded could not be decoded.");

    private double Range(double from, double to) => from + (random.NextDouble() * (to - from));
}

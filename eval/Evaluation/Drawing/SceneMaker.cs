using System.Numerics;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Drawing;

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

    private RgbImage Lit(RgbImage image, double strength) => ImageOperations.AdjustColour(image, new ColourAdjustment
    {
        Gain = ((float)(1 + (strength * Range(-0.2, 0.2))), (float)(1 + (strength * Range(-0.2, 0.2))), (float)(1 + (strength * Range(-0.2, 0.2)))),
        Gamma = (float)Math.Exp(strength * Range(-0.35, 0.35)),
        Saturation = (float)Range(0.5, 1.4),
    });

    private static RgbImage Jpeg(RgbImage image, int quality) =>
        Decoder.Decode(ImageEncoder.Jpeg(image, quality)).Image ?? throw new InvalidOperationException("A picture that was just encoded could not be decoded.");

    private double Range(double from, double to) => from + (random.NextDouble() * (to - from));
}

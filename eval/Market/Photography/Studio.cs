using System.Numerics;
using Touchstone.Evaluation.Drawing;
using Touchstone.Market.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Market.Photography;

/// <summary>Makes pictures after recipes: JPEG, 512 px a side unless an edit changes that. Deterministic; safe for concurrent use.</summary>
internal static class Studio
{
    private const int Side = 512;

    /// <param name="recipe">What to make.</param>
    /// <param name="markPath">The outline of the design's mark (24 × 24 units), or null.</param>
    public static byte[] Take(PictureRecipe recipe, string? markPath)
    {
        var random = new Random(recipe.Seed);
        string drawing = ProductDrawing.Of(recipe.Design, markPath);
        return recipe.Style switch
        {
            PictureStyle.Register => ImageEncoder.Jpeg(OnWhite(drawing), 90),
            PictureStyle.Packshot => ImageEncoder.Jpeg(Packshot(drawing, random), 86),
            PictureStyle.Snapshot => ImageEncoder.Jpeg(Snapshot(drawing, random), 80),
            PictureStyle.Cropped => ImageEncoder.Jpeg(Cropped(OnWhite(drawing), random), 82),
            PictureStyle.Overlaid => ImageEncoder.Jpeg(Overlaid(OnWhite(drawing), random), 80),
            PictureStyle.Recoloured => ImageEncoder.Jpeg(Recoloured(OnWhite(drawing), random), 82),
            PictureStyle.Squeezed => ImageEncoder.Jpeg(ImageOperations.Resize(OnWhite(drawing), 300, 300), 40),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Style, "Not a picture style."),
        };
    }

    private static RgbImage OnWhite(string drawing)
    {
        RgbaImage product = ImageOperations.RasteriseSvg(drawing, Side - 44, Side - 44);
        var white = new byte[Side * Side * 3];
        white.AsSpan().Fill(255);
        return ImageOperations.CompositeOver(new RgbImage(Side, Side, white), product, 22, 22);
    }

    private static RgbImage Packshot(string drawing, Random random)
    {
        double light = 0.9 + (random.NextDouble() * 0.07), hue = random.Next(360);
        var ground = new SvgWriter();
        ground.Rectangle(0, 0, SvgWriter.Side, SvgWriter.Side, ground.Gradient(true, (0, Palette.Colour(hue, 0.15, light + 0.03), 1), (1, Palette.Colour(hue, 0.15, light - 0.06), 1)));
        double turn = (random.NextDouble() - 0.5) * 0.2, reach = Side * (0.39 + (random.NextDouble() * 0.06));
        return Lay(drawing, ground.ToString(), Turned(turn, reach, 0, random), shadow: 0.22, shift: 8);
    }

    private static RgbImage Snapshot(string drawing, Random random)
    {
        double turn = (random.NextDouble() - 0.5) * 0.6, reach = Side * (0.36 + (random.NextDouble() * 0.07));
        RgbImage laid = Lay(drawing, Grounds.Draw(random), Turned(turn, reach, 0.13, random), shadow: 0.45, shift: 12 + random.Next(10));
        RgbImage lit = ImageOperations.CompositeOver(laid, ImageOperations.RasteriseSvg(Grounds.Light(random), Side, Side), 0, 0);
        RgbImage toned = ImageOperations.AdjustColour(lit, new ColourAdjustment
        {
            Gain = (0.88f + (random.NextSingle() * 0.2f), 0.9f + (random.NextSingle() * 0.14f), 0.84f + (random.NextSingle() * 0.22f)),
            Gamma = 0.85f + (random.NextSingle() * 0.3f),
        });
        return Grain(ImageOperations.GaussianBlur(toned, 0.5 + (random.NextDouble() * 0.4)), random);

    }

    /// <summary>The corners of the product's square in the picture: turned (radians), half a side in px, each corner moved by up to the play (share of the reach).</summary>
    private static Vector2[] Turned(double turn, double reach, double play, Random random)
    {
        var corners = new Vector2[4];
        for (int i = 0; i < corners.Length; i++)
        {
            double x = i is 0 or 3 ? -reach : reach, y = i < 2 ? -reach : reach;
            double jitterX = (random.NextDouble() - 0.5) * 2 * play * reach, jitterY = (random.NextDouble() - 0.5) * 2 * play * reach;
            corners[i] = new Vector2(
                (float)((Side / 2.0) + (x * Math.Cos(turn)) - (y * Math.Sin(turn)) + jitterX),
                (float)((Side / 2.0) + (x * Math.Sin(turn)) + (y * Math.Cos(turn)) + jitterY));
        }
        return corners;
    }

    private static RgbImage Lay(string drawing, string ground, Vector2[] corners, double shadow, int shift)
    {
        RgbImage under = ImageOperations.RasteriseSvg(ground, Side, Side).Flatten(RgbColour.White);
        RgbaImage product = ImageOperations.Perspective(ImageOperations.RasteriseSvg(drawing, SvgWriter.Side, SvgWriter.Side), corners, Side, Side);
        // A blurred shadow has no detail: a sixteenth of the pixels carries it.
        RgbaImage small = ImageOperations.GaussianBlur(Silhouette(ImageOperations.Resize(product, Side / 4, Side / 4), shadow), 2.25);
        RgbaImage dark = ImageOperations.Resize(small, Side, Side);
        return ImageOperations.CompositeOver(ImageOperations.CompositeOver(under, dark, shift, shift + 4), product, 0, 0);
    }

    /// <summary>The grain of a phone's sensor: the sum of two even numbers, −5..5, on each sample.</summary>
    private static RgbImage Grain(RgbImage image, Random random)
    {
        byte[] pixels = new byte[image.Pixels.Length];
        random.NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            int noise = (pixels[i] & 15) + (pixels[i] >> 4) - 15;
            pixels[i] = (byte)Math.Clamp(image.Pixels[i] + (noise / 3), 0, 255);
        }
        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static RgbaImage Silhouette(RgbaImage product, double opacity)
    {
        byte[] pixels = new byte[product.Pixels.Length];
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = (byte)(product.Pixels[i] * opacity);
        return new RgbaImage(product.Width, product.Height, pixels);
    }

    private static RgbImage Cropped(RgbImage image, Random random)
    {
        int left = random.Next(40, 80), top = random.Next(40, 80);
        return ImageOperations.Crop(image, left, top, Side - left - random.Next(40, 80), Side - top - random.Next(40, 80));
    }

    private static RgbImage Overlaid(RgbImage image, Random random)
    {
        var svg = new SvgWriter();
        string colour = Palette.Colour(random.Next(360), 0.85, 0.45);
        var plain = new Lettering(0.16, 0, 0.9);
        int x = random.Next(2) == 0 ? 95 : 505;
        Emblems.Star(svg, x, 95, 92, 14, random.Next(20), colour);
        StrokeFont.Fit(svg, $"-{random.Next(2, 8)}0", x - 50, 68, 100, 54, "#ffffff", plain);
        svg.Rectangle(0, 520, 600, 58, colour, 0, "opacity='0.85'");
        StrokeFont.Fit(svg, random.Next(2) == 0 ? "FREE SHIPPING TODAY" : "BEST PRICE - HOT DEAL", 20, 528, 560, 42, "#ffffff", plain);
        return ImageOperations.CompositeOver(image, ImageOperations.RasteriseSvg(svg.ToString(), Side, Side), 0, 0);
    }

    private static RgbImage Recoloured(RgbImage image, Random random) => ImageOperations.AdjustColour(image, new ColourAdjustment
    {
        Gain = (0.75f + (random.NextSingle() * 0.45f), 0.75f + (random.NextSingle() * 0.45f), 0.75f + (random.NextSingle() * 0.45f)),
        Offset = random.Next(-12, 12),
        Gamma = 0.8f + (random.NextSingle() * 0.5f),
        Saturation = 0.35f + (random.NextSingle() * 1.1f),
    });
}

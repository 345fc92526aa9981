using System.Globalization;
using Touchstone.Evaluation.Drawing;
using Touchstone.Market.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Market.RealShops;

/// <summary>An alert made from a shop's picture by an edit.</summary>
/// <param name="Urls">The listings that show that picture.</param>
internal sealed record RealAlert(string Id, string Title, string Edit, byte[] Picture, IReadOnlyList<string> Urls);

/// <summary>Makes alerts from pictures of real products, each edited in one of four ways. The same seed gives the same alerts.</summary>
internal static class RealAlerts
{
    private static readonly (string Name, Func<RgbImage, Random, byte[]> Make)[] Edits =
    [
        ("crop", (image, random) => ImageEncoder.Jpeg(Crop(image, random), 85)),
        ("recolour", (image, random) => ImageEncoder.Jpeg(Recolour(image, random), 85)),
        ("overlay", (image, random) => ImageEncoder.Jpeg(Overlay(image, random), 85)),
        ("jpeg 60 %", (image, _) => ImageEncoder.Jpeg(image, 60)),
    ];

    /// <param name="products">The products with the URLs of their pages.</param>
    public static List<RealAlert> Make(IReadOnlyList<(RealProduct Product, string Url)> products, int count, int seed, ImageDecoder decoder)
    {
        var random = new Random(seed);
        (RealProduct Product, string Url)[] drawn = [.. products.DistinctBy(x => x.Product.Pictures[0])];
        random.Shuffle(drawn);
        List<RealAlert> alerts = [];
        foreach ((RealProduct product, _) in drawn)
        {
            if (alerts.Count == count) break;
            if (decoder.Decode(File.ReadAllBytes(product.Pictures[0])).Image is not { } image) continue;
            (string name, Func<RgbImage, Random, byte[]> make) = Edits[alerts.Count % Edits.Length];
            string[] urls = [.. products.Where(x => x.Product.Pictures.Contains(product.Pictures[0])).Select(x => x.Url)];
            alerts.Add(new RealAlert($"REAL-{alerts.Count + 1:00}", product.Title, name, make(image, random), urls));
        }
        return alerts;
    }

    private static RgbImage Crop(RgbImage image, Random random)
    {
        double Share() => 0.06 + (random.NextDouble() * 0.12);
        int left = (int)(image.Width * Share()), top = (int)(image.Height * Share());
        return ImageOperations.Crop(image, left, top, image.Width - left - (int)(image.Width * Share()), image.Height - top - (int)(image.Height * Share()));
    }

    private static RgbImage Recolour(RgbImage image, Random random) => ImageOperations.AdjustColour(image, new ColourAdjustment
    {
        Gain = (0.75f + (random.NextSingle() * 0.5f), 0.75f + (random.NextSingle() * 0.5f), 0.75f + (random.NextSingle() * 0.5f)),
        Gamma = 0.8f + (random.NextSingle() * 0.5f),
        Saturation = 0.3f + (random.NextSingle() * 1.2f),
    });

    private static RgbImage Overlay(RgbImage image, Random random)
    {
        var svg = new SvgWriter();
        string colour = Palette.Colour(random.Next(360), 0.8, 0.45);
        svg.Rectangle(0, random.Next(60, 420), SvgWriter.Side, 80, colour, 0, "opacity='0.85'");
        StrokeFont.Fit(svg, string.Create(CultureInfo.InvariantCulture, $"SALE -{random.Next(2, 8)}0"), 30, 20, 260, 60, colour, new Lettering(0.2, 0, 1));
        return ImageOperations.CompositeOver(image, ImageOperations.RasteriseSvg(svg.ToString(), image.Width, image.Height), 0, 0);
    }
}

using System.Globalization;
using System.Text;
using NetVips;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Screenings;

/// <summary>Pictures that the tests draw: a printed package on white, and what shops make of it. The same seed draws the same package.</summary>
public static class Drawn
{
    public static RgbImage Package(int seed)
    {
        var random = new Random(seed);
        string Colour() => string.Create(CultureInfo.InvariantCulture, $"rgb({random.Next(20, 235)},{random.Next(20, 235)},{random.Next(20, 235)})");
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 400'><rect x='80' y='40' width='240' height='320' rx='12' fill='{Colour()}'/>");
        for (int i = 0; i < 24; i++)
        {
            int x = random.Next(90, 290), y = random.Next(50, 330), size = random.Next(8, 46);
            svg.Append(random.Next(3) switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"<circle cx='{x}' cy='{y}' r='{size / 2}' fill='{Colour()}'/>"),
                1 => string.Create(CultureInfo.InvariantCulture, $"<rect x='{x}' y='{y}' width='{Math.Min(size, 310 - x)}' height='{size / 2}' fill='{Colour()}'/>"),
                _ => string.Create(CultureInfo.InvariantCulture, $"<polygon points='{x},{y} {x + size},{y + (size / 3)} {x + (size / 4)},{y + size}' fill='{Colour()}'/>"),
            });
        }
        svg.Append("</svg>");
        return ImageOperations.RasteriseSvg(svg.ToString(), 400, 400).Flatten(new RgbColour(255, 255, 255));
    }

    /// <summary>A GIF that shows the pictures, all of one size, one after the other.</summary>
    public static byte[] Animation(params RgbImage[] frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Image[] all = [.. frames.Select(f => Image.NewFromMemoryCopy(f.Pixels, f.Width, f.Height, 3, Enums.BandFormat.Uchar))];
        using Image roll = Image.Arrayjoin(all, across: 1).Copy(interpretation: Enums.Interpretation.Srgb);
        foreach (Image image in all) image.Dispose();
        using Image animated = roll.Mutate(m => m.Set(GValue.GIntType, "page-height", frames[0].Height));
        return animated.GifsaveBuffer();
    }

    /// <summary>Another kind of thing, which resembles no package: a bottle with a striped label, lying on a table.</summary>
    public static RgbImage Bottle()
    {
        var svg = new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 400'><rect width='400' height='400' fill='#c9b18f'/>");
        for (int i = 0; i < 14; i++) svg.Append(CultureInfo.InvariantCulture, $"<path d='M0 {28 * i} Q200 {(28 * i) + (i % 3 * 9)} 400 {28 * i}' stroke='#8a6a44' stroke-width='{1 + (i % 4)}' fill='none'/>");
        svg.Append("<g transform='rotate(-38 200 200)'><path d='M20 170 h210 q30 0 50 15 h90 v34 h-90 q-20 15 -50 15 h-210 z' fill='#1d5c3a'/><rect x='70' y='170' width='110' height='64' fill='#f4efe0'/>");
        for (int i = 0; i < 6; i++) svg.Append(CultureInfo.InvariantCulture, $"<rect x='{76 + (17 * i)}' y='{176 + (i * 3)}' width='7' height='{50 - (i * 6)}' fill='#b3271e'/>");
        svg.Append("<rect x='362' y='180' width='22' height='44' fill='#d8a520'/></g></svg>");
        return ImageOperations.RasteriseSvg(svg.ToString(), 400, 400).Flatten(new RgbColour(255, 255, 255));
    }

    /// <summary>Cropped, recoloured and saved again.</summary>
    public static byte[] EditedCopy(RgbImage image)
    {
        RgbImage cropped = ImageOperations.Crop(image, 40, 20, 320, 350);
        return ImageEncoder.Jpeg(ImageOperations.AdjustColour(cropped, new ColourAdjustment { Gamma = 1.2f, Saturation = 0.7f }), 60);
    }
}

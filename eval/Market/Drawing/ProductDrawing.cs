using Touchstone.Evaluation.Drawing;
using Touchstone.Market.Products;

namespace Touchstone.Market.Drawing;

/// <summary>
/// Draws a product alone, on nothing. The outline follows from the kind and varies with the seed; the print is the design's
/// <see cref="Artwork"/>. Two designs of one kind are look-alikes in shape and strangers in everything else.
/// </summary>
internal static partial class ProductDrawing
{
    /// <summary>The drawing as SVG of <see cref="SvgWriter.Side"/> units a side. The same design always gives the same text.</summary>
    public static string Of(ProductDesign design, string? markPath = null)
    {
        var svg = new SvgWriter();
        var art = new Artwork(design, markPath);
        Random random = art.Part(1);
        Action<SvgWriter, Artwork, Random> draw = design.Kind switch
        {
            ProductKind.PlushBear => PlushBear,
            ProductKind.Robot => Robot,
            ProductKind.CreamTube => CreamTube,
            ProductKind.CreamJar => CreamJar,
            ProductKind.SprayBottle => SprayBottle,
            ProductKind.Charger => Charger,
            ProductKind.PowerBank => PowerBank,
            ProductKind.Helmet => Helmet,
            ProductKind.MaskPack => MaskPack,
            ProductKind.Lamp => Lamp,
            ProductKind.ToyBox => ToyBox,
            ProductKind.HairDryer => HairDryer,
            ProductKind.Shirt => Shirt,
            ProductKind.Mug => Mug,
            ProductKind.PhoneCase => PhoneCase,
            ProductKind.RaceCar => RaceCar,
            _ => throw new ArgumentOutOfRangeException(nameof(design), design.Kind, "Not a kind of product."),
        };
        draw(svg, art, random);
        return svg.ToString();
    }

    /// <summary>Light from the left and shade to the right, over a shape.</summary>
    private static void Shade(SvgWriter svg, string d, double strength = 0.3)
    {
        string fill = svg.Gradient(vertical: false, (0, "#ffffff", strength), (0.35, "#ffffff", 0), (0.65, "#000000", 0), (1, "#000000", strength));
        svg.Path(d, fill);
    }

    private static string RoundedBox(Box box, double radius) => SvgWriter.Text(
        $"M{box.X + radius:0.##} {box.Y:0.##}H{box.Right - radius:0.##}Q{box.Right:0.##} {box.Y:0.##} {box.Right:0.##} {box.Y + radius:0.##}V{box.Bottom - radius:0.##}Q{box.Right:0.##} {box.Bottom:0.##} {box.Right - radius:0.##} {box.Bottom:0.##}H{box.X + radius:0.##}Q{box.X:0.##} {box.Bottom:0.##} {box.X:0.##} {box.Bottom - radius:0.##}V{box.Y + radius:0.##}Q{box.X:0.##} {box.Y:0.##} {box.X + radius:0.##} {box.Y:0.##}Z");
}

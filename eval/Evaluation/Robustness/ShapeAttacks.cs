using System.Numerics;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Attacks that move, cut or stretch the picture as a whole.</summary>
internal static class ShapeAttacks
{
    public static IReadOnlyList<PictureAttack> All { get; } =
    [
        new("resize", "to 75 % of each side", "to 50 % of each side", "to 25 % of each side",
            (image, strength, _) => Scaled(image, strength.Pick(0.75, 0.5, 0.25), strength.Pick(0.75, 0.5, 0.25))),
        new("stretch", "one side to 85 %", "one side to 70 %", "one side to 50 %",
            (image, strength, with) => with.Random.Next(2) == 0 ? Scaled(image, strength.Pick(0.85, 0.7, 0.5), 1) : Scaled(image, 1, strength.Pick(0.85, 0.7, 0.5))),
        new("crop", "keeps 60 % of the area", "keeps 30 % of the area", "keeps 15 % of the area",
            (image, strength, with) => Cropped(image, strength.Pick(0.6, 0.3, 0.15), with)),
        new("mirror", "left to right", "left to right, keeps 70 % of the area", "left to right, keeps 50 % of the area, turned by 10°", Mirrored),
        new("rotation", "by 5°", "by 15° to 45°", "by 60° to 300°",
            (image, strength, with) => Turned(image, strength.Pick(5, with.Between(15, 45), with.Between(60, 180)) * with.Sign())),
        new("perspective", "corners move by up to 8 %", "corners move by up to 16 %", "corners move by up to 28 %",
            (image, strength, with) => Tilted(image, strength.Pick(0.08, 0.16, 0.28), with)),
    ];

    /// <summary>A part of the area with the picture's proportions, around the middle rather than anywhere: a corner of a cut-out is empty paper.</summary>
    public static RgbImage Cropped(RgbImage image, double area, AttackMeans with)
    {
        int width = Math.Max(8, (int)(image.Width * Math.Sqrt(area)));
        int height = Math.Max(8, (int)(image.Height * Math.Sqrt(area)));
        if (width > image.Width || height > image.Height) return image;
        int x = (int)((image.Width - width) * with.Between(0.3, 0.7));
        int y = (int)((image.Height - height) * with.Between(0.3, 0.7));
        return ImageOperations.Crop(image, x, y, width, height);
    }

    public static RgbImage Turned(RgbImage image, double degrees) => ImageOperations.Rotate(image, degrees, RgbColour.White);

    private static RgbImage Scaled(RgbImage image, double x, double y) =>
        ImageOperations.Resize(image, Math.Max(8, (int)(image.Width * x)), Math.Max(8, (int)(image.Height * y)));

    private static RgbImage Mirrored(RgbImage image, AttackStrength strength, AttackMeans with)
    {
        RgbImage mirrored = ImageOperations.Flip(image);
        return strength switch
        {
            AttackStrength.Mild => mirrored,
            AttackStrength.Moderate => Cropped(mirrored, 0.7, with),
            _ => Turned(Cropped(mirrored, 0.5, with), 10 * with.Sign()),
        };
    }

    private static RgbImage Tilted(RgbImage image, double part, AttackMeans with)
    {
        double reach = part * Math.Min(image.Width, image.Height);
        Vector2[] corners = [Moved(0, 0, 1, 1), Moved(image.Width, 0, -1, 1), Moved(image.Width, image.Height, -1, -1), Moved(0, image.Height, 1, -1)];
        return ImageOperations.Perspective(RgbaImage.From(image), corners, image.Width, image.Height).Flatten(RgbColour.White);

        Vector2 Moved(double x, double y, int inX, int inY) => new((float)(x + (inX * with.Between(0.3, 1) * reach)), (float)(y + (inY * with.Between(0.3, 1) * reach)));
    }
}

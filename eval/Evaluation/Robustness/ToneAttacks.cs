using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Attacks that change every pixel and move none: noise, blur, compression, colours, light.</summary>
internal static class ToneAttacks
{
    private static readonly ImageDecoder Decoder = new();

    public static IReadOnlyList<PictureAttack> All { get; } =
    [
        new("noise", "sigma 10 of 255", "sigma 25 of 255", "sigma 45 of 255",
            (image, strength, with) => ImageOperations.AddNoise(image, strength.Pick(10, 25, 45), with.Random.Next())),
        new("blur", "sigma 0.5 % of the longer side", "sigma 1 % of the longer side", "sigma 2 % of the longer side",
            (image, strength, _) => ImageOperations.GaussianBlur(image, strength.Pick(0.005, 0.01, 0.02) * Math.Max(image.Width, image.Height))),
        new("JPEG", "quality 60", "quality 20", "quality 8", (image, strength, _) => Jpeg(image, strength.Pick(60, 20, 8))),
        new("grey", "half the saturation", "no colour", "no colour, and contrast of a photocopy", Grey),
        new("recolour", "channels ±15 %", "channels ±30 %, saturation 0.5 or 1.5", "hue turned by a third, channels ±30 %", Recolour),
        new("light", "gamma 1.5 or its inverse", "gamma 2.2 or its inverse", "gamma 3.3 or its inverse",
            (image, strength, with) => ImageOperations.AdjustColour(image, new ColourAdjustment { Gamma = (float)Math.Pow(strength.Pick(1.5, 2.2, 3.3), with.Sign()) })),
    ];

    public static RgbImage Jpeg(RgbImage image, int quality) =>
        Decoder.Decode(ImageEncoder.Jpeg(image, quality)).Image ?? throw new InvalidOperationException("A picture that was just encoded could not be decoded.");

    public static RgbImage Recolour(RgbImage image, AttackStrength strength, AttackMeans with)
    {
        float reach = strength.Pick(0.15f, 0.3f, 0.3f);
        var adjustment = new ColourAdjustment
        {
            Gain = (Around(reach, with), Around(reach, with), Around(reach, with)),
            Saturation = strength == AttackStrength.Mild ? 1 : with.Random.Next(2) == 0 ? 0.5f : 1.5f,
        };
        return ImageOperations.AdjustColour(strength == AttackStrength.Hard ? HueTurned(image) : image, adjustment);
    }

    private static RgbImage Grey(RgbImage image, AttackStrength strength, AttackMeans with) => ImageOperations.AdjustColour(image, new ColourAdjustment
    {
        Saturation = strength.Pick(0.5f, 0f, 0f),
        Gain = strength == AttackStrength.Hard ? (1.9f, 1.9f, 1.9f) : (1, 1, 1),
        Offset = strength == AttackStrength.Hard ? -110 : 0,
    });

    private static float Around(float reach, AttackMeans with) => 1 + (reach * ((2 * with.Random.NextSingle()) - 1));

    private static RgbImage HueTurned(RgbImage image)
    {
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (image.Pixels[i + 1], image.Pixels[i + 2], image.Pixels[i]);
        return new RgbImage(image.Width, image.Height, pixels);
    }
}

using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>The attacks that recognition is measured against.</summary>
public static class AttackSuite
{
    private static readonly PictureAttack Together = new(
        "together", "keeps 90 % of the area, recoloured, quality 60", "keeps 80 %, recoloured, a sticker, a line of text, quality 50", "keeps 60 %, mirrored, recoloured, a sticker, turned by 10°, quality 30", AtOnce);

    public static IReadOnlyList<PictureAttack> OnPictures { get; } = [.. ToneAttacks.All, .. ShapeAttacks.All, .. OverlayAttacks.All, .. PlacementAttacks.All, Together];

    public static IReadOnlyList<MarkAttack> OnMarks { get; } = MarkAttacks.All;

    private static RgbImage AtOnce(RgbImage image, AttackStrength strength, AttackMeans with)
    {
        RgbImage edited = ToneAttacks.Recolour(ShapeAttacks.Cropped(image, strength.Pick(0.9, 0.8, 0.6), with), AttackStrength.Mild, with);
        if (strength != AttackStrength.Mild) edited = OverlayAttacks.Stickered(edited, 0.05, with);
        if (strength == AttackStrength.Moderate) edited = OverlayAttacks.Over(edited, OverlayAttacks.Lines(1, with));
        if (strength == AttackStrength.Hard) edited = ShapeAttacks.Turned(ImageOperations.Flip(edited), 10 * with.Sign());
        return ToneAttacks.Jpeg(edited, strength.Pick(60, 50, 30));
    }
}

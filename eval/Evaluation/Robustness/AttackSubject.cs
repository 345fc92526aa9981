using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>One query: a thing, attacked in one way and strength.</summary>
internal sealed record AttackedQuery(AttackSubject Subject, Attack Attack, AttackStrength Strength);

/// <summary>Something that is attacked. The same seed makes the same pictures, each independent of the others.</summary>
/// <param name="Name">As in the gallery.</param>
/// <param name="Enrolled">Whether it is in the gallery.</param>
internal abstract record AttackSubject(string Name, bool Enrolled)
{
    private const int JpegQuality = 90;

    /// <summary>The attacked picture as JPEG; null where the thing does not lend itself to the attack or cannot be read.</summary>
    public byte[]? Make(Attack attack, AttackStrength strength, int seed)
    {
        var random = new Random(StableSeed($"{Name}|{attack.Name}|{strength}", seed));
        return Attacked(attack, strength, random) is { } picture ? ImageEncoder.Jpeg(picture, JpegQuality) : null;
    }

    protected abstract RgbImage? Attacked(Attack attack, AttackStrength strength, Random random);

    // FNV-1a, so that a picture does not depend on which others are made.
    private static int StableSeed(string name, int seed)
    {
        uint hash = 2166136261;
        foreach (char letter in name) hash = (hash ^ letter) * 16777619;
        return (int)(hash ^ (uint)seed);
    }
}

/// <param name="Load">Reads the picture, or null where it cannot be read.</param>
/// <param name="Others">Pictures of other things, not enrolled.</param>
internal sealed record PictureSubject(string Name, bool Enrolled, Func<RgbImage?> Load, IReadOnlyList<RgbImage> Others) : AttackSubject(Name, Enrolled)
{
    protected override RgbImage? Attacked(Attack attack, AttackStrength strength, Random random) =>
        attack is PictureAttack on && Load() is { } picture ? on.Apply(picture, strength, new AttackMeans(random, Others)) : null;
}

/// <param name="Grounds">Photos to print the mark on.</param>
internal sealed record MarkSubject(MarkDrawing Mark, bool Enrolled, IReadOnlyList<RgbImage> Grounds) : AttackSubject(Mark.Name, Enrolled)
{
    protected override RgbImage? Attacked(Attack attack, AttackStrength strength, Random random)
    {
        if (attack is not MarkAttack on || on.Apply(Mark, strength, random) is not { } forged) return null;
        (double from, double to) = on.Size(strength);
        return new SceneMaker(Grounds, random).Photo(forged, from, to);
    }
}

using System.Text.Json.Serialization;
using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>How much of a picture an attack destroys.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttackStrength>))]
public enum AttackStrength
{
    /// <summary>What careless copying does.</summary>
    Mild,

    /// <summary>What is done on purpose and leaves a picture that still sells the thing; the goals are set here.</summary>
    Moderate,

    /// <summary>What leaves little; it shows where recognition ends.</summary>
    Hard,
}

/// <summary>Something that sellers or attackers do so that a picture or a mark is not recognised, in three strengths in words.</summary>
public abstract record Attack(string Name, string Mild, string Moderate, string Hard)
{
    public string WordsOf(AttackStrength strength) => strength.Pick(Mild, Moderate, Hard);
}

/// <summary>An attack on a picture. Deterministic for equal random numbers; the result is null where the picture does not lend itself to it.</summary>
public sealed record PictureAttack(string Name, string Mild, string Moderate, string Hard, Func<RgbImage, AttackStrength, AttackMeans, RgbImage?> Apply)
    : Attack(Name, Mild, Moderate, Hard);

/// <summary>An attack on a mark, seen on what it is printed on afterwards. Deterministic for equal random numbers; null where the mark does not lend itself to it (no word).</summary>
public sealed record MarkAttack(string Name, string Mild, string Moderate, string Hard, Func<MarkDrawing, AttackStrength, Random, RgbaImage?> Apply)
    : Attack(Name, Mild, Moderate, Hard)
{
    /// <summary>The share of the scene's side that the mark's longer side takes, from and to.</summary>
    public Func<AttackStrength, (double From, double To)> Size { get; init; } = _ => (0.5, 0.8);
}

/// <summary>What an attack may use: seeded randomness and pictures of other things, none of which is a reference.</summary>
public sealed record AttackMeans(Random Random, IReadOnlyList<RgbImage> Others)
{
    public RgbImage Another() => Others[Random.Next(Others.Count)];

    public double Between(double from, double to) => from + (Random.NextDouble() * (to - from));

    public int Sign() => Random.Next(2) == 0 ? 1 : -1;

    public RgbColour Colour() => new((byte)Random.Next(256), (byte)Random.Next(256), (byte)Random.Next(256));
}

internal static class StrengthChoice
{
    public static T Pick<T>(this AttackStrength strength, T mild, T moderate, T hard) => strength switch
    {
        AttackStrength.Mild => mild,
        AttackStrength.Moderate => moderate,
        _ => hard,
    };
}

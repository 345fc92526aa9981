using Touchstone.Evaluation.Drawing;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Forged marks: the mark redrawn, warped, recoloured or with another letter, printed on a scene; and the mark itself, printed small.</summary>
internal static class MarkAttacks
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Letters that are read as each other at a glance.</summary>
    private static readonly string[] Alike = ["O0", "OQ", "I1", "B8", "S5", "Z2", "EF", "CG", "PR", "UV", "MN", "VY", "KX", "TI", "DO", "HN", "LI", "WV", "A4", "G6"];

    public static IReadOnlyList<MarkAttack> All { get; } =
    [
        new("mark printed", "40 to 60 % of the scene's side", "25 to 35 % of the scene's side", "15 to 22 % of the scene's side", (mark, _, random) => mark.Draw(Printed(random)))
        {
            Size = strength => strength.Pick((0.4, 0.6), (0.25, 0.35), (0.15, 0.22)),
        },
        new("mark redrawn", "bolder, lines waver by 0.5 %", "bolder, lines waver by 1.2 %", "as an outline, lines waver by 1.5 %",
            (mark, strength, random) => Warp.Wavering(
                mark.Draw(Printed(random) with { Bolder = strength.Pick(6, 14, 0), OutlineOnly = strength == AttackStrength.Hard }), strength.Pick(0.005, 0.012, 0.015), waves: 9, random)),
        new("mark warped", "by up to 1.5 % of its side", "by up to 4 % of its side", "by up to 8 % of its side",
            (mark, strength, random) => Warp.Wavering(mark.Draw(Printed(random)), strength.Pick(0.015, 0.04, 0.08), waves: 2, random)),
        new("mark recoloured", "coloured ink on white", "two inks on coloured paper", "light ink on dark paper, two inks", (mark, strength, random) => mark.Draw(Recoloured(strength, random))),
        new("one letter changed", "to one that looks alike", "to any other", "to any other, in another type face",
            (mark, strength, random) => Changed(mark, strength, random)?.Draw(Printed(random))),
    ];

    /// <summary>Dark ink, alone on what it is printed on or on a light plate.</summary>
    private static MarkStyle Printed(Random random) => new(Tone(random, 0, 110), random.Next(2) == 0 ? Tone(random, 170, 256) : null);

    private static MarkStyle Recoloured(AttackStrength strength, Random random) => strength switch
    {
        AttackStrength.Mild => new MarkStyle(Tone(random, 0, 200), "#ffffff"),
        AttackStrength.Moderate => new MarkStyle(Tone(random, 0, 120), Tone(random, 160, 256), Tone(random, 0, 120)),
        _ => new MarkStyle(Tone(random, 180, 256), Tone(random, 0, 90), Tone(random, 180, 256)),
    };

    private static string Tone(Random random, int from, int to) => OverlayAttacks.Css(new RgbColour((byte)random.Next(from, to), (byte)random.Next(from, to), (byte)random.Next(from, to)));

    private static MarkDrawing? Changed(MarkDrawing mark, AttackStrength strength, Random random)
    {
        if (mark.Word is not { } word) return null;
        char[] letters = word.ToCharArray();
        int at = random.Next(letters.Length);
        letters[at] = (strength == AttackStrength.Mild ? LookAlike(letters[at], random) : null) ?? Other(letters[at], random);
        Lettering type = strength == AttackStrength.Hard
            ? new Lettering(mark.Lettering.Weight > 0.15 ? 0.08 : 0.24, mark.Lettering.Slant > 0 ? 0 : 18, mark.Lettering.Stretch > 0.9 ? 0.6 : 1.2)
            : mark.Lettering;
        return mark with { Word = new string(letters), Lettering = type };
    }

    private static char? LookAlike(char letter, Random random)
    {
        string[] pairs = [.. Alike.Where(pair => pair.Contains(letter, StringComparison.Ordinal))];
        if (pairs.Length == 0) return null;
        string pair = pairs[random.Next(pairs.Length)];
        return pair[0] == letter ? pair[1] : pair[0];
    }

    private static char Other(char letter, Random random)
    {
        string others = Letters.Replace(letter.ToString(), string.Empty, StringComparison.Ordinal);
        return others[random.Next(others.Length)];
    }
}

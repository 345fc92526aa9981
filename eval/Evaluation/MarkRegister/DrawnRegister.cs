using System.Text;
using Touchstone.Evaluation.Drawing;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>
/// A register of marks, drawn by number: first each emblem alone, then words of a made name, alone (four in ten), below or beside an emblem, so that
/// an emblem stands in several marks, as a register holds an owner's variants. A quarter of the marks with a word are framed, one in seven is light on a dark plate, four in ten are in a colour.
/// Deterministic: mark n of a seed and the same emblems is always the same. Safe for concurrent use.
/// </summary>
internal sealed class DrawnRegister
{
    private const string Consonants = "BCDFGHJKLMNPRSTVWXZ", Vowels = "AEIOUY", Endings = "LMNRSTX";

    private readonly string[] outlines;
    private readonly int seed;

    private DrawnRegister(string[] outlines, int seed) => (this.outlines, this.seed) = (outlines, seed);

    /// <summary>Emblems, which are the first marks.</summary>
    public int Emblems => outlines.Length;

    /// <param name="folder">Of SVG emblems drawn as one path of 24 × 24 units; other drawings are left out.</param>
    /// <param name="seed">Chooses all else.</param>
    /// <exception cref="InvalidDataException">It holds no such drawing.</exception>
    public static DrawnRegister Read(string folder, int seed)
    {
        if (!Directory.Exists(folder)) throw new InvalidDataException($"There is no folder of marks {folder}: run npm ci in native, or name one with --marks.");
        string[] outlines = [.. Directory.EnumerateFiles(folder, "*.svg").Order(StringComparer.Ordinal).Select(file => MarkDrawing.Read(file, File.ReadAllText(file), withWord: false, new Random(0))?.Outline).OfType<string>()];
        return outlines.Length > 0 ? new DrawnRegister(outlines, seed) : throw new InvalidDataException($"{folder} holds no SVG mark that is drawn as one path of 24 × 24 units.");
    }

    public RegisteredMark Mark(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var lettering = new Lettering(0.08 + (0.16 * random.NextDouble()), random.Next(3) == 0 ? 12 : 0, 0.6 + (0.6 * random.NextDouble()));
        double margin = 0.12 * random.NextDouble();
        if (number < outlines.Length) return new RegisteredMark(MarkArrangement.Emblem, outlines[number], null, lettering, MarkFrame.None, false, "#000000", margin);
        string outline = outlines[random.Next(outlines.Length)], word = Name(random);
        string ink = random.NextDouble() < 0.4 ? $"#{random.Next(170):x2}{random.Next(130):x2}{random.Next(190):x2}" : "#000000";
        MarkFrame frame = random.Next(4) == 0 ? (MarkFrame)random.Next(1, 4) : MarkFrame.None;
        bool inverted = random.Next(7) == 0;
        MarkArrangement arrangement = random.NextDouble() switch { < 0.4 => MarkArrangement.Word, < 0.7 => MarkArrangement.WordBelowEmblem, _ => MarkArrangement.WordBesideEmblem };
        return new RegisteredMark(arrangement, arrangement == MarkArrangement.Word ? null : outline, word, lettering, frame, inverted, ink, margin);
    }

    /// <summary>Two to four syllables, which there are some ten million of.</summary>
    private static string Name(Random random)
    {
        var name = new StringBuilder();
        for (int syllables = random.Next(2, 5); syllables > 0; syllables--)
        {
            name.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
            if (random.Next(3) == 0) name.Append(Endings[random.Next(Endings.Length)]);
        }
        return name.ToString();
    }
}

using System.Text;

namespace Touchstone.Recognition.Text;

/// <summary>A word of a line, as written and folded. Immutable; thread-safe.</summary>
/// <param name="Text">As written.</param>
/// <param name="Folded">See <see cref="TextFolding.Fold"/>; not empty.</param>
/// <param name="Skeleton">See <see cref="TextFolding.Skeleton"/>.</param>
/// <param name="Line">The number of its line, from 0.</param>
/// <param name="Start">Where it begins in its line, as a part of the line's length, 0..1.</param>
/// <param name="End">Where it ends, 0..1.</param>
/// <param name="Confidence">Of the reading, 0..1; 1 for a register's facts.</param>
public sealed record TextWord(string Text, string Folded, string Skeleton, int Line, float Start, float End, float Confidence)
{
    private const int LettersBeforeNumber = 5;

    /// <summary>Whether it has a digit: then another digit makes it another word.</summary>
    public bool HasDigit { get; } = Folded.AsSpan().ContainsAnyInRange('0', '9');

    /// <summary>Letters as a set of bits: words that differ in few letters differ in few bits.</summary>
    internal ulong Letters { get; } = LettersOf(Skeleton);

    /// <summary>
    /// The words of a line: runs of letters and digits. Reading often drops the blanks between words, so that a word also ends where a
    /// capital follows a small letter, and where digits follow five letters or more.
    /// </summary>
    public static IEnumerable<TextWord> Of(string line, int number = 0, float confidence = 1)
    {
        int start = -1, at = 0, letters = 0;
        Rune before = default;
        foreach (Rune rune in line.EnumerateRunes())
        {
            // A mark that folds to nothing (a combining accent, an apostrophe) does not end a word.
            bool inside = Rune.IsLetterOrDigit(rune) || TextFolding.Fold($"x{rune}x") is not "x x";
            if (inside && start < 0) start = at;
            bool next = inside && start < at && ((Rune.IsLower(before) && Rune.IsUpper(rune)) || (letters >= LettersBeforeNumber && Rune.IsDigit(rune)));
            if ((!inside || next) && start >= 0)
            {
                if (Cut(line, start, at, number, confidence) is { } word) yield return word;
                start = next ? at : -1;
                letters = 0;
            }
            letters = Rune.IsLetter(rune) ? letters + 1 : 0;
            before = rune;
            at += rune.Utf16SequenceLength;
        }
        if (start >= 0 && Cut(line, start, line.Length, number, confidence) is { } last) yield return last;
    }

    /// <summary>This word and the next one of the line written together.</summary>
    public TextWord With(TextWord next) =>
        new($"{Text} {next.Text}", Folded + next.Folded, TextFolding.Skeleton(Folded + next.Folded), Line, Start, next.End, Math.Min(Confidence, next.Confidence));

    private static ulong LettersOf(string skeleton)
    {
        ulong bits = 0;
        foreach (char c in skeleton) bits |= 1UL << (c & 63);
        return bits;
    }

    private static TextWord? Cut(string line, int from, int to, int number, float confidence)
    {
        string text = line[from..to], folded = TextFolding.Fold(text);
        return folded.Length == 0 ? null : new TextWord(text, folded, TextFolding.Skeleton(folded), number, (float)from / line.Length, (float)to / line.Length, confidence);
    }
}

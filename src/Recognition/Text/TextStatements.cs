namespace Touchstone.Recognition.Text;

/// <summary>What the text of a picture states of the product.</summary>
/// <param name="Gtins">Trade numbers with a right check digit, as 14 digits.</param>
/// <param name="Models">Model numbers in folded form: words of letters and digits that are no measure, and what stands behind "model", "ref" and the like.</param>
/// <param name="Warnings">See <see cref="WarningWords"/>.</param>
public sealed record TextStatements(IReadOnlyList<string> Gtins, IReadOnlyList<string> Models, IReadOnlyList<Warning> Warnings)
{
    private const int ShortestModel = 4;
    private const int LongestModel = 20;

    private static readonly HashSet<string> ModelLabels = new(["model", "modell", "modele", "modelo", "modello", "mod", "art", "artnr", "item", "itemno", "ref", "sku", "mpn", "typ", "type", "tipo", "nr"], StringComparer.Ordinal);
    private static readonly HashSet<string> Units = new(["ml", "l", "cl", "g", "kg", "mg", "oz", "floz", "lb", "lbs", "cm", "mm", "m", "in", "ft", "v", "w", "kw", "wh", "mah", "ah", "a", "ma", "hz", "khz", "mhz", "ghz", "pcs", "pc", "x", "c", "f", "k", "p", "mp", "gb", "tb", "mb", "st", "nd", "rd", "th", "days", "years", "d", "h", "min", "s", "nm", "mw", "px", "inch", "ct", "pk"], StringComparer.Ordinal);

    public static TextStatements Of(IReadOnlyList<TextWord> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return new([.. GtinsOf(words).Distinct(StringComparer.Ordinal)], [.. ModelsOf(words).Distinct(StringComparer.Ordinal)], WarningWords.In(words));
    }

    /// <summary>Digits that stand together under a bar code, often in two or three groups.</summary>
    private static IEnumerable<string> GtinsOf(IReadOnlyList<TextWord> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            string digits = "";
            for (int j = i; j < words.Count && words[j].Line == words[i].Line && words[j].Folded.All(char.IsAsciiDigit) && digits.Length < 14; j++)
            {
                digits += words[j].Folded;
                // One in ten numbers of 8 digits has a right check digit by chance: too many dates and batches.
                if (digits.Length is 12 or 13 or 14 && HasCheckDigit(digits)) yield return digits.PadLeft(14, '0');
            }
        }
    }

    /// <summary>Whether the last digit is the check digit of the others (GS1 General Specifications, section 7.9).</summary>
    private static bool HasCheckDigit(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++) sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 1 : 3);
        return sum % 10 == 0;
    }

    private static IEnumerable<string> ModelsOf(IReadOnlyList<TextWord> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            TextWord word = words[i];
            bool labelled = i > 0 && words[i - 1].Line == word.Line && ModelLabels.Contains(words[i - 1].Folded);
            bool mixed = word.HasDigit && word.Folded.Any(char.IsAsciiLetter) && !IsMeasure(word.Folded);
            if (word.Folded.Length is >= ShortestModel and <= LongestModel && (mixed || (labelled && word.HasDigit))) yield return word.Folded;
            // "KX-200" is two words: letters, then a number right behind a hyphen.
            if (i + 1 < words.Count && words[i + 1] is var next && next.Line == word.Line && word.Folded.Length <= 4 && word.Folded.All(char.IsAsciiLetter)
                && next.HasDigit && !IsMeasure(next.Folded) && !(i + 2 < words.Count && words[i + 2].Line == word.Line && Units.Contains(words[i + 2].Folded)) && !ModelLabels.Contains(word.Folded) && (word.Folded + next.Folded).Length is >= ShortestModel and <= LongestModel && IsNextTo(word, next))
                yield return word.Folded + next.Folded;
        }
    }

    /// <summary>Whether no more than one character is between them.</summary>
    private static bool IsNextTo(TextWord word, TextWord next) => next.Start - word.End < 1.5f * (word.End - word.Start) / word.Text.Length;

    private static bool IsMeasure(string folded)
    {
        int letters = 0;
        while (letters < folded.Length && char.IsAsciiDigit(folded[letters])) letters++;
        return letters > 0 && Units.Contains(folded[letters..]);
    }
}

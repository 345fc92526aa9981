using System.Collections.Frozen;
using System.Text;

namespace Touchstone.Crawling.Text;

/// <summary>
/// Joins letters and the marks behind them to the letters that patterns are written with: an a and U+0301 to á. Of the Latin, Greek and Cyrillic letters of Europe's languages. A table of its own,
/// because the programs run with invariant globalisation, which normalises nothing. Pure; thread-safe.
/// </summary>
internal static class ComposedLetters
{
    private static readonly (char Mark, string Letters, string Composed)[] Table =
    [
        ('\u0300', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"), ('\u0301', "aeiouycnszlrAEIOUYCNSZLRαεηιουωΑΕΗΙΟΥΩ", "áéíóúýćńśźĺŕÁÉÍÓÚÝĆŃŚŹĹŔάέήίόύώΆΈΉΊΌΎΏ"),
        ('\u0302', "aeiouAEIOU", "âêîôûÂÊÎÔÛ"), ('\u0303', "aonAON", "ãõñÃÕÑ"), ('\u0304', "aeiuAEIU", "āēīūĀĒĪŪ"), ('\u0306', "agAGиИ", "ăğĂĞйЙ"), ('\u0307', "ezIEZ", "ėżİĖŻ"),
        ('\u0308', "aeiouAEIOUіІеЕ", "äëïöüÄËÏÖÜїЇёЁ"), ('\u030A', "auAU", "åůÅŮ"), ('\u030B', "ouOU", "őűŐŰ"), ('\u030C', "cdenrstzCDENRSTZ", "čďěňřšťžČĎĚŇŘŠŤŽ"),
        ('\u0326', "stST", "șțȘȚ"), ('\u0327', "csgklnCSGKLN", "çşģķļņÇŞĢĶĻŅ"), ('\u0328', "aeiuAEIU", "ąęįųĄĘĮŲ"),
    ];

    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = Table.SelectMany(static row => row.Letters.Select((letter, i) => ((letter, row.Mark), row.Composed[i]))).ToFrozenDictionary(static p => p.Item1, static p => p.Item2);

    /// <summary>The same string where it holds no mark behind a letter.</summary>
    public static string In(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0300', '\u036F')) return text;
        var whole = new StringBuilder(text.Length);
        foreach (char c in text)
            if (whole.Length > 0 && Composed.TryGetValue((whole[^1], c), out char letter)) whole[^1] = letter;
            else whole.Append(c);
        return whole.ToString();
    }
}

using System.Text;

namespace Touchstone.Crawling.Text;

/// <summary>Keeps the characters of a text whole: half of a surrogate pair is no character, and PostgreSQL keeps none. Pure.</summary>
public static class WholeCharacters
{
    /// <summary>The begin of a text, at most <paramref name="most"/> UTF-16 units and no half character at its end.</summary>
    /// <param name="most">At least 1.</param>
    public static string Cut(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>The text with U+FFFD for each half character; the same string where there is none.</summary>
    public static string Mend(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isWhole = true;
        for (int i = 0; i < text.Length && isWhole; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            isWhole = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            i++;
        }
        if (isWhole) return text;
        var mended = new StringBuilder(text.Length);
        foreach (Rune character in text.EnumerateRunes()) mended.Append(character.ToString());
        return mended.ToString();
    }
}

using System.Globalization;
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

    /// <summary>JSON that .NET's readers take: they throw InvalidOperationException on the first use of a text with half a character, escaped or not. Each is written as U+FFFD; the same string where there is none.</summary>
    public static string MendJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        string whole = Mend(json);
        StringBuilder? mended = null;
        int copied = 0;
        for (int at = whole.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 1 < whole.Length; at = whole.IndexOf('\\', at))
        {
            int length = 2;
            if (EscapedAt(whole, at) is { } unit && char.IsSurrogate(unit))
            {
                length = EscapedLength;
                if (char.IsHighSurrogate(unit) && EscapedAt(whole, at + length) is { } low && char.IsLowSurrogate(low)) length *= 2;
                else
                {
                    (mended ??= new StringBuilder(whole.Length)).Append(whole, copied, at - copied).Append("\\uFFFD");
                    copied = at + length;
                }
            }
            at = Math.Min(whole.Length, at + length);
        }
        return mended is null ? whole : mended.Append(whole, copied, whole.Length - copied).ToString();
    }

    // A backslash, u and four hexadecimal digits.
    private const int EscapedLength = 6;

    private static char? EscapedAt(string json, int at) =>
        at + EscapedLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && ushort.TryParse(json.AsSpan(at + 2, EscapedLength - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit) ? (char)unit : null;

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

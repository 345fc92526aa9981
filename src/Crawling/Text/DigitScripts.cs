using System.Globalization;

namespace Touchstone.Crawling.Text;

/// <summary>Digits of any script as ASCII: Arabic-Indic, Devanagari, full-width and all others that Unicode gives a decimal value. Pure; thread-safe.</summary>
public static class DigitScripts
{
    /// <summary>The same text with ASCII digits; its length is the same, so places stay.</summary>
    public static string ToAscii(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = IndexOfOther(text);
        if (first < 0) return text;
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < from.Length; i++) to[i] = CharUnicodeInfo.GetDecimalDigitValue(from[i]) is >= 0 and var value ? (char)('0' + value) : from[i];
        });
    }

    private static int IndexOfOther(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (text[i] > '\u007f' && char.IsDigit(text[i])) return i;
        return -1;
    }
}

using System.Text;

namespace Touchstone.Crawling.Politeness;

/// <summary>Brings paths and patterns to one spelling and matches them (RFC 9309, sections 2.2.2 and 2.2.3).</summary>
internal static class RobotsPath
{
    // What no URL holds unescaped (RFC 3986, section 2), and the quote, which browsers escape in queries alone.
    private const string Escaped = " \"'<>[\\]^`{|}";

    /// <summary>The path with query of a URL, in the normal form, without fragment; at least a slash.</summary>
    public static string OfUrl(string url)
    {
        ReadOnlySpan<char> rest = url;
        int scheme = rest.IndexOf("://");
        int query = rest.IndexOfAny('?', '#');
        if (scheme >= 0 && (query < 0 || scheme < query))
        {
            rest = rest[(scheme + 3)..];
            int start = rest.IndexOfAny("/?;#");
            rest = start < 0 ? "/" : rest[start..];
        }
        int hash = rest.IndexOf('#');
        if (hash >= 0) rest = rest[..hash];
        string path = Normalise(rest, Escaped + "*$");
        return path.StartsWith('/') ? path : "/" + path;
    }

    /// <summary>A rule's pattern in the normal form: a star stands for anything, and a dollar is the path's end where it is the pattern's, else itself.</summary>
    public static string OfRule(ReadOnlySpan<char> pattern) =>
        pattern.EndsWith('$') ? Normalise(pattern[..^1], Escaped + "$") + "$" : Normalise(pattern, Escaped + "$");

    /// <summary>
    /// Upper-case escapes, escapes for what is not ASCII or in <paramref name="escaped"/>, and none for unreserved characters (RFC 3986, section 2.3), whose escape
    /// means the same; everything else stays, so that an escaped slash is no slash and an escaped star no wildcard.
    /// </summary>
    private static string Normalise(ReadOnlySpan<char> text, string escaped)
    {
        StringBuilder to = new(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        while (text.Length > 0)
        {
            Rune.DecodeFromUtf16(text, out Rune rune, out int used);
            if (rune.Value == '%' && text.Length > 2 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]))
            {
                char meant = (char)Convert.ToInt32(text[1..3].ToString(), 16);
                if (char.IsAsciiLetterOrDigit(meant) || meant is '-' or '.' or '_' or '~') to.Append(meant);
                else to.Append('%').Append(char.ToUpperInvariant(text[1])).Append(char.ToUpperInvariant(text[2]));
                used = 3;
            }
            else if (rune.IsAscii && !escaped.Contains((char)rune.Value, StringComparison.Ordinal))
            {
                to.Append((char)rune.Value);
            }
            else
            {
                foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)]) to.Append('%').Append(b.ToString("X2"));
            }
            text = text[used..];
        }
        return to.ToString();
    }

    /// <summary>
    /// Whether the pattern matches the path from its start. Takes the earliest place for each piece between stars, which is right for prefix patterns
    /// and never goes back, so that no pattern can stall a crawl; only the piece before a final $ is looked for at the end.
    /// </summary>
    public static bool Matches(string pattern, string path)
    {
        bool anchored = pattern.EndsWith('$');
        string[] pieces = (anchored ? pattern[..^1] : pattern).Split('*');
        if (!path.StartsWith(pieces[0], StringComparison.Ordinal)) return false;
        int at = pieces[0].Length;
        if (pieces.Length == 1) return !anchored || at == path.Length;
        for (int i = 1; i < pieces.Length - 1; i++)
        {
            int found = path.IndexOf(pieces[i], at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + pieces[i].Length;
        }
        string last = pieces[^1];
        return anchored
            ? path.Length - at >= last.Length && path.EndsWith(last, StringComparison.Ordinal)
            : path.IndexOf(last, at, StringComparison.Ordinal) >= 0;
    }
}

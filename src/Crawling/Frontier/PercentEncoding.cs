using System.Buffers;
using System.Text;

namespace Touchstone.Crawling.Frontier;

/// <summary>Percent-encoding after the URL Standard, section 1.3. Encodes as UTF-8 where nothing else is asked for; existing escapes are left as they are.</summary>
internal static class PercentEncoding
{
    public static readonly SearchValues<char> Fragment = Kept(" \"<>`");
    public static readonly SearchValues<char> Query = Kept(" \"#<>'");
    public static readonly SearchValues<char> Path = Kept(" \"#<>?^`{}");
    public static readonly SearchValues<char> UserInfo = Kept(" \"#<>?^`{}/:;=@[\\]|");
    public static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>Escapes each character that is not in <paramref name="kept"/>.</summary>
    /// <param name="encoding">Null: UTF-8. What it has no bytes for becomes a numeric reference, as in forms.</param>
    public static string Encode(ReadOnlySpan<char> text, SearchValues<char> kept, Encoding? encoding = null)
    {
        if (text.IndexOfAnyExcept(kept) < 0) return text.ToString();
        StringBuilder to = new(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        while (text.Length > 0)
        {
            int plain = text.IndexOfAnyExcept(kept);
            to.Append(plain < 0 ? text : text[..plain]);
            if (plain < 0) break;
            text = text[plain..];
            // A lone surrogate decodes to the replacement character, as the standard wants it.
            Rune.DecodeFromUtf16(text, out Rune rune, out int used);
            if (encoding is null || rune.IsAscii) foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)]) Escape(to, b);
            else AppendEncoded(to, rune, encoding);
            text = text[used..];
        }
        return to.ToString();
    }

    private static void AppendEncoded(StringBuilder to, Rune rune, Encoding encoding)
    {
        string character = rune.ToString();
        byte[] bytes = encoding.GetBytes(character);
        if (encoding.GetString(bytes) != character) bytes = Encoding.ASCII.GetBytes($"&#{rune.Value};");
        foreach (byte b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b)) to.Append((char)b);
            else Escape(to, b);
        }
    }

    /// <summary>The bytes of the text with each well-formed escape decoded.</summary>
    public static byte[] Decode(ReadOnlySpan<char> text, bool plusIsSpace = false)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        int to = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (b == '%' && i + 2 < bytes.Length && Hex(bytes[i + 1]) is >= 0 and int high && Hex(bytes[i + 2]) is >= 0 and int low)
            {
                b = (byte)((high << 4) | low);
                i += 2;
            }
            else if (b == '+' && plusIsSpace)
            {
                b = (byte)' ';
            }
            bytes[to++] = b;
        }
        return bytes[..to];
    }

    /// <summary>Upper-case escapes; unreserved characters (RFC 3986, section 2.3) without escape.</summary>
    public static string Normalise(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal)) return text;
        StringBuilder to = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and int high && Hex(text[i + 2]) is >= 0 and int low)
            {
                int value = (high << 4) | low;
                if (value < 0x80 && Unreserved.Contains((char)value)) to.Append((char)value);
                else Escape(to, (byte)value);
                i += 2;
            }
            else
            {
                to.Append(text[i]);
            }
        }
        return to.ToString();
    }

    /// <summary>One part of a form-encoded query: a space is a plus, everything but unreserved characters is escaped.</summary>
    public static void AppendForm(StringBuilder to, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b == ' ') to.Append('+');
            else if (b < 0x80 && Unreserved.Contains((char)b)) to.Append((char)b);
            else Escape(to, b);
        }
    }

    private static void Escape(StringBuilder to, byte b) => to.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);

    private static int Hex(int c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };

    private static SearchValues<char> Kept(string encoded) =>
        SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(c => (char)c).Where(c => !encoded.Contains(c, StringComparison.Ordinal))]);
}

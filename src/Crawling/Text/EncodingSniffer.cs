using System.Buffers;
using System.Text;

namespace Touchstone.Crawling.Text;

/// <summary>
/// Says what encoding the bytes of a page or an XML file name themselves. Source: HTML Standard, section 13.2.3.2 (prescan of a byte stream), with its XML
/// declaration, and the byte order marks of the Encoding Standard, section 6. Pure; time grows linearly with what is looked at.
/// </summary>
public static class EncodingSniffer
{
    /// <summary>Bytes that are looked at. The standard asks for 1,024; browsers begin again when a later declaration says otherwise.</summary>
    public const int Prescan = 64 << 10;

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\n\f\r>"), LabelEnds = SearchValues.Create(" \t\r\n;,");

    /// <summary>The encoding of a byte order mark and the mark's length; null where there is none.</summary>
    public static (Encoding Encoding, int Length)? Mark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? (Encoding.UTF8, 3)
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? (Encoding.Unicode, 2)
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? (Encoding.BigEndianUnicode, 2) : null;

    /// <summary>UTF-16 where every second byte at the start is zero and no other is, as of markup in it without a mark; null of anything else.</summary>
    public static Encoding? Wide(ReadOnlySpan<byte> bytes)
    {
        const int looked = 16;
        if (bytes.Length < looked) return null;
        int even = 0, odd = 0;
        for (int i = 0; i < looked; i++)
            if (bytes[i] == 0) _ = i % 2 == 0 ? even++ : odd++;
        return (even, odd) switch { (0, looked / 2) => Encoding.Unicode, (looked / 2, 0) => Encoding.BigEndianUnicode, _ => null };
    }

    /// <summary>The encoding that an XML declaration or a meta element names, or of markup that can be in no other; null where there is none.</summary>
    public static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        if (Wide(bytes) is { } wide) return wide;
        string head = Encoding.Latin1.GetString(bytes[..Math.Min(Prescan, bytes.Length)]);
        // Whoever can write the declaration in single bytes does not mean UTF-16.
        return (OfXml(head) ?? OfMeta(head)) is { } named ? named is UnicodeEncoding ? Encoding.UTF8 : named : null;
    }

    /// <summary>The encoding that the charset parameter of a Content-Type header names; null where it names none.</summary>
    public static Encoding? OfContentType(string? contentType) => contentType is null ? null : WebEncoding.Find(CharsetIn(contentType));

    private static Encoding? OfXml(string head)
    {
        int start = head.AsSpan().IndexOfAnyExcept(" \t\r\n");
        if (start < 0 || !head.AsSpan(start).StartsWith("<?xml")) return null;
        int end = head.IndexOf("?>", start, StringComparison.Ordinal);
        int name = head.IndexOf("encoding", start, StringComparison.Ordinal);
        if (name < 0 || (end >= 0 && name > end)) return null;
        var reader = new AttributeReader(head, name);
        return reader.Next() ? WebEncoding.Find(reader.Value) : null;
    }

    private static Encoding? OfMeta(string head)
    {
        for (int at = 0; at < head.Length; at++)
        {
            if (head[at] != '<') continue;
            ReadOnlySpan<char> rest = head.AsSpan(at);
            if (rest.StartsWith("<!--"))
            {
                int end = head.IndexOf("-->", at + 2, StringComparison.Ordinal);
                if (end < 0) return null;
                at = end + 2;
            }
            else if (rest.Length > 5 && rest.StartsWith("<meta", StringComparison.OrdinalIgnoreCase) && (IsSpace(rest[5]) || rest[5] == '/'))
            {
                var reader = new AttributeReader(head, at + 6);
                if (OfMeta(ref reader) is { } named) return named;
                at = reader.At;
            }
            else if (rest.Length > 2 && (char.IsAsciiLetter(rest[1]) || (rest[1] == '/' && char.IsAsciiLetter(rest[2]))))
            {
                int name = rest.IndexOfAny(NameEnds);
                if (name < 0) return null;
                var reader = new AttributeReader(head, at + name);
                while (reader.Next()) ;
                at = reader.At;
            }
            else if (rest.Length > 1 && rest[1] is '!' or '/' or '?')
            {
                int end = rest.IndexOf('>');
                if (end < 0) return null;
                at += end;
            }
        }
        return null;
    }

    private static Encoding? OfMeta(ref AttributeReader reader)
    {
        bool isContentType = false;
        Encoding? byCharset = null, byContent = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Next())
        {
            if (!seen.Add(reader.Name)) continue;
            if (reader.Name == "charset") byCharset = WebEncoding.Find(reader.Value);
            else if (reader.Name == "http-equiv") isContentType = reader.Value.Equals("content-type", StringComparison.OrdinalIgnoreCase);
            else if (reader.Name == "content") byContent = WebEncoding.Find(CharsetIn(reader.Value));
        }
        return byCharset ?? (isContentType ? byContent : null);
    }

    /// <summary>The label after <c>charset=</c>, quoted or not.</summary>
    private static string? CharsetIn(string text)
    {
        for (int at = text.IndexOf("charset", StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf("charset", at, StringComparison.OrdinalIgnoreCase))
        {
            at += "charset".Length;
            ReadOnlySpan<char> rest = text.AsSpan(at).TrimStart();
            if (!rest.StartsWith('=')) continue;
            rest = rest[1..].TrimStart();
            if (rest.IsEmpty) return null;
            if (rest[0] is '"' or '\'') return rest[1..].IndexOf(rest[0]) is >= 0 and var close ? rest.Slice(1, close).ToString() : null;
            int end = rest.IndexOfAny(LabelEnds);
            return (end < 0 ? rest : rest[..end]).ToString();
        }
        return null;
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\f' or '\r';

    /// <summary>The attributes of a tag one by one, as the standard's "get an attribute" reads them: names in lower case.</summary>
    private ref struct AttributeReader(string text, int at)
    {
        public int At { get; private set; } = at;

        public string Name { get; private set; } = "";

        public string Value { get; private set; } = "";

        /// <summary>False at the tag's end, or where the text ends.</summary>
        public bool Next()
        {
            while (At < text.Length && (IsSpace(text[At]) || text[At] == '/')) At++;
            if (At >= text.Length || text[At] == '>') return false;
            int start = At;
            while (At < text.Length && !IsSpace(text[At]) && text[At] is not ('/' or '>') && (text[At] != '=' || At == start)) At++;
            Name = text[start..At].ToLowerInvariant();
            Value = "";
            int equals = At;
            while (equals < text.Length && IsSpace(text[equals])) equals++;
            if (equals >= text.Length || text[equals] != '=') return true;
            At = equals + 1;
            while (At < text.Length && IsSpace(text[At])) At++;
            if (At < text.Length && text[At] is '"' or '\'')
            {
                int close = text.IndexOf(text[At], At + 1);
                Value = close < 0 ? "" : text[(At + 1)..close];
                At = close < 0 ? text.Length : close + 1;
                return close >= 0;
            }
            start = At;
            while (At < text.Length && !IsSpace(text[At]) && text[At] != '>') At++;
            Value = text[start..At];
            return true;
        }
    }
}

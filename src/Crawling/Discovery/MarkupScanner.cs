using System.Net;

namespace Touchstone.Crawling.Discovery;

internal enum MarkupKind { Open, Close, Text, End }

/// <summary>
/// Steps through XML-like text tag by tag and forgives what a parser would refuse: missing ends, stray ampersands, white space before the declaration.
/// Comments, declarations and document types are stepped over; entities other than the predefined and numeric ones stay as they are written.
/// </summary>
internal ref struct MarkupScanner(string text)
{
    private readonly string _text = text;
    private int _at;

    public MarkupKind Kind { get; private set; }

    /// <summary>The tag's local name, lower case.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether the open tag closes itself.</summary>
    public bool Empty { get; private set; }

    /// <summary>The text, or the attributes of an open tag as written.</summary>
    public ReadOnlySpan<char> Value { get; private set; }

    /// <summary>Whether <see cref="Value"/> is a CDATA section, whose ampersands mean themselves.</summary>
    public bool Verbatim { get; private set; }

    /// <summary>Whether the text ended inside a tag or a section.</summary>
    public bool Cut { get; private set; }

    public bool Next()
    {
        while (_at < _text.Length)
        {
            ReadOnlySpan<char> rest = _text.AsSpan(_at);
            if (rest[0] != '<') return TakeText(rest);
            if (rest.StartsWith("<!--")) Skip(rest, "-->");
            else if (rest.StartsWith("<![CDATA[")) return TakeSection(rest);
            else if (rest.StartsWith("<!")) SkipDeclaration(rest);
            else if (rest.StartsWith("<?")) Skip(rest, "?>");
            else if (TakeTag(rest)) return true;
        }
        Kind = MarkupKind.End;
        return false;
    }

    /// <summary>The value of an attribute of the current open tag, or null.</summary>
    public readonly string? Attribute(string name)
    {
        ReadOnlySpan<char> rest = Value;
        while (true)
        {
            int equals = rest.IndexOf('=');
            if (equals < 0) return null;
            ReadOnlySpan<char> key = rest[..equals].Trim();
            rest = rest[(equals + 1)..].TrimStart();
            if (rest.Length == 0) return null;
            bool quoted = rest[0] is '"' or '\'';
            int end = quoted ? rest[1..].IndexOf(rest[0]) : rest.IndexOfAny(' ', '\t', '\n');
            ReadOnlySpan<char> value = quoted ? end < 0 ? rest[1..] : rest.Slice(1, end) : end < 0 ? rest : rest[..end];
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return WebUtility.HtmlDecode(value.ToString());
            if (end < 0) return null;
            rest = rest[(quoted ? end + 2 : end)..];
        }
    }

    private bool TakeText(ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf('<');
        Value = end < 0 ? rest : rest[..end];
        Verbatim = false;
        Kind = MarkupKind.Text;
        _at += Value.Length;
        return true;
    }

    private bool TakeSection(ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf("]]>");
        Value = end < 0 ? rest[9..] : rest[9..end];
        Verbatim = true;
        Kind = MarkupKind.Text;
        Cut |= end < 0;
        _at += end < 0 ? rest.Length : end + 3;
        return true;
    }

    private bool TakeTag(ReadOnlySpan<char> rest)
    {
        int end = EndOfTag(rest);
        if (end < 0)
        {
            Cut = true;
            _at = _text.Length;
            return false;
        }
        ReadOnlySpan<char> inner = rest[1..end];
        _at += end + 1;
        Kind = inner.StartsWith('/') ? MarkupKind.Close : MarkupKind.Open;
        Empty = inner.EndsWith('/');
        inner = inner.Trim('/').Trim();
        int space = inner.IndexOfAny(" \t\r\n");
        ReadOnlySpan<char> qualified = space < 0 ? inner : inner[..space];
        Name = qualified[(qualified.IndexOf(':') + 1)..].ToString().ToLowerInvariant();
        Value = space < 0 ? [] : inner[(space + 1)..];
        return true;
    }

    private static int EndOfTag(ReadOnlySpan<char> rest)
    {
        char quote = '\0';
        for (int i = 1; i < rest.Length; i++)
        {
            if (quote != '\0' && rest[i] == quote) quote = '\0';
            else if (quote == '\0' && rest[i] is '"' or '\'') quote = rest[i];
            else if (quote == '\0' && rest[i] == '>') return i;
        }
        return -1;
    }

    private void Skip(ReadOnlySpan<char> rest, string end)
    {
        int found = rest.IndexOf(end);
        Cut |= found < 0;
        _at += found < 0 ? rest.Length : found + end.Length;
    }

    /// <summary>A document type with its internal subset, up to the bracket that ends it.</summary>
    private void SkipDeclaration(ReadOnlySpan<char> rest)
    {
        int close = rest.IndexOf('>');
        // No further: a file of declarations would be looked through again for each.
        int subset = (close < 0 ? rest : rest[..close]).IndexOf('[');
        if (subset >= 0) Skip(rest, "]>");
        else Skip(rest, ">");
    }
}

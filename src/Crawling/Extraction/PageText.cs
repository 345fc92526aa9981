using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Extraction;

/// <summary>Decodes the bytes of a page. Order: byte order mark, the Content-Type header, a meta element in the first 4 kB, UTF-8 if the bytes are valid UTF-8, else windows-1252. Source: WHATWG encoding sniffing.</summary>
public static partial class PageText
{
    private const int Prescan = 4096;

    static PageText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [GeneratedRegex("""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Charset();

    /// <summary>The text; bytes that the encoding does not know become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> body, string? contentType)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Encoding.UTF8.GetString(body[3..]);
        if (body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(body[2..]);
        if (body.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode.GetString(body[2..]);
        Encoding? declared = Named(contentType) ?? Named(Encoding.Latin1.GetString(body[..Math.Min(Prescan, body.Length)]));
        // A page that says UTF-16 in ASCII bytes is UTF-8.
        if (declared is UnicodeEncoding) declared = Encoding.UTF8;
        if (declared is not null) return declared.GetString(body);
        return IsUtf8(body) ? Encoding.UTF8.GetString(body) : Encoding.GetEncoding(1252).GetString(body);
    }

    /// <summary>Whether a Content-Type header, if there is one, allows HTML.</summary>
    public static bool MayBeHtml(string? contentType) =>
        string.IsNullOrWhiteSpace(contentType) || contentType.Contains("html", StringComparison.OrdinalIgnoreCase) || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) || contentType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the text starts as, or soon holds, markup.</summary>
    public static bool LooksLikeHtml(string text)
    {
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, 4096));
        foreach (string tag in (string[])["<html", "<!doctype html", "<head", "<body", "<div", "<meta", "<title", "<h1", "<p", "<a ", "<script", "<table", "<span", "<ul", "<section", "<article", "<main", "<link", "<ol", "<img"])
            if (head.Contains(tag, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static Encoding? Named(string? text)
    {
        if (text is null || Charset().Match(text) is not { Success: true } match) return null;
        string name = match.Groups[1].Value.ToLowerInvariant();
        name = name switch { "iso-8859-1" or "latin1" or "iso8859-1" or "ascii" or "us-ascii" => "windows-1252", "gb2312" or "gbk" => "gb18030", "iso-8859-9" => "windows-1254", "utf8" => "utf-8", "x-sjis" => "shift_jis", "win-1251" => "windows-1251", _ => name };
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> body)
    {
        // A page cut by a byte limit may end inside a character.
        for (int cut = 0; cut < 4 && cut <= body.Length; cut++)
            if (System.Text.Unicode.Utf8.IsValid(body[..^cut])) return true;
        return false;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Touchstone.Crawling.Text;

/// <summary>
/// Decodes the bytes of a page. Order: byte order mark, the Content-Type header, what the bytes declare (<see cref="EncodingSniffer"/>), UTF-8 if the bytes are
/// valid UTF-8, else the older one of its language, of what is UTF-8 for the most only the bytes that are none. A label that browsers do not know is passed over. Source: WHATWG encoding sniffing. Never throws.
/// </summary>
public static class PageText
{
    private const int Japanese2022 = 50220;

    /// <summary>The text; bytes that the encoding does not know become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> body, string? contentType)
    {
        if (EncodingSniffer.Mark(body) is { } mark) return mark.Encoding.GetString(body[mark.Length..]);
        Encoding? declared = EncodingSniffer.OfContentType(contentType);
        // A header that says UTF-16 of another byte order, or of bytes of which none is zero, as no markup in UTF-16 has them, is passed over.
        if (declared is UnicodeEncoding) declared = EncodingSniffer.Wide(body) ?? (body[..Math.Min(body.Length, EncodingSniffer.Prescan)].Contains((byte)0) ? declared : null);
        declared ??= EncodingSniffer.Declared(body);
        if (declared is not null && IsBelied(body, declared)) declared = null;
        return (declared ?? (IsUtf8(body) ? Encoding.UTF8 : IsMostlyUtf8(body) ? WebEncoding.Utf8Or(WebEncoding.Windows1252.CodePage) : OlderEncodings.Of(body))).GetString(body);
    }

    /// <summary>
    /// Whether the bytes say that what is declared is wrong, as where a server adds a header to all that it has: text in an older encoding is by chance no UTF-8 from its first to its last
    /// character, and UTF-8 has some whole character.
    /// </summary>
    private static bool IsBelied(ReadOnlySpan<byte> body, Encoding declared)
    {
        const int leastBytes = 3, leastOfPairs = 10;
        if (declared is UnicodeEncoding || declared.CodePage == Japanese2022) return false;
        (int whole, int broken) = Counted(body);
        return declared is UTF8Encoding ? whole == 0 && broken >= leastBytes : broken == 0 && whole >= (declared.IsSingleByte ? leastBytes : leastOfPairs);
    }

    /// <summary>What browsers encode the queries of a page's links in (URL Standard, section 4.4): the page's own encoding, where that is said and is an older one; null: UTF-8.</summary>
    /// <param name="text">The page, decoded.</param>
    public static Encoding? QueriesOf(string text, string? contentType)
    {
        Encoding? said = EncodingSniffer.OfContentType(contentType) ?? EncodingSniffer.Declared(Encoding.Latin1.GetBytes(text[..Math.Min(text.Length, EncodingSniffer.Prescan)]));
        // ISO-2022-JP has no bytes of a character alone.
        return said is null or UTF8Encoding or UnicodeEncoding || said.CodePage == Japanese2022 ? null : said;
    }

    /// <summary>Whether a Content-Type header, if there is one that names a type, allows HTML.</summary>
    public static bool MayBeHtml(string? contentType) =>
        string.IsNullOrWhiteSpace(contentType) || !contentType.Contains('/', StringComparison.Ordinal) || contentType.Contains("html", StringComparison.OrdinalIgnoreCase) || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) || contentType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the text starts as, or soon holds, markup.</summary>
    public static bool LooksLikeHtml(string text)
    {
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, 4096));
        foreach (string tag in (string[])["<html", "<!doctype html", "<head", "<body", "<div", "<meta", "<title", "<h1", "<p", "<a ", "<script", "<table", "<span", "<ul", "<section", "<article", "<main", "<link", "<ol", "<img"])
            if (head.Contains(tag, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>Whether a decoded body is no text at all: packed, encrypted or a file of another kind.</summary>
    public static bool LooksBinary(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int looked = 1024, mostStrange = 5;
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, looked));
        int strange = 0;
        foreach (char c in head)
            if (c == '\uFFFD' || (char.IsControl(c) && c is not ('\t' or '\n' or '\f' or '\r' or '\u0085'))) strange++;
        return strange * 100 > head.Length * mostStrange;
    }

    /// <summary>Whether there are at least ten whole characters of several bytes for each byte that is none: what was copied in from elsewhere spoils no page.</summary>
    private static bool IsMostlyUtf8(ReadOnlySpan<byte> body)
    {
        const int least = 10;
        (int whole, int broken) = Counted(body);
        return whole >= least * broken;
    }

    /// <summary>How many characters of several bytes there are, and how many bytes that are none; one that is cut at the end counts for neither.</summary>
    private static (int Whole, int Broken) Counted(ReadOnlySpan<byte> body)
    {
        int whole = 0, broken = 0;
        while (body.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var at)
        {
            body = body[at..];
            OperationStatus status = Rune.DecodeFromUtf8(body, out _, out int length);
            if (status == OperationStatus.Done) whole++;
            else if (status != OperationStatus.NeedMoreData) broken++;
            body = body[length..];
        }
        return (whole, broken);
    }

    /// <summary>Whether the bytes are UTF-8, but for a character that is cut at the end.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> body)
    {
        if (Utf8.IsValid(body)) return true;
        for (int cut = 1; cut < 4 && cut <= body.Length; cut++)
        {
            int length = body[^cut] switch { > 0xF4 => 0, >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC2 => 2, _ => 0 };
            if (length > cut) return !body[^cut..][1..].ContainsAnyExceptInRange((byte)0x80, (byte)0xBF) && Utf8.IsValid(body[..^cut]);
            if (body[^cut] is < 0x80 or > 0xBF) return false;
        }
        return false;
    }
}

using System.IO.Compression;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Discovery;

/// <summary>What a list for programs is: a sitemap in one of its forms, a shop software's list of products, or the description of a site's search.</summary>
public enum SitemapFormat { UrlSet, Index, Rss, Atom, PlainText, ProductFeed, SearchDescription, Unknown }

/// <summary>A page that a sitemap names.</summary>
/// <param name="Url">Absolute, as written, white space removed.</param>
/// <param name="LastModified">Null if absent or malformed.</param>
/// <param name="Images">Pictures that the sitemap attaches to the page.</param>
public sealed record SitemapEntry(string Url, DateTimeOffset? LastModified, IReadOnlyList<string> Images)
{
    /// <summary>What the list calls the page; null where it does not say.</summary>
    public string? Title { get; init; }
}

/// <param name="Pages">At most <see cref="SitemapReader.MaxEntries"/>, in their order, without repeats.</param>
/// <param name="Sitemaps">Further sitemaps that an index names.</param>
/// <param name="Complete">False if the file ended early, was damaged or was longer than the limits.</param>
public sealed record SitemapContent(SitemapFormat Format, IReadOnlyList<SitemapEntry> Pages, IReadOnlyList<string> Sitemaps, bool Complete)
{
    /// <summary>The site's search, with <c>{words}</c> where its words go; null where the file describes none.</summary>
    public string? Search { get; init; }
}

/// <summary>
/// Reads a sitemap in any of its forms (sitemaps.org 0.9, RSS, Atom, plain text; packed or not), and what else a shop hands to programs: lists of products (Shopify,
/// WooCommerce) and the description of its search (OpenSearch). Damaged files give what can be read of them.
/// No document type is processed, so that entities can neither grow nor reach out. Never throws on content; time and memory grow linearly with the size.
/// </summary>
public static class SitemapReader
{
    /// <summary>Most pages of one file, the protocol's limit.</summary>
    public const int MaxEntries = 50_000;

    /// <summary>Most bytes after decompression, the protocol's limit.</summary>
    public const int MaxBytes = 50 << 20;

    private const int MaxLayers = 3;

    /// <param name="body">The bytes as received; gzip is recognised by its first bytes.</param>
    /// <param name="url">Where the file was found, for relative references.</param>
    public static SitemapContent Read(ReadOnlyMemory<byte> body, string url, string? contentType = null)
    {
        bool whole = true;
        // A packed file that the server packs once more, or labels as packed although it is the file that is, comes packed twice.
        for (int layers = 0; layers < MaxLayers && body.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]); layers++)
        {
            (body, bool unpacked) = Unpack(body);
            whole &= unpacked;
        }
        if (body.Length > MaxBytes) (body, whole) = (body[..MaxBytes], false);
        string text = PageText.Decode(body.Span, EncodingSniffer.Declared(body.Span) is null ? contentType : null).TrimStart('\uFEFF', ' ', '\t', '\r', '\n', '\0');
        SitemapContent content = text switch
        {
            ['<', ..] => SearchDescription.Read(text) is { } search ? new(SitemapFormat.SearchDescription, [], [], true) { Search = search } : SitemapMarkup.Read(text, url),
            ['{' or '[', ..] => ProductFeed.Read(text, url) ?? new(SitemapFormat.Unknown, [], [], true),
            _ => Lines(text, url),
        };
        return whole ? content : content with { Complete = false };
    }

    /// <summary>Plain text; where it names no page, what follows a message that the server's software put before the file.</summary>
    private static SitemapContent Lines(string text, string url)
    {
        SitemapContent plain = PlainText(text, url);
        int markup = plain.Pages.Count > 0 ? -1 : text.IndexOf('<', StringComparison.Ordinal);
        return markup < 0 ? plain : SitemapMarkup.Read(text[markup..], url);
    }

    private static SitemapContent PlainText(string text, string url)
    {
        List<SitemapEntry> pages = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            // Of a table the first column.
            if (trimmed.IndexOf('\t') is >= 0 and var tab) trimmed = trimmed[..tab].TrimEnd();
            if (!trimmed.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !trimmed.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) continue;
            string page = trimmed.ToString();
            if (WebUrl.TryParse(page) is null || !seen.Add(page)) continue;
            if (pages.Count == MaxEntries) return new(SitemapFormat.PlainText, pages, [], false);
            pages.Add(new SitemapEntry(page, null, []));
        }
        return new(pages.Count > 0 ? SitemapFormat.PlainText : SitemapFormat.Unknown, pages, [], true);
    }

    private static (ReadOnlyMemory<byte> Body, bool Whole) Unpack(ReadOnlyMemory<byte> packed)
    {
        using GZipStream members = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        (byte[] body, bool whole) = Unpack(members);
        // What the trailer says of the content may be wrong where the content is not.
        if (whole || body.Length == MaxBytes || GzipMember.Open(packed) is not { } first) return (body, whole);
        using (first)
        {
            (byte[] Body, bool Whole) bare = Unpack(first);
            return bare.Body.Length > body.Length ? bare : (body, whole);
        }
    }

    private static (byte[] Body, bool Whole) Unpack(Stream from)
    {
        using MemoryStream to = new();
        byte[] buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = from.Read(buffer)) > 0)
            {
                int room = MaxBytes - (int)to.Length;
                to.Write(buffer, 0, Math.Min(read, room));
                if (read > room) return (to.ToArray(), false);
            }
            return (to.ToArray(), true);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return (to.ToArray(), false);
        }
    }
}

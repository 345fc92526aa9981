using System.Globalization;
using System.Net;
using System.Text;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>Collects the entries of one sitemap, index or feed. Not safe for concurrent use.</summary>
internal sealed class SitemapMarkup(string url)
{
    private readonly List<SitemapEntry> _pages = [];
    private readonly List<string> _sitemaps = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly WebUrl? _start = WebUrl.TryParse(url);
    private readonly List<string> _images = [];
    private readonly StringBuilder _text = new();
    private SitemapFormat _format = SitemapFormat.Unknown;
    private string? _loc;
    private string? _guid;
    private string? _link;
    private DateTimeOffset? _modified;
    private bool _inImage;
    private bool _inEntry;
    private bool _isSitemap;
    private bool _guidIsLink;
    private bool _full;
    private bool _rootClosed;

    public static SitemapContent Read(string text, string url)
    {
        SitemapMarkup reader = new(url);
        MarkupScanner scanner = new(text);
        while (!reader._full && scanner.Next())
        {
            if (scanner.Kind == MarkupKind.Open) reader.Open(ref scanner);
            else if (scanner.Kind == MarkupKind.Close) reader.Close(scanner.Name);
            else reader.AppendText(ref scanner);
            if (reader._format == SitemapFormat.Unknown && scanner.Kind == MarkupKind.Open && scanner.Name is "html" or "body") break;
        }
        // An entry that the end cut off still counts if its location was whole.
        reader.Finish();
        return new SitemapContent(reader._format, reader._pages, reader._sitemaps, reader._rootClosed && !reader._full && !scanner.Cut);
    }

    private void AppendText(scoped ref MarkupScanner scanner)
    {
        if (_text.Length < 8192) _text.Append(scanner.Verbatim ? scanner.Value.ToString() : WebUtility.HtmlDecode(scanner.Value.ToString()));
    }

    private void Open(scoped ref MarkupScanner scanner)
    {
        _text.Clear();
        switch (scanner.Name)
        {
            case "urlset": _format = SitemapFormat.UrlSet; break;
            case "sitemapindex": _format = SitemapFormat.Index; break;
            case "rss" or "rdf": _format = SitemapFormat.Rss; break;
            case "feed": _format = SitemapFormat.Atom; break;
            case "url" or "sitemap" or "item" or "entry":
                Finish();
                (_inEntry, _isSitemap) = (true, scanner.Name == "sitemap");
                // RSS 1.0 names an item by what it is about.
                if (scanner.Name == "item") _guid = scanner.Attribute("rdf:about");
                break;
            case "image" or "video" or "news": _inImage = !scanner.Empty; break;
            case "guid": _guidIsLink = !"false".Equals(scanner.Attribute("isPermaLink"), StringComparison.OrdinalIgnoreCase); break;
            case "link" when _format == SitemapFormat.Atom && _inEntry && scanner.Attribute("rel") is null or "alternate":
                _link ??= scanner.Attribute("href");
                break;
        }
    }

    private void Close(string name)
    {
        string text = _text.ToString().Trim();
        _text.Clear();
        switch (name)
        {
            case "loc" when _inImage:
                if (text.Length > 0) _images.Add(text);
                break;
            case "loc" when !_inEntry && _format is SitemapFormat.UrlSet or SitemapFormat.Index:
                // An address that stands alone.
                (_inEntry, _isSitemap, _loc) = (true, _format == SitemapFormat.Index, text);
                Finish();
                break;
            case "loc": _loc ??= text; break;
            case "link" when _inEntry && text.Length > 0: _link ??= text; break;
            case "guid" when _guidIsLink: _guid ??= text; break;
            case "id" when _inEntry && text.StartsWith("http", StringComparison.OrdinalIgnoreCase): _guid ??= text; break;
            case "lastmod" or "updated" or "modified" or "pubdate": _modified ??= Date(text); break;
            case "image" or "video" or "news": _inImage = false; break;
            // Lists for shopping portals.
            case "image_link" or "additional_image_link" when text.Length > 0: _images.Add(text); break;
            case "url" or "sitemap" when _loc is null && text.StartsWith("http", StringComparison.OrdinalIgnoreCase):
                _loc = text;
                Finish();
                break;
            case "url" or "sitemap" or "item" or "entry": Finish(); break;
            case "urlset" or "sitemapindex" or "rss" or "rdf" or "feed": _rootClosed = true; break;
        }
    }

    private void Finish()
    {
        // Lists that were escaped twice.
        string? target = (_format is SitemapFormat.UrlSet or SitemapFormat.Index or SitemapFormat.Unknown ? _loc : _link ?? _guid)?.Replace("&amp;", "&", StringComparison.Ordinal);
        if (_inEntry && target is { Length: > 0 } && WebUrl.TryParse(target, _start) is { } parsed && _seen.Add(parsed.ToString())) Keep(parsed);
        (_loc, _link, _guid, _modified, _inEntry, _inImage) = (null, null, null, null, false, false);
        _images.Clear();
    }

    private void Keep(WebUrl url)
    {
        string target = url.ToString();
        if (_pages.Count + _sitemaps.Count >= SitemapReader.MaxEntries)
        {
            _full = true;
        }
        else if (_isSitemap || (_format == SitemapFormat.Index && IsSitemapAddress(url)))
        {
            _sitemaps.Add(target);
        }
        else
        {
            if (_format == SitemapFormat.Unknown) _format = SitemapFormat.UrlSet;
            string[] images = [.. _images.Select(i => WebUrl.TryParse(i, _start)?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal)];
            _pages.Add(new SitemapEntry(target, _modified, images));
        }
    }

    /// <summary>Whether what an index lists as a page, by mistake, is a sitemap nevertheless.</summary>
    private static bool IsSitemapAddress(WebUrl url) =>
        url.Path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || url.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || url.Path.Contains("sitemap", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset? Date(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset date) ? date : null;
}

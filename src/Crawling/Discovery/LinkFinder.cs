using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Discovery;

/// <summary>A link to a page of the same site.</summary>
/// <param name="Url">By which the page is asked for (<see cref="CanonicalUrl.Address"/>).</param>
/// <param name="Identity">By which it is told from others (<see cref="CanonicalUrl.Text"/>).</param>
/// <param name="NoFollow">The site asks search engines not to credit it; such links come last.</param>
/// <param name="TurnsPage">It leads to another page of the list that names it.</param>
/// <param name="Written">As every link on the page writes it, with what only arranges; null where one writes it plainly.</param>
/// <param name="Text">What the page calls it, at most 200 characters.</param>
public sealed record FoundLink(string Url, string Identity, string Host, int Priority, bool NoFollow, string? SkipReason, bool TurnsPage = false, string? Text = null, string? Written = null);

/// <param name="Canonical">The page's own wish for its URL, on the same site; null if none is stated.</param>
/// <param name="OffSite">How many links lead to other sites.</param>
/// <param name="Refresh">Where the page sends its visitor by itself, on whatever site; null if nowhere.</param>
/// <param name="AsksPassword">It has a field for a password.</param>
/// <param name="Search">The shop's own search, with <c>{words}</c> where its words go; null where the page has none.</param>
public sealed record FoundLinks(IReadOnlyList<FoundLink> Links, string? Canonical, int OffSite, string? Refresh, bool AsksPassword = false, string? Search = null)
{
    /// <summary>The document that describes the shop's search, where the page names one and shows no search itself.</summary>
    public string? SearchDescription { get; init; }

    /// <summary>The software that the shop runs on; null where the page does not tell.</summary>
    public ShopPlatform? Platform { get; init; }

    /// <summary>Where that software hands out its products for programs, with <c>{words}</c> where it is asked for some; null where it does not.</summary>
    public string? Feed { get; init; }

    /// <summary>Whether nothing but itself, information and what is left out can be reached from the page.</summary>
    public bool LeadNowhere(string own) => Links.All(l => l.SkipReason is not null || l.Priority <= LinkRules.InformationPriority || l.Identity == own || l.Identity.Count(c => c == '/') == 3 && l.Identity.EndsWith('/'));
}

/// <summary>
/// Finds the links of a page that stay on its site (<c>www.</c> or not is one site): anchors, areas, frames, next and canonical, and lists in JSON-LD.
/// Never throws on content; safe for concurrent use.
/// </summary>
public static class LinkFinder
{
    /// <summary>Most links of one page; the rest is left.</summary>
    public const int MaxLinks = 5000;

    /// <summary>A page with fewer is asked for what its scripts name.</summary>
    private const int FewLinks = 5;

    // Characters of the script of a page that only sends elsewhere, and of what it says meanwhile.
    private const int LongestScript = 8_000, LongestNotice = 400;

    private static readonly Regex ItemUrl = new("\"(?:url|item|@id)\"\\s*:\\s*\"((?:https?:|\\\\?/)[^\"\\s]+)\"", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    // What a click does where no link says it.
    private static readonly Regex Click = new("(?:location(?:\\.href)?\\s*=|location\\.(?:assign|replace)\\(|window\\.open\\()\\s*['\"]([^'\"\\s]+)['\"]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex StateUrl = new("\"(?:url|href|link|permalink|path|to)\"\\s*:\\s*\"((?:https?:\\\\?/)?\\\\?/[^\"\\s]+)\"", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex Empty = new(@"\p{L}[^()\n]*[(\[]\s*0\s*[)\]]$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <param name="pageUrl">The page's URL after redirects.</param>
    public static FoundLinks Find(string html, string pageUrl)
    {
        using IHtmlDocument document = PageParser.Parse(html);
        return Find(document, pageUrl);
    }

    /// <summary>Finds the links of a page that was parsed, and changes nothing in it.</summary>
    /// <param name="queries">What the page's queries are encoded in; null: UTF-8.</param>
    internal static FoundLinks Find(IHtmlDocument document, string pageUrl, Encoding? queries = null)
    {
        if (WebUrl.TryParse(pageUrl) is not { } page) return new FoundLinks([], null, 0, null);
        WebUrl start = DeclaredStart(document, page);
        Collector found = new(page, start, queries);
        bool pageNoFollow = document.QuerySelector("meta[name=robots i]")?.GetAttribute("content")?.Contains("nofollow", StringComparison.OrdinalIgnoreCase) == true;
        foreach (IElement element in document.QuerySelectorAll("a[href], area[href], link[rel=next][href], link[rel=prev][href], frame[src], iframe[src], [data-href], [onclick*=location], [onclick*='window.open']"))
        {
            string rel = element.GetAttribute("rel") ?? "";
            bool noFollow = pageNoFollow || rel.Contains("nofollow", StringComparison.OrdinalIgnoreCase);
            bool next = rel.Contains("next", StringComparison.OrdinalIgnoreCase);
            string? target = element.GetAttribute("href") ?? element.GetAttribute("src") ?? element.GetAttribute("data-href");
            if (target is null or "#" && Click.Match(element.GetAttribute("onclick") ?? "") is { Success: true } click) target = click.Groups[1].Value;
            if (target is not null) found.Add(target, noFollow, next ? LinkRules.ListPriority : 0, next || rel.Contains("prev", StringComparison.OrdinalIgnoreCase) || IsPageNumber(element), element.TextContent);
        }
        foreach (IElement script in document.QuerySelectorAll("script[type='application/ld+json' i]"))
        {
            if (!script.TextContent.Contains("ItemList", StringComparison.Ordinal)) continue;
            foreach (Match match in ItemUrl.EnumerateAll(script.TextContent))
                found.Add(match.Groups[1].Value.Replace("\\/", "/", StringComparison.Ordinal), false, LinkRules.ProductPriority);
        }
        if (found.Links.Count < FewLinks) AddState(document, found);
        string? canonical = document.QuerySelector("link[rel=canonical][href]")?.GetAttribute("href") is { } href ? found.SameSite(href)?.Text : null;
        string? refresh = document.QuerySelectorAll("meta[http-equiv=refresh i]").Where(static meta => meta.Closest("noscript") is null).Select(meta => RefreshTarget.Of(meta.GetAttribute("content"), pageUrl, start.ToString())).FirstOrDefault(target => target is not null);
        refresh ??= ByScript(document, pageUrl, start, found);
        ShopPlatform? platform = ShopPlatforms.Of(document);
        string? search = ShopSearch.Find(document, start), described = search is null ? ShopSearch.Description(document, page, start) : null;
        if (search is null && described is null && platform is { } known) search = ShopPlatforms.SearchOf(known, start);
        return new FoundLinks(found.Links, canonical, found.OffSite, refresh, document.QuerySelector("input[type=password i]") is not null, search)
        {
            SearchDescription = described,
            Platform = platform,
            Feed = platform is { } software ? ShopPlatforms.FeedOf(software, document, page, start) : null,
        };
    }

    /// <summary>Of a page that has next to no links: what the state that its scripts begin with names, as far as it looks like a product or a list.</summary>
    private static void AddState(IHtmlDocument document, Collector found)
    {
        foreach (IElement script in document.QuerySelectorAll("script:not([src])"))
            foreach (Match match in StateUrl.EnumerateAll(script.TextContent))
                found.AddLikely(match.Groups[1].Value.Replace("\\/", "/", StringComparison.Ordinal));
    }

    /// <summary>Where a page that holds nothing but a script of its own sends its visitor.</summary>
    private static string? ByScript(IHtmlDocument document, string pageUrl, WebUrl start, Collector found)
    {
        if (found.Links.Count > 0 || document.QuerySelector("script[src],form") is not null || document.Body is not { } body || VisibleText.Of(body).Length > LongestNotice) return null;
        string script = string.Join('\n', document.QuerySelectorAll("script").Select(static s => s.TextContent).Append(body.GetAttribute("onload")));
        return script.Length <= LongestScript && Click.Match(script) is { Success: true } click ? RefreshTarget.Of($"0;url={click.Groups[1].Value}", pageUrl, start.ToString()) : null;
    }

    /// <summary>Whether the link is one of the numbers under a list.</summary>
    private static bool IsPageNumber(IElement element)
    {
        string text = element.TextContent.Trim();
        if (text.Length is 0 or > 4 || !text.All(char.IsAsciiDigit)) return false;
        IElement? at = element;
        for (int levels = 0; at is not null && levels < 5; at = at.ParentElement, levels++)
            if (at.ClassName?.Contains("pag", StringComparison.OrdinalIgnoreCase) == true || at.Id?.Contains("pag", StringComparison.OrdinalIgnoreCase) == true) return true;
        return false;
    }

    /// <summary>Whether a link's text says that the list it leads to holds nothing: "Printers (0)".</summary>
    internal static bool SaysEmpty(string text) => Empty.IsMatch(text);

    /// <summary>Whether two hosts are one site: equal but for <c>www.</c></summary>
    public static bool IsSameSite(string host, string other) => Bare(host).Equals(Bare(other), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Bare(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host.AsSpan(4) : host;

    private static WebUrl DeclaredStart(IHtmlDocument document, WebUrl page) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { Length: <= 2_048 } href && WebUrl.TryParse(href, page) is { } start ? start : page;

    private static IEnumerable<Match> EnumerateAll(this Regex pattern, string text)
    {
        for (Match match = pattern.Match(text); match.Success; match = match.NextMatch()) yield return match;
    }

    private sealed class Collector(WebUrl page, WebUrl start, Encoding? queries)
    {
        private readonly Dictionary<string, FoundLink> _links = new(StringComparer.Ordinal);

        public IReadOnlyList<FoundLink> Links => [.. _links.Values];

        public int OffSite { get; private set; }

        public void AddLikely(string href)
        {
            if (CanonicalUrl.TryCreate(href, start.ToString(), null, queries) is { } url && LinkRules.Judge(WebUrl.TryParse(url.Text)!) is { SkipReason: null, IsAsset: false, Priority: >= LinkRules.ListPriority }) Add(href, false, 0);
        }

        public void Add(string href, bool noFollow, int atLeast, bool turnsPage = false, string? text = null)
        {
            if (_links.Count >= MaxLinks || href.Length > 10_000) return;
            if (CanonicalUrl.TryCreate(href, start.ToString(), null, queries) is not { } url) return;
            if (!IsSameSite(url.Host, page.Host))
            {
                OffSite++;
                return;
            }
            LinkView view = LinkRules.Judge(WebUrl.TryParse(url.Text)!);
            if (view.IsAsset) return;
            string? written = null;
            // What only arranges a list is left out of its address: it shows the same things.
            if (view.SkipReason is null && WebUrl.TryParse(url.Address) is { } address && QueryShape.Of(address) is var shape)
            {
                turnsPage |= shape.TurnsPage;
                if (!ReferenceEquals(shape.Plain, address))
                {
                    written = url.Address;
                    url = CanonicalUrl.TryCreate(shape.Plain.ToString())!;
                    view = LinkRules.Judge(WebUrl.TryParse(url.Text)!);
                }
            }
            int priority = view.SkipReason is null ? Math.Max(view.Priority, atLeast) : 0;
            if (noFollow) priority /= 2;
            if (_links.TryGetValue(url.Text, out FoundLink? known) && written is null && known.Written is not null) _links[url.Text] = known = known with { Written = null };
            if (known is null || known.Priority < priority)
                _links[url.Text] = new FoundLink(known?.Url ?? url.Address, url.Text, url.Host, priority, noFollow && known?.NoFollow != false, view.SkipReason, turnsPage || known?.TurnsPage == true, Name(known?.Text, text?.Trim()), known is null ? written : known.Written);
        }

        /// <summary>The first name that a link has, unless it only says that nothing is there and another does not.</summary>
        private static string? Name(string? known, string? text)
        {
            if (known is { Length: > 0 } && !(SaysEmpty(known) && text?.Length > 0)) return known;
            return text?.Length > 200 ? text[..200] : text;
        }

        public CanonicalUrl? SameSite(string href) =>
            CanonicalUrl.TryCreate(href, start.ToString(), null, queries) is { } url && IsSameSite(url.Host, page.Host) ? url : null;
    }
}

using System.Collections.Concurrent;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling;

/// <summary>Adds what pages and sitemaps name to the frontier, within the run's bounds; what lies beyond them is kept as skipped. Safe for concurrent use.</summary>
/// <param name="allows">Whether a site's robots rules let a URL be asked for.</param>
internal sealed class CrawlDiscovery(CrawlRequest request, IFrontierStore frontier, CrawlCounters counters, Func<string, CancellationToken, Task<bool>> allows)
{
    // Of a sitemap's pages the latest changed come before the others of their kind.
    private const int MostForRecency = 8;

    private readonly ConcurrentDictionary<string, int> _sitemaps = new(StringComparer.OrdinalIgnoreCase);
    private const int MostSeen = 500_000;

    // By identity; false: only seen too deep so far.
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private int _known;
    private readonly LinkYield _yield = new(request.MaxQueriesPerPath);
    private readonly ReadListings _listings = new();
    private readonly OfferAddresses _offers = new();
    private readonly WantedWords _wanted = new(request.Words);

    /// <summary>Why the URL need not be asked for after what the run has read; null where it is to be. What is to be asked for in its place is added.</summary>
    public async Task<string?> WhyNotAsync(FrontierUrl url, CancellationToken cancellationToken)
    {
        if (url.Kind != FrontierKind.Page || url.Depth == 0 || WebUrl.TryParse(url.Url) is not { } address) return null;
        if (_listings.Covers(address) || IsReadHome(address)) return "same-page";
        if (_yield.Of(address) is not { } exhausted) return null;
        if (exhausted.Instead is { } plain && CanonicalUrl.TryCreate(plain.ToString()) is { } instead && IsNew(instead.Text))
            await AddAsync([new FrontierUrl(instead.Address, instead.Host, FrontierKind.Page, LinkRules.Judge(plain).Priority, url.Depth, url.DiscoveredFrom)], cancellationToken);
        return exhausted.Reason;
    }

    /// <summary>The offer of a page, as <see cref="ReadListings.Take"/> says.</summary>
    public (ListingFacts Facts, bool Repeated) Take(string page, ListingFacts facts) => _listings.Take(page, facts);

    /// <param name="offers">Whether the page offers something that the run had not read.</param>
    /// <param name="isListing">Whether it offers something at all.</param>
    public async Task AddPageAsync(FrontierUrl page, FoundLinks found, bool offers, bool isListing, CancellationToken cancellationToken)
    {
        List<FrontierUrl> urls = [];
        if (CanonicalUrl.TryCreate(page.Url) is { } own) IsNew(own.Text);
        bool gained = offers;
        foreach (FoundLink link in found.Links)
        {
            // A link that the rules refuse as it is written is not made another one.
            if (link.Written is { } written && !await allows(written, cancellationToken))
            {
                if (CanonicalUrl.TryCreate(written) is { } refused && IsNew(refused.Text)) urls.Add(new FrontierUrl(refused.Address, refused.Host, FrontierKind.Page, 0, page.Depth + 1, page.Url, "robots"));
                continue;
            }
            // The later pages of a list are as near as its first.
            int depth = link.TurnsPage ? page.Depth : page.Depth + 1;
            string? skip = link.SkipReason ?? TooDeep(depth);
            if (!IsNew(link.Identity, skip == FrontierUrl.TooDeep)) continue;
            urls.Add(new FrontierUrl(link.Url, link.Host, FrontierKind.Page, Priority(link, page), depth, page.Url, skip));
            gained |= link is { SkipReason: null, Priority: > LinkRules.InformationPriority } && !LinkYield.IsVariation(WebUrl.TryParse(link.Url)!);
        }
        if (!isListing && found.Canonical is { } canonical && _listings.TakeList(page.Url, canonical) && CanonicalUrl.TryCreate(canonical) is { } named && IsNew(named.Text))
        {
            LinkView view = LinkRules.Judge(WebUrl.TryParse(canonical)!);
            urls.Add(new FrontierUrl(named.Address, named.Host, FrontierKind.Page, view.Priority, page.Depth + 1, page.Url, view.SkipReason ?? TooDeep(page.Depth + 1)));
        }
        WebUrl read = WebUrl.TryParse(page.Url)!;
        _yield.Read(read, gained);
        if (page.Depth > 0 && _offers.Read(read, isListing)) await frontier.MoveUpAsync(request.RunId, page.Host, url => WebUrl.TryParse(url) is { } waiting && IsLearnt(waiting), LinkRules.ProductPriority - LinkRules.OtherPriority, cancellationToken);
        if (page.Depth == 0) urls.AddRange(Doors(page, found));
        await AddAsync(urls, cancellationToken);
    }

    public Task AddSitemapAsync(FrontierUrl sitemap, SitemapContent content, CancellationToken cancellationToken)
    {
        List<FrontierUrl> urls = [];
        if (CanonicalUrl.TryCreate(sitemap.Url) is { } own) IsNew(own.Text);
        foreach (string further in content.Sitemaps)
            if (CanonicalUrl.TryCreate(further) is { } url && IsNew(url.Text)) urls.Add(new FrontierUrl(url.Address, url.Host, FrontierKind.Sitemap, sitemap.Priority, sitemap.Depth + 1, sitemap.Url, TooManySitemaps(url.Host)));
        DateTimeOffset[] dates = [.. content.Pages.Select(e => e.LastModified).OfType<DateTimeOffset>().Distinct().Order()];
        foreach (SitemapEntry entry in content.Pages)
        {
            if (CanonicalUrl.TryCreate(entry.Url) is not { } url || !IsNew(url.Text)) continue;
            LinkView view = LinkRules.Judge(WebUrl.TryParse(url.Text)!);
            if (view.IsAsset) continue;
            string? skip = IsInScope(url.Host, sitemap) ? view.SkipReason : "off-site";
            int recency = entry.LastModified is { } date && dates.Length > 1 ? MostForRecency * Array.BinarySearch(dates, date) / (dates.Length - 1) : 0;
            // The site's own list of its pages is nearer to the start than any chain of links; what its search found is what is wanted.
            double wanted = sitemap.Priority == LinkRules.SearchFeedPriority ? 1 : Math.Max(_wanted.In(entry.Url), _wanted.In(entry.Title ?? ""));
            int kind = content.Format == SitemapFormat.ProductFeed ? Math.Max(view.Priority, LinkRules.ProductPriority - 10) : LinkRules.InSitemap(view.Priority, sitemap.Url, entry.Images.Count > 0);
            urls.Add(new FrontierUrl(url.Address, url.Host, FrontierKind.Page, kind + 1 + recency + (int)(LinkRules.WantedBonus * wanted), 1, sitemap.Url, skip));
        }
        if (content.Search is { } search) urls.AddRange(Searches(sitemap, search));
        return AddAsync(urls, cancellationToken);
    }

    public async Task AddAsync(IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        if (urls.Count > 0) counters.Added(await frontier.AddAsync(request.RunId, request.Worker, urls, cancellationToken));
    }

    /// <summary>One page is asked for by the first address that names it. Spares the database the menu that every page of a shop repeats.</summary>
    /// <param name="tooDeep">It is too far from the start by this way, and may be nearer by another.</param>
    private bool IsNew(string identity, bool tooDeep = false)
    {
        if (Volatile.Read(ref _known) > MostSeen) return true;
        if (_seen.TryAdd(identity, !tooDeep))
        {
            Interlocked.Increment(ref _known);
            return true;
        }
        return !tooDeep && _seen.TryUpdate(identity, true, false);
    }

    /// <summary>A sitemap may lie on another host; the pages it names count only on the sites of the run or on its own.</summary>
    private bool IsInScope(string host, FrontierUrl sitemap) =>
        LinkFinder.IsSameSite(host, sitemap.Host) || request.StartUrls.Any(s => CanonicalUrl.TryCreate(s) is { } start && LinkFinder.IsSameSite(host, start.Host));

    /// <summary>The priority of a link, after what the run has learned of addresses of its shape where its spelling tells nothing.</summary>
    private int OfShape(FoundLink link)
    {
        if (link is not { SkipReason: null, Priority: LinkRules.OtherPriority }) return link.Priority;
        WebUrl url = WebUrl.TryParse(link.Url)!;
        return _offers.Has(url) ? LinkRules.ProductPriority : _offers.IsTrial(url) ? LinkRules.TrialPriority : link.Priority;
    }

    /// <summary>Whether an address of which the spelling tells nothing looks like those of the offers that were read.</summary>
    private bool IsLearnt(WebUrl url) => LinkRules.Judge(url) is { SkipReason: null, Priority: LinkRules.OtherPriority } && _offers.Has(url);

    /// <summary>Whether it is the front page under another name, and the run began at the front page.</summary>
    private bool IsReadHome(WebUrl url) =>
        LinkRules.IsHome(url) && request.StartUrls.Any(s => CanonicalUrl.TryCreate(s) is { } start && LinkFinder.IsSameSite(start.Host, url.Host) && WebUrl.TryParse(start.Text) is { Path: "/", Query: null });

    private string? TooDeep(int depth) => depth > request.MaxDepth ? FrontierUrl.TooDeep : null;

    private int Priority(FoundLink link, FrontierUrl page)
    {
        if (link.SkipReason is not null || link.Priority >= LinkRules.ProductPriority || !LinkFinder.SaysEmpty(link.Text ?? ""))
        {
            return OfShape(link) + Wanted(link, page);
        }
        _yield.SaidEmpty(link.Url);
        return Math.Min(link.Priority, LinkRules.EmptyPriority);
    }

    /// <summary>What the shop's own search finds, and what names what is looked for, comes first.</summary>
    private int Wanted(FoundLink link, FrontierUrl page) => link.SkipReason is not null || link.Priority <= LinkRules.InformationPriority ? 0
        : page.Priority == LinkRules.SearchPriority ? LinkRules.WantedBonus
        : (int)(LinkRules.WantedBonus * Math.Max(_wanted.In(link.Url), _wanted.In(link.Text ?? "")));

    /// <summary>How a shop's front page says that it is asked: by its own search, by the document that describes it, and by its software's lists of products.</summary>
    private IEnumerable<FrontierUrl> Doors(FrontierUrl page, FoundLinks found)
    {
        if (found.Search is { } search)
            foreach (FrontierUrl url in Searches(page, search)) yield return url;
        if (!request.UseSitemaps) yield break;
        if (found.SearchDescription is { } described && _wanted.Phrases.Count > 0 && List(page, described, LinkRules.SearchFeedPriority) is { } description) yield return description;
        if (found.Feed is not { } feed) yield break;
        bool asks = feed.Contains(ShopSearch.Words, StringComparison.Ordinal);
        // What is found for the words comes first; the whole list is there where nothing is looked for, or the list takes no words.
        IEnumerable<string> phrases = asks && _wanted.Phrases.Count > 0 ? _wanted.Phrases : [""];
        foreach (string phrase in phrases)
            if (List(page, feed.Replace(ShopSearch.Words, Uri.EscapeDataString(phrase), StringComparison.Ordinal), phrase.Length > 0 ? LinkRules.SearchFeedPriority : LinkRules.SitemapPriority) is { } url) yield return url;
    }

    private FrontierUrl? List(FrontierUrl page, string address, int priority) =>
        CanonicalUrl.TryCreate(address, page.Url) is { } url && LinkFinder.IsSameSite(url.Host, page.Host) && IsNew(url.Text) ? new FrontierUrl(url.Address, url.Host, FrontierKind.Sitemap, priority, 1, CrawlSeeds.GuessedFeed) : null;

    private IEnumerable<FrontierUrl> Searches(FrontierUrl page, string template)
    {
        foreach (string phrase in _wanted.Phrases)
            if (CanonicalUrl.TryCreate(template.Replace(ShopSearch.Words, Uri.EscapeDataString(phrase), StringComparison.Ordinal), page.Url) is { } url && LinkFinder.IsSameSite(url.Host, page.Host) && IsNew(url.Text))
                yield return new FrontierUrl(url.Address, url.Host, FrontierKind.Page, LinkRules.SearchPriority, 1, page.Url);
    }

    private string? TooManySitemaps(string host) => _sitemaps.AddOrUpdate(host, 1, (_, n) => n + 1) > request.MaxSitemapsPerHost ? "trap:sitemaps" : null;
}

using System.Collections.Concurrent;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling;

/// <summary>Adds what pages and sitemaps name to the frontier, within the run's bounds; what lies beyond them is kept as skipped. Safe for concurrent use.</summary>
internal sealed class CrawlDiscovery(CrawlRequest request, IFrontierStore frontier, CrawlCounters counters)
{
    private readonly ConcurrentDictionary<string, int> _queries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _sitemaps = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    public Task AddPageAsync(FrontierUrl page, FoundLinks found, CancellationToken cancellationToken)
    {
        int depth = page.Depth + 1;
        return AddAsync(
            [.. found.Links.Where(l => IsNew(l.Identity)).Select(l => new FrontierUrl(l.Url, l.Host, FrontierKind.Page, l.Priority, depth, page.Url, l.SkipReason ?? TooDeep(depth) ?? TooMany(l.Url)))],
            cancellationToken);
    }

    public Task AddSitemapAsync(FrontierUrl sitemap, SitemapContent content, CancellationToken cancellationToken)
    {
        List<FrontierUrl> urls = [];
        if (CanonicalUrl.TryCreate(sitemap.Url) is { } own) IsNew(own.Text);
        foreach (string further in content.Sitemaps)
            if (CanonicalUrl.TryCreate(further) is { } url && IsNew(url.Text)) urls.Add(new FrontierUrl(url.Address, url.Host, FrontierKind.Sitemap, LinkRules.SitemapPriority, sitemap.Depth + 1, sitemap.Url, TooManySitemaps(url.Host)));
        foreach (SitemapEntry entry in content.Pages)
        {
            if (CanonicalUrl.TryCreate(entry.Url) is not { } url || !IsNew(url.Text)) continue;
            LinkView view = LinkRules.Judge(WebUrl.TryParse(url.Text)!);
            if (view.IsAsset) continue;
            string? skip = IsInScope(url.Host, sitemap) ? view.SkipReason ?? TooMany(url.Text) : "off-site";
            // The site's own list of its pages is nearer to the start than any chain of links.
            urls.Add(new FrontierUrl(url.Address, url.Host, FrontierKind.Page, view.Priority + 1, 1, sitemap.Url, skip));
        }
        return AddAsync(urls, cancellationToken);
    }

    public async Task AddAsync(IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        if (urls.Count == 0) return;
        FrontierUrl[] skipped = [.. urls.Where(u => u.SkipReason is not null)];
        FrontierUrl[] pending = [.. urls.Where(u => u.SkipReason is null)];
        int waiting = await frontier.AddAsync(request.RunId, pending, cancellationToken);
        counters.Added(waiting, await frontier.AddAsync(request.RunId, skipped, cancellationToken));
    }

    /// <summary>One page is asked for by the first address that names it. Spares the database the menu that every page of a shop repeats.</summary>
    private bool IsNew(string identity) => _seen.Count > 500_000 || _seen.TryAdd(identity, true);

    /// <summary>A sitemap may lie on another host; the pages it names count only on the sites of the run or on its own.</summary>
    private bool IsInScope(string host, FrontierUrl sitemap) =>
        LinkFinder.IsSameSite(host, sitemap.Host) || request.StartUrls.Any(s => CanonicalUrl.TryCreate(s) is { } start && LinkFinder.IsSameSite(host, start.Host));

    private string? TooDeep(int depth) => depth > request.MaxDepth ? "depth" : null;

    private string? TooMany(string url)
    {
        int mark = url.IndexOf('?', StringComparison.Ordinal);
        return mark >= 0 && _queries.AddOrUpdate(url[..mark], 1, (_, n) => n + 1) > request.MaxQueriesPerPath ? "trap:queries" : null;
    }

    private string? TooManySitemaps(string host) => _sitemaps.AddOrUpdate(host, 1, (_, n) => n + 1) > request.MaxSitemapsPerHost ? "trap:sitemaps" : null;
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Touchstone.Crawling;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Fits what a run has still to read to its search, which somebody may have edited while the run was held: shops that were taken out are read no further, those that
/// were put back go on, and a larger budget lets what the smaller one dropped be read. New shops, and a smaller budget, the crawler sees itself. What was read stays.
/// </summary>
internal static class RunGround
{
    /// <summary>Done by whoever holds the run, before it begins; changes nothing where nothing was edited.</summary>
    public static async Task FitAsync(IDbContextFactory<TouchstoneDb> databases, RunLease lease, SearchRow search, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<FrontierRow> urls = db.Frontier.Where(f => f.RunId == lease.RunId && db.SearchRuns.Any(r => r.Id == f.RunId && r.Fence == lease.Fence));
        List<Root> roots = await urls.AsNoTracking().Where(f => f.Depth == 0).Select(f => new Root(f.Url, f.Host, f.Kind, f.DiscoveredFrom)).ToListAsync(cancellationToken);
        if (roots.Count == 0) return;
        await ShopsAsync(urls, roots, [.. search.ShopUrls.Split('\n').Select(u => CanonicalUrl.TryCreate(u)).OfType<CanonicalUrl>()], cancellationToken);
        await BudgetAsync(urls, search.PageBudget, cancellationToken);
    }

    private static async Task ShopsAsync(IQueryable<FrontierRow> urls, List<Root> roots, CanonicalUrl[] starts, CancellationToken cancellationToken)
    {
        Dictionary<string, Root> known = roots.ToDictionary(r => r.Url, StringComparer.Ordinal);
        var wanted = new HashSet<string>(starts.Select(s => s.Host).Concat(roots.Where(r => IsWanted(r, known, starts)).Select(r => r.Host)).Select(CanonicalUrl.SiteOf), StringComparer.OrdinalIgnoreCase);
        var gone = new HashSet<string>(roots.Select(r => CanonicalUrl.SiteOf(r.Host)).Where(s => !wanted.Contains(s)), StringComparer.OrdinalIgnoreCase);
        IQueryable<FrontierRow> waiting = urls.Where(f => f.State == FrontierState.Pending || f.State == FrontierState.Leased);
        IQueryable<FrontierRow> dropped = urls.Where(f => f.State == FrontierState.Skipped && f.Reason == CrawlReasons.ShopRemoved);
        if (gone.Count > 0)
        {
            foreach (string host in (await HostsAsync(waiting, cancellationToken)).Where(h => gone.Contains(CanonicalUrl.SiteOf(h))))
                await waiting.Where(f => f.Host == host).RevokeAsync(s => s.SetProperty(f => f.State, FrontierState.Skipped).SetProperty(f => f.Reason, CrawlReasons.ShopRemoved), cancellationToken);
        }
        foreach (string host in (await HostsAsync(dropped, cancellationToken)).Where(h => wanted.Contains(CanonicalUrl.SiteOf(h)))) await dropped.Where(f => f.Host == host).RevokeAsync(Again, cancellationToken);
    }

    /// <summary>Pages of shops of which fewer were read than the search lets be read now.</summary>
    private static async Task BudgetAsync(IQueryable<FrontierRow> urls, int pages, CancellationToken cancellationToken)
    {
        IQueryable<FrontierRow> dropped = urls.Where(f => f.State == FrontierState.Skipped && f.Reason == CrawlReasons.Budget);
        foreach (string host in await HostsAsync(dropped, cancellationToken))
        {
            if (await urls.CountAsync(f => f.Host == host && f.Kind == FrontierKind.Page && f.State == FrontierState.Done, cancellationToken) < pages)
                await dropped.Where(f => f.Host == host).RevokeAsync(Again, cancellationToken);
        }
    }

    private static Task<string[]> HostsAsync(IQueryable<FrontierRow> urls, CancellationToken cancellationToken) => urls.Select(f => f.Host).Distinct().ToArrayAsync(cancellationToken);

    private static void Again(UpdateSettersBuilder<FrontierRow> row) => row.SetProperty(f => f.State, FrontierState.Pending).SetProperty(f => f.Reason, (string?)null);

    /// <summary>Whether a URL is one of the starts, or what one led to: the shop's home on another host, a further page of a list, or a sitemap that the shop names.</summary>
    private static bool IsWanted(Root root, Dictionary<string, Root> known, CanonicalUrl[] starts)
    {
        if (root.Kind == FrontierKind.Sitemap) return starts.Any(s => LinkFinder.IsSameSite(s.Host, root.DiscoveredFrom?.EndsWith("/robots.txt", StringComparison.Ordinal) == true ? root.DiscoveredFrom.Split('/')[0] : root.Host));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (root.DiscoveredFrom is { } from && seen.Add(root.Url) && known.TryGetValue(from, out Root? earlier)) root = earlier;
        return starts.Any(s => s.Address == root.Url);
    }

    /// <summary>A URL from which reading begins.</summary>
    private sealed record Root(string Url, string Host, FrontierKind Kind, string? DiscoveredFrom);
}

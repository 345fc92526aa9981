using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Console.Searches;

/// <summary>How far a run is at one shop, in pages.</summary>
public sealed record ShopPages(string Host, int Read, int Waiting, int Failed)
{
    private const int MostShops = 20;

    /// <summary>The shops of a run, those with most pages first.</summary>
    public static async Task<IReadOnlyList<ShopPages>> OfRunAsync(TouchstoneDb db, long runId, CancellationToken cancellationToken)
    {
        List<HostCount> counts = await db.Frontier.AsNoTracking()
            .Where(x => x.RunId == runId && x.Kind == FrontierKind.Page && x.State != FrontierState.Skipped)
            .GroupBy(x => new { x.Host, x.State }).Select(g => new HostCount(g.Key.Host, g.Key.State, g.Count())).ToListAsync(cancellationToken);
        return [.. counts.GroupBy(x => x.Host, StringComparer.OrdinalIgnoreCase)
            .Select(g => new ShopPages(g.Key, Sum(g, FrontierState.Done), Sum(g, FrontierState.Pending) + Sum(g, FrontierState.Leased), Sum(g, FrontierState.Failed)))
            .OrderByDescending(x => x.Read + x.Waiting).Take(MostShops)];

        static int Sum(IEnumerable<HostCount> group, FrontierState state) => group.Where(x => x.State == state).Sum(x => x.Count);
    }

    private sealed record HostCount(string Host, FrontierState State, int Count);
}

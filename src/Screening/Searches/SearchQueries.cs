using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>A reason why part of a run's ground was not covered, with the number of URLs or listings and one of them.</summary>
public sealed record CoverageGap(string What, string Reason, int Count, string Example);

/// <summary>Reads what searches found; the same for console, API and command line.</summary>
public static class SearchQueries
{
    /// <summary>The hits on what a run saw, most probable first; also those that were known before.</summary>
    public static async Task<List<HitRow>> HitsOfRunAsync(TouchstoneDb db, long runId, CancellationToken cancellationToken)
    {
        SearchRunRow run = await db.SearchRuns.AsNoTracking().Include(r => r.Search).FirstAsync(r => r.Id == runId, cancellationToken);
        DateTimeOffset from = run.StartedAt ?? run.QueuedAt;
        IQueryable<string> hosts = db.Frontier.Where(f => f.RunId == runId).Select(f => f.Host).Distinct();
        return await db.Hits.AsNoTracking()
            .Include(h => h.Listing!).ThenInclude(l => l.Shop)
            .Include(h => h.Reference!).ThenInclude(r => r.Register)
            .Include(h => h.Match)
            .Where(h => h.Listing != null && h.Listing.LastSeenAt >= from && hosts.Contains(h.Listing.Shop!.Host))
            .Where(h => run.Search!.ReferenceId == null || h.ReferenceId == run.Search.ReferenceId)
            .OrderByDescending(h => h.Probability).ThenBy(h => h.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>What the run did not cover and why: skipped and failed URLs, pages that no browser showed, and listings without a verdict.</summary>
    public static async Task<List<CoverageGap>> GapsOfRunAsync(TouchstoneDb db, long runId, CancellationToken cancellationToken)
    {
        string?[] notRendered = [.. CrawlReasons.NotRendered];
        var urls = await db.Frontier.AsNoTracking()
            .Where(f => f.RunId == runId && (f.State == FrontierState.Skipped || f.State == FrontierState.Failed || notRendered.Contains(f.Reason)))
            .GroupBy(f => new { f.State, f.Reason })
            .Select(g => new { g.Key.State, g.Key.Reason, Count = g.Count(), Example = g.Min(f => f.Url) })
            .ToListAsync(cancellationToken);
        var listings = await db.Screenings.AsNoTracking()
            .Where(s => s.RunId == runId && s.Verdict == Verdict.Undetermined)
            .GroupBy(s => s.Reason)
            .Select(g => new { Reason = g.Key, Count = g.Count(), Example = g.Min(s => s.Listing!.Url) })
            .ToListAsync(cancellationToken);
        IEnumerable<CoverageGap> gaps = urls.Select(u => new CoverageGap(u.State switch { FrontierState.Skipped => "Skipped URLs", FrontierState.Failed => "Failed URLs", _ => "Pages not rendered" }, u.Reason ?? "no reason given", u.Count, u.Example ?? ""));
        return [.. gaps.Concat(listings.Select(l => new CoverageGap("Undetermined listings", l.Reason?.ToString() ?? "no reason given", l.Count, l.Example ?? ""))).OrderByDescending(g => g.Count)];
    }
}

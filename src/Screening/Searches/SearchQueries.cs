using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>A reason why part of a run's ground was not covered, with the number of URLs or listings and one of them.</summary>
public sealed record CoverageGap(string What, string Reason, int Count, string Example);

/// <summary>A shop of which no listing was read because its pages show nothing without a browser.</summary>
/// <param name="Host">The shop's host, with its port where that is not the usual one.</param>
/// <param name="Reason">Why no browser showed them; the most frequent reason where there are several.</param>
/// <param name="Pages">The pages that were fetched and not shown, at least 1.</param>
public sealed record UnsearchedShop(string Host, RenderFailure Reason, int Pages)
{
    /// <summary>What is wrong and the command that mends it, in plain words.</summary>
    public string Remedy => RenderRemedy.Of(Reason);
}

/// <summary>Reads what searches found; the same for console, API and command line.</summary>
public static class SearchQueries
{
    /// <summary>The reason where a run ended so long ago that its URLs are no longer kept, only how many they were.</summary>
    public const string NoLongerKept = "no-longer-kept";

    /// <summary>Most hits of a run that are read.</summary>
    public const int MostHits = 10_000;

    /// <summary>The hits of what a run saw, most probable first, by the screenings that it went by; also those that were known before.</summary>
    /// <param name="most">1..<see cref="MostHits"/>.</param>
    public static async Task<List<HitRow>> HitsOfRunAsync(TouchstoneDb db, long runId, int most, CancellationToken cancellationToken)
    {
        // From the run to its hits, each step by an index: what other runs found is not looked at.
        IQueryable<HitRow> found = from seen in db.RunObservations.Where(o => o.RunId == runId)
                                   from match in seen.Screening!.Matches
                                   join hit in db.Hits on new { ListingId = (long?)seen.Observation!.ListingId, match.ReferenceId } equals new { hit.ListingId, hit.ReferenceId }
                                   select hit;
        long[] ids = await found.Select(h => new { h.Id, h.Probability }).Distinct().OrderByDescending(h => h.Probability).ThenBy(h => h.Id).Take(Math.Clamp(most, 1, MostHits)).Select(h => h.Id).ToArrayAsync(cancellationToken);
        return await db.Hits.AsNoTracking()
            .Include(h => h.Listing!).ThenInclude(l => l.Shop)
            .Include(h => h.Reference!).ThenInclude(r => r.Register)
            .Include(h => h.Match)
            .Where(h => EF.Parameter(ids).Contains(h.Id))
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
        var listings = await db.RunObservations.AsNoTracking()
            .Where(o => o.RunId == runId && o.Screening!.Verdict == Verdict.Undetermined)
            .GroupBy(o => o.Screening!.Reason)
            .Select(g => new { Reason = g.Key, Count = g.Count(), Example = g.Min(o => o.Observation!.Listing!.Url) })
            .ToListAsync(cancellationToken);
        SearchRunRow? old = urls.Count > 0 ? null : await db.SearchRuns.AsNoTracking().FirstOrDefaultAsync(r => r.Id == runId && r.FinishedAt != null, cancellationToken);
        IEnumerable<CoverageGap> counted = old is null ? [] : [new("Skipped URLs", NoLongerKept, old.Skipped, ""), new("Failed URLs", NoLongerKept, old.Failed, "")];
        IEnumerable<CoverageGap> gaps = urls.Select(u => new CoverageGap(u.State switch { FrontierState.Skipped => "Skipped URLs", FrontierState.Failed => "Failed URLs", _ => "Pages not rendered" }, u.Reason ?? "no reason given", u.Count, u.Example ?? ""));
        return [.. gaps.Concat(counted.Where(g => g.Count > 0)).Concat(listings.Select(l => new CoverageGap("Undetermined listings", l.Reason?.ToString() ?? "no reason given", l.Count, l.Example ?? ""))).OrderByDescending(g => g.Count)];
    }

    /// <summary>The shops of a run that were not searched for want of a browser: pages were left unshown and no listing was read. Ordered by host.</summary>
    public static async Task<List<UnsearchedShop>> UnsearchedShopsOfRunAsync(TouchstoneDb db, long runId, CancellationToken cancellationToken)
    {
        var pages = await db.Frontier.AsNoTracking()
            .Where(f => f.RunId == runId && f.State == FrontierState.Done && f.Kind == FrontierKind.Page)
            .GroupBy(f => new { f.Host, f.Reason })
            .Select(g => new { g.Key.Host, g.Key.Reason, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return [.. from page in pages
                   group page by page.Host into shop
                   where !shop.Any(x => CrawlReasons.IsListing(x.Reason))
                   let unshown = shop.Where(x => CrawlReasons.NeedsBrowser(x.Reason)).OrderByDescending(x => x.Count).ToList()
                   where unshown.Count > 0
                   orderby shop.Key
                   select new UnsearchedShop(shop.Key, CrawlReasons.FailureOf(unshown[0].Reason)!.Value, unshown.Sum(x => x.Count))];
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// A reason why part of a run's ground was not covered, with the number of URLs or listings and one of them. What a limit dropped is called "Lost URLs";
/// what was left out because it is no offer, or is shown elsewhere, is only skipped.
/// </summary>
public sealed record CoverageGap(string What, string Reason, int Count, string Example)
{
    /// <summary>What a limit dropped, so that offers may be missing.</summary>
    public const string LostUrls = "Lost URLs";

    /// <summary>Shops of which no listing was read; the example is the shop's host.</summary>
    public const string UnsearchedShops = "Shops not searched";

    /// <summary>The reason in words; that of an undetermined listing is a word of <see cref="UndeterminedReason"/>.</summary>
    public string Meaning => Reason == SearchQueries.NoLongerKept ? "the run ended long ago, and the reasons are no longer kept"
        : What == UnsearchedShops && Enum.TryParse(Reason, out UnsearchedReason unsearched) ? UnsearchedShop.Explain(unsearched)
        : CrawlReasons.Explain(Reason);
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
            .Where(f => f.RunId == runId && (f.State == FrontierState.Skipped || f.State == FrontierState.Failed || notRendered.Contains(f.Reason) || EF.Functions.Like(f.Reason, "sitemap:cut%")))
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
        List<UnsearchedShop> unsearched = await UnsearchedShopsOfRunAsync(db, runId, cancellationToken);
        IEnumerable<CoverageGap> gaps = urls.Select(u => new CoverageGap(CrawlReasons.IsLoss(u.Reason) ? CoverageGap.LostUrls : u.State switch { FrontierState.Skipped => "Skipped URLs", FrontierState.Failed => "Failed URLs", _ => "Pages not rendered" }, u.Reason ?? "no reason given", u.Count, u.Example ?? ""));
        return [.. unsearched.Select(s => new CoverageGap(CoverageGap.UnsearchedShops, s.Reason.ToString(), s.Pages, s.Host)), .. gaps.Concat(counted.Where(g => g.Count > 0)).Concat(listings.Select(l => new CoverageGap("Undetermined listings", l.Reason?.ToString() ?? "no reason given", l.Count, l.Example ?? ""))).OrderByDescending(g => g.Count)];
    }

    /// <summary>The shops of a run of which no listing was read, and why. Ordered by host.</summary>
    public static async Task<List<UnsearchedShop>> UnsearchedShopsOfRunAsync(TouchstoneDb db, long runId, CancellationToken cancellationToken)
    {
        var pages = await db.Frontier.AsNoTracking()
            .Where(f => f.RunId == runId && f.Kind == FrontierKind.Page)
            .GroupBy(f => new { f.Host, f.State, f.Reason, IsStart = f.Depth == 0 })
            .Select(g => new { g.Key.Host, g.Key.State, g.Key.Reason, g.Key.IsStart, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return [.. pages.GroupBy(p => p.Host, StringComparer.OrdinalIgnoreCase)
            .Where(host => host.Any(p => p.IsStart || p.State == FrontierState.Done))
            .OrderBy(host => host.Key, StringComparer.Ordinal)
            .Select(host => UnsearchedShop.Of(host.Key, [.. host.Select(p => new HostUrls(p.State, p.Reason, p.IsStart, p.Count))]))
            .OfType<UnsearchedShop>()];
    }
}

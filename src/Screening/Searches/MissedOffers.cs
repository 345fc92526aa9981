using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Why a run did not see offers that an earlier one saw, by what its frontier tells of their pages. An offer is called gone only where the run asked for its page and the shop said so; of every
/// other one only the reason is told.
/// </summary>
internal sealed class MissedOffers(TouchstoneDb db, SearchRunRow run)
{
    /// <summary>The page offers nothing any more.</summary>
    public const string NoOffer = "no-offer";

    private const int Batch = 500;

    /// <summary>The reasons beside the crawler's own, in words.</summary>
    internal static IReadOnlyDictionary<string, string> Meanings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [NoOffer] = "its page is there and offers nothing any more",
        ["shop-silent"] = "its page showed no offer, and the run read no offer of the shop at all: the shop may have refused the program",
        ["other-address"] = "its page offers what was read under another address",
        ["words"] = "its page was read, and the offer no longer passes the search's words or is told under another address",
        ["not-led-to"] = "no page that the run read led to it",
        ["run-going-on"] = "the run has not come to it yet",
        ["run-paused"] = "the run is paused",
        ["run-stopped"] = "the run was stopped before it came to it",
        ["run-failed"] = "the run failed before it came to it",
        [SearchQueries.NoLongerKept] = "the run ended long ago, and the reasons are no longer kept",
    };

    /// <summary>A reason in words.</summary>
    public static string Explain(string reason) => Meanings.GetValueOrDefault(reason) ?? CrawlReasons.Explain(reason);

    /// <summary>Whether offers are gone, and why they were not seen, by listing.</summary>
    /// <param name="offers">Listing and the observation that the earlier run saw.</param>
    public async Task<Dictionary<long, (bool Gone, string Reason)>> ReadAsync(IReadOnlyList<(long ListingId, long ObservationId)> offers, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, (bool, string)>();
        if (offers.Count == 0) return found;
        bool kept = !run.State.HasEnded() || await db.Frontier.AnyAsync(f => f.RunId == run.Id, cancellationToken);
        HashSet<long> read = [.. await db.RunObservations.Where(o => o.RunId == run.Id).Select(o => o.Observation!.Listing!.ShopId).Distinct().ToListAsync(cancellationToken)];
        HashSet<string> cut = [.. await db.Frontier.Where(f => f.RunId == run.Id && f.Reason == CrawlReasons.Budget).Select(f => f.Host).Distinct().ToListAsync(cancellationToken)];
        foreach ((long ListingId, long ObservationId)[] batch in offers.Chunk(Batch))
        {
            long[] listings = [.. batch.Select(o => o.ListingId)], observations = [.. batch.Select(o => o.ObservationId)];
            var rows = await db.Listings.AsNoTracking().Where(l => EF.Parameter(listings).Contains(l.Id)).Select(l => new { l.Id, l.Url, l.ShopId, l.Shop!.Host }).ToListAsync(cancellationToken);
            // The page may have been asked for under another address than the one that it calls its own.
            ILookup<long, string> asked = (await db.Set<ObservationExchangeRow>().Where(e => !e.IsResource && EF.Parameter(observations).Contains(e.ObservationId)).Select(e => new { e.Observation!.ListingId, e.Url }).ToListAsync(cancellationToken))
                .ToLookup(e => e.ListingId, e => e.Url);
            Dictionary<long, string[]> addresses = rows.ToDictionary(r => r.Id, r => asked[r.Id].Prepend(r.Url).SelectMany(u => (string[])[u, CanonicalUrl.TryCreate(u)?.Address ?? u]).Distinct(StringComparer.Ordinal).ToArray());
            string[] urls = [.. addresses.Values.SelectMany(u => u).Distinct(StringComparer.Ordinal)];
            var pages = await db.Frontier.AsNoTracking().Where(f => f.RunId == run.Id && EF.Parameter(urls).Contains(f.Url)).Select(f => new { f.Url, f.State, f.Reason }).ToDictionaryAsync(f => f.Url, f => new Page(f.State, f.Reason), StringComparer.Ordinal, cancellationToken);
            foreach (var row in rows)
            {
                Page[] own = [.. addresses[row.Id].Where(pages.ContainsKey).Select(u => pages[u])];
                found[row.Id] = own.Length > 0 ? Of(own, read.Contains(row.ShopId)) : (false, kept ? Unasked(cut.Contains(row.Host)) : SearchQueries.NoLongerKept);
            }
        }
        return found;
    }

    /// <summary>By the pages at which the offer was; where several were asked for, all must be gone.</summary>
    private (bool Gone, string Reason) Of(Page[] pages, bool shopRead)
    {
        // A redirect tells nothing where its target is among the pages.
        Page[] telling = pages.Length > 1 && pages.Any(p => p.Reason != "redirect") ? [.. pages.Where(p => p.Reason != "redirect")] : pages;
        (bool Gone, string Reason)[] said = [.. telling.Select(p => Of(p, shopRead))];
        return said.FirstOrDefault(s => !s.Gone) is { Reason: not null } other ? other : said[0];
    }

    private (bool Gone, string Reason) Of(Page page, bool shopRead) => page switch
    {
        { State: FrontierState.Pending or FrontierState.Leased } => (false, Unreached()),
        { Reason: { } reason } when CrawlReasons.Gone.Contains(reason) => (true, reason),
        { State: FrontierState.Done } when CrawlReasons.IsListing(page.Reason) => (false, "words"),
        { State: FrontierState.Done } when CrawlReasons.IsRepeated(page.Reason) => (false, "other-address"),
        { State: FrontierState.Done } when CrawlReasons.OffersNothing(page.Reason) => shopRead ? (true, NoOffer) : (false, "shop-silent"),
        _ => (false, page.Reason ?? Unreached()),
    };

    private string Unasked(bool budgetCut) => run.State == RunState.Finished ? budgetCut ? CrawlReasons.Budget : "not-led-to" : Unreached();

    private string Unreached() => run.State switch
    {
        RunState.Failed => "run-failed",
        RunState.Cancelled => "run-stopped",
        RunState.Paused => "run-paused",
        RunState.Finished => "not-led-to",
        _ => "run-going-on",
    };

    private sealed record Page(FrontierState State, string? Reason);
}

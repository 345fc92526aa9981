using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;

namespace Touchstone.Screening.Searches;

/// <summary>Receives the pages of a run: a page that offers something is screened at once, and the run's row counts it, once however often it is read.</summary>
internal sealed class SearchSink(IDbContextFactory<TouchstoneDb> databases, ListingScreener screener, ShopMarkets markets, SearchRunRow run, SearchTarget target) : ICrawlSink
{
    private readonly TermFilter terms = new(run.Search!.Terms);
    private readonly KeptSignals signals = new();

    public async Task PageAsync(CrawledPage page, CancellationToken cancellationToken)
    {
        await markets.KeepAsync(page.Fetch.FinalUrl, page.Signals, signals, cancellationToken);
        if (page.Extraction.Listing is not { } facts || !terms.Passes(facts))
        {
            await CountAsync(page, 0, null, cancellationToken);
            return;
        }
        ListingResult result = await screener.ScreenAsync(facts, new SeenPage(page.Html, page.Rendered) { Exchanges = page.Fetch.Exchanges, Resources = page.Resources }, page.Picture, target, run, cancellationToken);
        await CountAsync(page, 1, result, cancellationToken);
    }

    private async Task CountAsync(CrawledPage page, int listings, ListingResult? result, CancellationToken cancellationToken)
    {
        int rendered = page.Rendered ? 1 : 0, notModified = page.Fetch is { Remembered: not null, IsShared: false } ? 1 : 0;
        int unchanged = result is { Unchanged: true } ? 1 : 0, undetermined = result is { Verdict: Verdict.Undetermined } ? 1 : 0;
        int images = result?.Images ?? 0, described = result?.ImagesDescribed ?? 0, hits = result?.Hits ?? 0;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        bool first = await db.Frontier.Where(f => f.RunId == page.RunId && f.Url == page.Url && !f.Counted).ExecuteUpdateAsync(s => s.SetProperty(f => f.Counted, true), cancellationToken) == 1;
        if (!first) return;
        await db.SearchRuns.Where(r => r.Id == page.RunId).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Pages, r => r.Pages + 1)
                .SetProperty(r => r.NotModified, r => r.NotModified + notModified)
                .SetProperty(r => r.Rendered, r => r.Rendered + rendered)
                .SetProperty(r => r.Listings, r => r.Listings + listings)
                .SetProperty(r => r.ListingsUnchanged, r => r.ListingsUnchanged + unchanged)
                .SetProperty(r => r.Images, r => r.Images + images)
                .SetProperty(r => r.ImagesDescribed, r => r.ImagesDescribed + described)
                .SetProperty(r => r.Hits, r => r.Hits + hits)
                .SetProperty(r => r.Undetermined, r => r.Undetermined + undetermined),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

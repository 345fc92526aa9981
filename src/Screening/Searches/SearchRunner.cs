using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;
using Touchstone.Screening.Watches;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Runs searches: crawls their shops and screens what they offer. A run survives the process: what was done is not fetched again.
/// Safe for concurrent use; several processes may run searches of one installation.
/// </summary>
public sealed class SearchRunner(
    IDbContextFactory<TouchstoneDb> databases,
    RunLeases leases,
    IFrontierStore frontier,
    Crawler crawler,
    ListingScreener screener,
    GalleryFollower follower,
    SearchPictures pictures,
    FoundShopsOfSearch found,
    ShopMarkets markets,
    GoneOffers gone,
    TimeProvider clock,
    ILogger<SearchRunner> log)
{
    // Each is a page of every shop: words of more languages order what is read, and are not asked for.
    private const int MostCalled = 3;

    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(2);

    /// <summary>Takes the next waiting run (or the given one) and runs it to its end; null if there is none.</summary>
    public async Task<SearchRunRow?> RunNextAsync(string worker, long? runId, IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        if (await leases.TakeAsync(worker, runId, cancellationToken) is not { } lease) return null;
        try
        {
            bool held = await HeldLease.RunAsync(RunLeases.LeaseTime, token => leases.RenewAsync(lease, token), token => OutlastAsync(lease, progress, token), clock, log, cancellationToken);
            if (held) await EndAsync(lease, RunState.Finished, null, CancellationToken.None);
            else log.LogWarning("Run {Run} was cancelled or taken over by another worker.", lease.RunId);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await leases.ReleaseAsync(lease);
            throw;
        }
        catch (Exception e) when (!DatabaseAway.Explains(e))
        {
            log.LogError(e, "Run {Run} failed.", lease.RunId);
            await EndAsync(lease, RunState.Failed, e.Message, CancellationToken.None);
        }
        SearchRunRow run = await RowAsync(lease.RunId, CancellationToken.None);
        progress?.Report(ProgressOf(run, null));
        return run;
    }

    /// <summary>Runs to the end, also where the database is away in between: what was done is done, and the lease says how long this worker may wait.</summary>
    private async Task OutlastAsync(RunLease lease, IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await RunAsync(lease, progress, cancellationToken);
                return;
            }
            catch (Exception e) when (DatabaseAway.Explains(e))
            {
                log.LogWarning(e, "Run {Run} waits for the database.", lease.RunId);
                await Task.Delay(AwayPause, clock, cancellationToken);
            }
        }
    }

    private async Task RunAsync(RunLease lease, IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        using Activity? span = Traces.Begin("run", ("touchstone.run.id", lease.RunId));
        SearchRunRow run = await RowAsync(lease.RunId, cancellationToken);
        OwnHosts own = await OwnHostsAsync(cancellationToken);
        // Who operates the installation may have been said after the search was made.
        if (own.Problem(run.Search!.ShopUrls.Split('\n'), run.Search.FindMarkets is not null) is { } foreign) throw new InvalidDataException(foreign);
        SearchRow search = await found.TakeUpAsync(run, cancellationToken);
        string[] shops = search.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (shops.Length == 0) throw new InvalidDataException("No shop was found to search. What the services answered stands with the finding; name shops, or look for other words or markets.");
        await RunGround.FitAsync(databases, lease, search, cancellationToken);
        SearchTarget target = await pictures.TargetAsync(search, cancellationToken);
        await follower.RefreshAsync(null, cancellationToken);
        CrawlProgress? crawled = null;
        var sink = new SearchSink(databases, screener, markets, run, target);
        var request = new CrawlRequest
        {
            RunId = lease.RunId,
            StartUrls = shops,
            PageBudgetPerHost = search.PageBudget,
            Worker = lease.Worker,
            Since = run.StartedAt,
            Words = await WordsAsync(search, cancellationToken),
            MayLeadTo = own.Allow,
        };
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Listings are screened with the texts read so far; what this run does not come to, the next one does.
        Task reading = ReadTextsAsync(done.Token);
        Task reporting = progress is null ? Task.CompletedTask : ReportAsync(lease.RunId, () => crawled, progress, done.Token);
        try
        {
            await crawler.RunAsync(request, sink, new Latest(c => crawled = c), cancellationToken);
        }
        catch (Exception e) when (Traces.Failed(span, e))
        {
            throw;
        }
        finally
        {
            await done.CancelAsync();
            await reporting;
            await reading;
        }
    }

    /// <summary>What the search is for, in phrases: its terms, or what its reference is called, also in the languages of its markets or of its shops' countries. Shops' own searches are asked for the first.</summary>
    private async Task<IReadOnlyList<string>> WordsAsync(SearchRow search, CancellationToken cancellationToken)
    {
        if (search.Terms is { } terms) return TermFilter.Phrases(terms);
        if (search.ReferenceId is not { } id) return [];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ReferenceRow reference = await db.References.AsNoTracking().FirstAsync(r => r.Id == id, cancellationToken);
        IReadOnlyList<string> called = TermMaker.ProductWords(reference, MarketsOf(search), await TermTable.ReadAsync(db, cancellationToken));
        string?[] phrases = [reference.Brand is { } brand && reference.Model is { } model ? $"{brand} {model}" : null, .. called.Take(MostCalled), reference.Title, reference.Model];
        return [.. phrases.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The markets that the search names, or else the countries of its shops' names.</summary>
    private static string[] MarketsOf(SearchRow search) => search.FindMarkets is { } named
        ? named.Split('\n')
        : [.. search.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(u => MarketCountry.OfHost(new Uri(u).Host)?.Code).OfType<string>().Distinct(StringComparer.Ordinal)];

    private async Task ReadTextsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await follower.ReadTextsAsync(null, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The run ended first.
        }
    }

    /// <summary>Tells a person how far the run is, four times a second, from the row that every worker writes to.</summary>
    private async Task ReportAsync(long runId, Func<CrawlProgress?> crawled, IProgress<SearchProgress> progress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                CrawlProgress? crawl = crawled();
                SearchProgress now = ProgressOf(await RowAsync(runId, cancellationToken), crawl?.CurrentUrl);
                progress.Report(now with { Skipped = crawl?.Skipped ?? 0, Failed = crawl?.Failed ?? 0 });
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended; its last numbers are reported by the caller.
        }
    }

    private async Task EndAsync(RunLease lease, RunState state, string? error, CancellationToken cancellationToken)
    {
        IReadOnlyList<FrontierCount> counts = await frontier.CountAsync(lease.RunId, cancellationToken);
        int Sum(FrontierState wanted) => counts.Where(c => c.State == wanted).Sum(c => c.Count);
        await gone.WatchAsync(lease.RunId, cancellationToken);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        int shops = await db.Frontier.Where(f => f.RunId == lease.RunId && f.State == FrontierState.Done).Select(f => f.Host).Distinct().CountAsync(cancellationToken);
        await leases.EndAsync(lease, state, error, Sum(FrontierState.Skipped), Sum(FrontierState.Failed), shops, cancellationToken);
    }

    private async Task<OwnHosts> OwnHostsAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await OwnHosts.ReadAsync(db, cancellationToken);
    }

    private async Task<SearchRunRow> RowAsync(long runId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SearchRuns.AsNoTracking().Include(r => r.Search).FirstAsync(r => r.Id == runId, cancellationToken);
    }

    private static SearchProgress ProgressOf(SearchRunRow r, string? url) =>
        new(r.Id, r.State, r.Pages, r.NotModified, r.Rendered, r.Listings, r.ListingsUnchanged, r.Images, r.ImagesDescribed, r.Hits, r.Undetermined, r.Skipped, r.Failed, url);

    private sealed class Latest(Action<CrawlProgress> set) : IProgress<CrawlProgress>
    {
        public void Report(CrawlProgress value) => set(value);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling;
using Touchstone.Evaluation.Crawls;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage;
using Touchstone.Screening;

namespace Touchstone.Cli.Searching;

/// <summary>
/// A search's crawl as the product does it, of one shop: the search and its run in the database, the frontier, the memory of URLs, the lease of the host, pages read in another process, and
/// an observation kept of each offer. Pictures are not fetched and nothing is screened.
/// </summary>
internal static class OwnCrawl
{
    /// <param name="services">An installation with <c>AddScreening</c>.</param>
    /// <param name="read">Told the SKU of each offer that was kept, from any thread.</param>
    public static async Task<CrawlReport> RunAsync(IServiceProvider services, Uri shop, Action<string> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(shop);
        const string Worker = "bench";
        var databases = services.GetRequiredService<IDbContextFactory<TouchstoneDb>>();
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        RunLeases leases = services.GetRequiredService<RunLeases>();
        long queued;
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
        {
            var created = await CreateSearch.RunAsync(new VerbContext(db, Worker, clock), new CreateSearch.Request("Bench", [shop.AbsoluteUri], null, null, null), cancellationToken);
            queued = created.Value?.Id ?? throw new InvalidOperationException(created.Detail);
        }
        RunLease lease = await leases.TakeAsync(Worker, queued, cancellationToken) ?? throw new InvalidOperationException("The search has no run.");
        SearchRunRow run;
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken)) run = await db.SearchRuns.AsNoTracking().FirstAsync(r => r.Id == lease.RunId, cancellationToken);
        var request = new CrawlRequest { RunId = lease.RunId, StartUrls = [shop.AbsoluteUri], Worker = lease.Worker, Since = run.StartedAt, PageBudgetPerHost = 1_000_000, MaxDepth = CrawlBench.Depth };
        var sink = new Sink(services.GetRequiredService<ObservationStore>(), read);
        CrawlReport? report = null;
        bool held = await HeldLease.RunAsync(
            RunLeases.LeaseTime, token => leases.RenewAsync(lease, token), async token => report = await services.GetRequiredService<Crawler>().RunAsync(request, sink, null, token), clock, NullLogger.Instance, cancellationToken);
        return held ? report! : throw new InvalidOperationException("The run's lease was lost.");
    }

    private sealed class Sink(ObservationStore observations, Action<string> read) : ICrawlSink
    {
        public async Task PageAsync(CrawledPage page, CancellationToken cancellationToken)
        {
            if (page.Extraction.Listing is not { } facts) return;
            SeenImage[] pictures = [.. facts.Images.Select(url => new SeenImage(url, null, null, null))];
            await observations.SaveAsync(facts, pictures, new SeenPage(page.Html, page.Rendered) { Exchanges = page.Fetch.Exchanges, Resources = page.Resources }, cancellationToken);
            if (facts.Sku is { } sku) read(sku);
        }
    }
}

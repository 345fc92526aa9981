using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling;

/// <summary>What to crawl. Checked by <see cref="Crawler.RunAsync"/>, which throws <see cref="ArgumentException"/>.</summary>
public sealed record CrawlRequest
{
    /// <summary>The run in the frontier; the same id again goes on where the run stopped.</summary>
    public required long RunId { get; init; }

    /// <summary>Where to begin, http or https; each also opens its site's sitemaps.</summary>
    public required IReadOnlyList<string> StartUrls { get; init; }

    /// <summary>Names this worker in leases. A run is one worker's at a time: what another left under way is taken up when it begins.</summary>
    public required string Worker { get; init; }

    /// <summary>When the run began: a page that the installation was given since then, by whichever run, is not asked for again. Null: every page is asked for.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Most pages per host. Default 2,000; at least 1.</summary>
    public int PageBudgetPerHost { get; init; } = 2_000;

    /// <summary>Most bytes of pages and their pictures per host. Default 8 GiB; at least 1.</summary>
    public long ByteBudgetPerHost { get; init; } = 8L << 30;

    /// <summary>Most links from a start URL. Default 8; 0 fetches the start URLs and the pages of their sitemaps only.</summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>What is looked for, in phrases: links that name it come first, and the shop's own search is asked for it. Empty: no order but the usual.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether a start URL that redirects to a host (with its port if that is not the usual one) is followed there. Default: to any.</summary>
    public Func<string, bool> MayLeadTo { get; init; } = _ => true;

    /// <summary>Hosts that are fetched at the same time, one request each. Default 4; 1 to 64.</summary>
    public int ParallelHosts { get; init; } = 4;

    /// <summary>False: the start URLs' sitemaps are not read. Default true.</summary>
    public bool UseSitemaps { get; init; } = true;

    /// <summary>Most sitemaps per host. Default 200.</summary>
    public int MaxSitemapsPerHost { get; init; } = 200;

    /// <summary>Most different queries of one path; more are counted as a trap. Default 100.</summary>
    public int MaxQueriesPerPath { get; init; } = 100;
}

/// <summary>What a run did, this time and in all.</summary>
/// <param name="Progress">The numbers of the whole run, what an earlier process did included.</param>
/// <param name="Counts">The frontier by state and reason: the coverage.</param>
/// <param name="NeedBrowser">Pages that show nothing without a browser and were not rendered.</param>
/// <param name="PagesFetched">Pages that this call fetched.</param>
/// <param name="Elapsed">Of this call.</param>
public sealed record CrawlReport(CrawlProgress Progress, IReadOnlyList<FrontierCount> Counts, int NeedBrowser, int PagesFetched, TimeSpan Elapsed);

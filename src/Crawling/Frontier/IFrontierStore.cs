namespace Touchstone.Crawling.Frontier;

public enum FrontierState { Pending, Leased, Done, Skipped, Failed }

public enum FrontierKind { Page, Sitemap }

/// <summary>A URL that a crawl run may fetch.</summary>
/// <param name="Url">The <see cref="CanonicalUrl.Address"/>; unique within the run.</param>
/// <param name="Host">Lower case, with the port if it is not the scheme's default.</param>
/// <param name="Priority">Larger is fetched earlier: product-like URLs before others.</param>
/// <param name="Depth">Links from the start, 0 for a start URL.</param>
/// <param name="SkipReason">Not null: the URL is kept as Skipped with this reason and never leased, so that coverage counts it.</param>
public sealed record FrontierUrl(string Url, string Host, FrontierKind Kind, int Priority, int Depth, string? DiscoveredFrom, string? SkipReason = null)
{
    /// <summary>The skip reason of what is more links from the start than are followed: the one that holds no longer where a nearer page names it, too.</summary>
    public const string TooDeep = "depth";
}

/// <summary>What an addition changed.</summary>
/// <param name="Pending">How many more URLs wait.</param>
/// <param name="Skipped">How many more are skipped; less than 0 where some that were wait now.</param>
public readonly record struct FrontierAdded(int Pending, int Skipped);

/// <summary>A leased URL. Completing it needs the fence: a worker whose lease ran out cannot overwrite another's work.</summary>
/// <param name="Attempt">1 for the first try.</param>
/// <param name="Losses">How often a worker ended, or lost touch, while it held the URL.</param>
public sealed record FrontierLease(long Id, long RunId, FrontierUrl Url, int Attempt, long Fence, int Losses = 0);

/// <summary>
/// The frontier of a run, kept so that it survives the process. A run is one worker's at a time; where the store knows who holds it, another worker, which may
/// not have noticed yet that it lost the run, is given nothing and adds, ends and gives back nothing. Implementations are safe for concurrent use; whatever a
/// call returned is on disk.
/// </summary>
public interface IFrontierStore
{
    /// <summary>
    /// Adds URLs that the run does not know yet, and makes those wait that it skipped as <see cref="FrontierUrl.TooDeep"/> and that are named again without a reason to
    /// skip them. None is added where another worker holds the run.
    /// </summary>
    Task<FrontierAdded> AddAsync(long runId, string worker, IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken);

    /// <summary>
    /// Leases the best URL of any host not in <paramref name="busyHosts"/> that is pending and ready, or whose lease ran out; null if none is ready at this time,
    /// or the worker does not hold the run. Best is the largest priority, then the nearest to the start, then the first added.
    /// </summary>
    Task<FrontierLease?> LeaseAsync(long runId, string worker, IReadOnlyCollection<string> busyHosts, TimeSpan leaseTime, CancellationToken cancellationToken);

    /// <summary>Holds the URL for a further lease time; false if the lease was lost.</summary>
    Task<bool> RenewAsync(FrontierLease lease, TimeSpan leaseTime, CancellationToken cancellationToken);

    /// <summary>Ends a lease as Done, Skipped or Failed with the reason; false if the lease was lost.</summary>
    Task<bool> CompleteAsync(FrontierLease lease, FrontierState state, string? reason, int httpStatus, CancellationToken cancellationToken);

    /// <summary>Gives the URL back for a later try; false if the lease was lost.</summary>
    Task<bool> RetryAsync(FrontierLease lease, string reason, DateTimeOffset notBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Makes every leased URL of the run pending again; returns how many. Whoever holds the run calls this before it begins: what is leased then was left by a
    /// crash, or by a worker that lost the run, which counts as a loss.
    /// </summary>
    /// <param name="lost">False: the worker is the one that left them, and has not ended.</param>
    Task<int> TakeUpAsync(long runId, string worker, bool lost, CancellationToken cancellationToken);

    /// <summary>Gives back in order what the worker holds, and nothing of any other worker; returns how many URLs.</summary>
    Task<int> ReleaseAsync(long runId, string worker, CancellationToken cancellationToken);

    /// <summary>Ends every pending page of the host as Skipped with the reason (its budget is used up); returns how many.</summary>
    Task<int> SkipHostAsync(long runId, string host, string reason, CancellationToken cancellationToken);

    /// <summary>Adds to the priority of those pending pages of the host that are meant; returns how many. At most 20,000 are looked at, the first added.</summary>
    Task<int> MoveUpAsync(long runId, string host, Func<string, bool> isMeant, int by, CancellationToken cancellationToken);

    /// <summary>The number of pages (not sitemaps) of the host that are Done, for its budget.</summary>
    Task<int> CountDoneAsync(long runId, string host, CancellationToken cancellationToken);

    /// <summary>The instant at which the next pending or leased URL becomes ready; null if the run has nothing left.</summary>
    Task<DateTimeOffset?> NextReadyAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Counts by state and reason.</summary>
    Task<IReadOnlyList<FrontierCount>> CountAsync(long runId, CancellationToken cancellationToken);
}

public sealed record FrontierCount(FrontierState State, string? Reason, int Count);

using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;

namespace Touchstone.Crawling;

/// <summary>The live numbers of one call of the crawler. Safe for concurrent use.</summary>
internal sealed class CrawlCounters(long runId, IProgress<CrawlProgress>? progress)
{
    private int _pages;
    private int _fetched;
    private int _notModified;
    private int _listings;
    private int _rendered;
    private int _skipped;
    private int _failed;
    private int _pending;
    private int _needBrowser;

    public int NeedBrowser => Volatile.Read(ref _needBrowser);

    public int PagesFetched => Volatile.Read(ref _fetched);

    /// <summary>Takes over what the frontier knows of the run.</summary>
    public void Start(IReadOnlyList<FrontierCount> counts)
    {
        foreach (FrontierCount count in counts)
        {
            if (count.State == FrontierState.Done) Done(count.Reason, count.Count);
            else if (count.State == FrontierState.Skipped) _skipped += count.Count;
            else if (count.State == FrontierState.Failed) _failed += count.Count;
            else _pending += count.Count;
        }
    }

    public void Added(FrontierAdded added)
    {
        Interlocked.Add(ref _pending, added.Pending);
        Interlocked.Add(ref _skipped, added.Skipped);
    }

    public void Ended(FrontierState state, string reason, string url)
    {
        Interlocked.Decrement(ref _pending);
        CrawlMetrics.Ended(state, reason, 1);
        if (state == FrontierState.Skipped) Interlocked.Increment(ref _skipped);
        else if (state == FrontierState.Failed) Interlocked.Increment(ref _failed);
        else Done(reason, 1);
        if (state == FrontierState.Done && CrawlReasons.IsPage(reason)) Interlocked.Increment(ref _fetched);
        progress?.Report(Now(url));
    }

    public void SkippedMany(int count, string reason)
    {
        CrawlMetrics.Ended(FrontierState.Skipped, reason, count);
        Interlocked.Add(ref _pending, -count);
        Interlocked.Add(ref _skipped, count);
    }

    public CrawlProgress Now(string? url) => new(
        runId, Volatile.Read(ref _pages), Volatile.Read(ref _notModified), Volatile.Read(ref _listings), Volatile.Read(ref _rendered), Volatile.Read(ref _skipped), Volatile.Read(ref _failed), Math.Max(0, Volatile.Read(ref _pending)), url);

    private void Done(string? reason, int count)
    {
        if (CrawlReasons.IsPage(reason)) Interlocked.Add(ref _pages, count);
        if (CrawlReasons.IsPage(reason) && CrawlReasons.WasNotModified(reason)) Interlocked.Add(ref _notModified, count);
        if (CrawlReasons.IsListing(reason)) Interlocked.Add(ref _listings, count);
        if (CrawlReasons.WasRendered(reason)) Interlocked.Add(ref _rendered, count);
        if (CrawlReasons.NeedsBrowser(reason)) Interlocked.Add(ref _needBrowser, count);
    }
}

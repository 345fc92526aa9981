using Touchstone.Crawling.Frontier;
using Touchstone.Tests.Contracts;

namespace Touchstone.Tests.Crawling.Frontier;

/// <summary>The frontier in its simplest form: the oracle of the contract, and a store for tests of the crawler that outlives one crawler.</summary>
public sealed class MemoryFrontierStore(TimeProvider time) : IFrontierStore
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    public Task<FrontierAdded> AddAsync(long runId, string worker, IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            int pending = 0, skipped = 0;
            foreach (FrontierUrl url in urls)
            {
                if (_entries.Find(e => e.RunId == runId && e.Url.Url == url.Url) is { } known)
                {
                    if (known is not { State: FrontierState.Skipped, Reason: FrontierUrl.TooDeep } || url.SkipReason is not null) continue;
                    (known.Url, known.State, known.Reason) = (url, FrontierState.Pending, null);
                    pending++;
                    skipped--;
                    continue;
                }
                _entries.Add(new Entry { Id = _entries.Count + 1, RunId = runId, Url = url, State = url.SkipReason is null ? FrontierState.Pending : FrontierState.Skipped, Reason = url.SkipReason, NotBefore = time.GetUtcNow() });
                if (url.SkipReason is null) pending++;
                else skipped++;
            }
            return Task.FromResult(new FrontierAdded(pending, skipped));
        }
    }

    public Task<FrontierLease?> LeaseAsync(long runId, string worker, IReadOnlyCollection<string> busyHosts, TimeSpan leaseTime, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            Entry? best = _entries
                .Where(e => e.RunId == runId && !busyHosts.Contains(e.Url.Host) && ((e.State == FrontierState.Pending && e.NotBefore <= now) || (e.State == FrontierState.Leased && e.LeaseUntil < now)))
                .OrderByDescending(e => e.Url.Priority).ThenBy(e => e.Url.Depth).ThenBy(e => e.Id).FirstOrDefault();
            if (best is null) return Task.FromResult<FrontierLease?>(null);
            if (best.State == FrontierState.Leased) best.Losses++;
            (best.State, best.LeaseUntil, best.LeaseOwner) = (FrontierState.Leased, now + leaseTime, worker);
            return Task.FromResult<FrontierLease?>(new FrontierLease(best.Id, runId, best.Url, ++best.Attempts, ++best.Fence, best.Losses));
        }
    }

    public Task<bool> RenewAsync(FrontierLease lease, TimeSpan leaseTime, CancellationToken cancellationToken) =>
        Task.FromResult(Change(lease, e => e.LeaseUntil = time.GetUtcNow() + leaseTime));

    public Task<bool> CompleteAsync(FrontierLease lease, FrontierState state, string? reason, int httpStatus, CancellationToken cancellationToken) =>
        Task.FromResult(Change(lease, e => (e.State, e.Reason) = (state, reason)));

    public Task<bool> RetryAsync(FrontierLease lease, string reason, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        Task.FromResult(Change(lease, e => (e.State, e.Reason, e.NotBefore) = (FrontierState.Pending, reason, notBefore)));

    public Task<int> TakeUpAsync(long runId, string worker, bool lost, CancellationToken cancellationToken) =>
        Task.FromResult(ChangeAll(e => e.RunId == runId && e.State == FrontierState.Leased, e => (e.State, e.Losses) = (FrontierState.Pending, e.Losses + (lost ? 1 : 0))));

    public Task<int> ReleaseAsync(long runId, string worker, CancellationToken cancellationToken) =>
        Task.FromResult(ChangeAll(e => e.RunId == runId && e.State == FrontierState.Leased && e.LeaseOwner == worker, e => e.State = FrontierState.Pending));

    public Task<int> SkipHostAsync(long runId, string host, string reason, CancellationToken cancellationToken) =>
        Task.FromResult(ChangeAll(
            e => e.RunId == runId && e.Url.Host == host && e.Url.Kind == FrontierKind.Page && e.State == FrontierState.Pending,
            e => (e.State, e.Reason) = (FrontierState.Skipped, reason)));

    public Task<int> MoveUpAsync(long runId, string host, Func<string, bool> isMeant, int by, CancellationToken cancellationToken) =>
        Task.FromResult(ChangeAll(
            e => e.RunId == runId && e.Url.Host == host && e.Url.Kind == FrontierKind.Page && e.State == FrontierState.Pending && isMeant(e.Url.Url),
            e => e.Url = e.Url with { Priority = e.Url.Priority + by }));

    public Task<int> CountDoneAsync(long runId, string host, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_entries.Count(e => e.RunId == runId && e.Url.Host == host && e.Url.Kind == FrontierKind.Page && e.State == FrontierState.Done));
    }

    public Task<DateTimeOffset?> NextReadyAsync(long runId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset[] times = [.. _entries.Where(e => e.RunId == runId && e.State is FrontierState.Pending or FrontierState.Leased).Select(e => e.State == FrontierState.Pending ? e.NotBefore : e.LeaseUntil)];
            return Task.FromResult<DateTimeOffset?>(times.Length == 0 ? null : times.Min());
        }
    }

    public Task<IReadOnlyList<FrontierCount>> CountAsync(long runId, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<FrontierCount>>([.. _entries.Where(e => e.RunId == runId).GroupBy(e => (e.State, e.Reason)).Select(g => new FrontierCount(g.Key.State, g.Key.Reason, g.Count()))]);
    }

    /// <summary>State and reason of a URL of run 1, such as <c>Done listing</c>; null if it is unknown.</summary>
    public string? Fate(string url)
    {
        lock (_gate) return _entries.Find(e => e.RunId == 1 && e.Url.Url == url) is { } entry ? $"{entry.State} {entry.Reason}" : null;
    }

    private bool Change(FrontierLease lease, Action<Entry> change)
    {
        lock (_gate)
        {
            if (_entries.Find(e => e.Id == lease.Id) is not { State: FrontierState.Leased } entry || entry.Fence != lease.Fence) return false;
            change(entry);
            return true;
        }
    }

    private int ChangeAll(Predicate<Entry> which, Action<Entry> change)
    {
        lock (_gate)
        {
            List<Entry> found = _entries.FindAll(which);
            foreach (Entry entry in found)
            {
                change(entry);
                entry.Fence++;
            }
            return found.Count;
        }
    }

    private sealed class Entry
    {
        public long Id;
        public long RunId;
        public required FrontierUrl Url;
        public FrontierState State;
        public string? Reason;
        public DateTimeOffset NotBefore;
        public DateTimeOffset LeaseUntil;
        public string? LeaseOwner;
        public int Attempts;
        public long Fence;
        public int Losses;
    }
}

public sealed class MemoryFrontierStoreTests : FrontierStoreContract
{
    protected override Task<IFrontierStore> CreateAsync() => Task.FromResult<IFrontierStore>(new MemoryFrontierStore(Clock));
}

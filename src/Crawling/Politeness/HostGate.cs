using System.Collections.Concurrent;

namespace Touchstone.Crawling.Politeness;

/// <summary>
/// Lets one request at a time (or as many as are set) through to each host, within its hours, and the next one only after the host's interval. Shared by all runs of the process, and by its leases
/// with all nodes, so that two searches do not add up on one shop. Safe for concurrent use.
/// </summary>
public sealed class HostGate(PolitenessOptions options, TimeProvider time, IHostLeases? leases = null)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(2);

    /// <summary>A request begins with at least this left, which is longer than any takes.</summary>
    private static readonly TimeSpan LeastLeft = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);
    private const int SweepAt = 4096;
    private readonly ConcurrentDictionary<string, HostState> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits for the host's turn; dispose the turn when the answer was read.</summary>
    /// <param name="crawlDelay">The host's wish; counts up to <see cref="PolitenessOptions.MaxCrawlDelay"/>.</param>
    /// <param name="asker">Whose turn it is, such as a run; null: nobody's who comes again.</param>
    public async Task<HostTurn> EnterAsync(string host, TimeSpan? crawlDelay, object? asker, CancellationToken cancellationToken)
    {
        if (_hosts.Count > SweepAt) Sweep();
        HostState state = _hosts.GetOrAdd(host, NewState);
        await state.Free.WaitAsync(cancellationToken);
        try
        {
            // Who waits for the interval waits alone, so that two never begin at once.
            await state.Next.WaitAsync(cancellationToken);
        }
        catch
        {
            state.Free.Release();
            throw;
        }
        try
        {
            while (await WaitAsync(host, state, cancellationToken) is { } wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
            state.Postpone(time.GetUtcNow() + Interval(host, crawlDelay));
            state.PassTo(asker);
            // Whoever takes the host when the lease has run out has to know that it still rests.
            if (leases is not null && state.ReadyAt > state.HeldUntil) await leases.TakeAsync(host, state.ReadyAt, LeaseTime, cancellationToken);
            return new HostTurn(state.Free, state.Passes);
        }
        catch
        {
            state.Free.Release();
            throw;
        }
        finally
        {
            state.Next.Release();
        }
    }

    /// <summary>Keeps requests of all nodes from the host for this time (Retry-After); at most 1 h. For a node that has just asked it.</summary>
    public async Task BackOffAsync(string host, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait <= TimeSpan.Zero) return;
        TimeSpan most = TimeSpan.FromHours(1);
        HostState state = _hosts.GetOrAdd(host, NewState);
        state.Postpone(time.GetUtcNow() + (wait > most ? most : wait));
        if (leases is not null) await leases.TakeAsync(host, state.ReadyAt, LeaseTime, cancellationToken);
    }

    /// <summary>How often the host's turn passed from one asker to another, on this node or another, as far as this node has seen: where it is the same in a turn, nobody else asked since.</summary>
    public long Passes(string host) => _hosts.TryGetValue(host, out HostState? state) ? state.Passes : 0;

    /// <summary>The instant from which the host may be asked again; the past if it may be asked now.</summary>
    public DateTimeOffset ReadyAt(string host) => _hosts.TryGetValue(host, out HostState? state) ? state.ReadyAt : DateTimeOffset.MinValue;

    /// <summary>The time between two requests to the host.</summary>
    public TimeSpan Interval(string host, TimeSpan? crawlDelay)
    {
        TimeSpan own = options.HostIntervals.TryGetValue(host, out TimeSpan set) ? set : options.MinInterval;
        TimeSpan wish = crawlDelay ?? TimeSpan.Zero;
        if (wish > options.MaxCrawlDelay) wish = options.MaxCrawlDelay;
        return wish > own ? wish : own;
    }

    /// <summary>How long to wait before looking again; zero or less: the host may be asked.</summary>
    private async Task<TimeSpan> WaitAsync(string host, HostState state, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (options.ClosedFor(host, now) is var closed && closed > TimeSpan.Zero) state.Postpone(now + closed);
        TimeSpan own = state.ReadyAt - now;
        // Who has to wait for long does not keep the host from others meanwhile.
        if (leases is null || own > LongestLook || state.HeldUntil - now >= LeastLeft) return own;
        HostLease lease = await leases.TakeAsync(host, state.ReadyAt, LeaseTime, cancellationToken);
        state.Postpone(lease.ReadyAt);
        if (lease.Held)
        {
            if (state.HeldUntil <= now) state.PassTo(null);
            state.HeldUntil = lease.Until;
            return state.ReadyAt - time.GetUtcNow();
        }
        TimeSpan wait = lease.Until - now;
        return wait > LongestLook ? LongestLook : wait > TimeSpan.FromMilliseconds(50) ? wait : TimeSpan.FromMilliseconds(50);
    }

    /// <summary>Most requests to the host at the same time.</summary>
    public int Parallel(string host) => options.Parallel(host);

    private HostState NewState(string host) => new(options.Parallel(host));

    private void Sweep()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string host, HostState state) in _hosts)
            if (state.ReadyAt < now && state.Free.CurrentCount == options.Parallel(host)) _hosts.TryRemove(host, out _);
    }

    private sealed class HostState(int parallel)
    {
        private long _readyAt;

        public SemaphoreSlim Free { get; } = new(parallel, parallel);

        /// <summary>Whose turn is next.</summary>
        public SemaphoreSlim Next { get; } = new(1, 1);

        /// <summary>How long this node holds the host. Written and read by who holds <see cref="Next"/>.</summary>
        public DateTimeOffset HeldUntil { get; set; }

        public DateTimeOffset ReadyAt => new(Interlocked.Read(ref _readyAt), TimeSpan.Zero);

        private readonly WeakReference<object?> _asker = new(null);
        private long _passes;

        public long Passes => Interlocked.Read(ref _passes);

        /// <summary>Called by who holds <see cref="Next"/>.</summary>
        public void PassTo(object? asker)
        {
            if (asker is null || !_asker.TryGetTarget(out object? last) || last != asker) Interlocked.Increment(ref _passes);
            _asker.SetTarget(asker);
        }

        public void Postpone(DateTimeOffset until)
        {
            long wanted = until.UtcTicks;
            long seen = Interlocked.Read(ref _readyAt);
            while (wanted > seen && Interlocked.CompareExchange(ref _readyAt, wanted, seen) is { } now && now != seen) seen = now;
        }
    }
}

/// <summary>The right to ask a host once; ends on disposal.</summary>
public sealed class HostTurn : IDisposable
{
    private SemaphoreSlim? _free;

    internal HostTurn(SemaphoreSlim free, long passes) => (_free, Passes) = (free, passes);

    /// <summary>As <see cref="HostGate.Passes"/> when the turn began.</summary>
    public long Passes { get; }

    public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
}

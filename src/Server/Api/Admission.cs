using System.Threading.RateLimiting;

namespace Touchstone.Server.Api;

/// <summary>More is asked than this node can do in time; answered with 503 and when to come again.</summary>
public sealed class BusyException(TimeSpan retryAfter) : Exception("The server is busy: ask again later, as Retry-After says.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>
/// Lets in as much work as this machine does in time, and refuses the rest at once: before the bodies are read where the wait would be too long already,
/// else before anything is decoded. Whoever waits too long is refused, too, and whoever is gone is dropped. One for the screenings of the process, and one of their
/// own for the files of registers, which take longer and must keep nobody from the gate; safe for concurrent use.
/// </summary>
internal sealed class Admission : IDisposable
{
    // Requests in the house, in whatever state; and the bytes that they hold.
    private const int MostVisitors = 64;
    private const long MostBytes = 256L << 20;

    // Weight of the newest work in the mean duration.
    private const double Newest = 0.1;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private readonly ConcurrencyLimiter slots;
    private readonly int atOnce;
    private readonly TimeSpan longest;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private int visitors;
    private long bytes;
    private TimeSpan mean = TimeSpan.FromMilliseconds(100);

    /// <param name="atOnce">Works that go on at the same time, at least 1.</param>
    /// <param name="longest">One that takes longer is broken off between two of its steps.</param>
    public Admission(int atOnce, TimeSpan longest, TimeProvider clock)
    {
        (this.atOnce, this.longest, this.clock) = (atOnce, longest, clock);
        slots = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = atOnce, QueueLimit = MostVisitors, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    /// <summary>The key of the service that lets in files of registers.</summary>
    public const string OfImports = "imports";

    /// <summary>How long a screening may take.</summary>
    public static TimeSpan LongestScreening { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Lets a request in; it leaves when the visit is disposed.</summary>
    /// <param name="patience">How long it may wait for its turn.</param>
    /// <exception cref="BusyException">It would wait longer, or too many are in.</exception>
    public Visit Enter(TimeSpan patience)
    {
        lock (gate)
        {
            TimeSpan wait = Wait();
            if (visitors >= MostVisitors || wait > patience) throw Busy(wait);
            visitors++;
        }
        return new Visit(this, patience);
    }

    public void Dispose() => slots.Dispose();

    /// <summary>How long one more visitor would wait, at the pace so far; nothing where a place is free.</summary>
    private TimeSpan Wait() => mean * Math.Max(0, visitors - atOnce + 1) / atOnce;

    private static BusyException Busy(TimeSpan wait) => new(wait > Least ? wait : Least);

    private BusyException Busy()
    {
        lock (gate) return Busy(Wait());
    }

    /// <summary>A request that was let in. Not safe for concurrent use.</summary>
    internal sealed class Visit(Admission house, TimeSpan patience) : IDisposable
    {
        private long held;
        private bool left;

        /// <summary>Holds further bytes until the visit ends.</summary>
        /// <exception cref="BusyException">All requests together would hold too many.</exception>
        public void Hold(int count)
        {
            lock (house.gate)
            {
                if (house.bytes + count > MostBytes) throw Busy(Least);
                house.bytes += count;
                held += count;
            }
        }

        /// <summary>Works when it is this request's turn.</summary>
        /// <exception cref="BusyException">The turn did not come in time, or the work did not end.</exception>
        public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        {
            using RateLimitLease turn = await TurnAsync(cancellationToken);
            using var limit = new CancellationTokenSource(house.longest, house.clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            long started = house.clock.GetTimestamp();
            try
            {
                return await work(either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw house.Busy();
            }
            finally
            {
                TimeSpan took = house.clock.GetElapsedTime(started);
                lock (house.gate) house.mean += (took - house.mean) * Newest;
            }
        }

        public void Dispose()
        {
            lock (house.gate)
            {
                if (left) return;
                left = true;
                house.visitors--;
                house.bytes -= held;
            }
        }

        private async Task<RateLimitLease> TurnAsync(CancellationToken cancellationToken)
        {
            using var limit = new CancellationTokenSource(patience, house.clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                RateLimitLease turn = await house.slots.AcquireAsync(1, either.Token);
                if (turn.IsAcquired) return turn;
                turn.Dispose();
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Refused below.
            }
            throw house.Busy();
        }
    }
}

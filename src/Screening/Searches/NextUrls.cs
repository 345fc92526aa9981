using System.Collections.Concurrent;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// The best free URLs of a run, as they were last read from the frontier, so that not each lease sorts all that waits. Nobody holds them: who takes one finds out by its fence whether it is still
/// as it was read. Safe for concurrent use.
/// </summary>
internal sealed class NextUrls
{
    /// <summary>How many are read at once.</summary>
    public const int Most = 32;

    // Of runs that this process no longer works on; more than it ever does at once.
    private const int MostRuns = 64;

    // What waited for its time, or was freed by somebody else, is seen after so long.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, Known> _runs = new();

    /// <summary>The best that was read and is of none of the hosts; null where it has to be read anew.</summary>
    public FrontierRow? Take(long runId, IReadOnlyCollection<string> busyHosts, DateTimeOffset now)
    {
        if (!_runs.TryGetValue(runId, out Known? known)) return null;
        lock (known)
        {
            if (now - known.ReadAt > Fresh || now < known.ReadAt) known.Rows.Clear();
            int at = known.Rows.FindIndex(r => !busyHosts.Contains(r.Host));
            // What lies behind the last one, of a host that is not busy, may be better than what lies behind those.
            if (at < 0) return null;
            FrontierRow row = known.Rows[at];
            known.Rows.RemoveAt(at);
            return row;
        }
    }

    /// <summary>Keeps what was read: the best of all hosts, in their order.</summary>
    public void Keep(long runId, List<FrontierRow> rows, DateTimeOffset now)
    {
        if (_runs.Count > MostRuns) _runs.Clear();
        _runs[runId] = new Known(rows, now);
    }

    /// <summary>URLs were added to the run: what is known holds only if none of them comes before its last.</summary>
    public void Added(long runId, int bestPriority)
    {
        if (!_runs.TryGetValue(runId, out Known? known)) return;
        lock (known)
        {
            if (known.Rows.Count > 0 && bestPriority > known.Rows[^1].Priority) known.Rows.Clear();
        }
    }

    /// <summary>URLs of the run became free, or were ended, other than by their holder.</summary>
    public void Forget(long runId) => _runs.TryRemove(runId, out _);

    private sealed class Known(List<FrontierRow> rows, DateTimeOffset readAt)
    {
        public List<FrontierRow> Rows { get; } = rows;

        public DateTimeOffset ReadAt { get; } = readAt;
    }
}

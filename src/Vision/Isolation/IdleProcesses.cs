using System.Diagnostics;

namespace Touchstone.Vision.Isolation;

/// <summary>
/// Isolated processes that wait to be asked. The one that was asked last is taken first; those that nobody needed for a while are ended, but for one, so that the next to ask does not wait for a
/// start. Safe for concurrent use.
/// </summary>
internal sealed class IdleProcesses : IDisposable
{
    // A process that waits holds some 60 MiB, and a start takes as long as reading a few pages.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly List<(IsolatedProcess Process, long Since)> _waiting = [];
    private readonly Timer _timer;
    private bool _disposed;

    public IdleProcesses() => _timer = new Timer(_ => EndThoseWaiting(LongestWait), null, LongestWait, LongestWait / 5);

    /// <summary>How many wait.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <summary>The one that was asked last; null where none waits.</summary>
    public IsolatedProcess? Taken()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0) return null;
            IsolatedProcess last = _waiting[^1].Process;
            _waiting.RemoveAt(_waiting.Count - 1);
            return last;
        }
    }

    public void Add(IsolatedProcess process)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _waiting.Add((process, Stopwatch.GetTimestamp()));
                return;
            }
        }
        process.Dispose();
    }

    /// <summary>Ends those that have waited for so long or longer, but for the one that was asked last.</summary>
    internal void EndThoseWaiting(TimeSpan longest)
    {
        IsolatedProcess[] ended;
        lock (_lock)
        {
            // The longest waiting come first.
            ended = [.. _waiting.SkipLast(1).TakeWhile(w => Stopwatch.GetElapsedTime(w.Since) >= longest).Select(w => w.Process)];
            _waiting.RemoveRange(0, ended.Length);
        }
        foreach (IsolatedProcess process in ended) process.Dispose();
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _disposed = true;
            foreach ((IsolatedProcess process, _) in _waiting) process.Dispose();
            _waiting.Clear();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Touchstone.Evaluation.Crawls;

/// <summary>A shop that crawlers are measured on, as it sees them: what it sells and what it was asked. Safe for concurrent use.</summary>
/// <param name="products">How many products it sells.</param>
public sealed class CrawlGround(int products)
{
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private long _first;
    private long _last;
    private int _requests;

    public int Products { get; } = products;

    /// <summary>The address of its front page, with a slash at its end; known once it is served.</summary>
    public Uri Address { get; set; } = new("http://127.0.0.1/");

    /// <summary>Requests since <see cref="Reset"/>.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Different addresses asked for since <see cref="Reset"/>.</summary>
    public int Addresses => _asked.Count;

    public bool HasBegun => Volatile.Read(ref _first) != 0;

    /// <summary>From the first request to the last, in seconds.</summary>
    public double Seconds => HasBegun ? Stopwatch.GetElapsedTime(Volatile.Read(ref _first), Volatile.Read(ref _last)).TotalSeconds : 0;

    /// <summary>Since the first request, in seconds; 0 before it.</summary>
    public double Since => HasBegun ? Stopwatch.GetElapsedTime(Volatile.Read(ref _first)).TotalSeconds : 0;

    /// <summary>A request came.</summary>
    public void Note(string address)
    {
        long now = Stopwatch.GetTimestamp();
        Interlocked.CompareExchange(ref _first, now, 0);
        Volatile.Write(ref _last, now);
        Interlocked.Increment(ref _requests);
        _asked.AddOrUpdate(address, 1, static (_, n) => n + 1);
    }

    /// <summary>Forgets what was asked, for the next crawler.</summary>
    public void Reset()
    {
        _asked.Clear();
        _requests = 0;
        Volatile.Write(ref _first, 0);
        Volatile.Write(ref _last, 0);
    }
}

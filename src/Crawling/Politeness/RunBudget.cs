using System.Collections.Concurrent;

namespace Touchstone.Crawling.Politeness;

/// <summary>What one run may take from each host. Safe for concurrent use.</summary>
/// <param name="pagesPerHost">Most pages; at least 1.</param>
/// <param name="bytesPerHost">Most bytes after decompression, pictures and what rendering asks for included; at least 1.</param>
public sealed class RunBudget(int pagesPerHost, long bytesPerHost)
{
    private readonly ConcurrentDictionary<string, Used> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public int PagesPerHost { get; } = pagesPerHost > 0 ? pagesPerHost : throw new ArgumentOutOfRangeException(nameof(pagesPerHost), pagesPerHost, "At least 1.");

    /// <summary>When the run began: what anybody was answered since then is not asked for again. Null: everything is asked for.</summary>
    public DateTimeOffset? Since { get; init; }

    public long BytesPerHost { get; } = bytesPerHost > 0 ? bytesPerHost : throw new ArgumentOutOfRangeException(nameof(bytesPerHost), bytesPerHost, "At least 1.");

    /// <summary>Whether the host has pages and bytes left.</summary>
    public bool HasRoom(string host) => HasBytes(host) && (!_hosts.TryGetValue(host, out Used? used) || Volatile.Read(ref used.Pages) < PagesPerHost);

    /// <summary>Whether the host has bytes left, for what belongs to a page that was counted already.</summary>
    public bool HasBytes(string host) => !_hosts.TryGetValue(host, out Used? used) || Interlocked.Read(ref used.Bytes) < BytesPerHost;

    public void AddPages(string host, int pages) => Interlocked.Add(ref _hosts.GetOrAdd(host, _ => new Used()).Pages, pages);

    public void AddBytes(string host, long bytes) => Interlocked.Add(ref _hosts.GetOrAdd(host, _ => new Used()).Bytes, bytes);

    private sealed class Used
    {
        public int Pages;
        public long Bytes;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>
/// Crawls the sites of a run: leases URLs from the frontier, several hosts at a time and one request per host, reads each page and hands it to the sink.
/// A URL is completed only after the sink kept its page, so a run that was killed goes on without fetching again what was done. Safe for concurrent runs.
/// </summary>
public sealed class Crawler(
    IFrontierStore frontier, PoliteFetcher fetcher, HostGate gate, ChromiumRenderer renderer, RetryPolicy retry, TimeProvider time, PageReader? reader = null, ILogger<Crawler>? log = null)
{
    /// <summary>Renewed while the URL is worked on; what a worker that ended left is taken up when another takes the run, or after this time.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(5);

    /// <summary>Runs that an error ended and this process outlived: what they held was not what ended them.</summary>
    private readonly ConcurrentDictionary<(long Run, string Worker), bool> _broken = new();
    private readonly BodyRoom _bodies = new();
    private readonly ILogger _log = log ?? NullLogger<Crawler>.Instance;

    /// <summary>
    /// Runs until nothing is left to do. Throws <see cref="ArgumentException"/> for a bad request, <see cref="OperationCanceledException"/>,
    /// and what the frontier or the sink throws; the run can go on afterwards in each case.
    /// </summary>
    public async Task<CrawlReport> RunAsync(CrawlRequest request, ICrawlSink sink, IProgress<CrawlProgress>? progress, CancellationToken cancellationToken)
    {
        Check(request);
        long started = time.GetTimestamp();
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CrawlCounters counters = new(request.RunId, progress);
        RunBudget budget = new(request.PageBudgetPerHost, request.ByteBudgetPerHost) { Since = request.Since };
        bool broken = _broken.ContainsKey((request.RunId, request.Worker));
        int released = await frontier.TakeUpAsync(request.RunId, request.Worker, lost: !broken, cancellationToken);
        _broken.TryRemove((request.RunId, request.Worker), out _);
        if (released > 0) _log.LogInformation("Run {Run} goes on: {Count} URLs that were under way are taken up again", request.RunId, released);
        counters.Start(await frontier.CountAsync(request.RunId, cancellationToken));
        CrawlSeeds seeds = new(frontier, fetcher, counters);
        await seeds.PlantAsync(request, cancellationToken);
        CrawlStep step = new(request, frontier, fetcher, gate, renderer, reader ?? PageReading.Here, retry, time, sink, budget, counters, _bodies, _log);
        try
        {
            await LoopAsync(request, step, ending);
        }
        catch
        {
            await ending.CancelAsync();
            // Another worker need not wait for the leases to run out. A broken store keeps its own exception.
            if (!cancellationToken.IsCancellationRequested) _broken[(request.RunId, request.Worker)] = true;
            else await frontier.ReleaseAsync(request.RunId, request.Worker, CancellationToken.None);
            throw;
        }
        return new CrawlReport(counters.Now(null), await frontier.CountAsync(request.RunId, cancellationToken), counters.NeedBrowser, counters.PagesFetched, time.GetElapsedTime(started));
    }

    private async Task LoopAsync(CrawlRequest request, CrawlStep step, CancellationTokenSource ending)
    {
        Dictionary<Task, string> running = [];
        HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            while (true)
            {
                DateTimeOffset now = time.GetUtcNow();
                HashSet<string> busy = new(running.Values.GroupBy(h => h, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() >= gate.Parallel(g.Key)).Select(g => g.Key), StringComparer.OrdinalIgnoreCase);
                busy.UnionWith(hosts.Where(h => gate.ReadyAt(h) > now));
                FrontierLease? lease = running.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count() < request.ParallelHosts ? await frontier.LeaseAsync(request.RunId, request.Worker, busy, LeaseTime, ending.Token) : null;
                if (lease is not null)
                {
                    hosts.Add(lease.Url.Host);
                    // A task of its own: parsing runs beside the loop, and each key is unique.
                    running.Add(Task.Run(() => HoldAsync(step, lease, ending.Token), ending.Token), lease.Url.Host);
                    continue;
                }
                if (running.Count == 0 && await frontier.NextReadyAsync(request.RunId, ending.Token) is null) return;
                await WaitAsync(running, Nap(hosts, busy, running.Values, now), ending.Token);
            }
        }
        catch
        {
            await ending.CancelAsync();
            await Task.WhenAll(running.Keys).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private async Task HoldAsync(CrawlStep step, FrontierLease lease, CancellationToken cancellationToken)
    {
        bool held = await HeldLease.RunAsync(LeaseTime, token => frontier.RenewAsync(lease, LeaseTime, token), token => step.RunAsync(lease, token), time, _log, cancellationToken);
        if (!held) _log.LogWarning("The lease of {Url} was lost; another worker reads it", lease.Url.Url);
    }

    /// <summary>Until the first host that only has to wait may be asked again, or a while.</summary>
    private TimeSpan Nap(HashSet<string> hosts, HashSet<string> busy, IEnumerable<string> running, DateTimeOffset now)
    {
        HashSet<string> working = new(running, StringComparer.OrdinalIgnoreCase);
        TimeSpan nap = LongestNap;
        foreach (string host in hosts)
        {
            if (!busy.Contains(host) || working.Contains(host)) continue;
            TimeSpan wait = gate.ReadyAt(host) - now;
            if (wait < nap) nap = wait;
        }
        return nap > TimeSpan.FromMilliseconds(5) ? nap : TimeSpan.FromMilliseconds(5);
    }

    private async Task WaitAsync(Dictionary<Task, string> running, TimeSpan nap, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task rest = Task.Delay(nap, time, waking.Token);
        Task first = await Task.WhenAny([rest, .. running.Keys]);
        await waking.CancelAsync();
        foreach (Task done in running.Keys.Where(t => t.IsCompleted).ToArray())
        {
            running.Remove(done);
            await done;
        }
        if (first == rest) cancellationToken.ThrowIfCancellationRequested();
    }

    private static void Check(CrawlRequest request)
    {
        if (request.StartUrls.Count == 0) throw new ArgumentException("At least one start URL is needed.", nameof(request));
        foreach (string url in request.StartUrls)
            if (CanonicalUrl.TryCreate(url) is null) throw new ArgumentException($"A start URL must be a valid http or https URL; '{url}' is not.", nameof(request));
        if (string.IsNullOrWhiteSpace(request.Worker)) throw new ArgumentException("The worker needs a name.", nameof(request));
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxDepth);
        if (request.ParallelHosts is < 1 or > 64) throw new ArgumentOutOfRangeException(nameof(request), request.ParallelHosts, "ParallelHosts must be 1 to 64.");
    }
}

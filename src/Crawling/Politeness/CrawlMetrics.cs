using System.Diagnostics.Metrics;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Politeness;

/// <summary>What crawling asks of shops, as instruments that cost next to nothing while nobody listens. One set for the process. Safe for concurrent use.</summary>
public static class CrawlMetrics
{
    public const string MeterName = "Touchstone.Crawling";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("touchstone.crawl.requests", "{request}", "Pages and pictures that were wanted, by what became of them.");
    private static readonly Counter<long> Urls = Meter.CreateCounter<long>("touchstone.crawl.urls", "{url}", "URLs of frontiers that ended, by state and, where they were not read, by reason: what robots rules or a budget kept back is here.");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("touchstone.crawl.bytes", "By", "Content that came, after it was unpacked.");
    private static readonly Histogram<double> Turn = Meter.CreateHistogram("touchstone.crawl.turn.wait", "s", "How long a request waited for the host's turn.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 2, 5, 15, 60, 300] });

    internal static void Fetched(FetchOutcome outcome)
    {
        string name = outcome switch
        {
            { IsShared: true } => "Shared",
            { Remembered: not null } => "NotModified",
            { Failure: { } failure } => failure.ToString(),
            _ => "Content",
        };
        Requests.Add(1, new KeyValuePair<string, object?>("outcome", name));
        if (outcome.Remembered is null) Bytes.Add(outcome.Body.Length);
    }

    internal static void Ended(FrontierState state, string reason, int count)
    {
        if (count == 0) return;
        KeyValuePair<string, object?> how = new("state", state.ToString());
        if (state == FrontierState.Done) Urls.Add(count, how);
        else Urls.Add(count, how, new KeyValuePair<string, object?>("reason", reason));
    }

    internal static void Waited(TimeSpan wait) => Turn.Record(wait.TotalSeconds);
}

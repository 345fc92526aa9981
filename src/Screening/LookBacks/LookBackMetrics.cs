using System.Diagnostics.Metrics;

namespace Touchstone.Screening.LookBacks;

/// <summary>What looking back took and gave on this node. One set for the process. Safe for concurrent use.</summary>
public static class LookBackMetrics
{
    public const string MeterName = "Touchstone.LookBacks";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Ended = Meter.CreateCounter<long>("touchstone.lookbacks.ended", "{reference}", "References about which what was seen was asked, by outcome.");
    private static readonly Counter<long> Listings = Meter.CreateCounter<long>("touchstone.lookbacks.listings", "{listing}", "Listings that were screened because they may show a reference that came in or changed.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram("touchstone.lookbacks.duration", "s", "References that were asked about together, from their taking to their hits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800] });

    internal static void Answered(int references, int listings, TimeSpan taken)
    {
        Ended.Add(references, new KeyValuePair<string, object?>("outcome", "done"));
        Listings.Add(listings);
        Duration.Record(taken.TotalSeconds);
    }

    internal static void Failed(int references) => Ended.Add(references, new KeyValuePair<string, object?>("outcome", "failed"));
}

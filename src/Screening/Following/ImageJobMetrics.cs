using System.Diagnostics.Metrics;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Following;

/// <summary>What became of jobs on this node. One set for the process. Safe for concurrent use.</summary>
public static class ImageJobMetrics
{
    public const string MeterName = "Touchstone.Jobs";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Done = Meter.CreateCounter<long>("touchstone.jobs.ended", "{job}", "Pictures of references that were described or read, by kind and outcome.");

    internal static void Ended(ImageJobKind kind, JobOutcome outcome) =>
        Done.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()), new KeyValuePair<string, object?>("outcome", outcome.Failure is null ? "done" : outcome.IsLasting ? "impossible" : "postponed"));
}

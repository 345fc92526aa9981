using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Touchstone.Recognition;

/// <summary>
/// How long the stages of a recognition take, as a histogram of <see cref="MeterName"/> for whoever listens (OpenTelemetry, a benchmark); costs nothing while nobody
/// does. Stages: <c>hashes</c>, <c>vectors</c> and <c>keypoints</c>, which propose candidates; <c>features</c>, which fetches theirs; <c>pairs</c>, which compares. Thread-safe.
/// </summary>
public static class RecognitionStage
{
    public const string MeterName = "Touchstone.Recognition";

    /// <summary>The instrument: seconds, with the tag <see cref="Tag"/>.</summary>
    public const string Instrument = "touchstone.recognition.stage.duration";

    public const string Tag = "stage";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(Instrument, "s", "Time that a stage of a recognition takes, for one image.");

    /// <summary>Times from now until it is disposed.</summary>
    internal static Timing Time(string stage) => new(stage, Duration.Enabled ? Stopwatch.GetTimestamp() : 0);

    internal readonly struct Timing(string stage, long start) : IDisposable
    {
        public void Dispose()
        {
            if (start != 0) Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>(Tag, stage));
        }
    }
}

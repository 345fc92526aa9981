using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Touchstone.Screening.Screenings;

/// <summary>
/// What screenings take and conclude, as instruments that cost next to nothing while nobody listens. One set for the process: a listener knows instruments by
/// their names, so that one set that ended would take the others' counts with it. Safe for concurrent use.
/// </summary>
public static class ScreeningMetrics
{
    public const string MeterName = "Touchstone.Screening";

    /// <summary>Seconds, from a look-up to a picture of much print; 50 ms is what the gate is allowed.</summary>
    private static readonly double[] Boundaries = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    private static readonly InstrumentAdvice<double> Advice = new() { HistogramBucketBoundaries = Boundaries };
    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram("touchstone.screening.duration", "s", "A whole screening, from the pictures' bytes to the verdict.", tags: null, Advice);
    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram("touchstone.screening.stage.duration", "s", "One stage of a screening, over all its pictures.", tags: null, Advice);
    private static readonly Counter<long> Verdicts = Meter.CreateCounter<long>("touchstone.screening.verdicts", "{screening}", "Screenings by verdict, undetermined ones by reason.");
    private static readonly Counter<long> Pictures = Meter.CreateCounter<long>("touchstone.screening.pictures", "{picture}", "Screened pictures by what became of them.");

    internal static void Screened(ScreeningOutcome outcome, TimeSpan whole, StageTimes times)
    {
        Duration.Record(whole.TotalSeconds);
        foreach ((RecognitionStage stage, TimeSpan taken) in times.Taken) StageDuration.Record(taken.TotalSeconds, new KeyValuePair<string, object?>("stage", NameOf(stage)));
        var tags = new TagList { { "verdict", outcome.Verdict.ToString() } };
        if (outcome.Reason is { } reason) tags.Add("reason", reason.ToString());
        Verdicts.Add(1, tags);
        foreach (ScreenedImage image in outcome.Images) Pictures.Add(1, new KeyValuePair<string, object?>("outcome", image.ExitedEarly ? "ExitedEarly" : image.Reason?.ToString() ?? "Read"));
    }

    private static string NameOf(RecognitionStage stage) => stage switch
    {
        RecognitionStage.Decode => "decode",
        RecognitionStage.FirstLook => "first_look",
        RecognitionStage.Description => "description",
        RecognitionStage.Candidates => "candidates",
        RecognitionStage.CloseLook => "close_look",
        RecognitionStage.Scoring => "scoring",
        RecognitionStage.Text => "text",
        RecognitionStage.Decision => "decision",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Unknown stage."),
    };
}

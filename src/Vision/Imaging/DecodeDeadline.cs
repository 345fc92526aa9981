using System.Diagnostics;
using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// The time limit of one decoding. libvips reports progress while it computes pixels; the report that comes after the deadline
/// kills the pipeline. Thread-safe.
/// </summary>
internal sealed class DecodeDeadline(TimeSpan limit)
{
    private readonly long _end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);

    internal bool Passed => Stopwatch.GetTimestamp() > _end;

    internal TimeSpan Left => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _end) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    internal DecodeFailedException Failure(Exception? inner = null) => new(DecodeFailure.TimedOut, $"Decoding did not end within {limit.TotalMilliseconds:0} ms.", inner);

    internal void ThrowIfPassed()
    {
        if (Passed) throw Failure();
    }

    internal void Watch(Image image)
    {
        image.SetProgress(true);
        _ = image.SignalConnect(Enums.Signals.Eval, (reporting, _) =>
        {
            if (Passed) reporting.SetKill(true);
        });
    }
}

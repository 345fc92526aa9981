using System.Diagnostics;
using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// The time limit of one decoding. libvips reports progress while it computes pixels; the report that comes after the deadline
/// kills the pipeline. Thread-safe.
/// </summary>
internal sealed class DecodeDeadline(TimeSpan limit)
{
    private long _end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);

    internal bool Passed => Stopwatch.GetTimestamp() > _end;

    internal TimeSpan Left => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _end) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    internal DecodeFailedException Failure(Exception? inner = null) => new(DecodeFailure.TimedOut, $"Decoding did not end within {limit.TotalMilliseconds:0} ms.", inner);

    /// <summary>Allows more from now on; asked before the pixels are read.</summary>
    internal void Add(TimeSpan more) => _end += (long)(more.TotalSeconds * Stopwatch.Frequency);

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

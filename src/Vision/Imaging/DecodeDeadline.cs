using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Touchstone.Vision.Imaging.Libvips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// The time limit of one decoding. libvips reports progress while it computes pixels; the report that comes after the deadline
/// kills the pipeline. Dispose it after the images that it watches.
/// </summary>
internal sealed unsafe class DecodeDeadline : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly long* _end;

    internal DecodeDeadline(TimeSpan limit)
    {
        _limit = limit;
        _end = (long*)NativeMemory.Alloc(sizeof(long));
        *_end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
    }

    internal bool Passed => Stopwatch.GetTimestamp() > *_end;

    internal TimeSpan Left => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), *_end) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    internal DecodeFailedException Failure(Exception? inner = null) => new(DecodeFailure.TimedOut, $"Decoding did not end within {_limit.TotalMilliseconds:0} ms.", inner);

    internal void ThrowIfPassed()
    {
        if (Passed) throw Failure();
    }

    internal void Watch(VipsImageHandle image)
    {
        VipsImports.ImageSetProgress(image, 1);
        _ = VipsImports.GSignalConnectData(image, "eval", (nint)(delegate* unmanaged[Cdecl]<nint, nint, long*, void>)&OnProgress, (nint)_end, 0, 0);
    }

    public void Dispose() => NativeMemory.Free(_end);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnProgress(nint image, nint progress, long* end)
    {
        if (Stopwatch.GetTimestamp() > *end) VipsImports.ImageSetKill(image, 1);
    }
}

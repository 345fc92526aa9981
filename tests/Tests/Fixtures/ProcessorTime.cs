using System.Globalization;

namespace Touchstone.Tests.Fixtures;

/// <summary>
/// Work that is ended by the time that it takes of a processor, so that a busy machine changes nothing. Where the system does not tell a thread's time, the clock counts.
/// </summary>
public static class ProcessorTime
{
    // Linux counts a thread's time in ticks of this length whatever its timer does (proc(5), USER_HZ).
    private const int TicksASecond = 100;

    // Whatever waits instead of working ends by then.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>What the work gives, on a thread of its own.</summary>
    /// <exception cref="TimeoutException">It took more; the thread goes on in the background.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan most, Func<T> work, CancellationToken cancellationToken)
    {
        string? thread = null;
        long started = TimeProvider.System.GetTimestamp();
        Task<T> task = Task.Factory.StartNew(
            () =>
            {
                Volatile.Write(ref thread, OperatingSystem.IsLinux() ? File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)?.FullName : null);
                return work();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken)) != task)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan waited = TimeProvider.System.GetElapsedTime(started), took = OperatingSystem.IsLinux() ? Of(Volatile.Read(ref thread)) : waited;
            if (took > most || waited > LongestWait) throw new TimeoutException($"The work took {took.TotalSeconds:0.0} s of a processor, {waited.TotalSeconds:0.0} s by the clock, and has not ended; {most.TotalSeconds:0.0} s are allowed.");
        }
        return await task;
    }

    /// <summary>What a thread took so far.</summary>
    /// <param name="thread">Its folder under <c>/proc</c>; null: it has not begun.</param>
    private static TimeSpan Of(string? thread)
    {
        if (thread is null) return TimeSpan.Zero;
        try
        {
            string stat = File.ReadAllText(Path.Combine(thread, "stat"));
            // The name, in brackets, may hold anything.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / (double)TicksASecond);
        }
        catch (IOException)
        {
            // The thread ended meanwhile.
            return TimeSpan.Zero;
        }
    }
}

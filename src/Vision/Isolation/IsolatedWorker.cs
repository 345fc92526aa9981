using System.Diagnostics;
using System.Text;

namespace Touchstone.Vision.Isolation;

/// <summary>
/// What an isolated process does: it answers one request after the other until its input ends. While it works it watches its own memory
/// and its own processor time, which a busy machine does not use up; when either is at its end it says so and ends itself, whatever the reader is doing.
/// </summary>
public static class IsolatedWorker
{
    /// <summary>
    /// Most memory of a process, in bytes: 768 MiB. The largest pictures that the limits allow (64 million pixels of a progressive JPEG, an interlaced
    /// PNG or a bitmap) take up to 600 MiB.
    /// </summary>
    public const long MaxMemory = 768L << 20;

    // What a large request left behind is given back before the next one.
    private const long Lean = 160L << 20;

    // A reader takes some 20 MiB in this time.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Serves until the input ends.</summary>
    /// <param name="read">Reads a payload of a kind and gives the answer's payload.</param>
    public static void Serve(Stream from, Stream to, Func<IsolatedTask, ReadOnlyMemory<byte>, byte[]> read)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(read);
        BeFirstToGo();
        to.WriteByte(IsolatedMessages.Ready);
        to.Flush();
        while (IsolatedMessages.ReadRequest(from) is var (task, allowance, payload))
        {
            using Watch watch = new(allowance, end => IsolatedMessages.WriteAnswer(to, end, []));
            (IsolatedEnd end, byte[] answer) = Read(read, task, payload);
            if (!watch.TryClaimAnswer()) AwaitEnd();
            IsolatedMessages.WriteAnswer(to, end, answer);
            if (Environment.WorkingSet > Lean) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        }
    }

    private static (IsolatedEnd End, byte[] Payload) Read(Func<IsolatedTask, ReadOnlyMemory<byte>, byte[]> read, IsolatedTask task, byte[] payload)
    {
        try
        {
            return (IsolatedEnd.Answered, read(task, payload));
        }
        catch (OutOfMemoryException)
        {
            return (IsolatedEnd.TooMuchMemory, []);
        }
        catch (Exception e)
        {
            // A mistake of ours: the other end logs it, and one page or picture is not read.
            return (IsolatedEnd.Broke, Encoding.UTF8.GetBytes(e.ToString()));
        }
    }

    /// <summary>The watch was first: it answers and ends the process.</summary>
    private static void AwaitEnd()
    {
        using ManualResetEventSlim never = new();
        never.Wait();
    }

    /// <summary>Where the machine's memory is at an end, Linux ends a process that asks to be the first.</summary>
    private static void BeFirstToGo()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sandbox without this file: the watch over the memory is there all the same.
        }
    }

    /// <summary>Ends the process when one request takes too much. Either the work or the watch answers, never both.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly TimeSpan _until;
        private readonly Action<IsolatedEnd> _answer;
        private readonly Timer _timer;
        private int _answered;

        internal Watch(TimeSpan allowance, Action<IsolatedEnd> answer)
        {
            _until = Environment.CpuUsage.TotalTime + allowance;
            _answer = answer;
            _timer = new Timer(_ => Look(), null, Tick, Tick);
        }

        internal bool TryClaimAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;

        public void Dispose() => _timer.Dispose();

        private void Look()
        {
            bool memory = Environment.WorkingSet > MaxMemory;
            if ((!memory && Environment.CpuUsage.TotalTime <= _until) || !TryClaimAnswer()) return;
            _answer(memory ? IsolatedEnd.TooMuchMemory : IsolatedEnd.TookTooLong);
            using Process self = Process.GetCurrentProcess();
            self.Kill();
        }
    }
}

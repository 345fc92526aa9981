using System.Text;

namespace Touchstone.Vision.Isolation;

/// <summary>
/// Processes that read what nobody vouches for, as many as readings ask for at once, at most one a processor for pictures and one for two processors for pages: what takes too much memory or
/// time, or breaks a library, ends one of them and never this process. What two of them ended over is given up. One set for the whole process (<see cref="Shared"/>); they end with it, and all but
/// one when nobody asked them for a while. Safe for concurrent calls, which wait for each other when all are busy.
/// </summary>
public sealed class IsolatedProcesses : IDisposable
{
    private const int MostDeaths = 2;

    private readonly IsolatedProgram _program;
    private readonly IdleProcesses _idle = new();
    // A page that takes its time keeps no picture waiting, for which a marketplace may wait.
    private readonly SemaphoreSlim _forPages;
    private readonly SemaphoreSlim _forPictures;
    private readonly Lazy<string?> _problem;
    private int _ended;

    /// <param name="most">Most processes at once for pages, and as many for pictures; null: one for two processors, since the other half of a page's work is done here, and one a processor.</param>
    public IsolatedProcesses(IsolatedProgram program, int? most = null)
    {
        _program = program;
        _forPages = new SemaphoreSlim(most ?? ((Environment.ProcessorCount + 1) / 2));
        _forPictures = new SemaphoreSlim(most ?? Environment.ProcessorCount);
        _problem = new Lazy<string?>(TryStart);
    }

    /// <summary>Those of this process.</summary>
    public static IsolatedProcesses Shared { get; } = new(IsolatedProgram.Beside);

    /// <summary>
    /// Why no process can be started, in a sentence; null where one could. Then pages and pictures are read in this process, where nothing ends a reader
    /// that takes too much. Asked once; the first to ask waits for the first process.
    /// </summary>
    public string? Problem => _problem.Value;

    /// <summary>How many processes ended over what they read since the start.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>Has a process read the payload; waits for it.</summary>
    /// <param name="allowance">Processor time; by the clock twenty times as much.</param>
    /// <param name="most">Most bytes of the answer.</param>
    public IsolatedAnswer Ask(IsolatedTask task, TimeSpan allowance, int most, params ReadOnlyMemory<byte>[] payload)
    {
        FreeFor(task).Wait();
        // Done when it returns: the process is waited for inside.
        return TriedAsync(task, allowance, process => Task.FromResult(process.Ask(task, allowance, most, payload))).GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Ask"/>; no thread waits meanwhile.</summary>
    public async Task<IsolatedAnswer> AskAsync(IsolatedTask task, TimeSpan allowance, int most, ReadOnlyMemory<byte> payload)
    {
        await FreeFor(task).WaitAsync();
        return await TriedAsync(task, allowance, process => process.AskAsync(task, allowance, most, payload));
    }

    /// <summary>Asks a process, and another where that ends over it. The caller has waited for a free place.</summary>
    private async Task<IsolatedAnswer> TriedAsync(IsolatedTask task, TimeSpan allowance, Func<IsolatedProcess, Task<(IsolatedEnd End, byte[] Payload)>> ask)
    {
        IsolatedProcess? process = null;
        string why = "";
        try
        {
            for (int deaths = 0; deaths < MostDeaths; deaths++)
            {
                try
                {
                    process = Next(deaths);
                    return Answered(await ask(process), allowance);
                }
                catch (Exception e) when (e is IOException or InvalidDataException)
                {
                    (why, process) = (Lost(process, e), null);
                }
            }
            return GivenUp(why);
        }
        finally
        {
            PutBack(process);
            FreeFor(task).Release();
        }
    }

    /// <summary>Ends the processes that are idle.</summary>
    public void Dispose()
    {
        _idle.Dispose();
        _forPages.Dispose();
        _forPictures.Dispose();
    }

    private SemaphoreSlim FreeFor(IsolatedTask task) => task is IsolatedTask.Page or IsolatedTask.Workbook ? _forPages : _forPictures;

    /// <summary>The second try is a new process's: the idle ones may have ended unnoticed.</summary>
    private IsolatedProcess Next(int deaths) => (deaths == 0 ? _idle.Taken() : null) ?? IsolatedProcess.Start(_program);

    /// <summary>Why the process is lost, in words.</summary>
    private string Lost(IsolatedProcess? process, Exception e)
    {
        string why = process?.FirstWords ?? e.Message;
        Interlocked.Increment(ref _ended);
        process?.Dispose();
        return why;
    }

    private static IsolatedAnswer Answered((IsolatedEnd End, byte[] Payload) answer, TimeSpan allowance) =>
        answer.End == IsolatedEnd.Answered ? new IsolatedAnswer(answer.End, answer.Payload, null) : new IsolatedAnswer(answer.End, [], Describe(answer.End, answer.Payload, allowance));

    private static IsolatedAnswer GivenUp(string why) => new(IsolatedEnd.EndedProcesses, [], $"{MostDeaths} processes ended while they read it: {why}");

    private static string Describe(IsolatedEnd end, byte[] answer, TimeSpan allowance) => end switch
    {
        IsolatedEnd.TookTooLong => $"Reading it took more than {allowance.TotalMilliseconds:0} ms of a processor.",
        IsolatedEnd.TooMuchMemory => $"Reading it took more than {IsolatedWorker.MaxMemory >> 20} MiB of memory.",
        _ => Encoding.UTF8.GetString(answer),
    };

    private void PutBack(IsolatedProcess? process)
    {
        if (process is { IsEnding: true })
        {
            Interlocked.Increment(ref _ended);
            process.Dispose();
        }
        else if (process is not null)
        {
            _idle.Add(process);
        }
    }

    private string? TryStart()
    {
        try
        {
            _idle.Add(IsolatedProcess.Start(_program));
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}

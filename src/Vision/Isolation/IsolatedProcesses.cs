using System.Collections.Concurrent;
using System.Text;

namespace Touchstone.Vision.Isolation;

/// <summary>
/// Processes that read what nobody vouches for, as many as the machine has processors, for pages and for pictures each, and readings ask for at once: what takes too much memory or time, or
/// breaks a library, ends one of them and never this process. What two of them ended over is given up. One set for the whole process (<see cref="Shared"/>);
/// they end with it. Safe for concurrent calls, which wait for each other when all are busy.
/// </summary>
public sealed class IsolatedProcesses : IDisposable
{
    private const int MostDeaths = 2;

    private readonly IsolatedProgram _program;
    private readonly ConcurrentStack<IsolatedProcess> _idle = new();
    // A page that takes its time keeps no picture waiting, for which a marketplace may wait.
    private readonly SemaphoreSlim _forPages;
    private readonly SemaphoreSlim _forPictures;
    private readonly Lazy<string?> _problem;
    private int _ended;

    /// <param name="most">Most processes at once for pages, and as many for pictures; null: one a processor.</param>
    public IsolatedProcesses(IsolatedProgram program, int? most = null)
    {
        _program = program;
        _forPages = new SemaphoreSlim(most ?? Environment.ProcessorCount);
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
    public IsolatedAnswer Ask(IsolatedTask task, TimeSpan allowance, int most, params ReadOnlySpan<ReadOnlyMemory<byte>> payload)
    {
        SemaphoreSlim free = FreeFor(task);
        free.Wait();
        IsolatedProcess? process = null;
        string why = "";
        try
        {
            for (int deaths = 0; deaths < MostDeaths; deaths++)
            {
                try
                {
                    process = Next(deaths);
                    return Answered(process.Ask(task, allowance, most, payload), allowance);
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
            free.Release();
        }
    }

    /// <summary>As <see cref="Ask"/>; no thread waits meanwhile.</summary>
    public async Task<IsolatedAnswer> AskAsync(IsolatedTask task, TimeSpan allowance, int most, ReadOnlyMemory<byte> payload)
    {
        SemaphoreSlim free = FreeFor(task);
        await free.WaitAsync();
        IsolatedProcess? process = null;
        string why = "";
        try
        {
            for (int deaths = 0; deaths < MostDeaths; deaths++)
            {
                try
                {
                    process = Next(deaths);
                    return Answered(await process.AskAsync(task, allowance, most, payload), allowance);
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
            free.Release();
        }
    }

    /// <summary>Ends the processes that are idle.</summary>
    public void Dispose()
    {
        while (_idle.TryPop(out IsolatedProcess? process)) process.Dispose();
        _forPages.Dispose();
        _forPictures.Dispose();
    }

    private SemaphoreSlim FreeFor(IsolatedTask task) => task == IsolatedTask.Page ? _forPages : _forPictures;

    /// <summary>The second try is a new process's: the idle ones may have ended unnoticed.</summary>
    private IsolatedProcess Next(int deaths) => deaths == 0 && _idle.TryPop(out IsolatedProcess? idle) ? idle : IsolatedProcess.Start(_program);

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
            _idle.Push(process);
        }
    }

    private string? TryStart()
    {
        try
        {
            _idle.Push(IsolatedProcess.Start(_program));
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace Touchstone.Vision.Isolation;

/// <summary>
/// One child process that reads for this one. It is handed no secrets: of the environment it gets what a program needs to start. Not safe for concurrent use.
/// <see cref="IOException"/> and <see cref="InvalidDataException"/> mean that the process is lost.
/// </summary>
internal sealed class IsolatedProcess : IDisposable
{
    // By the clock a reading may take so many times its processor time: with forty others at work on two processors it gets a twentieth of one. The process ends
    // itself by its processor time, unless it cannot even do that.
    private const int Patience = 20;

    // The least by the clock.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    private static readonly string[] Handed = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "TMPDIR", "TEMP", "TMP", "HOME"];

    private readonly Process _process;
    private readonly Stream _to;
    private readonly Stream _from;
    private volatile string? _firstWords;

    private IsolatedProcess(Process process)
    {
        _process = process;
        _to = process.StandardInput.BaseStream;
        _from = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data)) _firstWords ??= line.Data.Trim();
        };
        process.BeginErrorReadLine();
    }

    /// <summary>What the process first said on its error output; null if nothing.</summary>
    internal string? FirstWords => _firstWords;

    /// <summary>Whether its last answer was that it passed a limit: then it ends itself.</summary>
    internal bool IsEnding { get; private set; }

    /// <exception cref="IOException">It does not start, or it ended before it was ready.</exception>
    internal static IsolatedProcess Start(IsolatedProgram program)
    {
        IsolatedProcess started = new(Launch(program));
        try
        {
            using Timer end = new(_ => started.End(), null, LongestStart, Timeout.InfiniteTimeSpan);
            if (started._from.ReadByte() == IsolatedMessages.Ready) return started;
            throw new IOException(started.FirstWords is { } words ? $"The process ended before it was ready. It said: {words}" : "The process ended before it was ready.");
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <param name="most">Most bytes of the answer.</param>
    internal (IsolatedEnd End, byte[] Payload) Ask(IsolatedTask task, TimeSpan allowance, int most, ReadOnlySpan<ReadOnlyMemory<byte>> payload)
    {
        using Timer end = new(_ => End(), null, Least + (allowance * Patience), Timeout.InfiniteTimeSpan);
        IsolatedMessages.WriteRequest(_to, task, allowance, payload);
        (IsolatedEnd End, byte[] Payload) answer = IsolatedMessages.ReadAnswer(_from, most);
        IsEnding = answer.End is IsolatedEnd.TookTooLong or IsolatedEnd.TooMuchMemory;
        return answer;
    }

    /// <param name="most">Most bytes of the answer.</param>
    internal async Task<(IsolatedEnd End, byte[] Payload)> AskAsync(IsolatedTask task, TimeSpan allowance, int most, ReadOnlyMemory<byte> payload)
    {
        using Timer end = new(_ => End(), null, Least + (allowance * Patience), Timeout.InfiniteTimeSpan);
        await IsolatedMessages.WriteRequestAsync(_to, task, allowance, payload);
        (IsolatedEnd End, byte[] Payload) answer = await IsolatedMessages.ReadAnswerAsync(_from, most);
        IsEnding = answer.End is IsolatedEnd.TookTooLong or IsolatedEnd.TooMuchMemory;
        return answer;
    }

    public void Dispose()
    {
        End();
        _to.Dispose();
        _from.Dispose();
        _process.Dispose();
    }

    private static Process Launch(IsolatedProgram program)
    {
        ProcessStartInfo start = new(program.Path, program.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        foreach (string name in start.Environment.Keys.Where(name => !Handed.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // One thread reads: a collector beside it would only take memory.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        // Code that is compiled once, without being measured first, takes a third less to start and to warm up.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        try
        {
            return Process.Start(start) ?? throw new IOException("The process was not started.");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{Path.GetFileName(program.Path)} cannot be started: {e.Message}", e);
        }
    }

    private void End()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It is gone already.
        }
    }
}

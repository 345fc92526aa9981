using System.Diagnostics;
using Touchstone.Tests.Vision.Imaging;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Isolation;

namespace Touchstone.Tests.Vision.Isolation;

/// <summary>What becomes of processes that die, stand still or cannot be started.</summary>
public sealed class IsolatedProcessesTests
{
    private static readonly byte[] Picture = ImageEncoder.Png(TestPictures.Product(1));

    [Fact]
    public void What_two_processes_ended_over_is_given_up()
    {
        using Scripted dying = new("printf T; head -c 1 >/dev/null; echo 'out of luck' >&2; exit 3");
        using IsolatedProcesses processes = new(dying.Program, most: 1);
        IsolatedAnswer answer = processes.Ask(IsolatedTask.Picture, TimeSpan.FromSeconds(5), 100, Picture);
        Assert.Equal(IsolatedEnd.EndedProcesses, answer.End);
        Assert.Contains("2 processes ended", answer.Detail, StringComparison.Ordinal);
        Assert.Equal((2, 2), (dying.Starts, processes.Ended));
        DecodeOutcome outcome = new ImageDecoder(processes).Decode(Picture);
        Assert.Equal((DecodeFailure.EndedProcesses, false, "image/png"), (outcome.Failure, outcome.IsLasting, outcome.MediaType));
    }

    [Fact]
    public void A_process_that_stands_still_is_ended()
    {
        using Scripted still = new("printf T; exec sleep 600");
        using IsolatedProcesses processes = new(still.Program, most: 1);
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(IsolatedEnd.EndedProcesses, processes.Ask(IsolatedTask.Picture, TimeSpan.FromMilliseconds(100), 100, Picture).End);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "it was waited for");
    }

    [Theory]
    [InlineData("printf T; head -c 1 >/dev/null; printf '\\000\\377\\377\\377\\177'; sleep 600")]
    [InlineData("printf T; head -c 1 >/dev/null; printf 'nonsense'; sleep 600")]
    public void An_answer_that_breaks_the_rules_is_not_believed(string script)
    {
        using Scripted lying = new(script);
        using IsolatedProcesses processes = new(lying.Program, most: 1);
        Assert.Equal(IsolatedEnd.EndedProcesses, processes.Ask(IsolatedTask.Picture, TimeSpan.FromSeconds(5), 1_000, Picture).End);
    }

    [Fact]
    public void One_that_ended_while_nobody_asked_is_replaced()
    {
        using Scripted leaving = new($"[ \"$(wc -l < \"$0.starts\")\" -eq 1 ] && printf T && exit 0; exec '{IsolatedProgram.Beside.Path}' {IsolatedProgram.Command}");
        using IsolatedProcesses processes = new(leaving.Program, most: 1);
        Assert.Null(processes.Problem);
        Assert.Null(new ImageDecoder(processes).Decode(Picture).Failure);
        Assert.Equal(2, leaving.Starts);
    }

    [Fact]
    public void Where_none_can_be_started_that_is_said_and_the_picture_is_read_here()
    {
        using IsolatedProcesses processes = new(new IsolatedProgram(Path.Combine(Path.GetTempPath(), "no-such-touchstone"), []));
        Assert.Contains("no-such-touchstone cannot be started", processes.Problem, StringComparison.Ordinal);
        Assert.Null(new ImageDecoder(processes).Decode(Picture).Failure);
        using Scripted broken = new("echo 'a library is absent' >&2; exit 1");
        using IsolatedProcesses others = new(broken.Program);
        Assert.Contains("ended before it was ready", others.Problem, StringComparison.Ordinal);
        Assert.Null(new ImageDecoder(others).Decode(Picture).Failure);
    }

    [Fact]
    public void A_process_is_handed_no_secret()
    {
        using Scripted telling = new("env > \"$0.env\"; printf T; sleep 600");
        Environment.SetEnvironmentVariable("TOUCHSTONE_TEST_PASSWORD", "secret");
        using IsolatedProcesses processes = new(telling.Program, most: 1);
        Assert.Null(processes.Problem);
        Assert.DoesNotContain("secret", File.ReadAllText(telling.Path + ".env"), StringComparison.Ordinal);
    }

    [Fact]
    public void Those_that_nobody_asks_end_but_for_the_one_that_was_asked_last()
    {
        using Scripted waiting = new("printf T; exec sleep 600");
        using IdleProcesses idle = new();
        IsolatedProcess[] started = [IsolatedProcess.Start(waiting.Program), IsolatedProcess.Start(waiting.Program), IsolatedProcess.Start(waiting.Program)];
        foreach (IsolatedProcess process in started) idle.Add(process);
        idle.EndThoseWaiting(TimeSpan.FromHours(1));
        Assert.Equal(3, idle.Count);
        idle.EndThoseWaiting(TimeSpan.Zero);
        Assert.Equal(1, idle.Count);
        using IsolatedProcess? last = idle.Taken();
        Assert.Same(started[^1], last);
    }

    /// <summary>A shell script in the place of the program; counts its starts.</summary>
    private sealed class Scripted : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-isolated-").FullName;

        public Scripted(string script)
        {
            if (OperatingSystem.IsWindows()) Assert.Skip("The script needs a Unix shell.");
            Path = System.IO.Path.Combine(_folder, "program");
            File.WriteAllText(Path, $"echo >> \"$0.starts\"\n{script}\n");
        }

        public string Path { get; }

        public IsolatedProgram Program => new("/bin/sh", [Path]);

        public int Starts => File.ReadAllLines(Path + ".starts").Length;

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}

namespace Touchstone.Vision.Isolation;

/// <summary>How an isolated process is started: the program beside this one, with the command that makes it one.</summary>
/// <param name="Path">The program's file.</param>
/// <param name="Arguments">What it is started with; it then serves <see cref="IsolatedWorker"/> on its standard input and output.</param>
public sealed record IsolatedProgram(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>The command of the <c>touchstone</c> program that makes it an isolated process; not for people.</summary>
    public const string Command = "read-isolated";

    /// <summary>The <c>touchstone</c> program in the folder of this one.</summary>
    public static IsolatedProgram Beside { get; } = new(System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "touchstone.exe" : "touchstone"), [Command]);
}

namespace Touchstone.Cli.Frame;

/// <summary>
/// Ends a command whose wish cannot be met. The message is one sentence for the user that names the value and how to mend it;
/// it is printed without a stack trace, and the program exits with <see cref="ExitCode.Failed"/> or the given code.
/// </summary>
public sealed class CommandFailedException(string message, int exitCode = ExitCode.Failed, Exception? cause = null) : Exception(message, cause)
{
    public int Exit { get; } = exitCode;
}

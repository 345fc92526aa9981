namespace Touchstone.Cli.Frame;

/// <summary>What the program answers to the shell.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command could not be done; one sentence on standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The user broke the command off.</summary>
    public const int Cancelled = 130;
}

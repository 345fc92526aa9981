using System.CommandLine;

namespace Touchstone.Cli.Frame;

/// <summary>The options that every command takes.</summary>
public static class SharedOptions
{
    public static Option<string?> DataFolder { get; } = new("--data")
    {
        Description = "The folder where the installation lives [default: $TOUCHSTONE_DATA_DIR, or touchstone in $XDG_DATA_HOME or ~/.local/share]",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON on standard output: one object, or one a line",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Log on standard error what happens inside",
        Recursive = true,
    };
}

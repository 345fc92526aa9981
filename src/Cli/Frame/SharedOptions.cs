using System.CommandLine;

namespace Touchstone.Cli.Frame;

/// <summary>The options that several commands take: every one, or with <see cref="CommandExtensions.OnInstallation"/> those that work on an installation.</summary>
public static class SharedOptions
{
    public static Option<string?> DataFolder { get; } = new("--data")
    {
        Description = "The folder where the installation lives [default: $TOUCHSTONE_DATA_DIR, or touchstone in $XDG_DATA_HOME or ~/.local/share]",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<string?> PostgreSql { get; } = new("--postgresql")
    {
        Description = "Keep the state in this PostgreSQL database instead of the embedded one [default: $TOUCHSTONE_POSTGRESQL]",
        HelpName = "CONNECTION",
        Recursive = true,
    };

    public static Option<string?> Blobs { get; } = new("--blobs")
    {
        Description = "Keep pictures, pages and evidence in this S3-compatible storage instead of a folder [default: $TOUCHSTONE_BLOBS]; credentials as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        HelpName = "s3://BUCKET/PREFIX?region=REGION&endpoint=URL",
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

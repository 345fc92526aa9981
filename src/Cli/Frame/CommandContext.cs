using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Spectre.Console;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Cli.Frame;

/// <summary>
/// What a running command is given. Results go to <see cref="Output"/>; progress and logs go to standard error, so that a pipe
/// reads results only.
/// </summary>
public sealed class CommandContext : IDisposable
{
    private readonly Lazy<ILoggerFactory> _logs;

    internal CommandContext(ParseResult arguments)
    {
        Arguments = arguments;
        Json = arguments.GetValue(SharedOptions.Json);
        NamedDataFolder = arguments.GetValue(SharedOptions.DataFolder);
        LogLevel least = arguments.GetValue(SharedOptions.Verbose) ? LogLevel.Information : LogLevel.Warning;
        _logs = new Lazy<ILoggerFactory>(() => LoggerFactory.Create(builder => ConfigureLogs(builder, least)));
        LeastLogLevel = least;
        People = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = Console.IsErrorRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
    }

    /// <summary>The parsed command line; a command reads its own options from it.</summary>
    public ParseResult Arguments { get; }

    /// <summary>Whether results are machine-readable.</summary>
    public bool Json { get; }

    /// <summary>The folder given with <c>--data</c>, or null.</summary>
    public string? NamedDataFolder { get; }

    /// <summary>The installation's folder, absolute.</summary>
    public string DataFolder => InstallationFolder.Choose(NamedDataFolder);

    /// <summary>Where the installation keeps its state; for commands that were made with <see cref="CommandExtensions.OnInstallation"/>.</summary>
    /// <exception cref="CommandFailedException">The connection string or the place of blobs cannot be read.</exception>
    public StorageOptions Storage
    {
        get
        {
            var storage = new StorageOptions { DataFolder = DataFolder };
            if (Named(SharedOptions.PostgreSql, "TOUCHSTONE_POSTGRESQL") is { } connection) storage = storage with { Provider = DatabaseProvider.PostgreSql, ConnectionString = Connection(connection) };
            return Named(SharedOptions.Blobs, "TOUCHSTONE_BLOBS") is { } blobs ? storage with { Blobs = Location(blobs) } : storage;
        }
    }

    /// <summary>Standard output, for results.</summary>
    public TextWriter Output { get; } = Console.Out;

    /// <summary>The terminal behind standard error, for progress and notes to people.</summary>
    public IAnsiConsole People { get; }

    public ILoggerFactory Logs => _logs.Value;

    public LogLevel LeastLogLevel { get; }

    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>Writes logs to standard error; for hosts that build their own logging.</summary>
    public static void ConfigureLogs(ILoggingBuilder builder, LogLevel least)
    {
        builder.ClearProviders();
        builder.SetMinimumLevel(least);
        builder.AddSimpleConsole(options => options.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Prints one result as a JSON line.</summary>
    public void WriteJson<T>(T value) => Output.WriteLine(JsonOutput.Line(value));

    /// <summary>The connection string, once it can be read; the message does not repeat it, because it may hold a password.</summary>
    private static string Connection(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (ArgumentException e)
        {
            throw new CommandFailedException($"What {SharedOptions.PostgreSql.Name} or TOUCHSTONE_POSTGRESQL names is no connection string of the form Host=HOST;Database=NAME;Username=USER;Password=PASSWORD: {e.Message}", ExitCode.Usage, e);
        }
    }

    private static S3Location Location(string text)
    {
        try
        {
            return S3Location.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new CommandFailedException(e.Message, ExitCode.Usage, e);
        }
    }

    private string? Named(Option<string?> option, string variable) =>
        Arguments.GetValue(option) is { Length: > 0 } named ? named : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;

    public void Dispose()
    {
        if (_logs.IsValueCreated) _logs.Value.Dispose();
    }
}

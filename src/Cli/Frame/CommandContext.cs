using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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

    /// <summary>Where the installation keeps its state.</summary>
    /// <exception cref="CommandFailedException">The place of blobs cannot be read.</exception>
    public StorageOptions Storage => StorageIn(DataFolder);

    /// <summary>The same with another folder.</summary>
    /// <exception cref="CommandFailedException">The place of blobs cannot be read.</exception>
    public StorageOptions StorageIn(string folder)
    {
        var storage = new StorageOptions { DataFolder = folder };
        if (Named(SharedOptions.PostgreSql, "TOUCHSTONE_POSTGRESQL") is { } connection) storage = storage with { Provider = DatabaseProvider.PostgreSql, ConnectionString = connection };
        if (Named(SharedOptions.Blobs, "TOUCHSTONE_BLOBS") is not { } blobs) return storage;
        try
        {
            return storage with { Blobs = S3Location.Parse(blobs) };
        }
        catch (ArgumentException e)
        {
            throw new CommandFailedException(e.Message, ExitCode.Usage, e);
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

    private string? Named(Option<string?> option, string variable) =>
        Arguments.GetValue(option) is { Length: > 0 } named ? named : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;

    public void Dispose()
    {
        if (_logs.IsValueCreated) _logs.Value.Dispose();
    }
}

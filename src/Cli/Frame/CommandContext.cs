using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spectre.Console;

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

    public void Dispose()
    {
        if (_logs.IsValueCreated) _logs.Value.Dispose();
    }
}

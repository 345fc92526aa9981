using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Touchstone.Cli.Frame;

namespace Touchstone.Cli.Commands;

/// <summary>What the benches share: numbers within bounds, what is done now told meanwhile, and a report as JSON or for people.</summary>
internal static class BenchFrame
{
    /// <summary>Measures on another thread than the one that shows what is done; what the user can mend becomes a sentence.</summary>
    /// <param name="measure">Is handed where it tells what it does now, in words, from any thread.</param>
    /// <param name="show">Writes the report for people.</param>
    public static async Task<int> RunAsync<TReport>(CommandContext context, Func<IProgress<string>, Task<TReport>> measure, Action<TextWriter, TReport> show, CancellationToken cancellationToken)
        where TReport : class
    {
        TReport? report = null;
        await EvaluationFrame.Explained(async () => report = await context.People.Status().StartAsync("Starting", status => Task.Run(() => measure(new Shown(status)), cancellationToken)));
        if (context.Json) context.WriteJson(report!);
        else show(context.Output, report!);
        return ExitCode.Done;
    }

    public static int Within(CommandContext context, Option<int> option, int least, int most)
    {
        int value = context.Arguments.GetValue(option);
        if (value < least) throw new CommandFailedException($"{option.Name} is at least {least}, not {value}.", ExitCode.Usage);
        return value <= most ? value : throw new CommandFailedException($"{option.Name} is at most {most}, not {value}.", ExitCode.Usage);
    }

    /// <param name="seconds">Null: what is measured was there from an earlier run.</param>
    public static string Built(double? seconds) => seconds is { } taken ? string.Create(CultureInfo.InvariantCulture, $"built in {taken:0} s") : "built before";

    private sealed class Shown(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status(Markup.Escape(value));
    }
}

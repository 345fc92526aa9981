using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Touchstone.Cli.Frame;
using Touchstone.Cli.GateLoad;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench gate</c>: a real server process under more clients than it can serve, and just after they left.</summary>
internal static class BenchGateCommand
{
    private static readonly Option<string> Images = new("--images") { Description = "A folder of pictures: half of them become alerts, the others are asked with", HelpName = "DIR", Required = true };
    private static readonly Option<int> Pictures = new("--pictures") { Description = "Pictures to take of the folder", HelpName = "N", DefaultValueFactory = static _ => 60 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Clients that ask at once, each again when it was answered", HelpName = "N", DefaultValueFactory = static _ => 200 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "For how long they ask", HelpName = "S", DefaultValueFactory = static _ => 60 };
    private static readonly Option<bool> Impatient = new("--impatient") { Description = "A client that was refused asks again at once, whatever Retry-After says" };

    public static Command Create() => new Command("gate", "Loads the listing gate of a server process with more clients than it can serve") { Images, Pictures, Clients, Seconds, Impatient }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ParseResult arguments = context.Arguments;
        var plan = new LoadPlan(arguments.GetValue(Images)!, arguments.GetValue(Pictures), arguments.GetValue(Clients), TimeSpan.FromSeconds(arguments.GetValue(Seconds)), arguments.GetValue(Impatient));
        if (!Directory.Exists(plan.Images)) throw new CommandFailedException($"There is no folder {plan.Images}.", ExitCode.Usage);
        if (plan.Pictures < 2 || plan.Clients < 1 || plan.Duration < TimeSpan.FromSeconds(1)) throw new CommandFailedException("--pictures is at least 2, --clients and --seconds at least 1.", ExitCode.Usage);
        LoadReport report = await context.People.Status().StartAsync("Starting a server", status => LoadRun.RunAsync(plan, x => status.Status(Markup.Escape(x)), cancellationToken));
        if (context.Json) context.WriteJson(report);
        else Show(context.Output, report);
        return ExitCode.Done;
    }

    private static void Show(TextWriter output, LoadReport report)
    {
        output.WriteLine(Text($"{report.Clients} clients for {report.Seconds:0} s on {Environment.ProcessorCount} cores, which they share with the server; seconds"));
        output.WriteLine("                  count   median     p99     max");
        foreach ((string name, Latencies of) in new[] { ("alone, before", report.Alone), ("answered", report.Answered), ("refused (429)", report.TooMany), ("refused (503)", report.Busy), ("failed", report.Failed) })
            output.WriteLine(Text($"{name,-16} {of.Count,6} {of.Median,8:0.000} {of.P99,7:0.000} {of.Max,7:0.000}"));
        output.WriteLine(Text($"the next request after they left {report.Next:0.000} s; the server's memory at most {report.PeakMebibytes:0} MiB"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.LookBacks;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench watches</c>: what comparing a listing with many removed offers takes.</summary>
internal static class BenchWatchesCommand
{
    private static readonly Option<int> Watches = new("--watches") { Description = "Removed offers that are watched for, with one picture each; all but some are made in feature space", HelpName = "N", DefaultValueFactory = static _ => 100_000 };
    private static readonly Option<int> Alerts = new("--alerts") { Description = "Watched pictures of which edited copies are seen", HelpName = "N", DefaultValueFactory = static _ => 12 };
    private static readonly Option<int> Described = new("--described") { Description = "Other pictures, from which the watched are made", HelpName = "N", DefaultValueFactory = static _ => 80 };

    public static Command Create() => new Command("watches", "Measures comparing what is seen with removed offers: time, memory, returns") { EvaluationFrame.Images, Watches, Alerts, Described, EvaluationFrame.Seed, EvaluationFrame.Cache }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ParseResult arguments = context.Arguments;
        var options = new LookBackBenchOptions
        {
            ImageFolder = arguments.GetValue(EvaluationFrame.Images)!,
            Listings = arguments.GetValue(Watches),
            Alerts = arguments.GetValue(Alerts),
            Described = arguments.GetValue(Described),
            Seed = arguments.GetValue(EvaluationFrame.Seed),
            CacheFolder = arguments.GetValue(EvaluationFrame.Cache),
        };
        return BenchFrame.RunAsync(context, progress => WatchBench.RunAsync(options, progress, cancellationToken), Show, cancellationToken);
    }

    private static void Show(TextWriter output, WatchBenchReport report)
    {
        output.WriteLine(Text($"{report.Model}; {report.Watches} watches, followed in {report.FollowSeconds:0.00} s; bytes a watch: files {report.FileBytes:0}, of these in memory {report.MappedBytes:0}, database {report.DatabaseBytes:0}; own memory {report.OwnBytes / 1048576} MiB"));
        foreach (AlertSeconds s in report.Seconds) output.WriteLine(Text($"  {s.What,-24} median {s.Half,7:0.0000} s  90 % below {s.NineTenths,7:0.0000} s  slowest {s.Slowest,7:0.0000} s"));
        output.WriteLine(Text($"  copies that returned by their picture: {report.CopiesReturned} of {report.Copies}; strangers: {report.StrangersReturned} of {report.Strangers}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

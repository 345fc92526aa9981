using System.CommandLine;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.LookBacks;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench retroactive</c>: what it takes to ask everything that was seen about an alert that comes in, and whether the copies of its picture are found.</summary>
internal static class BenchRetroactiveCommand
{
    private static readonly Option<int> Listings = new("--listings") { Description = "Pictures of listings that were seen; all but the copies are made in feature space", HelpName = "N", DefaultValueFactory = static _ => 1_000_000 };
    private static readonly Option<int> Alerts = new("--alerts") { Description = "Pictures that come in, of each of which edited copies were seen", HelpName = "N", DefaultValueFactory = static _ => 40 };
    private static readonly Option<int> Described = new("--described") { Description = "Other pictures, from which the listings' are made", HelpName = "N", DefaultValueFactory = static _ => 400 };
    private static readonly Option<int> Candidates = new("--candidates") { Description = "Seen pictures that are compared for each", HelpName = "N", DefaultValueFactory = static _ => new ReverseSearchOptions().Candidates };
    private static readonly Option<string?> Gallery = new("--gallery") { Description = "A folder that keeps the index between runs [default: none]", HelpName = "DIR" };

    public static Command Create() => new Command("retroactive", "Measures asking what was seen about a reference that comes in: time, recall, memory, beside a plain scan")
    {
        EvaluationFrame.Images, Listings, Alerts, Described, Candidates, EvaluationFrame.Seed, EvaluationFrame.Cache, Gallery,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ParseResult arguments = context.Arguments;
        var options = new LookBackBenchOptions
        {
            ImageFolder = arguments.GetValue(EvaluationFrame.Images)!,
            Listings = arguments.GetValue(Listings),
            Alerts = arguments.GetValue(Alerts),
            Described = arguments.GetValue(Described),
            Candidates = arguments.GetValue(Candidates),
            Seed = arguments.GetValue(EvaluationFrame.Seed),
            CacheFolder = arguments.GetValue(EvaluationFrame.Cache),
            GalleryFolder = arguments.GetValue(Gallery),
        };
        return BenchFrame.RunAsync(context, progress => LookBackBench.RunAsync(options, progress, cancellationToken), Show, cancellationToken);
    }

    private static void Show(TextWriter output, LookBackBenchReport report)
    {
        output.WriteLine(Text($"{report.Model}; {report.Listings} pictures of listings with {report.VectorsEach} vectors each; {BenchFrame.Built(report.BuildSeconds)}; bytes a picture: files {report.FileBytes:0}, of these in memory {report.MappedBytes:0}"));
        output.WriteLine(Text($"{report.Alerts} alerts; for each {report.Compared:0.0} pictures compared and {report.Screened:0.0} recognised"));
        foreach (AlertSeconds s in report.Seconds) output.WriteLine(Text($"  {s.What,-42} median {s.Half,7:0.000} s  90 % below {s.NineTenths,7:0.000} s  slowest {s.Slowest,7:0.000} s"));
        output.WriteLine($"  {"copies",-52} planted  match  compared  found  by a scan");
        foreach (CopiesFound c in report.Copies) output.WriteLine(Text($"  {c.Edit,-52} {c.Planted,7} {c.Matching,6}  {c.Proposed,8:0.0 %} {c.Found,6:0.0 %} {c.FoundByScan,10:0.0 %}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

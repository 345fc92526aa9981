using System.CommandLine;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.MarkRegister;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench gallery</c>: what a gallery of many marks takes to open, in memory and to recognise a photo, and whether it finds them.</summary>
internal static class BenchGalleryCommand
{
    private static readonly Option<int> References = new("--references") { Description = "Marks in the gallery", HelpName = "N", DefaultValueFactory = static _ => 100_000 };
    private static readonly Option<int> Drawn = new("--drawn") { Description = "Of these the ones that are drawn and described; the others are made in feature space", HelpName = "N", DefaultValueFactory = static _ => 20_000 };
    private static readonly Option<int> Photos = new("--photos") { Description = "Photos that show a drawn mark, and as many that show none", HelpName = "N", DefaultValueFactory = static _ => 500 };
    private static readonly Option<int[]> Threads = new("--threads") { Description = "Threads of one recognition, each number measured for itself", HelpName = "N", DefaultValueFactory = static _ => [1, 2], AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Gallery = new("--gallery") { Description = "A folder that keeps the galleries between runs [default: none]", HelpName = "DIR" };

    public static Command Create() => new Command("gallery", "Measures a gallery of many marks: open time, memory, a whole recognition by stage, recall")
    {
        EvaluationFrame.Images, EvaluationFrame.Marks, References, Drawn, Photos, Threads, EvaluationFrame.Seed, EvaluationFrame.Cache, Gallery,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ParseResult arguments = context.Arguments;
        var options = new GalleryBenchOptions
        {
            ImageFolder = arguments.GetValue(EvaluationFrame.Images)!,
            MarkFolder = EvaluationFrame.MarkFolder(context) ?? throw new CommandFailedException("There are no marks to draw: name a folder of SVG emblems with --marks DIR.", ExitCode.Usage),
            References = arguments.GetValue(References),
            Drawn = arguments.GetValue(Drawn),
            Photos = arguments.GetValue(Photos),
            Threads = arguments.GetValue(Threads)!,
            Seed = arguments.GetValue(EvaluationFrame.Seed),
            CacheFolder = arguments.GetValue(EvaluationFrame.Cache),
            GalleryFolder = arguments.GetValue(Gallery),
        };
        return BenchFrame.RunAsync(context, progress => GalleryBench.RunAsync(options, progress, cancellationToken), Show, cancellationToken);
    }

    private static void Show(TextWriter output, GalleryBenchReport report)
    {
        output.WriteLine(Text($"{report.Model}; {report.Drawn} marks drawn from {report.Emblems} emblems and described, {report.StoredBytes:0} bytes each as stored; h = {report.Bandwidth:0.000}, bits from other marks {report.HashShare:0.000}"));
        output.WriteLine($"{"as many of each; 10, 50, 90 % below",-44} {"described",-26} made");
        foreach (SpreadCompared s in report.Spread) output.WriteLine($"{s.What,-44} {Three(s.Described),-26} {Three(s.Made)}");
        foreach (GalleryMeasured gallery in report.Galleries)
        {
            GalleryMemory m = gallery.Memory;
            output.WriteLine();
            output.WriteLine(Text($"{gallery.References} marks with {gallery.VectorsEach} vectors each; {BenchFrame.Built(gallery.BuildSeconds)}; opened in {gallery.FirstOpenMilliseconds} ms, again in {gallery.OpenMilliseconds} ms"));
            output.WriteLine(Text($"bytes a mark: files {m.Files:0}, of these in memory {m.Mapped:0}; own memory {m.Own:0}, managed {m.Managed:0}; names {m.Facts:0} more"));
            foreach (PhotosAsked asked in gallery.Asked)
            {
                output.WriteLine(Text($"{asked.Threads} threads: of {asked.WithMark} photos with a mark {asked.ExitedWithMark:0.0 %} left at the first look, {asked.Proposed:0.0 %} compared with it, {asked.First:0.0 %} found first; of {asked.Strangers} without {asked.ExitedStrangers:0.0 %} left, of those compared {asked.MadeCompared:0.0 %} made"));
                foreach (StageShares s in asked.Stages) output.WriteLine(Text($"  {s.Stage,-28} {s.Count,6} photos  median {s.P50,7:0.00} ms  95 % below {s.P95,7:0.00}  99 % below {s.P99,7:0.00}"));
            }
        }
    }

    private static string Three(double[] values) => string.Join(", ", values.Select(v => v.ToString("0.###", CultureInfo.InvariantCulture)));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Evaluation.Scenes;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate scenes</c>: photographs held-back products or marks and asks for their references.</summary>
internal static class EvaluateScenesCommand
{
    private static readonly Option<int> References = new("--references") { Description = "Held-back things enrolled", HelpName = "N", DefaultValueFactory = static _ => 1_500 };
    private static readonly Option<int> Scenes = new("--scenes") { Description = "Things that are photographed", HelpName = "N", DefaultValueFactory = static _ => 200 };
    private static readonly Option<int> Strangers = new("--strangers") { Description = "Things that are photographed without being enrolled", HelpName = "N", DefaultValueFactory = static _ => 60 };

    private static readonly Option<string?> Marks = new("--marks") { Description = "A folder of SVG marks, printed on the scenes in place of products", HelpName = "DIR" };
    private static readonly Option<double> Smallest = new("--smallest") { Description = "The thing's longer side at least, as part of the scene's", HelpName = "0.05..1", DefaultValueFactory = static _ => 0.5 };
    private static readonly Option<double> Largest = new("--largest") { Description = "The thing's longer side at most; at 0.22 it covers 5 % or less", HelpName = "0.05..1", DefaultValueFactory = static _ => 1 };

    public static Command Create() => new Command("scenes", "Photographs held-back products or marks before other backgrounds and asks for their references")
    {
        EvaluationFrame.Images, EvaluationFrame.Signals, EvaluationFrame.Text, Marks, Smallest, Largest, References, Scenes, Strangers, EvaluationFrame.Shortlist, EvaluationFrame.Seed, EvaluationFrame.Threads,
        EvaluationFrame.Model, EvaluationFrame.Baseline, EvaluationFrame.Profile, EvaluationFrame.Cache, EvaluationFrame.Mistakes, EvaluationFrame.Report,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => EvaluationFrame.Guarded(context, readText: true, models =>
    {
        var options = new SceneOptions
        {
            ImageFolder = context.Arguments.GetValue(EvaluationFrame.Images)!,
            MarkFolder = context.Arguments.GetValue(Marks),
            Smallest = context.Arguments.GetValue(Smallest),
            Largest = context.Arguments.GetValue(Largest),
            References = context.Arguments.GetValue(References),
            Scenes = context.Arguments.GetValue(Scenes),
            Strangers = context.Arguments.GetValue(Strangers),
            Signals = context.Arguments.GetValue(EvaluationFrame.Signals),
            Shortlist = context.Arguments.GetValue(EvaluationFrame.Shortlist),
            Seed = context.Arguments.GetValue(EvaluationFrame.Seed),
            Threads = context.Arguments.GetValue(EvaluationFrame.Threads),
            CacheFolder = context.Arguments.GetValue(EvaluationFrame.Cache),
            MistakesKept = EvaluationFrame.MistakesKept(context),
        };
        RetrievalReport report = SceneEvaluation.Run(models, options, new EvaluationNotes(context.People), cancellationToken);
        if (EvaluationFrame.ReportPath(context) is { } path) MarkdownReport.Write(path, report);
        EvaluateRetrievalCommand.Show(context, report);
    });
}

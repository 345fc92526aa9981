using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Accuracy;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate all</c>: every evaluation on one data folder, and the report written as a whole.</summary>
internal static class EvaluateAllCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "Where pages with the worst mistakes and the cache go; their pictures may not be passed on", HelpName = "DIR", DefaultValueFactory = static _ => Path.Combine("artifacts", "accuracy") };
    private static readonly Option<bool> Quick = new("--quick") { Description = "Fewer pictures in every part, with wide intervals" };

    public static Command Create() => new Command("all", "Runs every evaluation on the folder that --data names (with images and web in it) and writes the report as a whole; the worst mistakes go to pages in --out")
    {
        EvaluationFrame.Marks, EvaluationFrame.Text, EvaluationFrame.Pages, Out, Quick, EvaluationFrame.Seed, EvaluationFrame.Threads, EvaluationFrame.Model, EvaluationFrame.Baseline, EvaluationFrame.Profile, EvaluationFrame.Report,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string data = context.NamedDataFolder ?? throw new CommandFailedException("Name the data with --data DIR: a folder that holds images, with a folder for each data set, and web.", ExitCode.Usage);
        return EvaluationFrame.Guarded(context, readText: !context.Arguments.GetValue(Quick), models =>
        {
            string folder = context.Arguments.GetValue(Out)!;
            var options = new AccuracyOptions
            {
                DataFolder = data,
                MarkFolder = EvaluationFrame.MarkFolder(context),
                PageFolder = context.Arguments.GetValue(EvaluationFrame.Pages),
                OutFolder = folder,
                Quick = context.Arguments.GetValue(Quick),
                Seed = context.Arguments.GetValue(EvaluationFrame.Seed),
                Threads = context.Arguments.GetValue(EvaluationFrame.Threads),
            };
            AccuracyResult result = new AccuracyRun(models, options, new EvaluationNotes(context.People)).Run(EvaluationFrame.ReportPath(context), cancellationToken);
            if (context.Json) context.WriteJson(result);
            else Print(context.Output, result, folder);
        });
    }

    private static void Print(TextWriter output, AccuracyResult result, string folder)
    {
        foreach (Goal goal in result.Goals) output.WriteLine($"{(goal.IsMet ? "met    " : "not met")} {goal.Reached,-40} wanted {goal.Wanted,-8} {goal.Name}");
        foreach (PartFailure failure in result.Failures) output.WriteLine($"not measured: {failure.Part}: {failure.Reason}");
        output.WriteLine($"{result.Mistakes} of the worst mistakes are drawn in {Path.Combine(folder, "index.html")}; {result.Seconds / 60:0} minutes in all");
    }
}

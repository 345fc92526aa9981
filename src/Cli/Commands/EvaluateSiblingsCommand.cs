using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Siblings;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate siblings</c>: asks for things of which the gallery holds another flavour, print or model.</summary>
internal static class EvaluateSiblingsCommand
{
    private static readonly Option<int> Drawn = new("--drawn") { Description = "Pairs drawn of each kind", HelpName = "N", DefaultValueFactory = static _ => 60 };
    private static readonly Option<int> References = new("--references") { Description = "Catalogue pictures enrolled", HelpName = "N", DefaultValueFactory = static _ => 8_000 };
    private static readonly Option<int> Asked = new("--asked") { Description = "Catalogue pictures asked for among the others", HelpName = "N", DefaultValueFactory = static _ => 600 };
    private static readonly Option<int> Photos = new("--photos") { Description = "Phone photos asked without their own reference", HelpName = "N", DefaultValueFactory = static _ => 400 };

    public static Command Create() => new Command("siblings", "Asks for things of which the gallery holds another flavour, print or model, and not the thing itself")
    {
        EvaluationFrame.Images, EvaluationFrame.Marks, EvaluationFrame.Text, Drawn, References, Asked, Photos, EvaluationFrame.Shortlist, EvaluationFrame.Seed, EvaluationFrame.Threads,
        EvaluationFrame.Model, EvaluationFrame.Profile, EvaluationFrame.Cache, EvaluationFrame.Mistakes, EvaluationFrame.Report,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => EvaluationFrame.Guarded(context, readText: false, models =>
    {
        var options = new SiblingOptions
        {
            ImageFolder = context.Arguments.GetValue(EvaluationFrame.Images)!,
            MarkFolder = EvaluationFrame.MarkFolder(context),
            Drawn = context.Arguments.GetValue(Drawn),
            References = context.Arguments.GetValue(References),
            Asked = context.Arguments.GetValue(Asked),
            Photos = context.Arguments.GetValue(Photos),
            Shortlist = context.Arguments.GetValue(EvaluationFrame.Shortlist),
            Seed = context.Arguments.GetValue(EvaluationFrame.Seed),
            Threads = context.Arguments.GetValue(EvaluationFrame.Threads),
            CacheFolder = context.Arguments.GetValue(EvaluationFrame.Cache),
            MistakesKept = EvaluationFrame.MistakesKept(context),
        };
        SiblingReport report = SiblingEvaluation.Run(models[0], options, new EvaluationNotes(context.People), cancellationToken);
        if (EvaluationFrame.ReportPath(context) is { } path) SiblingSection.Write(path, report);
        if (context.Arguments.GetValue(EvaluationFrame.Mistakes) is { } mistakes) MistakePages.Write(mistakes, "Siblings that match", report.Mistakes);
        if (context.Json) context.WriteJson(report);
        else Print(context.Output, report);
    });

    private static void Print(TextWriter output, SiblingReport report)
    {
        output.WriteLine($"model {report.ModelId}, profile {report.ProfileId}, {report.Unread.Count} pictures unread");
        output.WriteLine($"{"pictures",-60} {"asked",6} {"with one",9}  {"match",-22} for review");
        foreach (SiblingResult result in report.Results)
            output.WriteLine($"{result.Kind,-60} {result.Asked,6} {result.WithSibling,9}  {result.Matched,-22} {result.Reviewed}");
        output.WriteLine($"together {report.Together}; {report.Seconds:0} s");
    }
}

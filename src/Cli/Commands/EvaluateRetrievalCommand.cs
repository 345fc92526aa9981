using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Retrieval;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate retrieval</c>: asks for the right reference of each query of a manifest.</summary>
internal static class EvaluateRetrievalCommand
{
    private static readonly Option<string> Manifest = new("--manifest") { Description = "A table with the columns file, label and role (reference, query or distractor), and group where queries are pictures of one thing", HelpName = "FILE.csv", Required = true };
    private static readonly Option<string?> Root = new("--root") { Description = "The folder that the manifest's files count from [default: the manifest's]", HelpName = "DIR" };
    private static readonly Option<ReferenceKind> Kind = new("--kind") { Description = "What the references are", DefaultValueFactory = static _ => ReferenceKind.GenuineProduct };
    private static readonly Option<int> GroupSize = new("--group-size") { Description = "Queries of one group and label that are asked together", HelpName = "N", DefaultValueFactory = static _ => 3 };
    private static readonly Option<int?> Queries = new("--queries") { Description = "At most so many queries, drawn with the seed [default: all]", HelpName = "N" };
    private static readonly Option<int?> Distractors = new("--distractors") { Description = "At most so many distractors, drawn with the seed [default: all]", HelpName = "N" };

    public static Command Create() => new Command("retrieval", "Asks for the right reference of each query of a manifest")
    {
        Manifest, Root, EvaluationFrame.Signals, EvaluationFrame.Text, Kind, EvaluationFrame.Shortlist, GroupSize, Queries, Distractors, EvaluationFrame.Seed, EvaluationFrame.Threads, EvaluationFrame.Model, EvaluationFrame.Baseline, EvaluationFrame.Profile,
        EvaluationFrame.Cache, EvaluationFrame.Mistakes, EvaluationFrame.Report,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => EvaluationFrame.Guarded(context, readText: true, models =>
    {
        string manifest = context.Arguments.GetValue(Manifest)!;
        var options = new RetrievalOptions
        {
            ManifestPath = manifest,
            Root = context.Arguments.GetValue(Root) ?? Path.GetDirectoryName(Path.GetFullPath(manifest))!,
            Signals = context.Arguments.GetValue(EvaluationFrame.Signals),
            Kind = context.Arguments.GetValue(Kind),
            Shortlist = context.Arguments.GetValue(EvaluationFrame.Shortlist),
            GroupSize = context.Arguments.GetValue(GroupSize),
            MaxQueries = context.Arguments.GetValue(Queries),
            MaxDistractors = context.Arguments.GetValue(Distractors),
            Seed = context.Arguments.GetValue(EvaluationFrame.Seed),
            Threads = context.Arguments.GetValue(EvaluationFrame.Threads),
            CacheFolder = context.Arguments.GetValue(EvaluationFrame.Cache),
            MistakesKept = EvaluationFrame.MistakesKept(context),
        };
        RetrievalReport report = RetrievalEvaluation.Run(models, options, new EvaluationNotes(context.People), cancellationToken);
        if (EvaluationFrame.ReportPath(context) is { } path) MarkdownReport.Write(path, report);
        Show(context, report);
    });

    /// <summary>Prints the report, as JSON where that is wanted, and draws its mistakes where a folder for them is named.</summary>
    public static void Show(CommandContext context, RetrievalReport report)
    {
        if (context.Arguments.GetValue(EvaluationFrame.Mistakes) is { } folder) MistakePages.Write(folder, $"Wrong answers on {report.DataSetId}", report.Mistakes);
        if (context.Json) context.WriteJson(report);
        else Print(context.Output, report);
    }

    private static void Print(TextWriter output, RetrievalReport report)
    {
        output.WriteLine($"{report.DataSetId}: {report.Queries} queries, {report.Distractors} distractors, {report.References} references under {report.Labels} labels, {report.Leaks} left out as copies, {report.Unread.Count} unread");
        foreach (RetrievalRow row in report.Compared.Prepend(report.Measured))
        {
            output.WriteLine($"model {row.ModelId}, profile {row.ProfileId ?? "none"}, signals {row.Signals}");
            output.WriteLine($"  right label first         {row.RecallAt1}");
            output.WriteLine($"  among the first five      {row.RecallAt5}");
            if (row.FoundAtMatchPoint is { } found) output.WriteLine($"  found at the match point  {found}");
            if (row.WrongAmongMatched is { } wrong) output.WriteLine($"  wrong among what matches  {wrong}");
            foreach (FalseMatchRate rate in row.FalseMatches) output.WriteLine($"  {$"false at the {rate.Point} point",-25} {rate.Rate}");
            output.WriteLine($"  {row.SecondsPerQuery:0.000} s a query: decode {row.Stages.Decode:0.000}, hash {row.Stages.Hash:0.000}, embedding {row.Stages.Embedding:0.000}, local features {row.Stages.LocalFeatures:0.000}, text {row.Stages.Text:0.000}, recognition {row.Stages.Recognition:0.000}");
        }
        if (report.Fused is { } fused)
        {
            output.WriteLine($"pictures of one thing asked together, up to {fused.GroupSize} at once");
            output.WriteLine($"  right label first         {fused.RecallAt1} (the same pictures alone {fused.SingleRecallAt1})");
            if (fused.FoundAtMatchPoint is { } together) output.WriteLine($"  found at the match point  {together}");
            if (fused.WrongAmongMatched is { } wrong) output.WriteLine($"  wrong among what matches  {wrong}");
        }
        output.WriteLine($"{report.Threads} at once; {report.Seconds:0} s in all");
    }
}

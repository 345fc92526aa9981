using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Robustness;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate robustness</c>: attacks pictures and marks and asks whether they are still found.</summary>
internal static class EvaluateRobustnessCommand
{
    private static readonly Option<int> References = new("--references") { Description = "Pictures enrolled: the held-back ones first", HelpName = "N", DefaultValueFactory = static _ => 2_400 };
    private static readonly Option<int> MarkCount = new("--mark-count") { Description = "Marks enrolled", HelpName = "N", DefaultValueFactory = static _ => 300 };
    private static readonly Option<int> Copied = new("--copied") { Description = "Pictures and marks attacked in every way", HelpName = "N", DefaultValueFactory = static _ => 40 };
    private static readonly Option<int> Strangers = new("--strangers") { Description = "Pictures and marks attacked likewise that are not enrolled", HelpName = "N", DefaultValueFactory = static _ => 40 };
    private static readonly Option<string[]> Attacks = new("--attacks") { Description = "Names of attacks to run [default: all]", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<AttackStrength[]> Strengths = new("--strengths") { Description = "Strengths to run [default: all]", HelpName = "STRENGTH", AllowMultipleArgumentsPerToken = true };

    public static Command Create() => new Command("robustness", "Attacks held-back pictures and marks in every way of the suite and asks for them")
    {
        EvaluationFrame.Images, EvaluationFrame.Marks, EvaluationFrame.Signals, EvaluationFrame.Text, References, MarkCount, Copied, Strangers, Attacks, Strengths, EvaluationFrame.Shortlist, EvaluationFrame.Seed, EvaluationFrame.Threads,
        EvaluationFrame.Model, EvaluationFrame.Profile, EvaluationFrame.Cache, EvaluationFrame.Mistakes, EvaluationFrame.Report,
    }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => EvaluationFrame.Guarded(context, readText: false, models =>
    {
        string? mistakes = context.Arguments.GetValue(EvaluationFrame.Mistakes);
        var options = new RobustnessOptions
        {
            ImageFolder = context.Arguments.GetValue(EvaluationFrame.Images)!,
            MarkFolder = EvaluationFrame.MarkFolder(context),
            References = context.Arguments.GetValue(References),
            Marks = context.Arguments.GetValue(MarkCount),
            Copied = context.Arguments.GetValue(Copied),
            Strangers = context.Arguments.GetValue(Strangers),
            Attacks = context.Arguments.GetValue(Attacks) ?? [],
            Strengths = context.Arguments.GetValue(Strengths) ?? [],
            Signals = context.Arguments.GetValue(EvaluationFrame.Signals),
            Shortlist = context.Arguments.GetValue(EvaluationFrame.Shortlist),
            Seed = context.Arguments.GetValue(EvaluationFrame.Seed),
            Threads = context.Arguments.GetValue(EvaluationFrame.Threads),
            CacheFolder = context.Arguments.GetValue(EvaluationFrame.Cache),
            MistakesKept = mistakes is null ? 0 : 4,
        };
        RobustnessReport report = RobustnessEvaluation.Run(models[0], options, new EvaluationNotes(context.People), cancellationToken);
        if (EvaluationFrame.ReportPath(context) is { } path) MarkdownReport.Write(path, report);
        if (mistakes is not null) MistakePages.Write(mistakes, "Attacked pictures that were answered wrongly", report.Mistakes);
        if (context.Json) context.WriteJson(report);
        else Print(context.Output, report);
    });

    private static void Print(TextWriter output, RobustnessReport report)
    {
        output.WriteLine($"{report.References} pictures and {report.Marks} marks enrolled, {report.Unread.Count} unread; model {report.ModelId}, profile {report.ProfileId ?? "none"}, signals {report.Signals}");
        output.WriteLine($"{"attack",-30} {"own reference first",-26} {$"recall at {report.Precision:0 %} precision",-26} {"with its own threshold",-26} misses: not proposed / outranked / below threshold");
        foreach (AttackResult result in report.Attacks.Concat(report.Together))
            output.WriteLine($"{$"{result.Attack}, {result.Strength.ToString().ToLowerInvariant()}",-30} {result.FirstRight,-26} {result.Recall,-26} {result.RecallAlone,-26} {result.NotProposed} / {result.Outranked} / {result.BelowThreshold}");
        output.WriteLine($"threshold {report.PictureThreshold:0.000} for pictures, {report.MarkThreshold:0.000} for marks; of all references above them, also those behind the first, {report.PrecisionOfAllHits} are right");
        output.WriteLine($"{report.SecondsPerQuery:0.000} s a query, {report.Threads} at once; {report.Seconds:0} s in all");
    }
}

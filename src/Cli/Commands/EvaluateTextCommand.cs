using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Texts;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate text</c>: tells whether two titles are of the same product, on labelled pairs.</summary>
internal static class EvaluateTextCommand
{
    private static readonly Option<string> Pairs = new("--pairs") { Description = "A folder of labelled pairs: folders with train.txt and valid.txt, or such folders packed as .tar.gz", HelpName = "DIR", Required = true };

    public static Command Create() => new Command("text", "Tells whether two titles are of the same product, on labelled pairs") { Pairs, EvaluationFrame.Report }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        TextPairReport report;
        try
        {
            report = TextPairEvaluation.Run(context.Arguments.GetValue(Pairs)!, new EvaluationNotes(context.People), cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(e.Message, ExitCode.Failed, e);
        }
        if (EvaluationFrame.ReportPath(context) is { } path) TextPairSection.Write(path, report);
        if (context.Json)
        {
            context.WriteJson(report);
            return Task.FromResult(ExitCode.Done);
        }
        context.Output.WriteLine($"{"set",-32} {"pairs",6} {"same",5}  {"F1",-20} {"precision",-28} {"recall",-28} baseline F1");
        foreach (TextPairResult set in report.Sets)
            context.Output.WriteLine($"{set.Set,-32} {set.ValidationPairs,6} {set.Same,5}  {TextPairSection.F1(set.Agreement),-20} {set.Agreement.Precision,-28} {set.Agreement.Recall,-28} {TextPairSection.F1(set.Baseline)}");
        context.Output.WriteLine($"{report.Seconds:0} s");
        return Task.FromResult(ExitCode.Done);
    }
}

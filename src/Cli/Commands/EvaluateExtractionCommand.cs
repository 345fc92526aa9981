using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Extraction;
using Touchstone.Evaluation.Reports;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate extraction</c>: reads the public benchmark's product pages.</summary>
internal static class EvaluateExtractionCommand
{
    public static Command Create() => new Command("extraction", "Reads price, SKU and availability in the pages of the public product extraction benchmark") { EvaluationFrame.Pages, EvaluationFrame.Report }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ExtractionReport report;
        try
        {
            string pages = context.Arguments.GetValue(EvaluationFrame.Pages) ?? throw new CommandFailedException("Name the folder of the product extraction benchmark with --pages DIR.", ExitCode.Usage);
            report = ExtractionEvaluation.Run(pages, new EvaluationNotes(context.People), cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailedException(e.Message, ExitCode.Usage, e);
        }
        if (EvaluationFrame.ReportPath(context) is { } path) ExtractionSection.Write(path, report);
        if (context.Json) context.WriteJson(report);
        else
            foreach (ExtractionScore score in report.Scores)
                context.Output.WriteLine($"{score.Pages,-52} {score.Fact,-13} F1 {score.F1:0.000}  precision {score.Precision:0.000}  recall {score.Recall:0.000}  of {score.Support}");
        return Task.FromResult(ExitCode.Done);
    }
}

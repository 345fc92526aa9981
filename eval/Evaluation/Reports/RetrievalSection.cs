using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Retrieval;

namespace Touchstone.Evaluation.Reports;

/// <summary>What <c>docs/accuracy.md</c> says about a retrieval on one data set. Pure.</summary>
internal static class RetrievalSection
{
    public static string Text(RetrievalReport report)
    {
        var text = new StringBuilder();
        text.AppendLine($"- Data set: `{report.DataSetId}`");
        MarkdownReport.Facts(text, report.ModelId, report.ProfileId, MarkdownReport.Words(report.Signals, report.TextRead));
        text.AppendLine($"- References: {report.References} under {report.Labels} labels; queries: {report.Queries}; distractors: {report.Distractors}; left out as copies: {report.Leaks}; unread: {report.Unread.Count}").AppendLine();
        text.AppendLine("| model | signals | right label first (R@1) | among the first five (R@5) | found at the match point | wrong among what matches | distractors with a match | or a review |").AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (RetrievalRow row in report.Compared.Prepend(report.Measured))
            text.AppendLine($"| `{row.ModelId}` | {MarkdownReport.Words(row.Signals, row.TextRead)} | {row.RecallAt1}, {row.RecallAt1.Count} of {row.RecallAt1.Of} | {row.RecallAt5} | {row.FoundAtMatchPoint?.ToString() ?? "–"} | {row.WrongAmongMatched?.ToString() ?? "–"} | {Rate(row, "match")} | {Rate(row, "review")} |");
        if (report.Fused is { } fused)
            text.AppendLine().AppendLine($"Pictures of one thing asked together, up to {fused.GroupSize} at once: right label first {fused.RecallAt1}, {fused.RecallAt1.Count} of {fused.RecallAt1.Of} (the same pictures alone {fused.SingleRecallAt1}); found at the match point {fused.FoundAtMatchPoint?.ToString() ?? "–"}; wrong among what matches {fused.WrongAmongMatched?.ToString() ?? "–"}.");
        text.AppendLine().AppendLine($"Milliseconds a query by step, {report.Threads} threads at work:").AppendLine();
        text.AppendLine("| model | signals | decode | hash | embedding | local features | text | recognition | together |").AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (RetrievalRow row in report.Compared.Prepend(report.Measured))
        {
            StageTimes t = row.Stages;
            text.AppendLine($"| `{row.ModelId}` | {MarkdownReport.Words(row.Signals, row.TextRead)} | {Milliseconds(t.Decode)} | {Milliseconds(t.Hash)} | {Milliseconds(t.Embedding)} | {Milliseconds(t.LocalFeatures)} | {Milliseconds(t.Text)} | {Milliseconds(t.Recognition)} | {Milliseconds(t.Total)} |");
        }
        return text.ToString();
    }

    private static string Rate(RetrievalRow row, string point) => row.FalseMatches.FirstOrDefault(rate => rate.Point == point)?.Rate.ToString() ?? "–";

    private static string Milliseconds(double seconds) => (seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Texts;

namespace Touchstone.Evaluation.Reports;

/// <summary>The section of <c>docs/accuracy.md</c> on titles of products.</summary>
public static class TextPairSection
{
    public static void Write(string path, TextPairReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        MarkdownReport.Replace(path, TitleOf(report), Text(report));
    }

    internal static string TitleOf(TextPairReport report) => $"Titles of products on {report.DataSetId}";

    internal static string Text(TextPairReport report)
    {
        var text = new StringBuilder();
        text.AppendLine($"Whether two records (title, brand, model number, description; no price) are of the same product. Weights and threshold are fitted on each set's train part and judged on its validation part. Data set: `{report.DataSetId}`. The baseline is the share of common tokens (Jaccard), its threshold fitted likewise.").AppendLine();
        text.AppendLine("| set | pairs, the same | precision | recall | F1 | baseline: precision | recall | F1 |").AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (TextPairResult set in report.Sets)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {set.Set} | {set.ValidationPairs}, {set.Same} | {Columns(set.Agreement)} | {Columns(set.Baseline)} |");
        text.AppendLine().AppendLine("F1 with its 95 % bootstrap interval.");
        return text.ToString();
    }

    private static string Columns(PairFigures figures) => $"{figures.Precision} | {figures.Recall} | {F1(figures)}";

    /// <summary>Such as <c>0.712 (0.66–0.76)</c>.</summary>
    public static string F1(PairFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return string.Create(CultureInfo.InvariantCulture, $"{figures.F1:0.000} ({figures.F1Low:0.00}–{figures.F1High:0.00})");
    }
}

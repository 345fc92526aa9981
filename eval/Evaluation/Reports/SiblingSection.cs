using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Siblings;

namespace Touchstone.Evaluation.Reports;

/// <summary>What <c>docs/accuracy.md</c> says about siblings.</summary>
public static class SiblingSection
{
    internal const string Title = "Siblings";

    public static void Write(string path, SiblingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        MarkdownReport.Replace(path, Title, Text(report));
    }

    internal static string Text(SiblingReport report)
    {
        var text = new StringBuilder();
        text.AppendLine("Pictures asked of a gallery that holds another flavour, print, model or size of what they show, and not the thing itself: whatever matches is wrong, but for products that a shop shows twice with").AppendLine("different pictures, which nobody has labelled. A catalogue picture or a photo shows a sibling where keypoints place one of the other references in it.").AppendLine();
        MarkdownReport.Facts(text, report.ModelId, report.ProfileId, MarkdownReport.Words(RetrievalSignals.All, report.TextRead));
        text.AppendLine(CultureInfo.InvariantCulture, $"- Drawn and asked with seed {report.Seed}; unread: {report.Unread.Count}; {report.Seconds:0} s").AppendLine();
        text.AppendLine("| pictures | references | asked | show a sibling | of these match | of these for review |").AppendLine("|---|---|---|---|---|---|");
        foreach (SiblingResult result in report.Results)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Kind} | {result.References} | {result.Asked} | {result.WithSibling} | {result.Matched}, {result.Matched.Count} | {result.Reviewed} |");
        text.AppendLine().AppendLine($"Together {report.Together} match.");
        return text.ToString();
    }
}

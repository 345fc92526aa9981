using System.Text;
using Touchstone.Evaluation.Robustness;

namespace Touchstone.Evaluation.Reports;

/// <summary>What <c>docs/accuracy.md</c> says about the attack suite. Pure.</summary>
internal static class RobustnessSection
{
    public static string Text(RobustnessReport report)
    {
        var text = new StringBuilder();
        text.AppendLine($"- Data set: {report.DataSetId}; drawn and attacked with seed {report.Seed}");
        MarkdownReport.Facts(text, report.ModelId, report.ProfileId, MarkdownReport.Words(report.Signals, report.TextRead));
        text.AppendLine($"- One gallery of {report.References} pictures and {report.Marks} marks; unread: {report.Unread.Count}; seconds a query: {report.SecondsPerQuery:0.000} with {report.Threads} threads at work");
        text.AppendLine($"- Recall at {report.Precision:0 %} precision: the attacked picture's own reference comes first, at or above the threshold for its kind. There is one threshold for pictures ({Score(report.PictureThreshold)}) and one for marks ({Score(report.MarkThreshold)}), as a system has them: the lowest from which on {report.Precision:0 %} of the first answers to all queries of the suite, every attack and strength, strangers included, are right; strangers ({report.Strangers} pictures, {report.StrangerMarks} marks) count together as much as what is enrolled. Of all references above them, also those behind the first, {report.PrecisionOfAllHits} are right.");
        text.AppendLine($"- Among what is enrolled: the same without strangers, for each row at the lowest threshold from which on {report.Precision:0 %} of its first answers are right: the question of someone who knows that the picture is a copy of one of these.");
        text.AppendLine().AppendLine("![Recall by attack and strength](images/robustness.svg)").AppendLine();
        Strengths(text, report);
        Details(text, report);
        return text.ToString();
    }

    private static void Strengths(StringBuilder text, RobustnessReport report)
    {
        AttackStrength[] strengths = [.. report.Together.Select(result => result.Strength).Distinct()];
        text.AppendLine($"| recall at {report.Precision:0 %} precision | {string.Join(" | ", strengths.Select(strength => strength.ToString().ToLowerInvariant()))} |");
        text.AppendLine($"|---|{string.Concat(strengths.Select(_ => "---|"))}");
        foreach (IGrouping<string, AttackResult> attack in report.Together.Concat(report.Attacks).GroupBy(result => result.Attack))
            text.AppendLine($"| {attack.Key} | {string.Join(" | ", attack.Select(result => result.Recall))} |");
        text.AppendLine();
    }

    private static void Details(StringBuilder text, RobustnessReport report)
    {
        foreach (AttackStrength strength in report.Together.Select(result => result.Strength).Distinct())
        {
            text.AppendLine($"### {strength}").AppendLine();
            text.AppendLine("Misses: the reference was not among the candidates / came behind another / came first below the threshold. The last two columns are at the profile's match point.").AppendLine();
            text.AppendLine("| attack | strength | own reference first | recall among what is enrolled | recall with a threshold of its own | misses | false matches of strangers | found | strangers matched |");
            text.AppendLine("|---|---|---|---|---|---|---|---|---|");
            foreach (AttackResult result in report.Together.Concat(report.Attacks).Where(result => result.Strength == strength))
                text.AppendLine($"| {result.Attack} | {result.Words} | {result.FirstRight} | {result.RecallAmongEnrolled} | {result.RecallAlone} | {result.NotProposed} / {result.Outranked} / {result.BelowThreshold} | {result.FalseMatches} | {result.FoundAtMatchPoint?.ToString() ?? "–"} | {result.FalseAtMatchPoint?.ToString() ?? "–"} |");
            text.AppendLine();
        }
    }

    private static string Score(double? threshold) => threshold is { } value ? $"{value:0.000}" : "none reaches it";
}

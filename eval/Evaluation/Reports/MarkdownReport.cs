using System.Text;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Evaluation.Robustness;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Reports;

/// <summary>
/// Keeps <c>docs/accuracy.md</c>: one section for each evaluation, named by what was measured on what. Writing a report replaces the
/// section of its name and leaves the others alone. Not safe for concurrent writers of one file.
/// </summary>
public static class MarkdownReport
{
    private const string Opening = """
        # Accuracy

        Measured by `touchstone evaluate`; each section says on what, with which model and profile. Shares come with their 95 % Wilson
        interval in brackets. Wide intervals mean few pictures, not a weak measurement.

        """;

    public static void Write(string path, RetrievalReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        Facts(text, report.ModelId, report.ProfileId, report.Signals);
        text.AppendLine($"- References: {report.References} under {report.Labels} labels; queries: {report.Queries}; distractors: {report.Distractors}; left out as copies: {report.Leaks}; unread: {report.Unread.Count}");
        text.AppendLine($"- Seconds a query: {report.SecondsPerQuery:0.000} with {report.Threads} threads at work").AppendLine();
        text.AppendLine("| measure | share |").AppendLine("|---|---|");
        Row(text, "right label first (R@1)", report.RecallAt1);
        Row(text, "right label among the first five (R@5)", report.RecallAt5);
        if (report.FoundAtMatchPoint is { } found) Row(text, "found at the match point", found);
        foreach (FalseMatchRate rate in report.FalseMatches) Row(text, $"distractors with a match at the {rate.Point} point", rate.Rate);
        Replace(path, $"Retrieval on {report.DataSetId.Split('@')[0]}, {Words(report.Signals)}", $"- Data set: `{report.DataSetId}`\n{text}");
    }

    /// <summary>The section and, in the folder <c>images</c> beside the file, the chart that it shows.</summary>
    public static void Write(string path, RobustnessReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string images = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "images");
        Directory.CreateDirectory(images);
        File.WriteAllText(Path.Combine(images, "robustness.svg"), RobustnessChart.Draw(report));
        Replace(path, $"Robustness against attacks, {Words(report.Signals)}", RobustnessSection.Text(report));
    }

    /// <summary>Puts a section in the place of the one of the same title, or at the end.</summary>
    public static void Replace(string path, string title, string content)
    {
        string heading = $"## {title}\n";
        string old = File.Exists(path) ? File.ReadAllText(path) : Opening;
        int start = old.IndexOf(heading, StringComparison.Ordinal);
        string before = start < 0 ? old : old[..start];
        int end = start < 0 ? -1 : old.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        string after = end < 0 ? string.Empty : old[(end + 1)..];
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        string section = $"{before.TrimEnd()}\n\n{heading}\n{content.ReplaceLineEndings("\n").Trim()}\n";
        File.WriteAllText(path, after.Length == 0 ? section : $"{section}\n{after}");
    }

    internal static void Facts(StringBuilder text, string model, string? profile, RetrievalSignals signals) =>
        text.AppendLine($"- Model: `{model}`; profile: {(profile is null ? "none" : $"`{profile}`")}; signals: {Words(signals)}");

    internal static string Words(RetrievalSignals signals) => signals switch
    {
        RetrievalSignals.Embedding => "embedding alone",
        RetrievalSignals.Local => "local features alone",
        RetrievalSignals.Text => "text alone",
        _ => "all signals",
    };

    private static void Row(StringBuilder text, string name, Proportion share) => text.AppendLine($"| {name} | {share}, {share.Count} of {share.Of} |");
}

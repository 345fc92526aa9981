using System.Text;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Evaluation.Robustness;

namespace Touchstone.Evaluation.Reports;

/// <summary>
/// Keeps <c>docs/accuracy.md</c>: one section for each evaluation, named by what was measured on what. Writing a report replaces the
/// section of its name and leaves the others alone. Not safe for concurrent writers of one file.
/// </summary>
public static class MarkdownReport
{
    internal const string Opening = """
        # Accuracy

        Measured by `touchstone evaluate`; each section says on what, with which model and profile. Shares come with their 95 % Wilson
        interval in brackets. Wide intervals mean few pictures, not a weak measurement.

        """;

    public static void Write(string path, RetrievalReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Replace(path, TitleOf(report), RetrievalSection.Text(report));
    }

    /// <summary>The section and, in the folder <c>images</c> beside the file, the chart that it shows.</summary>
    public static void Write(string path, RobustnessReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        WriteChart(path, report);
        Replace(path, TitleOf(report), RobustnessSection.Text(report));
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

    internal static string TitleOf(RetrievalReport report) => $"Retrieval on {report.DataSetId.Split('@', ',')[0]}, {Words(report.Signals, report.TextRead)}";

    internal static string TitleOf(RobustnessReport report) => $"Robustness against attacks, {Words(report.Signals, report.TextRead)}";

    /// <summary>Draws <c>images/robustness.svg</c> beside the report's file.</summary>
    internal static void WriteChart(string path, RobustnessReport report)
    {
        string images = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "images");
        Directory.CreateDirectory(images);
        File.WriteAllText(Path.Combine(images, "robustness.svg"), RobustnessChart.Draw(report));
    }

    internal static void Facts(StringBuilder text, string model, string? profile, string signals) =>
        text.AppendLine($"- Model: `{model}`; profile: {(profile is null ? "none" : $"`{profile}`")}; signals: {signals}");

    internal static string Words(RetrievalSignals signals, bool textRead) => signals switch
    {
        RetrievalSignals.All when !textRead => "all signals but text",
        RetrievalSignals.Embedding => "embedding alone",
        RetrievalSignals.Local => "local features alone",
        RetrievalSignals.Text => "text alone",
        _ => "all signals",
    };
}

using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Reports;

namespace Touchstone.Evaluation.Accuracy;

/// <summary>Writes <c>docs/accuracy.md</c> as a whole: goals, how to repeat, every part, the worst mistakes in words.</summary>
internal static class AccuracyPage
{
    private const int MistakesInWords = 20;

    private const string Notes = """

        ## What to keep in mind

        - Products, garments and marks here are the held-back fifth (SHA-256 of label, sender or name mod 5 = 0), which the recipes in
          `training` leave out; what else of each data set a model was trained on, its card says.
        - Strangers are held-back things, too: where one has a sibling in the gallery (one brand and layout, another flavour), naming the
          sibling is counted as false.
        - Seconds depend on the machine and on what else runs there; each table says how many threads were at work.
        """;

    public static void Write(string path, AccuracyResult whole, IReadOnlyList<PartResult> results, IReadOnlyList<Mistake> mistakes, AccuracyOptions options)
    {
        var text = new StringBuilder(MarkdownReport.Opening.ReplaceLineEndings("\n"));
        text.AppendLine().AppendLine("## Goals").AppendLine();
        text.AppendLine("| goal | wanted | reached | met |").AppendLine("|---|---|---|---|");
        foreach (Goal goal in whole.Goals)
            text.AppendLine($"| {goal.Name} | {goal.Wanted} | {goal.Reached} | {(goal.IsMet ? "yes" : "no")} |");
        text.AppendLine().AppendLine(string.Create(CultureInfo.InvariantCulture, $"Made by `touchstone evaluate all{(options.Quick ? " --quick" : string.Empty)}` with seed {options.Seed} and {options.Threads} threads in {whole.Seconds / 60:0} minutes. Models: those named in each section; the first row is the one in use."));
        foreach (PartFailure failure in whole.Failures) text.AppendLine().AppendLine($"Not measured: {failure.Part}, because: {failure.Reason}");
        foreach (PartResult result in results) text.AppendLine().AppendLine($"## {result.Title}").AppendLine().AppendLine(result.Text.Trim());
        Mistakes(text, mistakes);
        text.AppendLine(Notes);
        string content = text.ToString().ReplaceLineEndings("\n");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, content);
    }

    private static void Mistakes(StringBuilder text, IReadOnlyList<Mistake> mistakes)
    {
        text.AppendLine().AppendLine("## The worst mistakes").AppendLine();
        text.AppendLine("The run draws them side by side with the matched regions in an `index.html` in its output folder; the pictures are the data sets' and stay there. In words:").AppendLine();
        foreach (Mistake mistake in mistakes.GroupBy(mistake => mistake.Part).SelectMany(part => part.Take(2)).Take(MistakesInWords)) text.AppendLine($"- {Words(mistake)}");
    }

    private static string Words(Mistake mistake)
    {
        var words = new StringBuilder($"{mistake.Part}: {mistake.Query} ({mistake.Kind})");
        if (mistake.Wrong is { } wrong) words.Append(CultureInfo.InvariantCulture, $"; first came {wrong.Label} with {wrong.Score:0.000}{Signals(wrong)}");
        if (mistake.Right is { } right) words.Append(CultureInfo.InvariantCulture, $"; the right one, {right.Label}, had {right.Score:0.000}{Signals(right)}");
        return words.Append('.').ToString();
    }

    private static string Signals(ShownReference shown) => shown.Measurement is { Signals: var s }
        ? string.Create(CultureInfo.InvariantCulture, $" (similarity {s.Similarity:0.00}, part {s.RegionSimilarity:0.00}, {s.Inliers ?? 0} inliers)")
        : string.Empty;
}

using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Calibration;
using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Reports;

/// <summary>Writes what a calibration reaches: a section of <c>docs/accuracy.md</c> and its reliability diagram.</summary>
public static class CalibrationReport
{
    internal const string Title = "Calibration";

    /// <summary>Replaces the section "Calibration" of the report and the diagram in <c>images</c> beside it.</summary>
    public static void Write(string path, CalibrationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        WriteDiagram(path, result);
        MarkdownReport.Replace(path, Title, Section(result));
    }

    /// <summary>Draws <c>images/reliability.svg</c> beside the report's file.</summary>
    internal static void WriteDiagram(string path, CalibrationResult result)
    {
        string images = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "images");
        Directory.CreateDirectory(images);
        File.WriteAllText(Path.Combine(images, "reliability.svg"), ReliabilityDiagram.Draw(result.Figures));
    }

    internal static string Section(CalibrationResult result)
    {
        CalibrationProfile profile = result.Profile;
        var text = new StringBuilder();
        text.AppendLine($"- Data set: {profile.DataSetId}");
        text.AppendLine(Invariant($"- Model: `{profile.ModelId}`; profile: `{profile.Id}`; made by `touchstone evaluate calibrate`"));
        text.AppendLine("- Split by the thing shown: three tenths to fit the weights, three to correct the probabilities and to choose review points, four for every figure below.").AppendLine();
        text.AppendLine("A probability is that of a picture's most probable reference, for the stated prior: the share of pictures whose most probable reference was right");
        text.AppendLine($"when this was fitted. Where fewer pictures show anything at all, it says too much. {TextWords(result)} ECE is the expected calibration error over ten groups of equal size;").AppendLine("*cross-fitted* is that of all pictures, each fifth of the things judged by a fit on the others: a part of its own holds few families of siblings.").AppendLine();
        text.AppendLine("| relation | prior | pictures (n) | ECE | cross-fitted (n) | ECE before the correction | compared pairs | ECE over pairs | left out by the fit |").AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (RelationFigures f in result.Figures)
            text.AppendLine(Invariant($"| {f.Relation} | {f.Prior:0.00} | {f.Pictures} | {f.CalibrationError:0.000} | {f.CrossFitted.CalibrationError:0.000} ({f.CrossFitted.Pictures}) | {f.UncorrectedError:0.000} | {f.Pairs} | {f.PairError:0.000} | {LeftOut(profile.Relations[f.Relation])} |"));
        text.AppendLine().AppendLine("![Reliability diagrams](images/reliability.svg)").AppendLine();
        text.AppendLine(Invariant($"Operating points, with what is guaranteed at {PromiseSearch.Confidence * 100:0} % confidence: the match point by fixed-sequence testing with the exact binomial,")).AppendLine("the review point, chosen on other things, by Clopper and Pearson's bound. A relation without a match point abstains: its matches are for review.").AppendLine();
        text.AppendLine("| relation | point | from | precision | guaranteed | samples | recall | guaranteed | samples |").AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (RelationFigures f in result.Figures)
        {
            RelationCalibration calibration = profile.Relations[f.Relation];
            text.AppendLine(calibration.Match is { } match ? Row(f, "match", match) : $"| {f.Relation} | match | abstains | | | | | | |");
            text.AppendLine(Row(f, "review", calibration.Review));
        }
        text.AppendLine().AppendLine("Normalising similarities by the background set, measured on the same things: log loss over the compared pairs, and recall where the measured").AppendLine(Invariant($"precision is {RelationFitting.MatchPrecision * 100:0} %.")).AppendLine();
        text.AppendLine("| relation | log loss without | with | recall without | with |").AppendLine("|---|---|---|---|---|");
        foreach (RelationFigures f in result.Figures)
        {
            BackgroundFigures without = f.Backgrounds.Single(b => !b.WithBackground), with = f.Backgrounds.Single(b => b.WithBackground);
            text.AppendLine(Invariant($"| {f.Relation} | {without.LogLoss:0.0000} | {with.LogLoss:0.0000} | {without.Recall * 100:0.0} % | {with.Recall * 100:0.0} % |"));
        }
        return text.ToString();
    }

    private static string Row(RelationFigures f, string name, OperatingPoint point)
    {
        Guarantee? g = point.Guarantee;
        string recall = g?.Recall is { } r ? Invariant($"≥ {r * 100:0.0} %") : "–";
        return Invariant($"| {f.Relation} | {name} | {point.Probability:0.000} | {point.Precision * 100:0.0} % | ≥ {g?.Precision * 100:0.0} % | {g?.Samples} | {point.Recall * 100:0.0} % | {recall} | {g?.Positives} |");
    }

    private static string TextWords(CalibrationResult result)
    {
        string[] byHand = [.. result.Figures.Where(f => !EvidenceFitting.FitsText(f.Relation, result.Samples)).Select(f => f.Relation.ToString())];
        return byHand.Length == 0
            ? "The weight of agreeing text is fitted like the others; where keypoints place nothing and the fit leaves it out, it is set by hand."
            : $"The weight of agreeing text is set by hand for {string.Join(" and ", byHand)}, where too few samples carry text: those figures and guarantees are for pictures read without it.";
    }

    private static string LeftOut(RelationCalibration calibration)
    {
        string placed = LeftOut(calibration.Weights);
        return calibration.Unplaced is { } unplaced ? $"{placed}; where keypoints place nothing: {LeftOut(unplaced.Weights)}" : placed;
    }

    private static string LeftOut(IReadOnlyDictionary<string, double> weights)
    {
        string[] names = [.. MatchFeatures.Names.Where(n => weights.GetValueOrDefault(n) == 0)];
        return names.Length == 0 ? "none" : string.Join(", ", names);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

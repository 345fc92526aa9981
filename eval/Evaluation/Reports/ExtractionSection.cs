using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Extraction;

namespace Touchstone.Evaluation.Reports;

/// <summary>What <c>docs/accuracy.md</c> says about reading product pages.</summary>
public static class ExtractionSection
{
    internal const string Title = "Product pages";

    // The benchmark's own table, of 2020: F1 of price, SKU and availability.
    private static readonly (string System, string Price, string Sku, string Availability)[] Published =
        [("Zyte", ".918", ".841", ".957"), ("Diffbot", ".824", ".765", ".943"), ("extruct", ".685", ".537", ".626")];

    public static void Write(string path, ExtractionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        MarkdownReport.Replace(path, Title, Text(report));
    }

    internal static string Text(ExtractionReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"`touchstone evaluate extraction --pages DIR` on the {report.Pages} real pages of the public product extraction benchmark (github.com/scrapinghub/product-extraction-benchmark, named by DIR); F1 as it counts, a wrong")
            .AppendLine("value being both false and missed. Rules were developed on the half of the pages whose name begins with an even digit; of the other half only the score was looked at. Published scores of others are of all pages.")
            .AppendLine("Availability is counted as there: what was not read is in stock, which most things are; beside it what was read.").AppendLine();
        text.AppendLine("| pages | price | SKU | availability | as read |").AppendLine("|---|---|---|---|---|");
        foreach (IGrouping<string, ExtractionScore> part in report.Scores.GroupBy(score => score.Pages))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {part.Key} | {string.Join(" | ", part.Select(Of))} |");
        foreach ((string system, string price, string sku, string availability) in Published) text.AppendLine(CultureInfo.InvariantCulture, $"| *all: {system}, published* | {price} | {sku} | {availability} | |");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"In {report.Unlisted} of the pages no listing was found. {report.Seconds:0} s.");
        return text.ToString();
    }

    private static string Of(ExtractionScore score) =>
        string.Create(CultureInfo.InvariantCulture, $"**{score.F1:.000}** (precision {score.Precision:.000}, recall {score.Recall:.000}, {score.Support} pages)");
}

using System.Globalization;
using System.Text;
using Touchstone.Evaluation.Calibration;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Reports;

/// <summary>Draws reliability diagrams as SVG: what was said against what was true, a panel for each relation. Pure.</summary>
public static class ReliabilityDiagram
{
    private const int Side = 240;
    private const int Left = 52;
    private const int Top = 34;
    private const int Wide = Side + 76;
    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #1f2328; } .head { font-weight: bold; } .grid { stroke: #d0d7de; } .even { stroke: #6e7781; stroke-dasharray: 4 4; } .seen { fill: #0550ae; stroke: #0550ae; stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .grid { stroke: #3d444d; } .seen { fill: #388bfd; stroke: #388bfd; } }
        """;

    public static string Draw(IReadOnlyList<RelationFigures> relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        int width = relations.Count * Wide, height = Top + Side + 54;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n");
        svg.Append($"<style>{Style}</style>\n");
        svg.Append("<title>Reliability: share that is right by stated probability, groups of equal size with 95 % intervals</title>\n");
        for (int i = 0; i < relations.Count; i++) Panel(svg, relations[i], i * Wide);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, RelationFigures figures, int x)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({x + Left},{Top})\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Side / 2}\" y=\"-14\" text-anchor=\"middle\" class=\"head\">{figures.Relation}, n = {figures.Pictures}, ECE {figures.CalibrationError:0.000}</text>\n");
        foreach (double mark in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            double at = mark * Side;
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{at} 0V{Side}M0 {at}H{Side}\" class=\"grid\"/><text x=\"{at}\" y=\"{Side + 16}\" text-anchor=\"middle\">{mark * 100:0}</text><text x=\"-6\" y=\"{Side - at + 4}\" text-anchor=\"end\">{mark * 100:0}</text>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M0 {Side}L{Side} 0\" class=\"even\"/>\n");
        foreach (ReliabilityBin bin in figures.Bins)
        {
            double at = bin.Said * Side;
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{at:0.#} {Y(bin.True.Low)}V{Y(bin.True.High)}\" class=\"seen\"/><circle cx=\"{at:0.#}\" cy=\"{Y(bin.True.Value)}\" r=\"4\" class=\"seen\"/>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Side / 2}\" y=\"{Side + 36}\" text-anchor=\"middle\">probability said, %</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(-38,{Side / 2}) rotate(-90)\" text-anchor=\"middle\">share that is right, %</text>\n</g>\n");
    }

    private static string Y(double? share) => ((1 - (share ?? 0)) * Side).ToString("0.#", CultureInfo.InvariantCulture);
}

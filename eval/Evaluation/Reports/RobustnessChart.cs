using System.Globalization;
using System.Net;
using System.Text;
using Touchstone.Evaluation.Robustness;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Reports;

/// <summary>
/// Draws recall by attack and strength as SVG: a dot for each strength with its 95 % interval, and the goal as a line. Readable on light
/// and dark pages. Pure.
/// </summary>
internal static class RobustnessChart
{
    private const int Left = 170, Width = 720, Right = 30, Row = 26, Top = 60;
    private const double Goal = 0.97;
    private const string Style = """
        text { font: 13px system-ui, sans-serif; fill: #1f2328; } .grid { stroke: #d0d7de; } .goal { stroke: #1a7f37; stroke-dasharray: 4 3; } .goalword { fill: #1a7f37; }
        .mild { fill: #54aeff; stroke: #54aeff; } .moderate { fill: #0550ae; stroke: #0550ae; } .hard { fill: #bc4c00; stroke: #bc4c00; } line { stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .grid { stroke: #3d444d; } .goal { stroke: #3fb950; } .goalword { fill: #3fb950; }
        .mild { fill: #a5d6ff; stroke: #a5d6ff; } .moderate { fill: #388bfd; stroke: #388bfd; } .hard { fill: #ffa657; stroke: #ffa657; } }
        """;

    public static string Draw(RobustnessReport report)
    {
        IGrouping<string, AttackResult>[] rows = [.. report.Together.Concat(report.Attacks).GroupBy(result => result.Attack)];
        int height = Top + (rows.Length * Row) + 20, bottom = height - 16;
        var svg = new StringBuilder();
        svg.Append(Text($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Width} {height}' width='{Width}' height='{height}' role='img'><title>Recall at {report.Precision * 100:0} % precision, by attack and strength</title><style>{Style}</style>"));
        for (int tenth = 0; tenth <= 10; tenth += 2)
        {
            svg.Append(Text($"<line class='grid' x1='{X(tenth / 10.0):0.#}' x2='{X(tenth / 10.0):0.#}' y1='{Top - 12}' y2='{bottom}'/><text x='{X(tenth / 10.0):0.#}' y='{Top - 18}' text-anchor='middle'>{tenth * 10}</text>"));
        }
        svg.Append(Text($"<line class='goal' x1='{X(Goal):0.#}' x2='{X(Goal):0.#}' y1='{Top - 12}' y2='{bottom}'/><text class='goalword' x='{X(Goal) - 5:0.#}' y='{bottom + 12}' text-anchor='end'>goal {Goal * 100:0} % at moderate strength</text>"));
        svg.Append(Text($"<text x='{Left - 12}' y='{Top - 18}' text-anchor='end'>recall, %</text>"));
        int place = Left;
        foreach (AttackStrength strength in report.Together.Select(result => result.Strength).Distinct())
        {
            svg.Append(Text($"<circle class='{Class(strength)}' cx='{place}' cy='16' r='4.5'/><text x='{place + 10}' y='20'>{Class(strength)}</text>"));
            place += 110;
        }
        for (int i = 0; i < rows.Length; i++) Attack(svg, rows[i], Top + (i * Row) + (Row / 2));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Attack(StringBuilder svg, IGrouping<string, AttackResult> row, int middle)
    {
        svg.Append(Text($"<text x='{Left - 12}' y='{middle + 4}' text-anchor='end'>{WebUtility.HtmlEncode(row.Key)}</text>"));
        int y = middle - 6;
        foreach (AttackResult result in row)
        {
            Proportion recall = result.Recall;
            if (recall.Value is { } value)
                svg.Append(Text($"<line class='{Class(result.Strength)}' x1='{X(recall.Low!.Value):0.#}' x2='{X(recall.High!.Value):0.#}' y1='{y}' y2='{y}'/><circle class='{Class(result.Strength)}' cx='{X(value):0.#}' cy='{y}' r='3.5'/>"));
            y += 6;
        }
    }

    private static double X(double share) => Left + (share * (Width - Left - Right));

    private static string Class(AttackStrength strength) => strength.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Net;
using System.Text;
using Touchstone.Evaluation.Galleries;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Alignment;

namespace Touchstone.Evaluation.Reports;

/// <summary>
/// Writes mistakes as pages to look at: the query, the wrong reference and the right one side by side, with the matched regions drawn
/// over them. The pictures are the data set's and may not be passed on; they stay in the folder. Not safe for concurrent writers of one folder.
/// </summary>
public static class MistakePages
{
    private const string Style = """
        :root { color-scheme: light dark; } body { font: 15px system-ui, sans-serif; margin: 2rem; } table { border-collapse: collapse; }
        section { border-top: 1px solid #8888; padding: 1rem 0; } .row { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; max-width: 16rem; }
        .shown { position: relative; display: inline-block; } .shown img { display: block; max-width: 16rem; max-height: 20rem; min-width: 8rem; }
        .shown svg { position: absolute; inset: 0; width: 100%; height: 100%; } polygon { fill: #ff8c0033; stroke: #ff8c00; stroke-width: 0.006; } figcaption { font-size: 13px; }
        """;

    /// <summary>Writes <c>index.html</c> and the pictures into the folder, replacing what an earlier run wrote there under the same names.</summary>
    public static void Write(string folder, string title, IReadOnlyList<Mistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        Directory.CreateDirectory(folder);
        var page = new StringBuilder($"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{Html(title)}</title><style>{Style}</style><h1>{Html(title)}</h1><p>{mistakes.Count} mistakes.</p>");
        foreach (IGrouping<string, Mistake> part in mistakes.GroupBy(mistake => mistake.Part))
        {
            page.Append($"<h2>{Html(part.Key)}</h2>");
            foreach (Mistake mistake in part) Append(page, folder, mistake);
        }
        File.WriteAllText(Path.Combine(folder, "index.html"), page.Append("</html>\n").ToString());
    }

    private static void Append(StringBuilder page, string folder, Mistake mistake)
    {
        page.Append($"<section><h3>{Html(mistake.Query)}: {Html(mistake.Kind)}</h3><div class='row'>");
        MatchSignals? nearest = (mistake.Wrong ?? mistake.Right)?.Measurement?.Signals;
        Figure(page, folder, mistake.Picture, nearest?.ImageRegion, "query");
        if (mistake.Wrong is { } wrong) Reference(page, folder, wrong, "came first");
        if (mistake.Right is { } right) Reference(page, folder, right, right.Rank is { } rank ? string.Create(CultureInfo.InvariantCulture, $"right, rank {rank}") : "right, not proposed");
        page.Append("</div></section>");
    }

    private static void Reference(StringBuilder page, string folder, ShownReference shown, string role)
    {
        string measured = shown.Measurement is { } m
            ? string.Create(CultureInfo.InvariantCulture, $", {m.Relation}: similarity {m.Signals.Similarity:0.00}, part {m.Signals.RegionSimilarity:0.00}, hash distance {m.Signals.PdqDistance?.ToString(CultureInfo.InvariantCulture) ?? "–"}, inliers {m.Signals.Inliers?.ToString(CultureInfo.InvariantCulture) ?? "–"}, covered {m.Features.Coverage:0.00}")
            : string.Empty;
        Figure(page, folder, shown.Picture, shown.Measurement?.Signals.ReferenceRegion, string.Create(CultureInfo.InvariantCulture, $"{role}: {shown.Label}, score {shown.Score:0.000}{measured}"));
    }

    private static void Figure(StringBuilder page, string folder, byte[] picture, IReadOnlyList<ImagePoint>? region, string caption)
    {
        string name = $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(picture))[..16]}.{(picture is [0x89, 0x50, ..] ? "png" : "jpg")}";
        File.WriteAllBytes(Path.Combine(folder, name), picture);
        page.Append($"<figure><div class='shown'><img src='{name}' alt='{Html(caption)}'>");
        if (region is { Count: > 2 })
            page.Append($"<svg viewBox='0 0 1 1' preserveAspectRatio='none'><polygon points='{string.Join(' ', region.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.####},{p.Y:0.####}")))}'/></svg>");
        page.Append($"</div><figcaption>{Html(caption)}</figcaption></figure>");
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}

using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>Finds a shop's own search on its pages: the template that it gives to search engines, a form that asks by GET, or where its software has it. Pure; thread-safe.</summary>
internal static class ShopSearch
{
    /// <summary>Stands for the words in a template.</summary>
    public const string Words = "{words}";

    private static readonly Regex Field = new("^(?:q|s|k|w|kw|query|search|search_?query|search_?term|searchtext|keywords?|term|text|suche|buscar|recherche|zoek|filter_name|searchparam|ssearch|description)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex Template = new("\"urlTemplate\"\\s*:\\s*\"([^\"]+)\"|\"target\"\\s*:\\s*\"([^\"]*\\{[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex Slot = new("\\{[^{}]*\\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>The address of the shop's search, with <see cref="Words"/> where the words go; null where the page has none.</summary>
    public static string? Find(IDocument document, WebUrl start)
    {
        foreach (IElement script in document.QuerySelectorAll("script[type='application/ld+json' i]"))
            if (script.TextContent.Contains("SearchAction", StringComparison.Ordinal) && Template.Match(script.TextContent) is { Success: true } named)
                return Slot.Replace((named.Groups[1].Value + named.Groups[2].Value).Replace("\\/", "/", StringComparison.Ordinal), Words, 1);
        foreach (IElement input in document.QuerySelectorAll("form input[type=search][name], form input[type=text][name], form input:not([type])[name]"))
        {
            string name = input.GetAttribute("name")!;
            if (!Field.IsMatch(name) || input.Closest("form") is not { } form || "post".Equals(form.GetAttribute("method"), StringComparison.OrdinalIgnoreCase)) continue;
            if (WebUrl.TryParse(form.GetAttribute("action") ?? "", start) is not { } action) continue;
            IEnumerable<string> hidden = form.QuerySelectorAll("input[type=hidden][name]").Select(h => $"{Uri.EscapeDataString(h.GetAttribute("name")!)}={Uri.EscapeDataString(h.GetAttribute("value") ?? "")}");
            return $"{action with { Query = null, Fragment = null }}?{string.Join('&', hidden.Append($"{Uri.EscapeDataString(name)}={Words}"))}";
        }
        return null;
    }

    /// <summary>The address of the description document (OpenSearch) that a page names; null where it names none on its site.</summary>
    public static string? Description(IDocument document, WebUrl page, WebUrl start) =>
        document.QuerySelector("link[rel~=search i][type='application/opensearchdescription+xml' i][href]")?.GetAttribute("href") is { } href
        && WebUrl.TryParse(href, start) is { } described && LinkFinder.IsSameSite(described.Host, page.Host) ? described.ToString() : null;
}

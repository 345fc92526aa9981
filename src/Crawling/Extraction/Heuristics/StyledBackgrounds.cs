using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// The backgrounds that the style sheets inside a page give to its elements, as far as a rule's selector can be asked without layout. Sheets in files of
/// their own are not read. Pure; safe for concurrent calls.
/// </summary>
internal static partial class StyledBackgrounds
{
    // Characters and rules looked at; a page with more is no page that hides a picture in one of them.
    private const int MaximumText = 200_000, MaximumRules = 100;

    [GeneratedRegex("""([^{}]{1,300})\{[^{}]*?background(?:-image)?\s*:[^;{}]*?url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex(@"/\*.*?\*/|::?(?:before|after)\b", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Passed();

    public static IReadOnlyDictionary<IElement, string> Of(IDocument document)
    {
        Dictionary<IElement, string> found = [];
        foreach (IElement style in document.QuerySelectorAll("style"))
        {
            string text = style.TextContent;
            if (text.Length > MaximumText || !text.Contains("url(", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (Match rule in Rule().Matches(Passed().Replace(text, "")).Take(MaximumRules))
                foreach (IElement element in Selected(document, rule.Groups[1].Value.Trim()))
                    found[element] = rule.Groups[2].Value + rule.Groups[3].Value + rule.Groups[4].Value;
        }
        return found;
    }

    private static IEnumerable<IElement> Selected(IDocument document, string selector)
    {
        try
        {
            return document.QuerySelectorAll(selector);
        }
        catch (DomException)
        {
            // A selector that only a browser knows.
            return [];
        }
    }
}

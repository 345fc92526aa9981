using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// The backgrounds, and pictures as content, that the style sheets inside a page give to its elements, as far as a rule's selector can be asked without layout. Sheets in files of
/// their own are not read. Pure; safe for concurrent calls.
/// </summary>
internal static partial class StyledBackgrounds
{
    // Characters and rules looked at; a page with more is no page that hides a picture in one of them.
    private const int MaximumText = 200_000, MaximumRules = 100;

    private const int LongestSelector = 300;

    // From a rule's brace on.
    [GeneratedRegex("""\G\{[^{}]*?(?<![\w-])(?:background(?:-image)?|content)\s*:(?:(?!background)[^;{}])*?(?:url\(\s*(?:"([^"]*)"|'([^']*)'|((?:[^()"'\s\\]|\\[0-9a-f]{1,6}\s?|\\.)+))\s*\)|image-set\(\s*(?:"([^"]*)"|'([^']*)'))""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Background();

    [GeneratedRegex(@"/\*.*?(?:\*/|\z)|::?(?:before|after)\b", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Passed();

    public static IReadOnlyDictionary<IElement, string> Of(IDocument document)
    {
        Dictionary<IElement, string> found = [];
        foreach (IElement style in document.QuerySelectorAll("style"))
        {
            string text = style.TextContent;
            if (text.Length > MaximumText || !(text.Contains("url(", StringComparison.OrdinalIgnoreCase) || text.Contains("image-set(", StringComparison.OrdinalIgnoreCase))) continue;
            foreach ((string selector, string address) in Rules(Passed().Replace(text, "")).Take(MaximumRules))
                foreach (IElement element in Selected(document, selector)) found[element] = address;
        }
        return found;
    }

    /// <summary>The rules that give a background, each with at most so much of its selector as stands before its brace.</summary>
    private static IEnumerable<(string Selector, string Address)> Rules(string text)
    {
        int end = 0;
        for (int from = 0; text.IndexOf('{', from) is >= 0 and var brace;)
        {
            int least = Math.Max(end, brace - LongestSelector);
            int start = least + text.AsSpan(least..brace).LastIndexOfAny('{', '}') + 1;
            from = brace + 1;
            if (start == brace || Background().Match(text, brace) is not { Success: true } rule) continue;
            yield return (text[start..brace].Trim(), PictureAddress.InCss(rule));
            from = end = brace + rule.Length;
        }
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

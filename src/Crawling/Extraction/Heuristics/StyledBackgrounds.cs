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

    // Names of pictures and their uses: each use is asked of each name, for each element that the rule selects.
    private const int MaximumVariables = 20;

    // From a rule's brace on.
    [GeneratedRegex("""\G\{[^{}]*?(?<![\w-])(?:background(?:-image)?|content)\s*:(?:(?!background)[^;{}])*?(?:url\(\s*(?:"([^"]*)"|'([^']*)'|((?:[^()"'\s\\]|\\[0-9a-f]{1,6}\s?|\\.)+))\s*\)|image-set\(\s*(?:"([^"]*)"|'([^']*)'))""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Background();

    [GeneratedRegex(@"/\*.*?(?:\*/|\z)|::?(?:before|after)\b", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Passed();

    public static IReadOnlyDictionary<IElement, string> Of(IDocument document)
    {
        Dictionary<IElement, string> found = [];
        List<(string Selector, string Name, string Address)> named = [];
        List<(string Selector, string Name)> used = [];
        foreach (IElement style in document.QuerySelectorAll("style"))
        {
            string text = style.TextContent;
            if (text.Length <= MaximumText && text.Contains("var(", StringComparison.OrdinalIgnoreCase)) Variables(Passed().Replace(text, ""), named, used);
            if (text.Length > MaximumText || !(text.Contains("url(", StringComparison.OrdinalIgnoreCase) || text.Contains("image-set(", StringComparison.OrdinalIgnoreCase))) continue;
            foreach ((string selector, string address) in Rules(Passed().Replace(text, "")).Take(MaximumRules))
                foreach (IElement element in Selected(document, selector)) found[element] = address;
        }
        foreach ((string selector, string name) in used.Take(MaximumVariables))
            foreach (IElement element in Selected(document, selector).Take(MaximumVariables))
                if (named.FirstOrDefault(n => n.Name == name && IsWithin(element, n.Selector)) is { Address: { } address }) found.TryAdd(element, address);
        return found;
    }

    [GeneratedRegex("""(?<![\w-])(--[\w-]{1,60})\s*:\s*url\(\s*["']?([^"')]+)["']?\s*\)|(?<![\w-])(?:background(?:-image)?|content)\s*:(?:(?!background)[^;{}]){0,400}?var\(\s*(--[\w-]{1,60})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Variable();

    /// <summary>Which rules give a picture a name, and which draw one by its name.</summary>
    private static void Variables(string text, List<(string Selector, string Name, string Address)> named, List<(string Selector, string Name)> used)
    {
        foreach (Match match in Variable().Matches(text).Take(MaximumVariables))
        {
            int brace = text.LastIndexOf('{', match.Index);
            if (brace <= 0) continue;
            int least = Math.Max(0, brace - LongestSelector);
            string selector = text[(least + text.AsSpan(least..brace).LastIndexOfAny('{', '}') + 1)..brace].Trim();
            if (match.Groups[1].Success) named.Insert(0, (selector, match.Groups[1].Value, match.Groups[2].Value.Trim()));
            else used.Add((selector, match.Groups[3].Value));
        }
    }

    // A name holds for what a rule selects and all that is in it.
    private static bool IsWithin(IElement element, string selector)
    {
        if (selector is ":root" or "*" or "html") return true;
        try
        {
            return element.Closest(selector) is not null;
        }
        catch (DomException)
        {
            return false;
        }
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

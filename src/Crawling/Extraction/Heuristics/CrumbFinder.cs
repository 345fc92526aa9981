using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Structured;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>A step of a breadcrumb trail; the address is null where the step is no link.</summary>
public sealed record Crumb(string? Name, string? Url);

/// <summary>Reads breadcrumb trails from links and separators.</summary>
public static partial class CrumbFinder
{
    private const int MaximumNodes = 3000;
    private const int MaximumName = 120;
    private const int MaximumText = 400;

    [GeneratedRegex(@"bread-?_?crumb|^crumbs?$|[\s_-]crumbs?($|[\s_-])|you-?are-?here|ariane|brotkrumen|breadcrum|navpath|pathway|location-?bar|trail", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Marks();

    [GeneratedRegex(@"^[\s>»›/\\|•·→⟩❯▸►:;,\-–—~<«‹←+*\u00A0\u2192\uE000-\uF8FF]+|[\s>»›/\\|•·→⟩❯▸►\-–—~<«‹←\u00A0\u2192\uE000-\uF8FF:]+$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Separators();

    internal static List<string> Find(PageView view, PageContext page, string? productName)
    {
        foreach (PageNode node in view.Nodes)
        {
            bool named = (node.Marks.Length > 0 && Marks().IsMatch(node.Marks)) || node.Element.GetAttribute("aria-label") is { } label && label.Contains("breadcrumb", StringComparison.OrdinalIgnoreCase)
                || node.Element.GetAttribute("itemtype") is { } type && type.EndsWith("BreadcrumbList", StringComparison.Ordinal);
            if (!named || node.Last - node.Index > 400) continue;
            List<string> names = Read(node.Element, page.BaseAddress).Select(static c => c.Name).OfType<string>().Where(static n => n.Length <= MaximumName && !n.Contains('{', StringComparison.Ordinal)).ToList();
            if (names.Count > 1 || (names.Count == 1 && productName is not null)) return CrumbItems.WithoutProduct(names, productName);
        }
        return [];
    }

    /// <summary>The steps in an element that holds a trail, from the root on; menus that open from a step are left out.</summary>
    public static IReadOnlyList<Crumb> Read(IElement trail, Uri? address)
    {
        List<Crumb> crumbs = [];
        INode? node = trail;
        int visited = 0;
        while (node is not null && visited++ < MaximumNodes)
        {
            bool descend = true;
            if (node is IElement element)
            {
                if (VisibleText.IsSilent(element.LocalName) && element != trail || IsMenu(element, trail)) descend = false;
                else if (element.LocalName == "a")
                {
                    AddLink(element, address, crumbs);
                    descend = false;
                }
            }
            else if (node is IText text) AddText(text.Data, crumbs);
            if (descend && node.FirstChild is { } child) node = child;
            else
            {
                while (node is not null && node != trail && node.NextSibling is null) node = node.Parent;
                node = node is null || node == trail ? null : node.NextSibling;
            }
        }
        return crumbs;
    }

    private static void AddLink(IElement link, Uri? address, List<Crumb> crumbs)
    {
        string? href = link.GetAttribute("href")?.Trim();
        string? url = string.IsNullOrEmpty(href) || href.StartsWith('#') || href.StartsWith("javascript", StringComparison.OrdinalIgnoreCase) ? null : MicrodataReader.Resolve(href, address);
        string? name = Clean(VisibleText.Of(link)) ?? Clean(link.QuerySelector("img[alt]")?.GetAttribute("alt") ?? link.GetAttribute("title") ?? string.Empty);
        // The home picture and the home text beside it are one step.
        if (url is not null && crumbs.Count > 0 && crumbs[^1].Url == url)
        {
            if (crumbs[^1].Name is null) crumbs[^1] = new(name, url);
            return;
        }
        if (url is not null && url.StartsWith("http", StringComparison.OrdinalIgnoreCase) is false && address is null) url = href;
        if (name is not null || url is not null) crumbs.Add(new(name, url));
    }

    private static void AddText(string data, List<Crumb> crumbs)
    {
        foreach (string part in data.Split(['>', '»', '›', '→', '|'], StringSplitOptions.RemoveEmptyEntries))
            if (Clean(VisibleText.Collapse(part)) is { } name && !(crumbs.Count == 0 && IsLeadIn(part))) crumbs.Add(new(name, null));
    }

    // "You are here:" is no step.
    private static bool IsLeadIn(string text) => text.TrimEnd() is { Length: > 0 } shown && (shown[^1] is ':' or '?' or '：' || shown.Contains("you are here", StringComparison.OrdinalIgnoreCase) || shown.Trim() is "Navigate" or "Navigation");

    private static string? Clean(string text)
    {
        if (text.Length > MaximumText) return null;
        string name = text;
        for (int i = 0; i < 2; i++) name = Separators().Replace(name, string.Empty).Trim();
        return name.Length == 0 ? null : name;
    }

    private static bool IsMenu(IElement element, IElement trail)
    {
        if (element == trail) return false;
        string marks = element.ClassName?.ToLowerInvariant() ?? string.Empty;
        bool list = element.LocalName is "ul" or "ol" or "div";
        bool menu = marks.Contains("dropdown-menu", StringComparison.Ordinal) || marks.Contains("submenu", StringComparison.Ordinal) || marks.Contains("dropdown-content", StringComparison.Ordinal) || (marks == "dropdown" && element.LocalName is "ul");
        if (list && menu) return true;
        // A list inside a step that already has its link is the menu of that step.
        return element.LocalName is "ul" or "ol" && element.ParentElement is { } parent && parent != trail && parent.LocalName is not "nav" && (IsAfterLink(element) || (parent.LocalName == "div" && parent.ClassName?.Contains("dropDown", StringComparison.OrdinalIgnoreCase) == true));
    }

    private static bool IsAfterLink(IElement element)
    {
        for (IElement? at = element.PreviousElementSibling; at is not null; at = at.PreviousElementSibling)
            if (at.LocalName == "a") return true;
        return false;
    }
}

using System.Net;
using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Discovery;

/// <summary>Reads an OpenSearch description document (version 1.1, draft 6): how a site asks to be searched. Never throws on content; thread-safe.</summary>
internal static class SearchDescription
{
    private static readonly Regex Parameter = new("\\{([A-Za-z:]+)(\\??)\\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>The address of the site's search for people, with <see cref="ShopSearch.Words"/> where the words go; null where the text is no description, or names none that asks by GET.</summary>
    public static string? Read(string text)
    {
        MarkupScanner scanner = new(text);
        bool described = false;
        while (scanner.Next())
        {
            if (scanner.Kind != MarkupKind.Open) continue;
            if (scanner.Name == "opensearchdescription") described = true;
            else if (!described) return null;
            if (scanner.Name != "url" || scanner.Attribute("template") is not { } template) continue;
            if (scanner.Attribute("type") is { } type && !type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase)) continue;
            if (scanner.Attribute("method") is { } method && !method.Equals("get", StringComparison.OrdinalIgnoreCase)) continue;
            if (Filled(WebUtility.HtmlDecode(template)) is { } filled) return filled;
        }
        return null;
    }

    /// <summary>The template with every parameter but the words filled; null where it has no place for them.</summary>
    private static string? Filled(string template)
    {
        string filled = Parameter.Replace(template, m => m.Groups[1].Value switch
        {
            "searchTerms" => ShopSearch.Words,
            _ when m.Groups[2].Length > 0 => "",
            "startPage" or "startIndex" => "1",
            "count" => "50",
            "language" => "*",
            "inputEncoding" or "outputEncoding" => "UTF-8",
            _ => "",
        });
        return filled.Contains(ShopSearch.Words, StringComparison.Ordinal) ? filled : null;
    }
}

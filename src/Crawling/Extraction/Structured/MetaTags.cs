using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>The meta elements of a page: OpenGraph, <c>product:</c>, Twitter cards and plain names, keys in lower case, in page order; behind them the links with <c>rel=image_src</c>.</summary>
public sealed class MetaTags
{
    private readonly List<KeyValuePair<string, string>> _all = [];

    public IReadOnlyList<KeyValuePair<string, string>> All => _all;

    public static MetaTags Read(IDocument document)
    {
        MetaTags tags = new();
        foreach (IElement meta in document.QuerySelectorAll("meta"))
        {
            string? content = meta.GetAttribute("content") ?? meta.GetAttribute("value");
            if (string.IsNullOrWhiteSpace(content)) continue;
            foreach (string attribute in (string[])["property", "name"])
                if (meta.GetAttribute(attribute) is { Length: > 0 } key) tags._all.Add(new(key.Trim().ToLowerInvariant(), content.Trim()));
            // A page that shares itself by microdata without an item.
            if (meta.GetAttribute("itemprop") is "image" && meta.Closest("[itemscope]:not(html):not(body)") is null) tags._all.Add(new("image_src", content.Trim()));
        }
        foreach (IElement link in document.QuerySelectorAll("link[rel~=image_src i][href]")) tags._all.Add(new("image_src", link.GetAttribute("href")!.Trim()));
        // What the browser is asked to fetch first is the picture on which the page opens.
        foreach (IElement link in document.QuerySelectorAll("link[rel~=preload i][as=image i]"))
            if ((SourceSet.Largest(link.GetAttribute("imagesrcset")) ?? link.GetAttribute("href")) is { Length: > 0 } first) tags._all.Add(new("preload", first.Trim()));
        return tags;
    }

    /// <summary>The first value under the first of these keys that is present.</summary>
    public string? First(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            foreach ((string name, string value) in _all)
                if (name == key) return value;
        return null;
    }

    public IEnumerable<string> Each(string key) => _all.Where(p => p.Key == key).Select(static p => p.Value);
}

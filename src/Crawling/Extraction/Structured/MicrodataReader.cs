using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads HTML microdata after the algorithms of the WHATWG HTML standard, with one liberty that shops rely on: a <c>content</c> attribute counts on any element.
/// Properties outside every item are kept apart. Safe for concurrent calls on different documents.
/// </summary>
public sealed class MicrodataReader
{
    // itemref may name the same elements from any number of items, and items within items: of all together so many are looked at.
    private const int MaximumSteps = 50_000;

    private const int MaximumDepth = 64;
    private const int MaximumLevels = 200;

    private readonly IDocument _document;
    private readonly Uri? _address;
    private readonly HashSet<IElement> _open = [];
    private readonly Lazy<Dictionary<string, IElement>> _named;
    private int _steps;

    private MicrodataReader(IDocument document, Uri? address)
    {
        (_document, _address) = (document, address);
        _named = new Lazy<Dictionary<string, IElement>>(Named);
    }

    public static IReadOnlyList<StructuredItem> Read(IDocument document, Uri? address)
    {
        List<StructuredItem> items = [];
        MicrodataReader reader = new(document, address);
        HashSet<string> referenced = [.. document.QuerySelectorAll("[itemref]").SelectMany(static e => Tokens(e.GetAttribute("itemref")))];
        foreach (IElement element in document.QuerySelectorAll("[itemscope]"))
            if (!element.HasAttribute("itemprop") || IsOrphan(element, referenced)) items.Add(reader.ReadItem(element));
        return items;
    }

    /// <summary>The properties that stand in no item: some shops write <c>itemprop</c> and forget <c>itemscope</c>. Null where there are none.</summary>
    public static StructuredItem? ReadLoose(IDocument document, Uri? address)
    {
        StructuredItem loose = new();
        MicrodataReader reader = new(document, address);
        foreach (IElement element in document.QuerySelectorAll("[itemprop]"))
        {
            bool owned = false;
            for (IElement? at = element.ParentElement; at is not null && !owned; at = at.ParentElement) owned = at.HasAttribute("itemscope");
            if (owned) continue;
            StructuredValue value = element.HasAttribute("itemscope") ? reader.ReadItem(element) : Value(element, address);
            foreach (string name in Tokens(element.GetAttribute("itemprop"))) loose.Add(name, value);
        }
        return loose.Properties.Count == 0 ? null : loose;
    }

    // An item that says which property it is, of an item that is not there.
    private static bool IsOrphan(IElement element, HashSet<string> referenced)
    {
        int levels = 0;
        for (IElement? at = element.ParentElement; at is not null && levels++ < MaximumLevels; at = at.ParentElement)
            if (at.HasAttribute("itemscope") || (at.Id is { Length: > 0 } id && referenced.Contains(id))) return false;
        return levels < MaximumLevels;
    }

    private StructuredItem ReadItem(IElement root)
    {
        StructuredItem item = new() { Id = root.GetAttribute("itemid") };
        item.Types.AddRange(Tokens(root.GetAttribute("itemtype")));
        if (_open.Count >= MaximumDepth || !_open.Add(root)) return item;
        foreach (IElement element in Properties(root))
        {
            StructuredValue value = element.HasAttribute("itemscope") ? ReadItem(element) : Value(element, _address);
            foreach (string name in Tokens(element.GetAttribute("itemprop"))) item.Add(name, value);
        }
        _open.Remove(root);
        return item;
    }

    // "The properties of an item": its descendants up to nested items, then those that itemref names, in tree order.
    private List<IElement> Properties(IElement root)
    {
        List<IElement> found = [];
        HashSet<IElement> seen = [root];
        Queue<IElement> starts = new();
        foreach (IElement child in root.Children) starts.Enqueue(child);
        foreach (string id in Tokens(root.GetAttribute("itemref")))
            if (_named.Value.TryGetValue(id, out IElement? referenced)) starts.Enqueue(referenced);
        Stack<IElement> pending = new();
        while (starts.TryDequeue(out IElement? start))
        {
            pending.Push(start);
            while (pending.TryPop(out IElement? element))
            {
                if (++_steps > MaximumSteps) return found;
                if (!seen.Add(element)) continue;
                if (element.HasAttribute("itemprop")) found.Add(element);
                if (element.HasAttribute("itemscope")) continue;
                for (int i = element.ChildNodes.Length - 1; i >= 0; i--)
                    if (element.ChildNodes[i] is IElement child) pending.Push(child);
            }
        }
        // What is crossed out is a former value: it comes after the present one.
        return [.. found.OrderBy(static e => IsStruck(e) ? 1 : 0)];
    }

    private Dictionary<string, IElement> Named()
    {
        Dictionary<string, IElement> named = new(StringComparer.Ordinal);
        foreach (IElement element in _document.QuerySelectorAll("[id]")) named.TryAdd(element.Id!, element);
        return named;
    }

    private static bool IsStruck(IElement element)
    {
        int levels = 0;
        for (IElement? at = element; at is not null && levels++ < MaximumLevels && !at.HasAttribute("itemscope"); at = at.ParentElement)
            if (at.LocalName is "del" or "s" or "strike" || at.GetAttribute("style")?.Contains("line-through", StringComparison.OrdinalIgnoreCase) == true) return true;
        return false;
    }

    private static string Value(IElement element, Uri? address)
    {
        if (element.GetAttribute("content") is { Length: > 0 } content) return content;
        // A member of an enumeration is named by its address, whichever element names it.
        if (element.GetAttribute("href") is { } member && member.Contains("schema.org/", StringComparison.OrdinalIgnoreCase)) return member.Trim();
        switch (element.LocalName)
        {
            case "meta": return element.GetAttribute("content") ?? string.Empty;
            case "audio" or "embed" or "iframe" or "img" or "source" or "track" or "video":
                return Resolve(Source(element) ?? string.Empty, address);
            case "a" or "area" or "link": return LinkValue(element, address);
            case "object": return Resolve(element.GetAttribute("data") ?? string.Empty, address);
            case "data" or "meter": return element.GetAttribute("value") ?? element.TextContent.Trim();
            case "time": return element.GetAttribute("datetime") ?? element.TextContent.Trim();
            default: return VisibleText.Of(element);
        }
    }

    // A placeholder stands in the source until a script puts the picture there.
    private static string? Source(IElement element)
    {
        string? source = element.GetAttribute("src"), later = element.GetAttribute("data-src") ?? element.GetAttribute("data-lazy-src") ?? element.GetAttribute("data-original");
        later ??= SourceSet.Largest(element.GetAttribute("data-srcset") ?? element.GetAttribute("data-lazy-srcset"));
        return later is { Length: > 0 } && (source?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) != false || ImageSize.IsPlaceholder(source)) ? later : source;
    }

    // The standard takes the address of every link; a link that names a text property (a brand, a category) means its text.
    private static string LinkValue(IElement element, Uri? address)
    {
        string href = element.GetAttribute("href") ?? string.Empty;
        bool names = Tokens(element.GetAttribute("itemprop")).Any(static p => p is "brand" or "name" or "manufacturer" or "category" or "title" or "author" or "seller");
        string text = names && element.LocalName != "link" ? VisibleText.Of(element) : string.Empty;
        return text.Length > 0 ? text : Resolve(href, address);
    }

    internal static string Resolve(string reference, Uri? address)
    {
        string trimmed = reference.Trim();
        return address is not null && trimmed.Length > 0 && PageContext.Join(address, trimmed) is { } absolute ? absolute : trimmed;
    }

    internal static string[] Tokens(string? attribute) =>
        attribute?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

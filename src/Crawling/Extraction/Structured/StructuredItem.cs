namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>A value of a property: a text (or a URL as text) or a nested item, never both.</summary>
public readonly record struct StructuredValue(string? Text, StructuredItem? Item)
{
    public static implicit operator StructuredValue(string text) => new(text, null);

    public static implicit operator StructuredValue(StructuredItem item) => new(null, item);

    public static StructuredValue FromString(string text) => new(text, null);

    public static StructuredValue FromStructuredItem(StructuredItem item) => new(null, item);
}

/// <summary>
/// An item that a page describes in JSON-LD, microdata or RDFa. The three syntaxes give the same tree, so that one reader of facts serves all.
/// Types and property names are kept as written; <see cref="LocalName"/> removes the vocabulary for look-ups. Not safe for changes from several threads.
/// </summary>
public sealed class StructuredItem
{
    private readonly List<KeyValuePair<string, StructuredValue>> _properties = [];

    public List<string> Types { get; } = [];

    public string? Id { get; set; }

    /// <summary>Whether the item is the value of another item's property.</summary>
    public bool Nested { get; set; }

    /// <summary>Names and values in the order of the page; a name may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, StructuredValue>> Properties => _properties;

    public void Add(string name, StructuredValue value)
    {
        if (value.Item is { } item) item.Nested = true;
        _properties.Add(new(name, value));
    }

    /// <summary>All values whose property has this name in any vocabulary, in page order; names are compared without regard to case.</summary>
    public IEnumerable<StructuredValue> All(string localName)
    {
        foreach ((string name, StructuredValue value) in _properties)
            if (LocalName(name).Equals(localName, StringComparison.OrdinalIgnoreCase)) yield return value;
    }

    /// <summary>The first non-empty text among the values of the first name that has one.</summary>
    public string? Text(params ReadOnlySpan<string> localNames)
    {
        foreach (string name in localNames)
            foreach (StructuredValue value in All(name))
                if (!string.IsNullOrWhiteSpace(value.Text)) return value.Text;
        return null;
    }

    public bool IsA(string localType)
    {
        foreach (string type in Types)
            if (LocalName(type).Equals(localType, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    public bool IsAny(IReadOnlySet<string> localTypes)
    {
        foreach (string type in Types)
            if (localTypes.Contains(LocalName(type))) return true;
        return false;
    }

    /// <summary>The name without its vocabulary: <c>http://schema.org/Product</c>, <c>schema:Product</c> and <c>Product</c> give <c>Product</c>.</summary>
    public static string LocalName(string name)
    {
        ReadOnlySpan<char> rest = name.AsSpan().Trim().TrimEnd('/');
        int cut = rest.LastIndexOfAny('/', '#', ':');
        return cut < 0 ? rest.ToString() : rest[(cut + 1)..].ToString();
    }
}

using AngleSharp.Dom;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads RDFa Lite 1.1 (vocab, typeof, property, resource, prefix) with the parts of RDFa 1.1 Core that product pages use (about, content, rel).
/// Property names come out as full addresses where a vocabulary or a known prefix is in force. Safe for concurrent calls on different documents.
/// </summary>
public sealed class RdfaReader
{
    private static readonly Dictionary<string, string> KnownPrefixes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["schema"] = "http://schema.org/", ["s"] = "http://schema.org/", ["gr"] = "http://purl.org/goodrelations/v1#",
        ["v"] = "http://rdf.data-vocabulary.org/#", ["og"] = "http://ogp.me/ns#", ["product"] = "http://ogp.me/ns/product#",
        ["dc"] = "http://purl.org/dc/terms/", ["dcterms"] = "http://purl.org/dc/terms/", ["foaf"] = "http://xmlns.com/foaf/0.1/",
        ["dc11"] = "http://purl.org/dc/elements/1.1/", ["cc"] = "http://creativecommons.org/ns#", ["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#",
        ["xsd"] = "http://www.w3.org/2001/XMLSchema#", ["skos"] = "http://www.w3.org/2004/02/skos/core#", ["owl"] = "http://www.w3.org/2002/07/owl#",
    };

    private readonly Uri? _address;
    private readonly List<StructuredItem> _items = [];
    private readonly Dictionary<string, StructuredItem> _subjects = new(StringComparer.Ordinal);

    private RdfaReader(Uri? address) => _address = address;

    /// <summary>All items, also those without a type that a <c>resource</c> or <c>about</c> names; the page itself comes first if it has properties.</summary>
    public static IReadOnlyList<StructuredItem> Read(IDocument document, Uri? address)
    {
        if (document.DocumentElement is null || document.QuerySelector("[property],[typeof],[rel][about],[rel][resource]") is null) return [];
        RdfaReader reader = new(address);
        reader.Walk(document.DocumentElement);
        return reader._items.Where(static i => i.Properties.Count > 0 || i.Types.Count > 0).ToList();
    }

    private sealed record Scope(string? Vocabulary, Dictionary<string, string> Prefixes, StructuredItem Subject, string[] Pending);

    private void Walk(IElement root)
    {
        StructuredItem page = Subject(_address?.AbsoluteUri ?? string.Empty);
        Stack<(IElement Element, Scope Scope)> open = new();
        open.Push((root, new(null, new(StringComparer.OrdinalIgnoreCase), page, [])));
        while (open.TryPop(out (IElement Element, Scope Scope) at))
        {
            Scope inner = Enter(at.Element, at.Scope);
            for (int i = at.Element.ChildNodes.Length - 1; i >= 0; i--)
                if (at.Element.ChildNodes[i] is IElement child) open.Push((child, inner));
        }
    }

    private Scope Enter(IElement element, Scope scope)
    {
        scope = Declarations(element, scope);
        string[] properties = Names(element.GetAttribute("property"), scope, needsPrefix: scope.Vocabulary is null);
        string[] relations = element.LocalName is "a" or "link" ? Names(element.GetAttribute("rel"), scope, needsPrefix: true) : Names(element.GetAttribute("rel"), scope, needsPrefix: scope.Vocabulary is null);
        string? about = element.GetAttribute("about");
        string? resource = element.GetAttribute("resource") ?? element.GetAttribute("href") ?? element.GetAttribute("src");
        StructuredItem subject = about is null ? scope.Subject : Subject(Resolve(about, scope));
        if (element.HasAttribute("typeof")) return EnterTyped(element, scope, subject, properties, relations, about, resource);

        foreach (string property in properties) subject.Add(property, Value(element, scope));
        if (relations.Length > 0 && resource is not null)
            foreach (string relation in relations) subject.Add(relation, Resolve(resource, scope));
        string[] pending = relations.Length > 0 && resource is null ? relations : about is null ? scope.Pending : [];
        if (properties.Length == 0 && relations.Length == 0 && about is null && element.GetAttribute("resource") is { } named)
            subject = Subject(Resolve(named, scope));
        else if (relations.Length > 0 && element.GetAttribute("resource") is { } related)
            subject = Subject(Resolve(related, scope));
        return scope with { Subject = subject, Pending = pending };
    }

    private Scope EnterTyped(IElement element, Scope scope, StructuredItem subject, string[] properties, string[] relations, string? about, string? resource)
    {
        string? id = about ?? element.GetAttribute("resource") ?? (properties.Length > 0 || relations.Length > 0 || element.LocalName is "a" ? resource : null);
        StructuredItem item = id is null ? New(null) : Subject(Resolve(id, scope));
        foreach (string type in MicrodataReader.Tokens(element.GetAttribute("typeof"))) item.Types.Add(Expand(type, scope));
        string[] links = [.. properties, .. relations, .. about is null ? scope.Pending : []];
        // A typed element that says which property it is and has its own content gives both the item and, for plain texts, the text.
        if (about is not null)
            foreach (string property in properties) item.Add(property, Value(element, scope));
        else if (item != subject)
            foreach (string link in links) subject.Add(link, item);
        return scope with { Subject = item, Pending = [] };
    }

    private Scope Declarations(IElement element, Scope scope)
    {
        if (element.GetAttribute("vocab") is { } vocabulary) scope = scope with { Vocabulary = vocabulary.Length == 0 ? null : vocabulary[^1] is '/' or '#' ? vocabulary : vocabulary + "/" };
        string[] pairs = MicrodataReader.Tokens(element.GetAttribute("prefix"));
        Dictionary<string, string>? prefixes = null;
        for (int i = 0; i + 1 < pairs.Length; i += 2)
            if (pairs[i].EndsWith(':')) (prefixes ??= new(scope.Prefixes, StringComparer.OrdinalIgnoreCase))[pairs[i][..^1]] = pairs[i + 1];
        foreach (IAttr attribute in element.Attributes)
            if (attribute.Name.StartsWith("xmlns:", StringComparison.Ordinal))
                (prefixes ??= new(scope.Prefixes, StringComparer.OrdinalIgnoreCase))[attribute.Name[6..]] = attribute.Value;
        return prefixes is null ? scope : scope with { Prefixes = prefixes };
    }

    private string Value(IElement element, Scope scope)
    {
        if (element.GetAttribute("content") is { } content) return content;
        if (element.GetAttribute("resource") is { } resource) return Resolve(resource, scope);
        if (element.HasAttribute("datatype")) return VisibleText.Of(element);
        if ((element.GetAttribute("href") ?? element.GetAttribute("src")) is { } link) return MicrodataReader.Resolve(link, _address);
        if (element.LocalName == "time" && element.GetAttribute("datetime") is { } time) return time;
        if (element.LocalName == "data" && element.GetAttribute("value") is { } data) return data;
        return VisibleText.Of(element);
    }

    private static string[] Names(string? attribute, Scope scope, bool needsPrefix) =>
        MicrodataReader.Tokens(attribute).Where(n => !needsPrefix || n.Contains(':', StringComparison.Ordinal)).Select(n => Expand(n, scope)).ToArray();

    private static string Expand(string name, Scope scope)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return scope.Vocabulary is { } vocabulary ? vocabulary + name : name;
        if (name.AsSpan(colon).StartsWith("://")) return name;
        string prefix = name[..colon];
        return scope.Prefixes.TryGetValue(prefix, out string? own) || KnownPrefixes.TryGetValue(prefix, out own) ? own + name[(colon + 1)..] : name;
    }

    private string Resolve(string reference, Scope scope)
    {
        if (reference.StartsWith("_:", StringComparison.Ordinal)) return reference;
        if (reference.StartsWith('[') && reference.EndsWith(']')) return Expand(reference[1..^1], scope);
        int colon = reference.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && scope.Prefixes.ContainsKey(reference[..colon])) return Expand(reference, scope);
        return reference.Length == 0 ? _address?.AbsoluteUri ?? string.Empty : MicrodataReader.Resolve(reference, _address);
    }

    private StructuredItem Subject(string id)
    {
        if (_subjects.TryGetValue(id, out StructuredItem? known)) return known;
        return _subjects[id] = New(id);
    }

    private StructuredItem New(string? id)
    {
        StructuredItem item = new() { Id = id };
        _items.Add(item);
        return item;
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Reads the JSON-LD blocks of a page into items, however broken they are. Source: JSON-LD 1.1, without remote contexts. Safe for concurrent calls.</summary>
public static class JsonLdReader
{
    private const int MaximumItems = 5000;

    private static readonly string[] EscapedQuotes = ["&quot;", "&#34;", "&#x22;", "&#8220;", "&#8221;", "&#8243;", "&ldquo;"];

    /// <summary>The values of all blocks, parsed but not interpreted.</summary>
    public static IReadOnlyList<JsonNode> ReadBlocks(IParentNode document)
    {
        List<JsonNode> blocks = [];
        foreach (IElement script in document.QuerySelectorAll("script[type]"))
            if (IsJsonLd(script.GetAttribute("type"))) blocks.AddRange(ReadBlock(script.TextContent));
        return blocks;
    }

    /// <summary>
    /// The items at the top of all blocks. What has one <c>@id</c> is one item, wherever its parts stand (JSON-LD 1.1 Processing Algorithms, section 4.2, node map
    /// generation), so that references, with a type or without, lead to it.
    /// </summary>
    /// <param name="address">The page's, for relative ids; null where unknown.</param>
    /// <param name="language">The page's: of texts in several languages those in it come first.</param>
    public static IReadOnlyList<StructuredItem> Read(IParentNode document, Uri? address = null, string? language = null)
    {
        Build build = new(address, language);
        foreach (JsonNode block in ReadBlocks(document)) build.Top(block);
        return build.Finish();
    }

    private static bool IsJsonLd(string? type) => type is not null && type.Contains("ld+json", StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<JsonNode> ReadBlock(string text)
    {
        try
        {
            if (JsonNode.Parse(WholeCharacters.MendJson(text)) is { } strict && HasNoRepeatedKeys(strict))
                // Some programs encode what is encoded already.
                return Scalar(strict) is { } inner && inner.AsSpan().TrimStart() is ['{' or '[', ..] ? LenientJson.ReadAll(inner) : [strict];
        }
        catch (JsonException)
        {
            // The lenient reader below takes what no strict one does.
        }
        IReadOnlyList<JsonNode> lenient = LenientJson.ReadAll(text);
        bool escaped = EscapedQuotes.Any(quote => text.Contains(quote, StringComparison.Ordinal)) && (lenient.Count == 0 || !text.Contains('"', StringComparison.Ordinal));
        return escaped ? LenientJson.ReadAll(WebUtility.HtmlDecode(text)) : lenient;
    }

    // A JsonObject finds repeated keys only when it is first read.
    private static bool HasNoRepeatedKeys(JsonNode node)
    {
        try
        {
            Stack<JsonNode> open = new([node]);
            while (open.TryPop(out JsonNode? at))
            {
                if (at is JsonObject o)
                    foreach ((_, JsonNode? child) in o) { if (child is not null) open.Push(child); }
                else if (at is JsonArray a)
                    foreach (JsonNode? child in a) if (child is not null) open.Push(child);
            }
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The text of a JSON scalar as written; null for objects, arrays and null.</summary>
    public static string? Scalar(JsonNode? node) => node is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private sealed class Build(Uri? address, string? language)
    {
        private readonly List<StructuredItem> _top = [];
        private readonly Dictionary<string, StructuredItem> _byId = new(StringComparer.Ordinal);
        private readonly List<(StructuredItem Owner, string Name, string Id)> _references = [];
        private int _count;

        public void Top(JsonNode? node)
        {
            switch (node)
            {
                case JsonArray array:
                    foreach (JsonNode? child in array) Top(child);
                    break;
                case JsonObject o:
                    bool wrapper = !o.Any(p => !p.Key.StartsWith('@'));
                    if (o["@graph"] is { } graph) Top(graph);
                    if ((!wrapper || (o.ContainsKey("@type") && !o.ContainsKey("@graph"))) && Item(o) is var item && !_top.Contains(item)) _top.Add(item);
                    break;
            }
        }

        public IReadOnlyList<StructuredItem> Finish()
        {
            foreach ((StructuredItem owner, string name, string id) in _references)
                if (_byId.TryGetValue(Absolute(id), out StructuredItem? target) && target != owner) owner.Add(name, target);
                else owner.Add(name, id);
            return _top;
        }

        private StructuredItem Item(JsonObject o)
        {
            string? id = Scalar(o["@id"]) ?? Scalar(o["id"]);
            StructuredItem item = id is { Length: > 0 } && _byId.TryGetValue(Absolute(id), out StructuredItem? known) && !IsAnother(known, o) ? known : new StructuredItem { Id = id };
            foreach (string type in Texts(o["@type"] ?? o["type"]))
                if (!item.Types.Contains(type)) item.Types.Add(type);
            _count++;
            if (id is { Length: > 0 } && item.Types.Count > 0) _byId.TryAdd(Absolute(id), item);
            foreach ((string name, JsonNode? value) in o)
                if (!name.StartsWith('@') && _count < MaximumItems) AddValue(item, name, value);
            if (o["@reverse"] is JsonObject reverse)
                foreach ((string name, JsonNode? value) in reverse) AddReverse(item, name, value);
            return item;
        }

        // What offers the item, told from the item's side.
        private void AddReverse(StructuredItem item, string name, JsonNode? value)
        {
            foreach (JsonObject o in value is JsonArray list ? list.OfType<JsonObject>() : value is JsonObject one ? [one] : [])
                if (_count < MaximumItems && StructuredItem.LocalName(name) == "itemOffered") item.Add("offers", Item(o));
        }

        /// <summary>
        /// Lists give all their products the id of the page: what has another name and offers of its own is another thing. So is an offer with the id of its product.
        /// </summary>
        private static bool IsAnother(StructuredItem known, JsonObject o) =>
            (known.IsA("Product") && Texts(o["@type"] ?? o["type"]).Any(static t => t.EndsWith("Offer", StringComparison.Ordinal))) || o["offers"] is not null && known.All("offers").Any() && Scalar(o["name"]) is { } name && known.Text("name") is { } other && !name.Trim().Equals(other.Trim(), StringComparison.OrdinalIgnoreCase);

        private string Absolute(string id) => address is not null && PageContext.Join(address, id) is { } absolute ? absolute : id;

        private void AddValue(StructuredItem owner, string name, JsonNode? value)
        {
            switch (value)
            {
                case JsonArray array:
                    foreach (JsonNode? child in array.OrderBy(IsForeign)) AddValue(owner, name, child);
                    break;
                case JsonObject o when o.ContainsKey("@value"):
                    AddValue(owner, name, o["@value"]);
                    break;
                case JsonObject o when (o["@list"] ?? o["@set"]) is JsonArray list:
                    AddValue(owner, name, list);
                    break;
                // Programs write a list that has gaps as an object with the places as names.
                case JsonObject { Count: > 0 } o when o.All(static p => p.Key.All(char.IsAsciiDigit)):
                    foreach ((_, JsonNode? child) in o) AddValue(owner, name, child);
                    break;
                case JsonObject { Count: 1 } o when Scalar(o["@id"]) is { } id:
                    _references.Add((owner, name, id));
                    break;
                case JsonObject { Count: > 0 } o:
                    owner.Add(name, Item(o));
                    break;
                default:
                    if (Scalar(value) is { } text) owner.Add(name, text);
                    break;
            }
        }

        private bool IsForeign(JsonNode? value) =>
            language is not null && value is JsonObject o && Scalar(o["@language"]) is { } stated && !stated.Split('-')[0].Equals(language.Split('-', '_')[0], StringComparison.OrdinalIgnoreCase);

        private static IEnumerable<string> Texts(JsonNode? node)
        {
            if (node is JsonArray array)
                foreach (JsonNode? child in array)
                {
                    if (Scalar(child) is { Length: > 0 } text) yield return text;
                }
            else if (Scalar(node) is { Length: > 0 } single)
                yield return single;
        }
    }
}

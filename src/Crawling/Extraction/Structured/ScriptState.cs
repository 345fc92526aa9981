using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Finds the state that a page's frameworks hide from a reader of plain assignments: JSON inside strings (<c>JSON.parse("…")</c>, the streamed parts of Next.js, escaped addresses), in attributes
/// of elements (Inertia, Vue and React islands), with its values as arguments of a function (Nuxt 2), and flattened into one list whose objects refer to each other by place (Nuxt 3).
/// Pure; time grows linearly with the text given, and what it yields is at most a few times as long.
/// </summary>
internal static partial class ScriptState
{
    // Characters; elements with such an attribute; nodes and members that one list yields, and levels of one; names of a function's values.
    private const int LeastText = 20, MostAttribute = 500_000, MostElements = 200, MostNodes = 20_000, MostLevels = 6, MostParameters = 5_000;

    [GeneratedRegex(@"(?<next>__next_f\.push\(\[\s*1\s*,\s*)[""']|(?<parse>JSON\.parse\(\s*)[""']|(?<uri>decodeURIComponent\(\s*)[""']%7B", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, PatternTime.Most)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"__NUXT__\s*=\s*\(?function\s*\(([\w$,\s]{1,40000})\)\s*\{", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NuxtFunction();

    /// <summary>Whether a script holds a part of the stream of Next.js.</summary>
    public static bool IsStreamed(string script) => script.Contains("__next_f.push", StringComparison.Ordinal);

    /// <summary>The texts that stand inside strings of a script, as the script reads them; of the streamed parts of Next.js, which are one text, the lines that may tell of an offer.</summary>
    public static IEnumerable<string> Strings(string script)
    {
        var streamed = new StringBuilder();
        foreach (Match match in Quoted().Matches(script))
        {
            int quote = script.IndexOfAny(['"', '\''], match.Index + match.Length - (match.Groups["uri"].Success ? 4 : 1));
            if (quote < 0 || Literal(script, quote) is not { Length: >= LeastText } text) continue;
            if (match.Groups["next"].Success) streamed.Append(text);
            else yield return match.Groups["uri"].Success ? Uri.UnescapeDataString(text) : text;
        }
        foreach (string line in streamed.ToString().Split('\n'))
            if (line.Length >= LeastText && (line.Contains("rice", StringComparison.Ordinal) || line.Contains("sku", StringComparison.OrdinalIgnoreCase))) yield return line;
    }

    /// <summary>What Nuxt 2 writes as a function of its values, with the values in their places; null where the script holds none.</summary>
    public static JsonNode? Nuxt(string script)
    {
        if (NuxtFunction().Match(script) is not { Success: true } head) return null;
        int start = script.IndexOf("return", head.Index + head.Length, StringComparison.Ordinal);
        if (start < 0) return null;
        LenientJson.ReadAt(script, start, out int end);
        int open = script.IndexOf('(', Math.Min(end, script.Length)), close = script.LastIndexOf("))", StringComparison.Ordinal);
        if (open < 0 || close < open || LenientJson.ReadAt($"[{script[(open + 1)..close].Replace("void 0", "null", StringComparison.Ordinal)}]", 0, out _) is not JsonArray values) return null;
        string[] names = head.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length > MostParameters) return null;
        Dictionary<string, JsonNode?> known = new(StringComparer.Ordinal);
        for (int i = 0; i < Math.Min(names.Length, values.Count); i++) known[names[i]] = values[i];
        return LenientJson.ReadAt(script, start, out _, known);
    }

    /// <summary>The objects of a flattened list, whose members are places in it, as far as they name something; empty where the text is no such list.</summary>
    public static IEnumerable<JsonNode> Flattened(JsonArray list, IReadOnlyList<string> nameKeys)
    {
        int left = MostNodes;
        foreach (JsonNode? node in list)
            if (node is JsonObject o && nameKeys.Any(k => Place(o[k]) is not null) && Resolved(list, o, 0, ref left) is { } whole) yield return whole;
    }

    /// <summary>JSON that stands in attributes of elements.</summary>
    public static IEnumerable<string> Attributes(IDocument document)
    {
        int found = 0;
        foreach (IElement element in document.All)
            foreach (IAttr attribute in element.Attributes)
            {
                if (!attribute.Name.StartsWith("data-", StringComparison.Ordinal) && !attribute.Name.StartsWith(':')) continue;
                // The variations of a form have a reader of their own.
                if (attribute.Name == "data-product_variations" || attribute.Value.Length is < LeastText or > MostAttribute || !attribute.Value.AsSpan().TrimStart().StartsWith("{")) continue;
                if (++found > MostElements) yield break;
                yield return attribute.Value;
            }
    }

    private static JsonNode? Resolved(JsonArray list, JsonNode? node, int level, ref int left)
    {
        if (level > MostLevels || --left < 0) return null;
        switch (node)
        {
            case JsonObject o:
                if ((left -= o.Count) < 0) return null;
                JsonObject whole = [];
                foreach ((string key, JsonNode? value) in o) whole[key] = Place(value) is { } at && at < list.Count ? Resolved(list, list[at], level + 1, ref left) : null;
                return whole;
            case JsonArray a:
                // What frameworks wrap to watch it: ["Reactive", 12].
                if (a is [JsonValue kind, JsonValue wrapped] && kind.TryGetValue(out string? _) && Place(wrapped) is { } inside && inside < list.Count) return Resolved(list, list[inside], level + 1, ref left);
                if ((left -= a.Count) < 0) return null;
                JsonArray items = [];
                foreach (JsonNode? value in a)
                    if (Place(value) is { } at && at < list.Count) items.Add(Resolved(list, list[at], level + 1, ref left));
                return items;
            default: return node?.DeepClone();
        }
    }

    private static int? Place(JsonNode? node) => node is JsonValue value && value.TryGetValue(out decimal number) && number is >= 0 and < 1_000_000 && number == decimal.Truncate(number) ? (int)number : null;

    /// <summary>The value of a string literal whose quotation mark stands at a place; null where it does not end.</summary>
    private static string? Literal(string script, int quote)
    {
        var text = new StringBuilder();
        for (int i = quote + 1; i < script.Length; i++)
        {
            char c = script[i];
            if (c == script[quote]) return text.ToString();
            if (c != '\\' || i + 1 == script.Length)
            {
                text.Append(c);
                continue;
            }
            i++;
            int digits = script[i] switch { 'u' => 4, 'x' => 2, _ => 0 };
            if (digits > 0 && i + digits < script.Length && ushort.TryParse(script.AsSpan(i + 1, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort code))
            {
                text.Append((char)code);
                i += digits;
            }
            else text.Append(script[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }
        return null;
    }
}

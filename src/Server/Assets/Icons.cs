using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Touchstone.Server.Assets;

/// <summary>Line icons (Lucide) by name, drawn in the colour of the text round them. Immutable; safe for concurrent use.</summary>
public static class Icons
{
    private static readonly Lazy<FrozenDictionary<string, string>> Drawings = new(Load);

    /// <summary>What stands inside the <c>svg</c> element of an icon, on a ground of 24 × 24 units.</summary>
    /// <exception cref="ArgumentException">There is no icon of that name.</exception>
    public static string DrawingOf(string name) =>
        Drawings.Value.TryGetValue(name, out string? drawing) ? drawing : throw new ArgumentException($"There is no icon {name}; the names are those of lucide.dev.", nameof(name));

    /// <summary>The icon as a file of its own; null if there is none of that name.</summary>
    internal static string? FileOf(string name) =>
        Drawings.Value.TryGetValue(name, out string? drawing)
            ? $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{drawing}</svg>"""
            : null;

    private static FrozenDictionary<string, string> Load()
    {
        using Stream stream = typeof(Icons).Assembly.GetManifestResourceStream("icons.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToFrozenDictionary(x => x.Name, x => Draw(x.Value), StringComparer.Ordinal);
    }

    /// <summary>The elements of an icon, each given as its name and its attributes.</summary>
    private static string Draw(JsonElement elements)
    {
        var text = new StringBuilder();
        foreach (JsonElement element in elements.EnumerateArray())
        {
            text.Append('<').Append(element[0].GetString());
            foreach (JsonProperty attribute in element[1].EnumerateObject())
                text.Append(' ').Append(attribute.Name).Append("=\"").Append(WebUtility.HtmlEncode(attribute.Value.ToString())).Append('"');
            text.Append("/>");
        }
        return text.ToString();
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads the references of a picture in markup: a text or an item with some. Templates put more into the text than an address: several with commas, a list in JSON, an element of
/// HTML, the shop's own address before a whole one, or what their language calls no value. Pure; safe for concurrent calls.
/// </summary>
internal static partial class PictureReferences
{
    private static readonly string[] AddressProperties = ["contentUrl", "url", "src", "image", "thumbnailUrl", "thumbnail"];

    private const int MostLevels = 3;

    [GeneratedRegex(@",\s*(?=https?://)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NextAddress();

    [GeneratedRegex("""<img\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Element();

    // No slash after the host: what follows is another address.
    [GeneratedRegex(@"^https?:(?://[^/?#]*)?(?=https?://)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex BeforeWhole();

    public static IEnumerable<string> Of(StructuredValue picture) => Of(picture, 0);

    private static IEnumerable<string> Of(StructuredValue picture, int level)
    {
        if (picture.Text is { } text) return Named(text);
        if (picture.Item is not { } item || level >= MostLevels) return [];
        foreach (string property in AddressProperties)
        {
            string[] named = [.. item.All(property).SelectMany(v => Of(v, level + 1))];
            if (named.Length > 0) return named;
        }
        return item.Id is { } id ? Named(id) : [];
    }

    private static IEnumerable<string> Named(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == 0 || trimmed is "false" or "true" or "null" or "undefined" or "None") return [];
        if (trimmed.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return [trimmed];
        if (trimmed[0] == '[') return LenientJson.ReadAll(trimmed).OfType<JsonArray>().SelectMany(static list => list).Select(JsonLdReader.Scalar).OfType<string>();
        if (trimmed[0] == '<') return Element().Matches(trimmed).Select(static m => m.Groups[1].Value);
        return NextAddress().Split(trimmed).Select(static address => BeforeWhole().Replace(address, ""));
    }
}

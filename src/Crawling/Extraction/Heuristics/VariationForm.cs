using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads the variations that WooCommerce writes into its form, <c>data-product_variations</c>, with the names of the options from the form's lists. Pure; safe for concurrent calls.</summary>
internal static class VariationForm
{
    // Characters of the attribute, and variations in it.
    private const int MaximumText = 1_000_000, MostItems = 2_000;

    public static IEnumerable<OfferVariant> Read(PageView view, PageContext page)
    {
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Chrome | Place.Related | Place.Reviews) || node.Element.GetAttribute("data-product_variations") is not { Length: > 2 and <= MaximumText } text || Parsed(text) is not { Count: > 0 } variations) continue;
            Dictionary<(string List, string Value), string> words = Options(node.Element);
            return variations.OfType<JsonObject>().Take(MostItems).Select(v => Of(v, words, page));
        }
        return [];
    }

    private static JsonArray? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(WholeCharacters.MendJson(text), documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static OfferVariant Of(JsonObject variation, Dictionary<(string, string), string> words, PageContext page)
    {
        IEnumerable<string> chosen = (variation["attributes"] as JsonObject ?? []).Select(a => (a.Key, Value: Text(a.Value))).Where(static a => a.Value is { Length: > 0 })
            .Select(a => words.GetValueOrDefault((a.Key, a.Value!), a.Value!));
        decimal? price = decimal.TryParse(Text(variation["display_price"]), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal asked) && asked > 0 ? asked : null;
        string? image = variation["image"] is JsonObject picture ? Text(picture["full_src"]) ?? Text(picture["url"]) ?? Text(picture["src"]) : null;
        return new()
        {
            Name = FactSet.CleanText(string.Join(" / ", chosen), 200),
            Sku = FactSet.CleanText(Text(variation["sku"]), 80),
            Gtin = new[] { "gtin", "ean", "global_unique_id", "_global_unique_id", "barcode" }.Select(k => Text(variation[k])).Select(static t => t is null ? null : Gtin.Parse(t)?.ToTradeNumber()).FirstOrDefault(static g => g is not null),
            Price = price,
            Availability = Text(variation["is_in_stock"]) is { } stock ? AvailabilityWords.FromMarkup(stock) : null,
            Image = page.Resolve(image),
        };
    }

    private static Dictionary<(string, string), string> Options(IElement form)
    {
        Dictionary<(string, string), string> words = [];
        foreach (IElement list in form.QuerySelectorAll("select[name]"))
            foreach (IElement option in list.QuerySelectorAll("option[value]"))
                if (FactSet.CleanText(option.TextContent, 100) is { } word) words.TryAdd((list.GetAttribute("name")!, option.GetAttribute("value")!), word);
        return words;
    }

    private static string? Text(JsonNode? node) => node is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
        _ => null,
    };
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction;

/// <summary>The JSON form of what extraction gave: <c>url</c> is the address asked for, so that results can be joined to their list; every fact is present, null where the page does not state it; <c>reason</c> and <c>detail</c> where the page sells nothing.</summary>
public static class ListingJson
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object on one line.</summary>
    public static string Write(ExtractionOutcome outcome, string url) => ToObject(outcome, url).ToJsonString(OneLine);

    public static JsonObject ToObject(ExtractionOutcome outcome, string url)
    {
        ListingFacts? facts = outcome.Listing;
        JsonObject result = new()
        {
            ["url"] = url,
            ["canonicalUrl"] = facts?.Url,
            ["name"] = facts?.Name,
            ["price"] = facts?.Price,
            ["currency"] = facts?.Currency,
            ["availability"] = facts?.Availability?.ToString(),
            ["sku"] = facts?.Sku,
            ["mpn"] = facts?.Mpn,
            ["gtin"] = facts?.Gtin,
            ["brand"] = facts?.Brand,
            ["seller"] = facts?.Seller,
            ["description"] = facts?.Description,
            ["language"] = facts?.Language,
            ["variants"] = new JsonArray([.. (facts?.Variants ?? []).Select(Variant)]),
            ["variantsFound"] = facts?.VariantsFound ?? 0,
            ["safety"] = new JsonArray([.. (facts?.Safety ?? []).Select(Point)]),
            ["images"] = Texts(facts?.Images),
            ["breadcrumbs"] = Texts(facts?.Breadcrumbs),
            ["sources"] = Texts(facts?.Sources),
        };
        if (outcome.Reason is { } reason)
        {
            result["reason"] = reason.ToString();
            result["detail"] = outcome.Detail;
        }
        return result;
    }

    private static JsonObject Variant(OfferVariant variant) => new()
    {
        ["name"] = variant.Name,
        ["sku"] = variant.Sku,
        ["gtin"] = variant.Gtin,
        ["mpn"] = variant.Mpn,
        ["price"] = variant.Price,
        ["currency"] = variant.Currency,
        ["availability"] = variant.Availability?.ToString(),
        ["image"] = variant.Image,
    };

    private static JsonObject Point(SafetyStatement point) => new()
    {
        ["point"] = point.Point.ToString(),
        ["state"] = point.State.ToString(),
        ["text"] = point.Text,
        ["where"] = point.Where,
        ["reason"] = point.Reason?.ToString(),
    };

    private static JsonArray Texts(IReadOnlyList<string>? texts) => new([.. (texts ?? []).Select(static t => (JsonNode?)JsonValue.Create(t))]);
}

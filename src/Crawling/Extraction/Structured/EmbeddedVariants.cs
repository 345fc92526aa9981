using System.Globalization;
using System.Text.Json.Nodes;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads the variants of a product from the object that a shop program leaves for its scripts: <c>variants</c> as Shopify and those after it write them, with up to three
/// options each. Pure; safe for concurrent calls.
/// </summary>
internal static class EmbeddedVariants
{
    private const int MostItems = 2_000;

    private static readonly string[] NameKeys = ["public_title", "title", "name", "option_title", "label"];
    private static readonly string[] OptionKeys = ["option1", "option2", "option3"];

    /// <param name="hundredths">Whether the product's prices are whole numbers of hundredths.</param>
    public static IEnumerable<OfferVariant> Read(JsonObject product, string? currency, bool hundredths, PageContext page)
    {
        if (product["variants"] is not JsonArray variants) return [];
        return variants.OfType<JsonObject>().Take(MostItems).Select(v => Of(v, currency, hundredths, page));
    }

    private static OfferVariant Of(JsonObject variant, string? currency, bool hundredths, PageContext page)
    {
        string options = string.Join(" / ", OptionKeys.Select(k => JsonLdReader.Scalar(variant[k])).Where(static o => o is { Length: > 0 }));
        string? name = options.Length > 0 ? options : NameKeys.Select(k => JsonLdReader.Scalar(variant[k])).FirstOrDefault(static n => n is { Length: > 0 });
        decimal? price = PriceOf(variant["price"], page);
        if (hundredths && price is { } whole && whole == decimal.Truncate(whole) && JsonLdReader.Scalar(variant["price"])?.Contains('.', StringComparison.Ordinal) == false) price = whole / 100;
        return new()
        {
            Name = FactSet.CleanText(name == "Default Title" ? null : name, 200),
            Sku = FactSet.CleanText(JsonLdReader.Scalar(variant["sku"]), 80),
            Gtin = new[] { "barcode", "gtin", "ean", "gtin13", "upc" }.Select(k => JsonLdReader.Scalar(variant[k])).Select(static t => t is null ? null : Gtin.Parse(t)?.ToTradeNumber()).FirstOrDefault(static g => g is not null),
            Mpn = FactSet.CleanText(JsonLdReader.Scalar(variant["mpn"]), 80),
            Price = price is > 0 ? price : null,
            Currency = price is > 0 ? currency : null,
            Availability = new[] { "available", "availability", "inStock", "in_stock", "availableForSale", "isAvailable" }.Select(k => AvailabilityWords.FromMarkup(JsonLdReader.Scalar(variant[k]))).FirstOrDefault(static a => a is not null),
            Image = page.Resolve(Picture(variant["featured_image"]) ?? Picture(variant["image"]) ?? Picture(variant["featured_media"])),
        };
    }

    private static decimal? PriceOf(JsonNode? node, PageContext page)
    {
        string? text = JsonLdReader.Scalar(node) ?? (node is JsonObject money ? JsonLdReader.Scalar(money["amount"]) ?? JsonLdReader.Scalar(money["value"]) : null);
        if (text is not { Length: > 0 and < 30 }) return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal exact) ? exact : PriceParser.Read(text, local: page.LocalCurrency).Amount;
    }

    private static string? Picture(JsonNode? node) => JsonLdReader.Scalar(node) is { Length: > 4 } text ? text
        : node is JsonObject picture ? JsonLdReader.Scalar(picture["src"]) ?? JsonLdReader.Scalar(picture["url"]) ?? Picture(picture["preview_image"]) : null;
}

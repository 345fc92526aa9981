using System.Globalization;
using System.Text.Json.Nodes;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads the amount asked out of an object that a shop program keeps for a price: with and without tax, before and after a reduction, of the cheapest variant, in whole units or in the smallest
/// coins. What is asked of a consumer now comes first. Pure; safe for concurrent calls.
/// </summary>
internal static class StatePrice
{
    private const int MostLevels = 3, LongestText = 30, MostCoins = 4;

    // Asked now before anything else; then what holds several of them, gross before any.
    private static readonly string[] Keys =
    [
        "current", "now", "sale", "sales", "salePrice", "sale_price", "currentPrice", "current_price", "current_retail", "finalPrice", "final_price", "final", "selling", "sellingPrice", "special", "discounted", "withTax", "with_tax", "gross", "incTax",
        "value", "amount", "price", "formatted", "formatted_current_price", "minimum_price", "minVariantPrice", "min", "low", "raw",
    ];

    public static readonly string[] CurrencyKeys = ["currency", "currencyCode", "priceCurrency", "currency_code", "currencyIsoCode"];

    /// <summary>Whether a text may be a price: it has a digit, and not zeros alone, which shop programs write where there is no reduced price.</summary>
    public static bool IsAmount(string text) => text.AsSpan().ContainsAnyInRange('1', '9');

    /// <summary>The amount as a text; null where the object holds none.</summary>
    public static string? Of(JsonObject price) => Of(price, 0);

    /// <summary>The currency that the object or what it holds names; null where none does.</summary>
    public static string? CurrencyOf(JsonObject price) => CurrencyOf(price, 0);

    private static string? Of(JsonObject price, int level)
    {
        if (Coins(price) is { } coins && IsAmount(coins)) return coins;
        foreach (string key in Keys)
        {
            if (JsonLdReader.Scalar(price[key]) is { Length: > 0 and < LongestText } text && IsAmount(text)) return text;
            if (level + 1 < MostLevels && price[key] is JsonObject inner && Of(inner, level + 1) is { } nested) return nested;
        }
        return null;
    }

    private static string? CurrencyOf(JsonObject price, int level)
    {
        foreach (string key in CurrencyKeys)
            if (JsonLdReader.Scalar(price[key]) is { Length: > 0 and < LongestText } currency) return currency;
        return level + 1 < MostLevels ? Keys.Select(k => price[k]).OfType<JsonObject>().Select(inner => CurrencyOf(inner, level + 1)).FirstOrDefault(static c => c is not null) : null;
    }

    /// <summary>An amount in the smallest coins, as commercetools and WooCommerce state it with how many of their digits are decimals.</summary>
    private static string? Coins(JsonObject price)
    {
        (string? amount, string? digits) = price.ContainsKey("centAmount") ? (JsonLdReader.Scalar(price["centAmount"]), JsonLdReader.Scalar(price["fractionDigits"]) ?? "2")
            : (JsonLdReader.Scalar(price["price"]), JsonLdReader.Scalar(price["currency_minor_unit"]));
        if (digits is null || !decimal.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out decimal coins) || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int places) || places > MostCoins) return null;
        for (int i = 0; i < places; i++) coins /= 10;
        return coins.ToString(CultureInfo.InvariantCulture);
    }
}

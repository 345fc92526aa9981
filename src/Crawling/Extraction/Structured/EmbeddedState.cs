using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Finds the product in the state that shops embed for their scripts: JSON blocks (Shopify, Next.js and others), assignments, and the e-commerce events of tag containers.
/// An object counts only if it names the product as the page's title does. Time is bounded by limits on scripts, roots and characters.
/// </summary>
internal static partial class EmbeddedState
{
    private const int MaximumCharacters = 3_000_000;
    private const int MaximumRoots = 60;
    private const int MaximumObjects = 60_000;
    private const double LeastLikeness = 0.62;

    // Shopify's analytics object and BigCommerce's attributes describe the page's own product without its name.
    private const double UnnamedLikeness = 0.6;

    private static readonly string[] NameKeys = ["name", "title", "productName", "product_name", "item_name", "displayName", "productTitle"];
    private static readonly string[] PriceKeys = ["salePrice", "sale_price", "currentPrice", "current_price", "finalPrice", "final_price", "sellingPrice", "offerPrice", "price", "product_price", "productPrice", "value", "amount", "lowPrice", "unitPrice", "prices", "pricing", "priceInfo", "price_range", "priceRange", "calculatedPrice"];
    private static readonly string[] SkuKeys = ["sku", "productSku", "product_sku", "SKU", "articleNumber", "item_sku", "productCode", "product_code", "itemNumber", "code", "partNumber", "reference"];
    private static readonly string[] GtinKeys = ["gtin13", "gtin", "ean", "ean13", "upc", "barcode", "gtin12", "gtin14", "isbn", "EAN"];
    private static readonly string[] BrandKeys = ["brand", "brandName", "vendor", "manufacturer", "item_brand", "brand_name", "manufacturerName"];
    private static readonly string[] StockKeys = ["availability", "available", "inStock", "in_stock", "isInStock", "isAvailable", "stockStatus", "stock_status", "soldOut", "is_in_stock", "instock"];

    [GeneratedRegex(@"(?:=|\(|\bpush\s*\(|:)\s*([{\[])\s*[""'\[{\w]", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Root();

    public static FactSet? Read(IDocument document, string? title, PageContext page)
    {
        if (title is null) return null;
        (JsonObject Object, double Likeness)? best = null;
        int objects = 0;
        foreach (JsonNode root in Roots(document))
            foreach (JsonObject candidate in Objects(root, ref objects))
            {
                string? name = First(candidate, NameKeys);
                bool unnamed = name is null && (candidate.ContainsKey("vendor") && candidate["variants"] is JsonArray || candidate["price"] is JsonObject && candidate.ContainsKey("instock"));
                if ((name is null && !unnamed) || name?.Length > 300 || !HasOffer(candidate)) continue;
                double likeness = (name is null ? UnnamedLikeness : TitleWords.Likeness(name, title)) + (Weight(candidate) * 0.03);
                if (likeness > (best?.Likeness ?? LeastLikeness)) best = (candidate, likeness);
            }
        return best is { } chosen ? Facts(chosen.Object, page) : null;
    }

    private static IEnumerable<JsonNode> Roots(IDocument document)
    {
        int characters = 0;
        int roots = 0;
        StringBuilder streamed = new();
        foreach (IElement script in document.QuerySelectorAll("script:not([src])"))
        {
            string type = script.GetAttribute("type") ?? string.Empty;
            string text = script.TextContent;
            if (text.Length < 20 || type.Contains("ld+json", StringComparison.OrdinalIgnoreCase) || type.Contains("template", StringComparison.OrdinalIgnoreCase)) continue;
            characters += text.Length;
            if (characters > MaximumCharacters) break;
            // Next.js writes each part of its stream into a script of its own, cut anywhere.
            if (ScriptState.IsStreamed(text))
            {
                streamed.Append(text).Append('\n');
                continue;
            }
            if (!text.Contains("rice", StringComparison.Ordinal) && !text.Contains("sku", StringComparison.OrdinalIgnoreCase)) continue;
            if (type.Contains("json", StringComparison.OrdinalIgnoreCase))
            {
                foreach (JsonNode node in LenientJson.ReadAll(text).SelectMany(Unfolded)) yield return node;
                continue;
            }
            foreach (JsonNode node in Assigned(text).Concat(Wrapped(text)))
            {
                yield return node;
                if (++roots >= MaximumRoots) yield break;
            }
        }
        foreach (JsonNode node in Wrapped(streamed.ToString()).Take(MaximumRoots)) yield return node;
        foreach (string text in ScriptState.Attributes(document))
        {
            characters += text.Length;
            if (characters > MaximumCharacters) yield break;
            if (text.Contains("rice", StringComparison.Ordinal) && LenientJson.ReadAt(text, 0, out _) is { } node) yield return node;
        }
    }

    private static IEnumerable<JsonNode> Unfolded(JsonNode node) => node is JsonArray list ? [node, .. ScriptState.Flattened(list, NameKeys)] : [node];

    private static IEnumerable<JsonNode> Wrapped(string text)
    {
        if (ScriptState.Nuxt(text) is { } nuxt) yield return nuxt;
        foreach (string inner in ScriptState.Strings(text))
            foreach (JsonNode node in (inner.TrimStart() is ['{' or '[', ..]) ? LenientJson.ReadAll(inner) : Assigned(inner)) yield return node;
    }

    private static IEnumerable<JsonNode> Assigned(string text)
    {
        int at = 0;
        int tries = 0;
        while (tries++ < MaximumRoots && at < text.Length && NextRoot(text, at) is { } start)
        {
            JsonNode? node = LenientJson.ReadAt(text, start, out int end);
            at = Math.Max(end, start + 1);
            if (node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }) yield return node;
        }
    }

    private static int? NextRoot(string text, int at)
    {
        try
        {
            Match match = Root().Match(text, at);
            return match.Success ? match.Groups[1].Index : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static List<JsonObject> Objects(JsonNode root, ref int objects)
    {
        List<JsonObject> found = [];
        Stack<(JsonNode Node, bool Elsewhere)> open = new();
        open.Push((root, false));
        while (open.TryPop(out (JsonNode Node, bool Elsewhere) at) && objects < MaximumObjects)
        {
            objects++;
            if (at.Node is JsonObject o)
            {
                if (!at.Elsewhere) found.Add(o);
                foreach ((string key, JsonNode? child) in o)
                    if (child is JsonObject or JsonArray) open.Push((child, at.Elsewhere || IsElsewhere(key)));
            }
            else if (at.Node is JsonArray a)
                foreach (JsonNode? child in a)
                    if (child is JsonObject or JsonArray) open.Push((child, at.Elsewhere));
        }
        return found;
    }

    private static bool IsElsewhere(string key) =>
        // A variant is read with its product.
        key.Equals("variants", StringComparison.OrdinalIgnoreCase) || key.Contains("related", StringComparison.OrdinalIgnoreCase) || key.Contains("recommend", StringComparison.OrdinalIgnoreCase) || key.Contains("similar", StringComparison.OrdinalIgnoreCase)
        || key.Contains("impression", StringComparison.OrdinalIgnoreCase) || key.Contains("upsell", StringComparison.OrdinalIgnoreCase) || key.Contains("cross", StringComparison.OrdinalIgnoreCase);

    private static bool HasOffer(JsonObject o) => PriceKeys.Take(9).Any(o.ContainsKey) || SkuKeys.Any(o.ContainsKey) || GtinKeys.Any(o.ContainsKey) || o.ContainsKey("variants") || o.ContainsKey("offers");

    private static int Weight(JsonObject o) => (PriceKeys.Any(o.ContainsKey) ? 2 : 0) + (SkuKeys.Any(o.ContainsKey) ? 1 : 0) + (BrandKeys.Any(o.ContainsKey) ? 1 : 0) + (StockKeys.Any(o.ContainsKey) ? 1 : 0) + (o.ContainsKey("variants") ? 2 : 0);

    private static string? First(JsonObject o, string[] keys)
    {
        foreach (string key in keys)
            if (JsonLdReader.Scalar(o[key]) is { Length: > 0 } text) return text;
        return null;
    }

    private static FactSet Facts(JsonObject o, PageContext page)
    {
        FactSet facts = new("embedded-state")
        {
            Name = FactSet.CleanText(First(o, NameKeys), 400),
            Sku = Code(First(o, SkuKeys)),
            Gtin = First(o, GtinKeys) is { } gtin ? Gtin.Parse(gtin)?.ToTradeNumber() : null,
            Brand = FactSet.CleanText(First(o, BrandKeys) ?? BrandKeys.Select(k => o[k]).OfType<JsonObject>().Select(static b => First(b, ["name", "title", "label"])).FirstOrDefault(static n => n is not null), 100),
            Availability = Stock(o),
        };
        JsonObject? variant = (o["variants"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(v => IsCorroborated(v, page)) ?? (o["variants"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault();
        ReadPrice(o, variant, facts, page);
        if (variant is null) return facts;
        facts.Variants.AddRange(EmbeddedVariants.Read(o, facts.Currency, IsInHundredths(o, variant), page));
        bool only = o["variants"] is JsonArray { Count: 1 } || IsCorroborated(variant, page);
        facts.Sku ??= Code(First(variant, SkuKeys));
        if (only) facts.Gtin ??= First(variant, GtinKeys) is { } barcode ? Gtin.Parse(barcode)?.ToTradeNumber() : null;
        facts.Availability ??= (o["variants"] as JsonArray)?.OfType<JsonObject>().Any(static v => v["available"] is JsonValue a && a.TryGetValue(out bool yes) && yes) == true ? Availability.InStock : Stock(variant);
        return facts;
    }

    private static bool IsCorroborated(JsonObject variant, PageContext page) =>
        page.Address is { Query.Length: > 1 } address && JsonLdReader.Scalar(variant["id"]) is { Length: > 4 } id && address.Query.Contains(id, StringComparison.Ordinal);

    private static string? Code(string? text) => FactSet.CleanText(text, 60) is { } code && code.Count(static c => c == ' ') < 3 ? code : null;

    private static void ReadPrice(JsonObject o, JsonObject? variant, FactSet facts, PageContext page)
    {
        string? text = Money(o) ?? (variant is null ? null : Money(variant));
        if (text is null) return;
        PriceReading reading = PriceParser.Read(text, local: page.LocalCurrency);
        decimal? amount = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal exact) ? exact : reading.Amount;
        // Shopify states its theme prices in hundredths, as whole numbers, beside compare_at_price.
        bool hundredths = IsInHundredths(o, variant) && amount is { } a && a == decimal.Truncate(a) && !text.Contains('.', StringComparison.Ordinal);
        facts.Price = hundredths ? amount / 100 : amount;
        facts.Currency = Currencies.CodeOf(First(o, StatePrice.CurrencyKeys) ?? PriceKeys.Select(k => o[k]).OfType<JsonObject>().Select(StatePrice.CurrencyOf).FirstOrDefault(static c => c is not null)) ?? reading.Currency;
        if (facts.Price is <= 0) facts.Price = null;
    }

    private static bool IsInHundredths(JsonObject o, JsonObject? variant) =>
        (o.ContainsKey("vendor") && variant is not null) || o.ContainsKey("compare_at_price") || o.ContainsKey("price_min") || variant?.ContainsKey("compare_at_price") == true;

    private static string? Money(JsonObject o)
    {
        foreach (string key in PriceKeys)
        {
            if (JsonLdReader.Scalar(o[key]) is { Length: > 0 and < 30 } text && StatePrice.IsAmount(text)) return text;
            if (o[key] is JsonObject inner && StatePrice.Of(inner) is { } nested) return nested;
        }
        return null;
    }

    private static Availability? Stock(JsonObject o)
    {
        foreach (string key in StockKeys)
        {
            if (JsonLdReader.Scalar(o[key]) is not { } text) continue;
            Availability? stated = AvailabilityWords.FromMarkup(text);
            if (key == "soldOut") return text == "true" ? Availability.OutOfStock : Availability.InStock;
            if (stated is not null) return stated;
        }
        return null;
    }
}

using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Price, currency, availability and seller of one offer item.</summary>
internal sealed record OfferFacts(decimal? Price, string? Currency, Availability? Availability, string? Seller, string? Sku, string? Gtin, string? Mpn, string? Url, string? Name, bool IsAggregate)
{
    public static OfferFacts Read(StructuredItem offer, string? local)
    {
        string? text = PriceText(offer, out string? currencyText);
        bool symbolInPrice = text is not null && text.Any(static c => !char.IsAsciiDigit(c) && c is not ('.' or ',' or ' '));
        PriceReading reading = PriceParser.Read(text, currencyText, local: local);
        decimal? price = symbolInPrice ? reading.Amount : PriceParser.ReadMachine(text);
        string? currency = Currencies.CodeOf(currencyText, local) ?? (symbolInPrice ? reading.Currency : null);
        Availability? availability = null;
        foreach (StructuredValue value in offer.All("availability"))
            availability ??= AvailabilityWords.FromMarkup(value.Text ?? value.Item?.Id ?? value.Item?.Text("name"));
        return new(
            price is 0 && offer.IsA("AggregateOffer") ? null : price, currency, availability, Names.Of(offer, "seller", "offeredBy"),
            FactSet.CleanText(offer.Text("sku"), 80), ProductReader.TradeNumber(offer), FactSet.CleanText(offer.Text("mpn"), 80), offer.Text("url"), offer.Text("name"),
            offer.IsA("AggregateOffer") || offer.IsA("Offer-aggregate"));
    }

    private static string? PriceText(StructuredItem offer, out string? currency)
    {
        string? own = offer.Text("priceCurrency", "currency", "hasCurrency", "pricecurrency");
        string? price = offer.Text("price", "lowPrice", "hasCurrencyValue", "priceAmount");
        if (price is null)
            foreach (StructuredItem specification in Specifications(offer))
            {
                price ??= specification.Text("price", "minPrice", "hasCurrencyValue", "value");
                own ??= specification.Text("priceCurrency", "hasCurrency", "currency");
            }
        price ??= offer.Text("highPrice", "minPrice");
        own ??= Specifications(offer).Select(static s => s.Text("priceCurrency", "hasCurrency")).FirstOrDefault(static c => c is not null);
        currency = own;
        return price;
    }

    // A price of another kind (list, strikethrough, per kilogram) is not the price asked.
    private static IEnumerable<StructuredItem> Specifications(StructuredItem offer) =>
        offer.All("priceSpecification").Concat(offer.All("hasPriceSpecification")).Concat(offer.All("price")).Select(static v => v.Item).OfType<StructuredItem>()
            .OrderBy(static s => s.Text("priceType") is { } type && (type.Contains("List", StringComparison.OrdinalIgnoreCase) || type.Contains("Strike", StringComparison.OrdinalIgnoreCase) || type.Contains("SRP", StringComparison.OrdinalIgnoreCase) || type.Contains("Regular", StringComparison.OrdinalIgnoreCase)) ? 1 : 0)
            .ThenBy(static s => s.Properties.Any(static p => p.Key.EndsWith("referenceQuantity", StringComparison.OrdinalIgnoreCase)) ? 1 : 0);
}

/// <summary>Reads the name of a property that may be a text or a named item.</summary>
internal static class Names
{
    public static string? Of(StructuredItem item, params ReadOnlySpan<string> properties)
    {
        foreach (string property in properties)
            foreach (StructuredValue value in item.All(property))
            {
                string? text = value.Item is { } named ? named.Text("name", "legalName", "title", "alternateName") ?? (named.Id is { } id && !id.Contains(':', StringComparison.Ordinal) ? id : null) : value.Text;
                if (FactSet.CleanText(text, 160) is { } clean && !IsAddress(clean)) return clean;
            }
        return null;
    }

    private static bool IsAddress(string text) => text.StartsWith("http", StringComparison.OrdinalIgnoreCase) || text.StartsWith('/') || text.StartsWith("//", StringComparison.Ordinal);
}

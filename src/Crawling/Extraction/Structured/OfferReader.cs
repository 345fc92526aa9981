using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Price, currency, availability and seller of one offer item.</summary>
/// <param name="Standing">How far the offer is from one that everybody is made, 0 the nearest: see <see cref="PriceStanding"/>.</param>
internal sealed partial record OfferFacts(decimal? Price, string? Currency, Availability? Availability, string? Seller, string? Sku, string? Gtin, string? Mpn, string? Url, string? Name, bool IsAggregate, int Standing)
{
    public static OfferFacts Read(StructuredItem offer, string? local)
    {
        (string? text, int standing) = PriceText(offer);
        if (text?.Contains('<', StringComparison.Ordinal) == true) text = FactSet.CleanText(Struck().Replace(text, " "));
        string? currencyText = offer.Text("priceCurrency", "currency", "hasCurrency", "pricecurrency") ?? Specifications(offer).Select(static s => s.Text("priceCurrency", "hasCurrency", "currency")).FirstOrDefault(static c => c is not null);
        if (currencyText is not null) currencyText = FactSet.CleanText(currencyText.Contains("schema.org/", StringComparison.OrdinalIgnoreCase) ? StructuredItem.LocalName(currencyText) : currencyText);
        bool symbolInPrice = text is not null && PriceParser.Plain(text) is null && text.Any(static c => !char.IsAsciiDigit(c) && c is not ('.' or ',' or ' ' or '-'));
        PriceReading reading = PriceParser.Read(text, currencyText, local: local);
        decimal? price = symbolInPrice ? reading.Amount : PriceParser.ReadMachine(text);
        string? currency = Currencies.CodeOf(currencyText, local) ?? (symbolInPrice ? reading.Currency : null);
        Availability? availability = null;
        foreach (StructuredValue value in offer.All("availability"))
            availability ??= (value.Text ?? value.Item?.Id ?? value.Item?.Text("name")) is { } stated ? AvailabilityWords.FromMarkup(stated) ?? InWords(stated) : null;
        return new(
            price is 0 && offer.IsA("AggregateOffer") ? null : price, currency, availability, Names.Of(offer, "seller", "offeredBy"),
            FactSet.CleanText(offer.Text("sku"), 80), ProductReader.TradeNumber(offer), FactSet.CleanText(offer.Text("mpn"), 80), offer.Text("url"), offer.Text("name"),
            offer.IsA("AggregateOffer") || offer.IsA("Offer-aggregate"), standing);
    }

    // Templates of shop programs put their elements into the field.
    [GeneratedRegex(@"<(del|s|strike)\b[^>]*>.*?</\1\s*>", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Struck();

    // Characters of a note; what is longer tells of other things, too.
    private const int LongestNote = 60;

    /// <summary>What templates write for people into the field for programs.</summary>
    private static Availability? InWords(string stated) => stated.Length <= LongestNote && !stated.Contains('/', StringComparison.Ordinal) ? StockNotes.State(stated) : null;

    /// <summary>The price of the best standing, the offer's own before those of its specifications, with its standing.</summary>
    private static (string? Text, int Standing) PriceText(StructuredItem offer)
    {
        (string Text, int Standing)[] specified = [.. Specifications(offer)
            .Select(static s => (Text: s.Text("price", "minPrice", "hasCurrencyValue", "value"), Standing: PriceStanding.Of(s)))
            .Where(static s => s.Text is not null).Select(static s => (s.Text!, s.Standing))];
        List<(string Text, int Standing)> all = [.. specified];
        // What is called the price of a sale takes the place of the offer's own.
        if (Specifications(offer).FirstOrDefault(static s => s.Text("priceType")?.Contains("SalePrice", StringComparison.OrdinalIgnoreCase) == true) is { } sale && sale.Text("price") is { } reduced && PriceStanding.Of(sale) == 0) return (reduced, 0);
        if (offer.Text("price", "lowPrice", "hasCurrencyValue", "priceAmount") is { } own)
            // What a specification says of the very same price holds for it, too.
            all.Insert(0, (own, Math.Max(PriceStanding.Of(offer), specified.Where(s => PriceParser.ReadMachine(s.Text) == PriceParser.ReadMachine(own)).Select(static s => s.Standing).DefaultIfEmpty(0).Min())));
        if (all.Count > 0) return all.MinBy(static p => p.Standing);
        return (offer.Text("highPrice", "minPrice"), PriceStanding.Of(offer));
    }

    private static IEnumerable<StructuredItem> Specifications(StructuredItem offer) =>
        offer.All("priceSpecification").Concat(offer.All("hasPriceSpecification")).Concat(offer.All("price")).Select(static v => v.Item).OfType<StructuredItem>()
            .Where(static s => !s.IsA("DeliveryChargeSpecification") && !s.IsA("PaymentChargeSpecification"));
}

/// <summary>
/// What speaks against a price being what a consumer pays for one piece now, in the terms of schema.org: each point weighs more than all after it. The price asked of a
/// consumer includes VAT (Directive 98/6/EC). Pure.
/// </summary>
internal static class PriceStanding
{
    private const int Former = 128, OfMembers = 64, OfTrade = 32, Instalment = 16, ByMeasure = 8, Net = 4, Used = 2, ByQuantity = 1;

    // UN/CEFACT common codes for one piece, a pair, a set, a packet.
    private static readonly string[] Pieces = ["C62", "EA", "PCE", "PC", "H87", "NMP", "PR", "SET", "PA", "PK", "NAR", "XPK", "BX", "ST"];

    private static readonly string[] UsedConditions = ["Used", "Refurbished", "Damaged"];

    private static readonly string[] FormerTypes = ["List", "Strike", "SRP", "RRP", "Regular", "MinimumAdvertised"];

    public static int Of(StructuredItem price)
    {
        int standing = 0;
        if (price.Text("priceType") is { } type && FormerTypes.Any(f => type.Contains(f, StringComparison.OrdinalIgnoreCase))) standing += Former;
        if (price.All("validForMemberTier").Any() || price.All("membershipTier").Any()) standing += OfMembers;
        if (price.All("eligibleCustomerType").Any(static v => (v.Text ?? v.Item?.Id) is { } who && !who.Contains("Enduser", StringComparison.OrdinalIgnoreCase))) standing += OfTrade;
        if (price.All("billingIncrement").Any() || price.All("billingDuration").Any()) standing += Instalment;
        if (price.Properties.Any(static p => p.Key.EndsWith("referenceQuantity", StringComparison.OrdinalIgnoreCase))) standing += ByMeasure;
        else if (price.Text("unitCode") is { Length: 2 or 3 } unit && !Pieces.Contains(unit, StringComparer.OrdinalIgnoreCase) && price.Text("priceType") is null) standing += ByMeasure;
        if (price.All("valueAddedTaxIncluded").Any(static v => v.Text is { } text && StructuredItem.LocalName(text).ToLowerInvariant() is "false" or "0" or "no")) standing += Net;
        if (price.Text("itemCondition") is { } condition && UsedConditions.Any(u => condition.Contains(u, StringComparison.OrdinalIgnoreCase))) standing += Used;
        if (price.All("eligibleQuantity").Select(static v => v.Item?.Text("minValue", "value") ?? v.Text).Any(static q => PriceParser.ReadMachine(q) is > 1) || price.All("eligibleTransactionVolume").Any()) standing += ByQuantity;
        return standing;
    }
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

using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads the variants of a product from its item: those of a ProductGroup (hasVariant), of the group that the product belongs to, product models, and several offers
/// that differ in what they offer. Offers of several sellers for one thing are no variants. Source: schema.org 28, ProductGroup and AggregateOffer.
/// </summary>
internal static class VariantReader
{
    // What a page lists beyond these is counted by nobody.
    private const int MostItems = 2_000;

    // The properties by which variants differ, in the order in which people name them.
    private static readonly string[] Differences = ["color", "size", "pattern", "material", "suggestedAge", "suggestedGender"];

    public static IEnumerable<OfferVariant> Read(StructuredItem product, PageContext page)
    {
        StructuredItem[] variants = [.. Items(product, "hasVariant").Concat(Items(product, "isVariantOf").SelectMany(static g => Items(g, "hasVariant"))).Concat(Items(product, "model")).Distinct().Take(MostItems)];
        return variants.Length > 1 ? variants.Select(v => Of(v, page)) : Offered(product, page);
    }

    private static OfferVariant Of(StructuredItem variant, PageContext page)
    {
        // A variant's page names itself by its properties; its name repeats the product's.
        string? differs = FactSet.CleanText(string.Join(" / ", Differences.Select(d => Named(variant, d)).OfType<string>()), 200);
        OfferFacts offer = ProductReader.OfferItems(variant).Select(o => OfferFacts.Read(o, page.LocalCurrency)).OrderBy(static o => o.Price is null).ThenBy(static o => o.Standing).FirstOrDefault() ?? OfferFacts.Read(variant, page.LocalCurrency);
        return Of(offer, page, variant) with { Name = differs ?? FactSet.CleanText(variant.Text("name", "title"), 200) };
    }

    private static OfferVariant Of(OfferFacts offer, PageContext page, StructuredItem item) => new()
    {
        Name = FactSet.CleanText(offer.Name, 200),
        Sku = FactSet.CleanText(item.Text("sku", "productID"), 80) ?? offer.Sku,
        Gtin = ProductReader.TradeNumber(item) ?? offer.Gtin,
        Mpn = FactSet.CleanText(item.Text("mpn"), 80) ?? offer.Mpn,
        Price = offer.Price is > 0 ? offer.Price : null,
        Currency = offer.Price is > 0 ? offer.Currency : null,
        Availability = offer.Availability,
        Image = item.All("image").Select(v => page.Resolve(v.Text ?? v.Item?.Text("contentUrl", "url") ?? v.Item?.Id)).FirstOrDefault(static i => i is not null),
    };

    private static IEnumerable<OfferVariant> Offered(StructuredItem product, PageContext page)
    {
        List<(OfferFacts Offer, StructuredItem Item, StructuredItem? Of)> offers = [.. ProductReader.OfferItems(product).Take(MostItems)
            .Select(o => (Offer: OfferFacts.Read(o, page.LocalCurrency), Item: o, Of: Items(o, "itemOffered").FirstOrDefault())).Where(static o => !o.Offer.IsAggregate)];
        if (offers.Count < 2 || offers.Select(static o => o.Offer.Seller).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1) return [];
        OfferVariant[] variants = [.. offers.Select(o => Of(o.Offer, page, o.Item) is var stated && o.Of is { } item ? stated.With(Of(item, page)) with { Name = Of(item, page).Name ?? stated.Name } : stated)];
        // Each must say which one it is, and two of them must not be the same.
        bool told = variants.All(static v => (v.Sku ?? v.Gtin ?? v.Mpn ?? v.Name) is not null) && variants.Select(static v => v.Sku ?? v.Gtin ?? v.Mpn ?? v.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == variants.Length;
        return told ? variants : [];
    }

    private static string? Named(StructuredItem item, string property) => item.Text(property) ?? Items(item, property).Select(static i => i.Text("name", "value")).FirstOrDefault(static n => n is not null);

    private static IEnumerable<StructuredItem> Items(StructuredItem item, string property) => item.All(property).Select(static v => v.Item).OfType<StructuredItem>();
}

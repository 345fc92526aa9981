using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Reads a product from meta elements: OpenGraph with its product and book vocabularies, Twitter cards and plain names.</summary>
internal static class MetaReader
{
    /// <summary>Whether the meta elements say that the page is about a product.</summary>
    public static bool SaysProduct(MetaTags tags)
    {
        string? type = tags.First("og:type");
        return (type is not null && (type.Contains("product", StringComparison.OrdinalIgnoreCase) || type.EndsWith("book", StringComparison.OrdinalIgnoreCase)))
            || tags.All.Any(static t => t.Key.StartsWith("product:price", StringComparison.Ordinal) || t.Key.StartsWith("og:price:", StringComparison.Ordinal) || t.Key == "product:retailer_item_id");
    }

    private static readonly string[] PriceKeys = ["product:sale_price:amount", "product:price:amount", "og:price:amount", "product:price", "og:price", "price"];

    public static FactSet Read(MetaTags tags, PageContext page)
    {
        FactSet facts = new("opengraph");
        string? currency = tags.First("product:sale_price:currency", "product:price:currency", "og:price:currency", "product:original_price:currency", "pricecurrency", "currency");
        // Shop programs write 0 where there is no reduced price.
        string? price = PriceKeys.Select(k => tags.First(k)).FirstOrDefault(static p => PriceParser.ReadMachine(p) is > 0) ?? tags.First(PriceKeys);
        PriceReading reading = PriceParser.Read(price, currency, local: page.LocalCurrency);
        facts.Price = PriceParser.ReadMachine(price);
        facts.FormerPrice = PriceParser.ReadMachine(tags.First("product:original_price:amount", "og:price:standard_amount"));
        facts.Currency = facts.Price is null && facts.FormerPrice is null ? null : Currencies.CodeOf(currency, page.LocalCurrency) ?? reading.Currency;
        facts.Availability = AvailabilityWords.FromMarkup(tags.First("product:availability", "og:availability", "availability"));
        facts.Brand = FactSet.CleanText(tags.First("product:brand", "og:brand", "brand"), 160);
        facts.Sku = FactSet.CleanText(tags.First("product:retailer_item_id", "product:retailer_part_no", "product:sku", "sku", "og:sku"), 80);
        facts.Mpn = FactSet.CleanText(tags.First("product:mfr_part_no", "product:mpn", "mpn"), 80);
        facts.Gtin = Gtin.Parse(tags.First("product:gtin", "product:ean", "product:upc", "product:isbn", "og:upc", "og:ean", "og:isbn", "books:isbn", "book:isbn", "gtin13", "gtin", "ean", "upc"))?.ToTradeNumber();
        facts.Name = FactSet.CleanText(tags.First("og:title", "twitter:title"), 400);
        facts.Description = FactSet.CleanText(tags.First("og:description", "twitter:description", "description"), 5000);
        facts.Seller = FactSet.CleanText(tags.First("og:site_name"), 160);
        ReadTwitterLabels(tags, facts, page);
        ReadImages(tags, facts, page);
        return facts;
    }

    private static void ReadTwitterLabels(MetaTags tags, FactSet facts, PageContext page)
    {
        for (int i = 1; i <= 2; i++)
        {
            string? label = tags.First($"twitter:label{i}")?.ToLowerInvariant();
            string? value = tags.First($"twitter:data{i}");
            if (label is null || value is null) continue;
            if (label is "price" or "preis" or "prix" or "precio" or "prezzo" or "prijs" or "cena" && facts.Price is null)
            {
                PriceReading reading = PriceParser.Read(value, local: page.LocalCurrency);
                facts.Price = reading.Amount;
                facts.Currency ??= reading.Currency;
            }
            else if (label is "availability" or "verfügbarkeit") facts.Availability ??= AvailabilityWords.FromMarkup(value);
            else if (label is "brand" or "marke" or "marque") facts.Brand ??= FactSet.CleanText(value, 160);
        }
    }

    private static void ReadImages(MetaTags tags, FactSet facts, PageContext page)
    {
        foreach (string key in (string[])["og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "twitter:image0", "image_src"])
        {
            foreach (string value in tags.Each(key))
                if (page.ResolvePicture(value) is { } absolute) facts.Images.Add(absolute);
            if (facts.Images.Count > 0 && key != "og:image") break;
        }
        if (facts.Images.Count == 0) facts.Images.AddRange(tags.Each("preload").Select(page.ResolvePicture).OfType<string>().Take(1));
    }
}

using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Reads the maker of a product from its item: schema.org <c>manufacturer</c> with its address and its ways of contact.</summary>
internal static class MakerReader
{
    private static readonly string[] Parts = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];

    /// <summary>Null where the item names none.</summary>
    public static StatedMaker? Read(StructuredItem product)
    {
        foreach (StructuredValue value in product.All("manufacturer"))
        {
            string? name = FactSet.CleanText(value.Item?.Text("legalName", "name") ?? value.Text, 160);
            if (name is null || name.StartsWith("http", StringComparison.OrdinalIgnoreCase)) continue;
            string? contact = value.Item?.Text("email") ?? value.Item?.All("contactPoint").Select(static c => c.Item?.Text("email", "url")).FirstOrDefault(static c => c is not null) ?? value.Item?.Text("url");
            return new(name, value.Item is { } maker ? Address(maker) : null, FactSet.CleanText(contact?.Replace("mailto:", "", StringComparison.OrdinalIgnoreCase), 200));
        }
        return null;
    }

    private static string? Address(StructuredItem maker)
    {
        foreach (StructuredValue value in maker.All("address"))
        {
            string? text = value.Text ?? (value.Item is { } address ? string.Join(", ", Parts.Select(p => address.Text(p) ?? address.All(p).Select(static v => v.Item?.Text("name")).FirstOrDefault(static n => n is not null)).OfType<string>()) : null);
            if (FactSet.CleanText(text, 300) is { } clean) return clean;
        }
        return null;
    }
}

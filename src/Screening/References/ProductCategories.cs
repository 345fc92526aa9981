namespace Touchstone.Screening.References;

/// <summary>The product categories of the EU alert register. Pure; safe for concurrent use.</summary>
public static class ProductCategories
{
    /// <summary>The names of the categories, in the register's words.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Chemical products", "Childcare articles and children's equipment", "Clothing, textiles and fashion items", "Communication and media equipment",
        "Construction products", "Cosmetics", "Decorative articles", "Electrical appliances and equipment", "Explosive atmospheres equipment",
        "Food-imitating products", "Furniture", "Gadgets", "Gas appliances and components", "Hand tools", "Hobby/sports equipment", "Hot tubs and pools",
        "Jewellery", "Kitchen/cooking accessories", "Laser pointers", "Lighters", "Lighting chains", "Lighting equipment", "Liquids for e-cigarettes",
        "Machinery", "Measuring instruments", "Motor vehicles", "Other", "Pressure equipment/vessels", "Protective equipment", "Pyrotechnic articles",
        "Recreational crafts", "Stationery", "Toys", "Vehicle accessories",
    ];

    private static readonly Dictionary<string, string> ByKey = Names.ToDictionary(Key, StringComparer.Ordinal);

    /// <summary>The category's name in the vocabulary, whatever its punctuation; null for a word outside it.</summary>
    public static string? Find(string? text) => text is not null && ByKey.TryGetValue(Key(text), out string? name) ? name : null;

    private static string Key(string text) => string.Concat(text.Where(char.IsLetter)).ToLowerInvariant();
}

using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads identifiers and the brand from attributes and classes that shop platforms use: <c>data-sku</c>, <c>class="sku"</c>, <c>class="product-brand"</c>.</summary>
internal static class AttributeFinder
{
    public static void Read(PageView view, FactSet facts)
    {
        HashSet<string> skus = new(StringComparer.OrdinalIgnoreCase);
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Chrome | Place.Related | Place.Reviews)) continue;
            string? attribute = node.Element.GetAttribute("data-product-sku") ?? node.Element.GetAttribute("data-sku");
            if (attribute is { Length: > 1 and < 40 } && !attribute.Contains(' ', StringComparison.Ordinal) && !Grid.IsCell(node)) skus.Add(attribute.Trim());
            if (node.Marks.Length == 0 || node.Is(Place.Hidden)) continue;
            if (facts.Sku is null && IsNamed(node.Marks, "sku") && Value(view, node) is { Length: > 1 and < 40 } sku && sku.Any(char.IsDigit) && !sku.Contains(' ', StringComparison.Ordinal)) facts.Sku = sku;
            if (facts.Gtin is null && (IsNamed(node.Marks, "ean") || IsNamed(node.Marks, "gtin")) && Gtin.Parse(view.ShortTextOf(node, 60)) is { } gtin) facts.Gtin = gtin.ToTradeNumber();
            if (facts.Brand is null && IsBrand(node.Marks) && view.ShortTextOf(node, 120) is not null && BrandReader.Read(node.Element) is { } shown && BrandReader.Named(shown) is { Length: > 1 and < 40 } brand && !BrandReader.IsFiller(brand) && brand.Count(static c => c == ' ') < 5 && NearTitle(view, node)) facts.Brand = brand;
        }
        // Several such attributes are those of variants or of other products.
        if (facts.Sku is null && skus.Count == 1) facts.Sku = skus.First();
    }

    private static bool NearTitle(PageView view, PageNode node) => view.Title is not { } title || Math.Abs(node.Index - title.Index) < 150;

    private static bool IsBrand(string marks) =>
        IsNamed(marks, "brand") || marks.Contains("product-brand", StringComparison.Ordinal) || marks.Contains("brand-name", StringComparison.Ordinal) || marks.Contains("manufacturer", StringComparison.Ordinal)
        || marks.Contains("product__vendor", StringComparison.Ordinal) || marks.Contains("product-vendor", StringComparison.Ordinal) || marks.Contains("product_brand", StringComparison.Ordinal) || marks.Contains("brandname", StringComparison.Ordinal) || marks.Contains("bylineinfo", StringComparison.Ordinal);

    private static bool IsNamed(string marks, string word) => marks.Split(' ').Any(m => m == word || m == "product-" + word || m == "product_" + word || m == "product__" + word || m == word + "-value");

    private static string? Value(PageView view, PageNode node)
    {
        string? text = view.ShortTextOf(node, 80);
        int colon = text?.LastIndexOfAny([':', '#']) ?? -1;
        return colon >= 0 ? text![(colon + 1)..].Trim() : text;
    }
}

using System.Globalization;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Reads breadcrumb lists of schema.org and data-vocabulary.org.</summary>
internal static class CrumbItems
{
    /// <summary>The names from the root to the category; the last is left out where it is the product's own name.</summary>
    public static List<string> Read(IReadOnlyList<StructuredItem> items, string? productName)
    {
        List<string> best = [];
        foreach (StructuredItem list in Lists(items))
        {
            List<string> names = Entries(list);
            if (names.Count > best.Count) best = names;
        }
        if (best.Count == 0) best = items.Where(static i => !i.Nested && i.IsA("Breadcrumb")).SelectMany(Chain).ToList();
        return WithoutProduct(best, productName);
    }

    public static List<string> WithoutProduct(List<string> names, string? productName)
    {
        if (names.Count > 0 && productName is not null && Same(names[^1], productName)) names.RemoveAt(names.Count - 1);
        return names;
    }

    private static bool Same(string crumb, string productName) =>
        crumb.Equals(productName, StringComparison.OrdinalIgnoreCase) || TitleWords.Likeness(crumb, productName) > 0.85
        || (crumb.TrimEnd('.', '…') is { Length: > 8 } cut && cut.Length < crumb.Length && productName.StartsWith(cut, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<StructuredItem> Lists(IReadOnlyList<StructuredItem> items)
    {
        foreach (StructuredItem item in items)
        {
            if (item.IsA("BreadcrumbList")) yield return item;
            foreach (StructuredValue value in item.All("breadcrumb"))
                if (value.Item is { } nested && nested.IsA("BreadcrumbList")) yield return nested;
        }
    }

    private static List<string> Entries(StructuredItem list)
    {
        List<(double Position, string Name)> entries = [];
        foreach (StructuredValue value in list.All("itemListElement"))
        {
            if (value.Item is not { } entry) continue;
            StructuredItem? target = entry.All("item").Select(static v => v.Item).FirstOrDefault(static i => i is not null);
            string? name = FactSet.CleanText(entry.Text("name", "title") ?? target?.Text("name", "title"), 200);
            if (name is null) continue;
            double position = double.TryParse(entry.Text("position"), NumberStyles.Float, CultureInfo.InvariantCulture, out double p) ? p : entries.Count + 1;
            entries.Add((position, name));
        }
        return entries.OrderBy(static e => e.Position).Select(static e => e.Name).ToList();
    }

    private static IEnumerable<string> Chain(StructuredItem crumb)
    {
        int depth = 0;
        for (StructuredItem? at = crumb; at is not null && depth++ < 20; at = at.All("child").Select(static v => v.Item).FirstOrDefault(static i => i is not null))
            if (FactSet.CleanText(at.Text("title", "name"), 200) is { } name) yield return name;
    }
}

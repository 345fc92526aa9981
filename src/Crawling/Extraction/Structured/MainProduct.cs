using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Chooses the item that the page is about among all that it describes: related products, lists and variants are described in the same words.</summary>
internal static class MainProduct
{
    private const int MaximumDepth = 24;

    private static readonly HashSet<string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor", "itemListElement", "relatedProduct", "recommendations", "itemReviewed", "hasPart", "hasOfferCatalog", "review", "reviews", "isPartOf",
    };

    internal sealed record Candidate(StructuredItem Item, bool Listed, int Depth, double Score);

    /// <summary>The chosen item, and how many different products stand beside it.</summary>
    internal sealed record Choice(StructuredItem? Item, int Others, double Score);

    public static Choice Choose(IReadOnlyList<StructuredItem> items, PageContext page, string? title)
    {
        List<Candidate> candidates = Find(items);
        // An id that several things have says of none that the page is about it.
        HashSet<string?> shared = [.. candidates.Where(static c => c.Item.Id is not null).GroupBy(static c => c.Item.Id).Where(static g => g.Count() > 1).Select(static g => g.Key)];
        candidates = candidates.ConvertAll(c => c with { Score = Score(c, page, title, shared) });
        if (candidates.Count == 0) return new(null, 0, 0);
        Candidate best = candidates.OrderByDescending(static c => c.Score).ThenBy(static c => c.Depth).First();
        int others = candidates.Where(c => c.Item != best.Item).Select(static c => c.Item.Text("name", "title") ?? c.Item.Id ?? string.Empty).Distinct(StringComparer.OrdinalIgnoreCase).Count(n => n != best.Item.Text("name", "title"));
        bool confirmed = best.Score >= 4;
        bool foreign = title is not null && !best.Item.All("offers").Any() && best.Item.Text("price", "sku") is null && TitleWords.Likeness(FactSet.CleanText(best.Item.Text("name", "title")) ?? title, title) < 0.3;
        bool manyAlike = foreign || others >= 3 && !confirmed;
        return manyAlike || (best.Listed && !confirmed) ? new(null, others + 1, best.Score) : new(best.Item, others, best.Score);
    }

    private static List<Candidate> Find(IReadOnlyList<StructuredItem> items)
    {
        List<Candidate> found = [];
        HashSet<StructuredItem> seen = [];
        Stack<(StructuredItem Item, bool Listed, int Depth)> open = new();
        // Items that refer to each other in a circle are the value of one another; they come last, as far as nothing led to them.
        for (int i = items.Count - 1; i >= 0; i--)
            if (items[i].Nested) open.Push((items[i], false, 0));
        for (int i = items.Count - 1; i >= 0; i--)
            if (!items[i].Nested) open.Push((items[i], false, 0));
        while (open.TryPop(out (StructuredItem Item, bool Listed, int Depth) at))
        {
            if (at.Depth > MaximumDepth || !seen.Add(at.Item)) continue;
            if (Product(at.Item) is { } product) found.Add(new(product, at.Listed, at.Depth, 0));
            bool listed = at.Listed || at.Item.IsAny(ProductTypes.Lists);
            for (int i = at.Item.Properties.Count - 1; i >= 0; i--)
            {
                (string name, StructuredValue value) = at.Item.Properties[i];
                if (value.Item is not { } inner) continue;
                string local = StructuredItem.LocalName(name);
                if (local.Equals("hasVariant", StringComparison.OrdinalIgnoreCase) || local.Equals("model", StringComparison.OrdinalIgnoreCase)) continue;
                if (local.Equals("isVariantOf", StringComparison.OrdinalIgnoreCase)) continue;
                open.Push((inner, listed || Elsewhere.Contains(local), at.Depth + 1));
            }
        }
        return found.DistinctBy(static c => c.Item).ToList();
    }

    private static StructuredItem? Product(StructuredItem item)
    {
        if (item.IsAny(ProductTypes.Products) && !item.IsA("Offer")) return item;
        bool offers = item.All("offers").Any();
        if (item.IsAny(ProductTypes.SoldWorks) && (offers || item.Text("isbn", "gtin13") is not null)) return item;
        if (!item.IsAny(ProductTypes.Offers) || item.Nested) return null;
        // An offer on its own: what it offers is the product.
        StructuredItem? offered = item.All("itemOffered").Concat(item.All("includes")).Select(static v => v.Item).FirstOrDefault(static i => i is not null);
        if (offered is null)
            return item.Text("name") is null && item.All("itemOffered").All(static v => v.Text is null) ? null : Self(item);
        if (!offered.Properties.Any(static p => StructuredItem.LocalName(p.Key) == "offers")) offered.Add("offers", new(null, item));
        return offered;
    }

    private static StructuredItem Self(StructuredItem offer)
    {
        if (offer.Text("name") is null && offer.Text("itemOffered") is { } offered) offer.Add("name", offered);
        return offer;
    }

    private static double Score(Candidate candidate, PageContext page, string? title, HashSet<string?> sharedIds)
    {
        StructuredItem item = candidate.Item;
        double score = 0;
        string? name = FactSet.CleanText(item.Text("name", "title"));
        if (name is not null && title is not null) score += 6 * TitleWords.Likeness(name, title);
        if (item.All("offers").Any() || item.Text("price") is not null) score += 2;
        if (page.IsThisPage(item.Text("url")) || (!sharedIds.Contains(item.Id) && page.IsThisPage(item.Id))) score += 3;
        if (item.Properties.Count > 4) score += 1;
        if (item.All("mainEntityOfPage").Any()) score += 1;
        if (item.IsA("ProductGroup")) score += 0.5;
        score -= Math.Min(candidate.Depth, 4) * 0.25;
        if (candidate.Listed) score -= 5;
        return score;
    }
}

using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction;

/// <summary>
/// Joins what several parts of a page say of a listing's variants: those of the part that states most of them, completed by what the other parts state of the same ones. Pure.
/// </summary>
internal static class VariantMerge
{
    /// <summary>The most variants that are kept of one listing.</summary>
    public const int Most = 100;

    /// <returns>The first <see cref="Most"/> and how many there are in all.</returns>
    public static (IReadOnlyList<OfferVariant> Variants, int Found) Join(IReadOnlyList<FactSet> byTrust, HashSet<string> used)
    {
        // One variant is the product itself.
        FactSet[] sets = [.. byTrust.Where(static s => s.Variants.Count > 1)];
        if (sets.Length == 0) return ([], 0);
        FactSet best = sets.MaxBy(static s => s.Variants.Sum(static v => 1 + v.Stated))!;
        List<OfferVariant> variants = [.. best.Variants.Take(Most)];
        foreach (FactSet other in sets.Where(s => s != best))
            for (int i = 0; i < variants.Count; i++)
                if (other.Variants.Take(Most).FirstOrDefault(variants[i].IsSame) is { } same) variants[i] = variants[i].With(same);
        used.Add(best.Source);
        return (variants, best.Variants.Count);
    }
}

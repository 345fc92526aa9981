using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;

namespace Touchstone.Crawling.Extraction;

/// <summary>
/// Holds prices from markup against those seen on the page. Shops write hundredths, or a point for thousands, into fields meant for plain decimals;
/// such a price is mended if the mended form is seen on the page and the written form is not.
/// </summary>
internal static class PriceCheck
{
    private const double LeastScore = 2;

    private static readonly decimal[] Factors = [0.01m, 1000m, 100m, 0.001m];

    public static void Mend(IEnumerable<FactSet> sets, IReadOnlyList<SeenPrice> seen)
    {
        HashSet<decimal> visible = [.. seen.Where(static p => p.Score >= LeastScore).Select(static p => p.Amount)];
        if (visible.Count == 0) return;
        foreach (FactSet set in sets)
        {
            if (set.Price is not > 0 || visible.Contains(set.Price.Value)) continue;
            decimal written = set.Price.Value;
            foreach (decimal factor in Factors)
                if (visible.TryGetValue(written * factor, out decimal mended))
                {
                    set.Price = mended;
                    break;
                }
        }
    }
}

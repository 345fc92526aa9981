using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;
using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Crawling.Extraction;

/// <summary>
/// Holds prices from markup against those seen on the page. Shops write hundredths, or a point for thousands, into fields meant for plain decimals;
/// such a price is mended if the mended form is seen on the page and the written form is not. Others leave the former price in their markup during a sale: where the page shows it only as
/// former and names a lower one as the price asked, that one is.
/// </summary>
internal static class PriceCheck
{
    private const double LeastScore = 2;

    /// <summary>Points of a price that is surely the one asked, and how many a former one has less.</summary>
    private const double AskedScore = 7, FormerBehind = 3;

    // Characters.
    private const int LongestNote = 80;

    /// <summary>No sale asks less of the former price.</summary>
    private const decimal LeastOfFormer = 0.2m;

    private static readonly decimal[] Factors = [0.01m, 1000m, 100m, 0.001m];

    public static void Mend(IEnumerable<FactSet> sets, IReadOnlyList<SeenPrice> seen)
    {
        HashSet<decimal> visible = [.. seen.Where(static p => p.Score >= LeastScore).Select(static p => p.Amount)];
        if (visible.Count == 0) return;
        SeenPrice asked = seen[0];
        foreach (FactSet set in sets)
        {
            if (set.Price is > 0 && (asked.Currency is null || set.Currency is null || asked.Currency == set.Currency) && IsFormer(set.Price.Value, asked, seen)) set.Price = asked.Amount;
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

    /// <summary>
    /// Takes the prices away, with those of the variants, where the page says that its price is told on request and shows none: shop programs want a number in the field, such as a cent or 999999.
    /// Where it can be put into the cart, only a note that says that and nothing else does: what can be bought has a price, and many may be asked for beside it.
    /// </summary>
    public static void DropUnasked(IEnumerable<FactSet> sets, IReadOnlyList<SeenPrice> seen, PageView view)
    {
        if (seen.Any(static p => p.Score >= LeastScore)) return;
        bool bought = BuyButtons.Find(view).Any(static b => !BuyButtons.IsDisabled(b));
        if (!view.Nodes.Any(node => !node.Is(Place.Hidden | Place.Chrome | Place.Related | Place.Reviews) && view.ShortTextOf(node, LongestNote) is { Length: > 3 } text && (bought ? PriceWords.IsOnRequest(text) : PriceWords.SayOnRequest(text)))) return;
        foreach (FactSet set in sets)
        {
            set.Price = null;
            for (int i = 0; i < set.Variants.Count; i++) set.Variants[i] = set.Variants[i] with { Price = null, Currency = null };
        }
    }

    private static bool IsFormer(decimal stated, SeenPrice asked, IReadOnlyList<SeenPrice> seen)
    {
        if (asked.Score < AskedScore || asked.Amount >= stated || asked.Amount < LeastOfFormer * stated) return false;
        double best = seen.Where(p => p.Amount == stated).Select(static p => p.Score).DefaultIfEmpty(double.MaxValue).Max();
        return best <= asked.Score - FormerBehind;
    }
}

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
            if (set.Price is > 0 && (asked.Currency is null || set.Currency is null || asked.Currency == set.Currency) && (IsFormer(set.Price.Value, asked, seen) || IsNet(set.Price.Value, asked, seen))) set.Price = asked.Amount;
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

    /// <summary>How many points a price without the tax has less than the one with it.</summary>
    private const double NetBehind = 2;

    // Below, an amount and another with a tax on it are near each other by chance.
    private const decimal LeastNet = 3, MostRounded = 0.0101m;

    /// <summary>The rates at which the countries of Europe tax goods, standard and reduced. Source: Directive 2006/112/EC and the national laws, 2025.</summary>
    private static readonly decimal[] Rates = [0.05m, 0.055m, 0.06m, 0.07m, 0.08m, 0.081m, 0.09m, 0.10m, 0.12m, 0.13m, 0.135m, 0.14m, 0.15m, 0.17m, 0.18m, 0.19m, 0.20m, 0.21m, 0.22m, 0.23m, 0.24m, 0.25m, 0.255m, 0.27m];

    /// <summary>Whether markup states the price before tax of the one that the page asks: the same with a usual rate on it, while the page does not show it, or shows it as another.</summary>
    private static bool IsNet(decimal stated, SeenPrice asked, IReadOnlyList<SeenPrice> seen)
    {
        if (asked.Score < AskedScore || stated < LeastNet || stated >= asked.Amount || !Rates.Any(rate => Math.Abs((stated * (1 + rate)) - asked.Amount) < MostRounded)) return false;
        double best = seen.Where(p => p.Amount == stated).Select(static p => p.Score).DefaultIfEmpty(double.MinValue).Max();
        return best <= asked.Score - NetBehind;
    }

    private static bool IsFormer(decimal stated, SeenPrice asked, IReadOnlyList<SeenPrice> seen)
    {
        if (asked.Score < AskedScore || asked.Amount >= stated || asked.Amount < LeastOfFormer * stated) return false;
        double best = seen.Where(p => p.Amount == stated).Select(static p => p.Score).DefaultIfEmpty(double.MaxValue).Max();
        return best <= asked.Score - FormerBehind;
    }
}

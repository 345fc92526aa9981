using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;

namespace Touchstone.Crawling.Extraction;

/// <summary>
/// Chooses the shop's own number where the page states several. Markup goes first, unless the page tells people another: what a buyer reads as the product code is what an
/// order, an invoice and a recall name, and markup often holds the number of a row in the shop's database. Pure.
/// </summary>
internal static class ArticleNumber
{
    // Shorter numbers stand in too many addresses.
    private const int LeastInAddress = 5;

    /// <param name="shows">Whether the page shows a text to people, as a word of its own.</param>
    public static (string? Number, string? Source) Choose(IReadOnlyList<FactSet> byTrust, FactSet seen, Func<string, bool> shows, Uri? address)
    {
        string? stated = byTrust.Where(static s => s.Source != VisiblePage.Source).Select(static s => s.Sku).FirstOrDefault(static s => s is not null);
        FactSet? markup = byTrust.FirstOrDefault(s => s.Source != VisiblePage.Source && s.Sku == stated);
        if (stated is null || markup is null || IsOfScripts(markup)) return (seen.AddressNumber ?? seen.Sku) is { } number ? (number, seen.Source) : (stated, markup?.Source);
        if (seen.Sku is { } shown && seen.SkuIsLabelled && !shows(stated) && !IsPart(shown, stated)) return (shown, seen.Source);
        // Some swap the two numbers; the one in the address is the shop's.
        bool swapped = markup.Mpn is { Length: >= LeastInAddress } mpn && address is not null && mpn.Any(char.IsDigit) && stated.Contains(' ', StringComparison.Ordinal)
            && address.AbsolutePath.Split('/', '-', '.').Contains(mpn, StringComparer.OrdinalIgnoreCase);
        return (swapped ? markup.Mpn : stated, markup.Source);
    }

    // The visible page goes before the state of scripts and before tags for sharing.
    private static bool IsOfScripts(FactSet markup) => markup.Source is "embedded-state";

    private static bool IsPart(string one, string other) =>
        one.Contains(other, StringComparison.OrdinalIgnoreCase) || other.Contains(one, StringComparison.OrdinalIgnoreCase);
}

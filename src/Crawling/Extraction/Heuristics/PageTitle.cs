using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Finds the heading that names the product: the one whose words the page's title repeats.</summary>
internal static class PageTitle
{
    public static PageNode? Find(PageView view)
    {
        string? declared = Declared(view.Document);
        PageNode? best = null;
        double bestScore = 0.3;
        foreach (PageNode node in view.Nodes)
        {
            double rank = Rank(node);
            // What leads to another page names that one.
            if (rank > 0 && OfferCard.IsLinked(view, node)) rank *= 0.5;
            if (rank <= 0 || view.ShortTextOf(node, 600) is not { Length: > 1 and < 400 } text) continue;
            double likeness = declared is null ? 0.5 : TitleWords.Likeness(text, declared);
            // One common word of a short heading ("Home") proves little.
            if (TitleWords.Of(text).Count < 2) likeness *= 0.8;
            double score = rank * (0.35 + likeness);
            if (score <= bestScore) continue;
            best = node;
            bestScore = score;
        }
        return best;
    }

    /// <summary>The title that the page declares for sharing or in its title element.</summary>
    public static string? Declared(IDocument document) =>
        FactSet.CleanText(document.QuerySelector("meta[property='og:title'],meta[name='og:title']")?.GetAttribute("content"), 400) ?? FactSet.CleanText(document.Title, 400);

    private static double Rank(PageNode node)
    {
        double rank = node.Tag switch { "h1" => 1, "h2" => 0.55, "h3" => 0.35, _ => 0 };
        if (node.Element.GetAttribute("itemprop") == "name" && node.Tag is "span" or "div" or "p" or "h1" or "h2" or "h3") rank = Math.Max(rank, 0.7) + 0.1;
        bool named = node.Marks.Contains("product", StringComparison.Ordinal) && (node.Marks.Contains("title", StringComparison.Ordinal) || node.Marks.Contains("name", StringComparison.Ordinal));
        if (named) rank = node.Tag is "div" or "span" or "p" or "h1" or "h2" or "h3" or "h4" or "strong" ? Math.Max(rank + 0.1, 0.5) : rank;
        if (node.Marks.Contains("logo", StringComparison.Ordinal)) rank *= 0.3;
        return rank;
    }
}

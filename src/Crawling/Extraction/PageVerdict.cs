using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Heuristics;

namespace Touchstone.Crawling.Extraction;

/// <summary>Whether a page offers one product, and if not, why.</summary>
internal sealed record PageVerdict(NoListingReason? Reason, string? Detail)
{
    private static readonly PageVerdict Listing = new(null, null);

    public static PageVerdict Of(PageView view, PageContext page, StructuredFacts structured, FactSet seen)
    {
        if (structured.NamesProduct || (structured.MetaSaysProduct && (structured.Meta.Price is not null || seen.Price is not null))) return Listing;
        if (IsClientRendered(view)) return new(NoListingReason.ClientRendered, "The page has nearly no text and leaves it to scripts.");
        if (structured.OtherProducts > 2 || structured.SaysList) return new(NoListingReason.NoProduct, $"The page lists {structured.OtherProducts} products.");
        return new(NoListingReason.NoProduct, "The page names no product.");
    }

    private static bool IsClientRendered(PageView view)
    {
        int text = view.Nodes.Count == 0 ? 0 : VisibleText.Collapse(view.Text).Length;
        IDocument document = view.Document;
        if (text > 1500 || document.QuerySelector("script") is null) return false;
        bool root = document.QuerySelector("#root:empty,#app:empty,#__next:empty,#__nuxt:empty,app-root,#main:empty,#react-root:empty,[data-reactroot]:empty,#q-app:empty,#svelte:empty") is not null;
        string silent = string.Concat(document.QuerySelectorAll("noscript").Select(static n => n.TextContent));
        bool asks = silent.Contains("javascript", StringComparison.OrdinalIgnoreCase) && (silent.Contains("enable", StringComparison.OrdinalIgnoreCase) || silent.Contains("need", StringComparison.OrdinalIgnoreCase)
            || silent.Contains("require", StringComparison.OrdinalIgnoreCase) || silent.Contains("aktivier", StringComparison.OrdinalIgnoreCase) || silent.Contains("activ", StringComparison.OrdinalIgnoreCase));
        return text < 200 || (root && text < 600) || (asks && text < 600);
    }
}

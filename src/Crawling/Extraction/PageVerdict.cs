using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction;

/// <summary>Whether a page offers one product, and if not, why.</summary>
internal sealed record PageVerdict(NoListingReason? Reason, string? Detail)
{
    private static readonly PageVerdict Listing = new(null, null);

    public static PageVerdict Of(PageView view, PageContext page, StructuredFacts structured, FactSet seen, IReadOnlyList<SeenPrice> prices)
    {
        string? named = structured.Sets.Select(static s => s.Name).FirstOrDefault(static n => n is not null) ?? (structured.MetaSaysProduct ? structured.Meta.Name : null) ?? seen.Name;
        if (OfferCard.IsListOf(view, named, prices, seen.CanBeBought)) return new(NoListingReason.NoProduct, "The page links to another page with the same offer: it is a list.");
        if (IsArticle(structured, seen)) return new(NoListingReason.NoProduct, "The page says that it is an article, and states no offer.");
        if (structured.NamesProduct) return Listing;
        bool list = structured.OtherProducts > 2 || structured.SaysList;
        bool offered = structured.Meta.Price is not null || seen.Price is not null || seen.CanBeBought || structured.Embedded is not null;
        if (structured.MetaSaysProduct && offered && (!list || structured.Meta.Price is not null)) return Listing;
        // Markup that describes only the products beside the main one is common; a price and a button of its own outweigh it.
        if (LooksBuyable(view, structured, seen) && (!list || (seen.PriceIsNamed && seen.CanBeBought)) && (seen.CanBeBought || !page.IsRoot)) return Listing;
        if (IsClientRendered(view)) return new(NoListingReason.ClientRendered, "The page has nearly no text and leaves it to scripts.");
        return new(NoListingReason.NoProduct, list ? $"The page lists {structured.OtherProducts} products." : "The page offers no single product.");
    }

    /// <summary>
    /// Whether the page calls itself an article and offers nothing: a test names the product that it is about, and a magazine the price of its subscription. Shop programs
    /// call their product pages articles, too, but state the offer in their markup, or ask a price beside a way to buy or, where it is sold out, beside a product number.
    /// </summary>
    private static bool IsArticle(StructuredFacts structured, FactSet seen) =>
        structured.SaysArticle && !structured.Sets.Any(static s => s.Price is not null || s.Availability is not null || s.Gtin is not null) && !(seen.PriceIsNamed && (seen.CanBeBought || seen.SkuIsLabelled));

    // Without markup a product page has a title, a price of its own and either a way to buy it or an identifier.
    private static bool LooksBuyable(PageView view, StructuredFacts structured, FactSet seen)
    {
        if (seen.Name is null) return false;
        bool identified = seen.Sku is not null || seen.Gtin is not null || seen.Mpn is not null;
        // An offer that is out of stock has no price: it is said to be gone at an address of its own.
        if (seen.Price is null && view.Title is not null && seen.AddressNumber is not null && seen.Availability is Availability.OutOfStock && identified && !structured.SaysArticle) return true;
        if (seen.Price is not null) return seen.CanBeBought || identified || (view.Title is not null && !structured.SaysArticle && seen.PriceIsNamed);
        if (structured.Embedded is { Price: not null } or { Sku: not null }) return seen.CanBeBought || identified;
        return seen.CanBeBought && identified;
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
        return text < 100 || (root && text < 600) || (asks && text < 600);
    }
}

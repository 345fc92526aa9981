using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// Finds offers that a page shows and that have a page of their own: a picture with a named link to another page. What stands in such a card is not the
/// page's own, and a page that shows its only offer so is a list. Pure; safe for concurrent calls.
/// </summary>
internal static class OfferCard
{
    // Elements; what is larger is a part of the page and no card.
    private const int MostElements = 80, MostLevels = 8;

    private const double SameName = 0.95, LikeName = 0.75;

    /// <summary>Whether the element stands in the card of an offer that has its own page.</summary>
    public static bool Holds(PageView view, PageNode node) => Of(view, node) is not null;

    /// <summary>Whether the page links to another page under the offer's name and has nothing of its own: neither the name as its title nor a price or a way to buy.</summary>
    public static bool IsListOf(PageView view, string? name, IReadOnlyList<SeenPrice> prices, bool canBeBought)
    {
        if (name is not { Length: > 2 } || !view.Nodes.Any(node => Names(view, node, name))) return false;
        bool titled = view.Title is { } title && TitleWords.Likeness(view.TextOf(title), name) >= LikeName && !IsLinked(view, title);
        return !titled || !(canBeBought || prices.Any(p => p.Score >= 4 && !Holds(view, p.Node)));
    }

    /// <summary>Whether a heading is, or holds, a link to another page.</summary>
    public static bool IsLinked(PageView view, PageNode heading)
    {
        for (PageNode? at = heading.Parent; at is not null && heading.Index - at.Index < 4; at = at.Parent)
            if (view.Links.LeadsElsewhere(at.Element)) return true;
        // A link on a part of it, such as the brand, leads to what that part names.
        return view.Descendants(heading).Any(inner => view.Links.LeadsElsewhere(inner.Element) && 2 * (inner.TextEnd - inner.TextStart) >= heading.TextEnd - heading.TextStart);
    }

    private static PageNode? Of(PageView view, PageNode node)
    {
        int levels = 0;
        for (PageNode? at = node; at is not null && levels < MostLevels; at = at.Parent, levels++)
        {
            if (at.Last - at.Index > MostElements || (view.Title is { } title && at.Contains(title) && !IsLinked(view, title))) return null;
            if (IsCard(view, at)) return at;
        }
        return null;
    }

    private static bool IsCard(PageView view, PageNode node)
    {
        bool picture = false, named = false;
        for (int i = node.Index; i <= node.Last && !(picture && named); i++)
        {
            PageNode inner = view.Nodes[i];
            picture |= inner.Tag is "img" or "picture";
            named = named || (inner.Tag == "a" && IsNamed(view, inner, node));
        }
        return picture && named;
    }

    /// <summary>A link that names what it leads to: by a heading in it or around it, by a mark, or beside a picture in it.</summary>
    private static bool IsNamed(PageView view, PageNode link, PageNode within)
    {
        if (!view.Links.LeadsElsewhere(link.Element) || view.ShortTextOf(link, 400) is not { Length: > 2 } text || !text.Any(char.IsLetter) || BuyButtons.IsBuyText(text)) return false;
        if (view.Descendants(link).Any(static n => n.Tag is "h2" or "h3" or "h4" or "h5" or "h6" or "img" || IsNameMark(n.Marks))) return true;
        for (PageNode? at = link; at is not null && at.Index >= within.Index && link.Index - at.Index < 4; at = at.Parent)
            if (at.Tag is "h1" or "h2" or "h3" or "h4" or "h5" or "h6" || IsNameMark(at.Marks)) return true;
        return false;
    }

    private static bool IsNameMark(string marks) =>
        (marks.Contains("name", StringComparison.Ordinal) || marks.Contains("title", StringComparison.Ordinal) || marks.Contains("product-item-link", StringComparison.Ordinal) || marks.Contains("card__heading", StringComparison.Ordinal))
        && !marks.Contains("brand", StringComparison.Ordinal) && !marks.Contains("manufacturer", StringComparison.Ordinal) && !marks.Contains("vendor", StringComparison.Ordinal);

    private static bool Names(PageView view, PageNode node, string name)
    {
        if (node.Tag != "a" || node.Is(Place.Chrome) || !view.Links.LeadsElsewhere(node.Element) || view.ShortTextOf(node, 600) is not { } text) return false;
        if (text.Length == 0) text = view.Descendants(node).Select(static n => n.Element.GetAttribute("alt")).FirstOrDefault(static alt => alt is { Length: > 0 }) ?? "";
        if (IsSameName(text, name)) return true;
        // A link around a whole card holds its price, too.
        return text.Length < 400 && view.Descendants(node).Any(inner => inner.Tag is "h2" or "h3" or "h4" or "h5" or "h6" && view.ShortTextOf(inner, 400) is { } heading && IsSameName(heading, name));
    }

    private static bool IsSameName(string text, string name) => text.Length > 2 && TitleWords.Likeness(text, name) >= SameName;
}

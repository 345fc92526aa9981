using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Marks the parts of a page that do not speak of its product. What holds the product's title is never marked.</summary>
internal static partial class Regions
{
    [GeneratedRegex(@"(^|[\s_-])(nav|navbar|navigation|menu|mega-?menu|(?<!(?:details?|product|prod|buy|price|card|item|form)[\w-]*)footer|breadcrumbs?|newsletter|cookies?|consent|mini-?cart|cart-?(drawer|sidebar|popup|modal|summary|contents?|items?|flyout|dropdown|preview)|side-?cart|basket-?(dropdown|summary|popup|flyout)|header-?(cart|basket|minicart)|login|sign-?in|search-?(results?|suggest\w*|box|form)|autocomplete|usp-?bar|announcement|site-?header|page-?header-?wrapper|topbar|top-bar|popup-?(cart|newsletter)|wishlist-?(modal|popup)|compare-?(bar|list)|store-?switcher|(currency|language)-?(switcher|selector))($|[\s_-])", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ChromeMarks();

    [GeneratedRegex(@"related|recommend|recomend|upsell|up-sell|cross-?sell|similar|also-?(like|bought|viewed|buy)|recently|recent-?view|last-?(seen|viewed)|bought-?together|frequently|alternativ|accessor|zubehoer|zubehor|customers-?(who|also)|you-?may|may-?like|complete-?the|shop-?the-?look|other-?products|more-?products|bestsell|best-?sell|new-?arrivals|crosssell|suggest(ed|ion)|rcmd|recs($|[\s_-])|powiazane|podobne|ahnliche|aehnliche|verwandte", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex RelatedMarks();

    // Names of lists of products that a product's own gallery has, too.
    [GeneratedRegex(@"product-?(list|grid|carousel|slider|tile|card|teaser|swiper|items)($|[\s_-])|products-?(list|grid|carousel|slider|row|swiper)", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ListMarks();

    [GeneratedRegex(@"(^|[\s_-])(reviews?|comments?|ratings?-?list|testimonials?|bewertung(en)?|opinions?|opinie|q-?and-?a|questions?)($|[\s_-])", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ReviewMarks();

    [GeneratedRegex(@"(^|\s)(hidden|hide|d-none|is-hidden|visually-?hidden|sr-only|screen-reader-text|display-?none|no-?display|u-hidden|ng-hide|invisible|a-offscreen)(\s|$)", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex HiddenMarks();

    [GeneratedRegex(@"(^|[\s_-])(strike|struck|strike-?through|line-?through|crossed(-?out)?|strikethrough)($|[\s_-])", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex StruckMarks();

    public static void Mark(PageView view)
    {
        HashSet<PageNode> holders = [];
        string? title = view.Title is { } heading ? view.TextOf(heading) : null;
        // A page for wide and for narrow screens has its title twice.
        foreach (PageNode named in title is null ? [] : view.Nodes.Where(n => n == view.Title || (n.Tag is "h1" or "h2" && view.TextOf(n) == title && !OfferCard.IsLinked(view, n))))
        {
            PageNode? at = named;
            while (at is not null && holders.Add(at)) at = at.Parent;
        }

        int half = view.Nodes.Count / 2;
        foreach (PageNode node in view.Nodes)
        {
            Place place = node.Parent?.Place ?? Place.None;
            if (node.IsSilent) place |= Place.Hidden;
            if (!holders.Contains(node))
            {
                Place own = Own(view, node);
                // A wrapper of most of the page is no side region, whatever its class says.
                if (node.Last - node.Index > half) own &= Place.Hidden;
                place |= own;
            }
            node.Place = place;
        }
    }

    // HTML Standard, section 4.3.8: the header of an article is not the page's; nor is that of the form that puts the product into the cart.
    private static bool IsOfProduct(PageNode header)
    {
        for (PageNode? at = header.Parent; at is not null; at = at.Parent)
            if (at.Tag is "article" || (at.Tag is "form" && CartForm().IsMatch(at.Marks + " " + at.Element.GetAttribute("action")))) return true;
        return false;
    }

    [GeneratedRegex(@"(?<!search[\w-]*)(?:cart|basket|bag)(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex CartForm();

    private static Place Own(PageView view, PageNode node)
    {
        Place place = node.Tag switch
        {
            "header" when IsOfProduct(node) => Place.None,
            "nav" or "footer" or "header" => Place.Chrome,
            "del" or "s" or "strike" => Place.Struck,
            _ => Place.None,
        };
        if (node.Element.HasAttribute("hidden")) place |= Place.Hidden;
        string? style = node.Element.GetAttribute("style");
        if (style is not null)
        {
            string compact = style.Replace(" ", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
            if (compact.Contains("display:none", StringComparison.Ordinal) || compact.Contains("visibility:hidden", StringComparison.Ordinal)) place |= Place.Hidden;
            if (compact.Contains("line-through", StringComparison.Ordinal)) place |= Place.Struck;
        }
        if (node.Element.GetAttribute("role") is "navigation" or "banner" or "contentinfo" or "search") place |= Place.Chrome;
        if (node.Marks.Length == 0) return place;
        if (ChromeMarks().IsMatch(node.Marks)) place |= Place.Chrome;
        if (RelatedMarks().IsMatch(node.Marks)) place |= Place.Related;
        if (ListMarks().IsMatch(node.Marks) && ShowsOthers(view, node)) place |= Place.Related;
        if (ReviewMarks().IsMatch(node.Marks)) place |= Place.Reviews;
        if (HiddenMarks().IsMatch(node.Marks)) place |= Place.Hidden;
        if (StruckMarks().IsMatch(node.Marks)) place |= Place.Struck;
        return place;
    }

    private static bool ShowsOthers(PageView view, PageNode node)
    {
        for (int i = node.Index; i <= node.Last; i++)
            if (view.Links.LeadsElsewhere(view.Nodes[i].Element)) return true;
        return false;
    }
}

using System.Text.RegularExpressions;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>What a URL looks like before it is fetched.</summary>
/// <param name="Priority">Larger is fetched earlier; see <see cref="LinkRules"/>.</param>
/// <param name="SkipReason">Why it is not worth or not right to fetch, or null.</param>
/// <param name="IsAsset">A file that is no page; not even counted.</param>
public sealed record LinkView(int Priority, string? SkipReason, bool IsAsset);

/// <summary>
/// Judges a URL by its spelling: what a product page, a list or a trap usually looks like in web shops of several languages. The patterns are heuristics;
/// a wrong guess costs order, not coverage, except for what does something (<see cref="SideEffects"/>) and traps, which are left out and counted.
/// </summary>
public static class LinkRules
{
    public const int SitemapPriority = 1000;

    /// <summary>A list for programs of what the shop's own search finds.</summary>
    public const int SearchFeedPriority = 1001;

    public const int StartPriority = 500;

    /// <summary>The shop's own search for what is looked for.</summary>
    public const int SearchPriority = 400;

    /// <summary>Added where the address or the text of a link names what is looked for.</summary>
    public const int WantedBonus = 150;

    public const int ProductPriority = 100;
    /// <summary>The first of addresses that tell nothing and look alike: what they are is learned from them.</summary>
    public const int TrialPriority = 70;

    public const int ListPriority = 60;
    public const int OtherPriority = 40;
    public const int InformationPriority = 5;

    /// <summary>With a parameter of which the name does not tell what it is for.</summary>
    public const int UnknownPriority = 15;

    /// <summary>Lists by tag, author or the like.</summary>
    public const int MarkPriority = 4;

    /// <summary>Lists that are said to hold nothing.</summary>
    public const int EmptyPriority = 3;

    /// <summary>Lists narrowed by a filter.</summary>
    public const int FacetPriority = 2;

    /// <summary>Characters; longer URLs are traps in practice.</summary>
    public const int MaxLength = 2000;

    /// <summary>Path segments.</summary>
    public const int MaxSegments = 20;

    /// <summary>Query parameters.</summary>
    public const int MaxParameters = 8;

    private static readonly Regex Asset = UrlPattern.Of(@"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|m?js|json|map|woff2?|ttf|otf|eot|pdf|docx?|xlsx?|pptx?|csv|zip|gz|rar|7z|tar|exe|dmg|apk|mp[34]|webm|ogg|wav|avi|mov|rss|atom|ics|vcf)$");

    private static readonly Regex Information = UrlPattern.Of(@"/(?:about|about-us|information|contact|contact-us|contactus|blog|news|press|jobs|careers|help|faq|faqs|support|privacy|privacy-policy|terms|terms-of-service|terms-(?:and-)?conditions|terms-of-use|legal|imprint|impressum|agb|datenschutz|versand|shipping|delivery|delivery-information|shipping-(?:and-)?returns|returns|policies|cookies?|newsletter|store-locator|magazine|wiki|forum)(?:/|\.|$)");

    private static readonly Regex Product = UrlPattern.Of(@"/(?:products?|produkte?|produkter|produits?|productos?|prodotti|prodotto|produto|tuote|vare|varer|termek|items?|p|dp|pd|gp/product|goods|detail|listing|offers?|artikel|sku)/[^/]+|[-_]p[-_]?\d{3,}|/\d{4,}[-_][^/]+|[-_/]\d{4,}(?:\.html?)?/?$|/[^/]*\d[^/]*\.html?$|-\d+\.html?$|/p\d+(?:/|$)");

    private static readonly Regex ProductQuery = UrlPattern.Of(@"(?:^|&)(?:product_?id|products_id|item_?id|id_product|pid|sku|artnr|route=product%2Fproduct|route=product/product)(?:=|&|$)");

    private static readonly Regex ByMark = UrlPattern.Of(@"/(?:tags?|product[-_]tags?|tagged|schlagwort|schlagworte|etiquetas?|mot-cle|mots-cles|author|archives?|colou?rs?|sizes?|materials?|filter|filters|price[-_]range)/");

    private static readonly Regex ByMarkQuery = UrlPattern.Of(@"(?:^|&)(?:product_tag|tag|author)=");

    private static readonly Regex Facet = UrlPattern.Of(@"(?:^|&)(?:filter|filtre|facet|attrib|attr|query_type_|min[-_]?price|max[-_]?price|price[-_]?(?:min|max|from|to|range)|rating[-_]?filter|pf_|fq|refine|selected[-_]?filters|an=|color|colour|size|price=|q=)");

    private static readonly Regex SiteMap = UrlPattern.Of(@"/(?:information/)?site-?map(?:\.html?|/|$)");

    private static readonly Regex Home = UrlPattern.Of(@"^(?:common/home|home|index)$");

    private static readonly Regex List = UrlPattern.Of(@"/(?:category|categories|kategorie|kategori|categorie|categoria|collections?|c|cat|catalog|catalogue|shop|brands?|department|departments|sale|new|page|products|produkte|alle?)(?:/|$)");

    private static readonly Regex ProductSitemap = UrlPattern.Of(@"product|produkt|produit|prodotti|item|artikel|goods");

    private static readonly Regex Calendar = UrlPattern.Of(@"/(?:calendar|kalender|events?|agenda)/.*\d{4}|/\d{4}/\d{1,2}/\d{1,2}(?:/|$)");

    private static readonly Regex CalendarQuery = UrlPattern.Of(@"(?:^|&)(?:year|month|day|date|week|cal_?m(?:onth)?|ical|tribe-bar-date)=");

    public static LinkView Judge(WebUrl url)
    {
        string path = url.Path;
        if (url.ToString().Length > MaxLength) return new LinkView(0, "trap:length", false);
        if (Asset.IsMatch(path)) return new LinkView(0, null, true);
        if (Trap(url) is { } trap) return new LinkView(0, trap, false);
        if (SideEffects.In(url)) return new LinkView(0, "excluded", false);
        return new LinkView(Priority(url), null, false);
    }

    private static int Priority(WebUrl url)
    {
        if (IsByMark(url)) return MarkPriority;
        if (url.Query is { } asked && Facet.IsMatch(asked)) return FacetPriority;
        QueryShape shape = QueryShape.Of(url);
        int priority = ByPattern(url, shape.TurnsPage);
        return shape.Others.Count == 0 ? priority : Math.Min(priority, UnknownPriority);
    }

    /// <summary>The priority of a page that a sitemap names: one that it gives pictures, or that stands in a sitemap of products, is a product's.</summary>
    internal static int InSitemap(int priority, string sitemap, bool hasPictures) =>
        priority == OtherPriority && (hasPictures || ProductSitemap.IsMatch(sitemap)) ? ProductPriority - 10 : priority;

    /// <summary>Whether it is a page of information about the shop, not of what it sells. A list of all its pages is none.</summary>
    internal static bool IsInformation(WebUrl url) => Places(url).Any(p => Information.IsMatch(p) && !SiteMap.IsMatch(p));

    /// <summary>Whether it is the front page by the name that a front controller has for it.</summary>
    internal static bool IsHome(WebUrl url)
    {
        (string Name, string Value)[] asked = [.. QueryShape.Parameters(url.Query ?? "")];
        return url.Path is "/" or "/index.php" && asked.Length == 1 && SideEffects.IsDispatch(asked[0].Name) && Home.IsMatch(asked[0].Value);
    }

    /// <summary>The path, and what a front controller is asked for, which it writes like one.</summary>
    private static IEnumerable<string> Places(WebUrl url)
    {
        yield return url.Path;
        foreach ((string name, string value) in QueryShape.Parameters(url.Query ?? ""))
            if (SideEffects.IsDispatch(name) && value.Contains('/', StringComparison.Ordinal)) yield return "/" + value;
    }

    /// <summary>Whether it is a list by a mark that products have beside their category, such as a tag or a colour: what it shows is shown elsewhere.</summary>
    internal static bool IsByMark(WebUrl url) => ByMark.IsMatch(url.Path) || (url.Query is { } query && ByMarkQuery.IsMatch(query));

    private static int ByPattern(WebUrl url, bool turnsPage)
    {
        if (IsInformation(url)) return InformationPriority;
        if (Product.IsMatch(url.Path) || (url.Query is { } query && ProductQuery.IsMatch(query))) return ProductPriority;
        return turnsPage || Places(url).Any(p => List.IsMatch(p) || SiteMap.IsMatch(p)) ? ListPriority : OtherPriority;
    }

    private static string? Trap(WebUrl url)
    {
        string[] segments = url.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length > MaxSegments) return "trap:depth";
        // A relative link that a server answers at every level makes the same segment come back.
        if (segments.Length >= 4 && segments.GroupBy(s => s, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() >= 3)) return "trap:repeating";
        if (Calendar.IsMatch(url.Path) || (url.Query is { } query && CalendarQuery.IsMatch(query))) return "trap:calendar";
        return url.Query?.Count(c => c == '&') >= MaxParameters ? "trap:parameters" : null;
    }
}

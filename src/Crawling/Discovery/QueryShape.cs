using System.Text.RegularExpressions;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>
/// What the parameters of a URL are for, as far as their names tell: to name a page (<c>product_id</c>), to turn the pages of a list, to arrange what a list
/// shows (<c>sort</c>), or something else, such as one of a filter's facets, which only reading such pages can tell. Pure; thread-safe.
/// </summary>
/// <param name="Plain">The URL without what only arranges; the same instance where nothing does.</param>
/// <param name="TurnsPage">Whether it is a later page of a list.</param>
/// <param name="Names">Whether parameters name the page.</param>
/// <param name="Others">The names of the other parameters, in lower case, each once.</param>
internal sealed record QueryShape(WebUrl Plain, bool TurnsPage, bool Names, IReadOnlyList<string> Others)
{
    private static readonly Regex Naming = UrlPattern.Of(@"^(?:route|rt|(?:products?|items?|goods|art|artikel|article|category|cat|categories|manufacturer|brand|vendor|information|post|page|shop)[-_]?(?:id|nr|no|num|number|code|sku)|id[-_]?(?:product|category|manufacturer|supplier|cms|item|article|shop)|products?|item|goods|artikel|article|id|nr|no|num|number|pid|cid|sku|code|ref[-_]?nr|artnr|art|path|c_?path|cat|category|c|controller|main_page|option|task|itemid|dispatch|target|cl|cnid|anid|module|mod|fc|view|product_cat|post_type|p|lang|language|locale|_locale|lng|idioma|sprache|slug|handle|name|section|department|model[-_]?id|ean|gtin|isbn|action|act|do|s?viewport|sarticle|scategory)$");

    private static readonly Regex Paging = UrlPattern.Of(@"^(?:page|paged|p|pg|pn|seite|sida|side|pagina|strona|offset|start|from|product[-_]page|page[-_]?(?:no|nr|num|number|index|id)|current[-_]?page|s?page)$");

    private static readonly Regex Arranging = UrlPattern.Of(@"^(?:sort|sort[-_]?(?:by|ing|order|dir)|order[-_]?by|product[-_]?(?:orderby|order|sort)|product_list_(?:order|dir|mode|limit)|dir|direction|orderdir|orderway|limit|per[-_]?page|page[-_]?size|results?[-_]?per[-_]?page|items?[-_]?per[-_]?page|products?[-_]?per[-_]?page|ppp|list[-_]?mode|currency|set[-_]?currency|id_currency|submitcurrency|___store|___from_store|back|return|return[-_]?(?:url|to)|redirect|redirect[-_]?to|referer|referrer|tracking|tracking_code)$");

    // Names that arrange only with some values.
    private static readonly Regex ArrangingWord = UrlPattern.Of(@"^(?:grid|list|table|gallery|thumbs?|compact|tiles?|asc|desc)$");

    private static readonly Regex OrderWord = UrlPattern.Of(@"^[a-z_.\-]*(?:name|price|date|asc|desc|popularity|rating|position|new|newest|model|sales|title|random)[a-z_.\-]*$");

    private static readonly Regex PagePath = UrlPattern.Of(@"/(?:page|seite|sida|side|pagina|strona)[-_/]?\d{1,5}(?:\.html?)?/?$");

    public static QueryShape Of(WebUrl url)
    {
        bool turns = PagePath.IsMatch(url.Path), names = false;
        if (url.Query is not { Length: > 0 } query) return new QueryShape(url, turns, false, []);
        List<string> kept = [];
        SortedSet<string> others = new(StringComparer.Ordinal);
        string[] parts = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        foreach (string part in parts)
        {
            (string name, string value) = Parameter(part);
            // Some shops add their own parameters to a link once more.
            if (Arranges(name, value) || kept.Contains(part)) continue;
            kept.Add(part);
            if (Paging.IsMatch(name) && IsNumber(value)) turns = true;
            else if (Naming.IsMatch(name)) names = true;
            else others.Add(name);
        }
        WebUrl plain = kept.Count == parts.Length ? url : url with { Query = kept.Count == 0 ? null : string.Join('&', kept) };
        return new QueryShape(plain, turns, names, [.. others]);
    }

    /// <summary>The parameters with escapes undone, the names in lower case.</summary>
    public static IEnumerable<(string Name, string Value)> Parameters(string query)
    {
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries)) yield return Parameter(part);
    }

    /// <summary>The URL without the parameters of these names.</summary>
    public static WebUrl Without(WebUrl url, IReadOnlySet<string> names)
    {
        string[] kept = [.. (url.Query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Where(part => !names.Contains(Parameter(part).Name))];
        return url with { Query = kept.Length == 0 ? null : string.Join('&', kept) };
    }

    private static bool Arranges(string name, string value) => Arranging.IsMatch(name) || name switch
    {
        "order" => OrderWord.IsMatch(value),
        "view" or "mode" or "display" or "layout" => ArrangingWord.IsMatch(value),
        "show" => IsNumber(value),
        // Where it is no referrer it is a reference number.
        "ref" => !IsNumber(value),
        "page" or "paged" => value == "1",
        _ => false,
    };

    private static bool IsNumber(string value) => value.Length is > 0 and < 8 && value.All(char.IsAsciiDigit);

    private static (string Name, string Value) Parameter(string part)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        return (Text(equals < 0 ? part : part[..equals]).ToLowerInvariant(), equals < 0 ? "" : Text(part[(equals + 1)..]));
    }

    private static string Text(string escaped)
    {
        string once = Uri.UnescapeDataString(escaped.Replace('+', ' '));
        return once.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(once) : once;
    }
}

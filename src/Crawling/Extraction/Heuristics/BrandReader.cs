using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads the brand that an element shows: its text, else the alternative text of the picture in it.</summary>
public static partial class BrandReader
{
    private const int MaximumLength = 50;

    /// <summary>Null where the element names no brand.</summary>
    public static string? Read(INode node)
    {
        if (FactSet.CleanText(VisibleText.Of(node), 200) is { } text) return Short(text);
        if (node is not IParentNode parent) return null;
        string drawn = string.Join(' ', parent.QuerySelectorAll("svg title, svg desc, svg text").Select(static t => t.TextContent));
        if (FactSet.CleanText(drawn, 200) is { } title) return Short(title);
        foreach (IElement image in (IElement[])[.. node is IElement self && self.LocalName == "img" ? [self] : Array.Empty<IElement>(), .. parent.QuerySelectorAll("img")])
            if (FactSet.CleanText(image.GetAttribute("alt") ?? image.GetAttribute("title"), 200) is { } alt) return Short(alt);
        return null;
    }

    /// <summary>The brand that a link to more of it names; else the text.</summary>
    public static string Named(string text)
    {
        string named = LedTo().Match(text) is { Success: true } led ? led.Groups[1].Value : text;
        return LogoOf().Match(named) is { Success: true } logo ? logo.Groups[1].Value : named;
    }

    /// <summary>Whether a text is a word of the shop's that stands where a brand would: "Manufacturer Info".</summary>
    public static bool IsFiller(string text) => Filler().IsMatch(text) || Unfilled().IsMatch(text) || Writer().IsMatch(text);

    // Who wrote a book: "by Ada Brumm (Author)".
    [GeneratedRegex(@"\((?:author|editor|illustrator|translator|autore?|autora|auteur|herausgeber|illustrateur|traducteur|auteure|schrijver|著|作者)\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Writer();

    // What a template left where a value was to be: $brand, {{ brand }}, %BRAND%.
    [GeneratedRegex(@"^(?:\$\w+|\$?\{\{?.*\}\}?|%\w+%|<%.*%>|\[\[.*\]\])$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Unfilled();

    [GeneratedRegex(@"^(?:(?:the )?(?:brand|manufacturer|maker|vendor|supplier)s?(?:'s)?\s*)?(?:info(?:rmation)?s?|details?|name|logos?|pages?|sites?|web ?sites?|home ?page|more|all|others?|list|index|contact|warranty|guarantee|description|specifications?|products?|code|number|story|new|news|yes|no|none|brands?|select|choose|please select|view all|show all|unknown|not specified)?\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Filler();

    // A link says what it leads to: "Visit the Brumm Store", "See more of the brand: Brumm".
    [GeneratedRegex(@"^(?:visit the|besuchen? (?:sie )?den|visiter la boutique|visita (?:lo store di|la tienda de)|bezoek de|besök|odwiedź sklep|(?:[\p{L}\s]{0,40}\b)?(?:brand|marke|marque|marca|merk|märke|mærke|marka)\s*[:：])\s*(.+?)(?:[\s-]+(?:store|shop|winkel|butik))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex LedTo();

    [GeneratedRegex(@"^(.*[^\s\-|])[\s\-|]+logo$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex LogoOf();

    // A sentence is a slogan or a description.
    private static string? Short(string text) => text.Length <= MaximumLength ? text : null;
}

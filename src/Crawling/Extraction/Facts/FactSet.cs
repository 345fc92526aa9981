using System.Net;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>What one syntax says of the product; several are merged by trust. A fact not stated is null.</summary>
internal sealed class FactSet(string source)
{
    public string Source { get; } = source;

    public string? Name { get; set; }

    public decimal? Price { get; set; }

    /// <summary>What the price was before, where the syntax tells it apart.</summary>
    public decimal? FormerPrice { get; set; }

    public string? Currency { get; set; }

    public Availability? Availability { get; set; }

    public string? Sku { get; set; }

    /// <summary>Whether <see cref="Sku"/> was read beside a label that calls it the product's number.</summary>
    public bool SkuIsLabelled { get; set; }

    /// <summary>The number by which the shop addresses the offer, where the page names it as one.</summary>
    public string? AddressNumber { get; set; }

    public string? Mpn { get; set; }

    public string? Gtin { get; set; }

    public string? Brand { get; set; }

    public string? Seller { get; set; }

    public string? Description { get; set; }

    public List<string> Images { get; } = [];

    public List<string> Breadcrumbs { get; } = [];

    /// <summary>The forms in which the product is offered; empty where the syntax tells of none.</summary>
    public List<OfferVariant> Variants { get; } = [];

    /// <summary>The maker as the syntax names it, with address and ways to reach it.</summary>
    public StatedMaker? Maker { get; set; }

    /// <summary>Whether the page has a control that puts a product into a cart.</summary>
    public bool CanBeBought { get; set; }

    /// <summary>Whether much on the page speaks for the price found.</summary>
    public bool PriceIsNamed { get; set; }

    public bool IsEmpty => Name is null && Price is null && Sku is null && Gtin is null && Brand is null && Images.Count == 0 && Breadcrumbs.Count == 0
        && Availability is null && Description is null && Mpn is null && Seller is null;

    /// <summary>A text without markup, entities and repeated white space; null where nothing is left or it is a placeholder.</summary>
    public static string? CleanText(string? text, int maximum = 500)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        string decoded = WebUtility.HtmlDecode(text);
        if (decoded.Contains('&', StringComparison.Ordinal)) decoded = WebUtility.HtmlDecode(decoded);
        if (decoded.Contains('<', StringComparison.Ordinal) && decoded.Contains('>', StringComparison.Ordinal)) decoded = StripTags(decoded);
        string clean = ComposedLetters.In(VisibleText.Collapse(WithoutDirections(decoded)));
        if (clean.Length == 0 || clean is "null" or "undefined" or "N/A" or "n/a" or "NULL" or "None" or "-" or "--" or "[object Object]") return null;
        return WholeCharacters.Cut(WholeCharacters.Mend(clean), maximum).TrimEnd();
    }

    // Unicode, annex 9: marks that set the direction of writing are no part of a text; so is a byte order mark.
    private static string WithoutDirections(string text) => text.Any(IsDirection) ? string.Concat(text.Where(static c => !IsDirection(c))) : text;

    private static bool IsDirection(char c) => c is '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';

    private static string StripTags(string text)
    {
        System.Text.StringBuilder plain = new(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            bool tag = text[at] == '<' && at + 1 < text.Length && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] is '/' or '!');
            int end = tag ? text.IndexOf('>', at) : -1;
            if (end < 0) plain.Append(text[at++]);
            else
            {
                plain.Append(' ');
                at = end + 1;
            }
        }
        return plain.ToString();
    }
}

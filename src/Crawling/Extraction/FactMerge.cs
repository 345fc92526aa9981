using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction;

/// <summary>Joins what several syntaxes say of one product: per fact the first that states it, in the order of trust given.</summary>
internal static partial class FactMerge
{
    /// <param name="seen">What the visible page says; one of the sets.</param>
    /// <param name="shows">Whether the page shows a text to people, as a word of its own.</param>
    public static ListingFacts Join(string url, PageContext page, IReadOnlyList<FactSet> byTrust, FactSet seen, Func<string, bool> shows)
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        T? First<T>(Func<FactSet, T?> fact)
        {
            foreach (FactSet set in byTrust)
                if (fact(set) is { } value)
                {
                    used.Add(set.Source);
                    return value;
                }
            return default;
        }

        // Shop programs write 0 where no price is stated: nothing is given away.
        FactSet? priced = byTrust.FirstOrDefault(static s => s.Price is > 0);
        // What is called the price before a reduction is the price where no reduced one is stated.
        if (priced is null && byTrust.FirstOrDefault(static s => s.FormerPrice is > 0) is { } unreduced)
        {
            unreduced.Price = unreduced.FormerPrice;
            priced = unreduced;
        }
        if (priced is not null) used.Add(priced.Source);
        string? name = First(static s => s.Name);
        string? gtin = First(static s => s.Gtin) ?? First(static s => InArticleNumber(s));
        (string? sku, string? numberedBy) = ArticleNumber.Choose(byTrust, seen, shows, page.Address);
        (IReadOnlyList<OfferVariant> variants, int found) = VariantMerge.Join(byTrust, used);
        if (numberedBy is not null) used.Add(numberedBy);
        return new()
        {
            Url = url,
            Name = name,
            Price = priced?.Price,
            Currency = priced is null ? null : priced.Currency ?? First(static s => s.Currency),
            // Who asks a price and says nothing of the stock offers it.
            Availability = First(static s => s.Availability) ?? (priced is null ? null : Availability.InStock),
            Sku = sku,
            Mpn = First(static s => WithoutPrice(s.Mpn)),
            Gtin = gtin is null ? null : Gtin.Parse(gtin)?.Digits,
            Brand = First(s => s.Brand is { } brand && !BrandReader.IsFiller(brand) && !IsKey(brand, name) ? BrandReader.Named(brand) : null),
            Seller = First(static s => s.Seller is { } seller && !BrandReader.IsFiller(seller) ? seller : null),
            Description = First(static s => s.Description),
            Language = page.Language,
            Images = ImageList.Join(byTrust, used),
            Variants = variants,
            VariantsFound = found,
            Breadcrumbs = First(static s => s.Breadcrumbs.Count > 0 ? s.Breadcrumbs : null) ?? [],
            Sources = byTrust.Select(static s => s.Source).Where(used.Contains).Distinct(StringComparer.Ordinal).ToList(),
        };
    }

    // Four digits and more are the brand's row in the shop's database, unless the product is named by them.
    private static bool IsKey(string brand, string? name) => brand.Length >= 4 && brand.All(char.IsAsciiDigit) && name?.Contains(brand, StringComparison.Ordinal) != true;

    // Shop programs write a model's price behind its number; a number with a currency beside it is no part of one.
    private static string? WithoutPrice(string? number)
    {
        if (number is null || PriceParser.Read(number) is not { Amount: not null, CurrencyText: { } currency } || Currencies.IsWeak(currency)) return number;
        string rest = Priced().Replace(number, "").Trim(' ', '-', '–', ',', '(', ')', '/');
        return rest.Length > 1 && rest.Any(char.IsDigit) ? rest : null;
    }

    [GeneratedRegex(@"\W*(?:[\p{Sc}]\s*\d[\d.,]*|\d[\d.,]*\s*[\p{Sc}]|\b[A-Z]{3}\s*\d[\d.,]*[.,]\d{2}\b|\b\d[\d.,]*[.,]\d{2}\s*[A-Z]{3}\b).*$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Priced();

    // Many shops number their articles by the EAN.
    private static string? InArticleNumber(FactSet set) =>
        set.Sku is { Length: 13 } sku && Gtin.Parse(sku) is { Kind: GtinKind.Gtin13 or GtinKind.Isbn13 } number && number.Digits[0] != '0' ? number.Digits : null;
}

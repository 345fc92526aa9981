using Touchstone.Crawling.Text;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.References;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>By what an offer is found again without its pictures, as texts that equal offers share. Pure.</summary>
public static class WatchKeys
{
    private const string GtinKey = "gtin:";

    private const int GtinDigits = 14, ShortestModel = 4;

    // No key is longer in the database's index.
    private const int Longest = 200;

    /// <summary>Its numbers: the GTIN, and the brand with the maker's number.</summary>
    public static IReadOnlyList<string> NumbersOf(ObservationRow offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return NumbersOf(offer.Gtin, offer.Brand, offer.Mpn);
    }

    /// <inheritdoc cref="NumbersOf(ObservationRow)" />
    public static IReadOnlyList<string> NumbersOf(string? gtin, string? brand, string? mpn)
    {
        var keys = new List<string>();
        if (gtin is { Length: >= 8 and <= GtinDigits } && gtin.All(char.IsAsciiDigit)) keys.Add(GtinKey + gtin.PadLeft(GtinDigits, '0'));
        if (ReferenceText.CleanBrand(brand) is { } clean && mpn is not null && IdentifierLookup.FoldedBrand(mpn) is { Length: >= ShortestModel } model && IdentifierLookup.FoldedBrand(clean) is { Length: > 0 } folded)
            keys.Add(Cut($"model:{folded}|{model}"));
        return keys;
    }

    /// <summary>Whether a key is a GTIN's; else it is a brand's with the maker's number.</summary>
    internal static bool IsGtin(string key) => key.StartsWith(GtinKey, StringComparison.Ordinal);

    /// <summary>Its title with its seller.</summary>
    /// <param name="host">The shop's.</param>
    public static IReadOnlyList<string> TitlesOf(ObservationRow offer, string host)
    {
        ArgumentNullException.ThrowIfNull(offer);
        string seller = SellerOf(host, offer.Seller);
        return [.. new TitleShingles(offer.Name).Keys().Select(k => Cut($"title:{k}:{seller}"))];
    }

    /// <summary>A seller is a name within a shop. Who names none is the shop.</summary>
    public static string SellerOf(string host, string? seller) => $"{host}|{SellerName.Folded(seller)}";

    private static string Cut(string key) => WholeCharacters.Cut(key, Longest);
}

namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>One of the forms in which a listing offers its product: a size, a colour, a pack. A fact that the page does not state of it is null.</summary>
public sealed record OfferVariant
{
    /// <summary>What tells it from the others, such as <c>Red / L</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The shop's number of this variant.</summary>
    public string? Sku { get; init; }

    /// <summary>GTIN-8, -12, -13 or -14 with a right check digit, digits only.</summary>
    public string? Gtin { get; init; }

    public string? Mpn { get; init; }

    /// <summary>In units of <see cref="Currency"/>.</summary>
    public decimal? Price { get; init; }

    /// <summary>ISO 4217; null where the page states it of the listing only.</summary>
    public string? Currency { get; init; }

    public Availability? Availability { get; init; }

    /// <summary>Absolute URL of its own picture.</summary>
    public string? Image { get; init; }

    /// <summary>How many facts are stated of it besides its name.</summary>
    internal int Stated => new object?[] { Sku, Gtin, Mpn, Price, Availability, Image }.Count(static f => f is not null);

    /// <summary>Whether the two are one: by their GTINs, else by the shop's numbers, else by their names.</summary>
    internal bool IsSame(OfferVariant other)
    {
        if (Gtin is not null && other.Gtin is not null) return Gtin == other.Gtin;
        if (Sku is not null && other.Sku is not null) return Sku.Equals(other.Sku, StringComparison.OrdinalIgnoreCase);
        return Name is not null && Folded(Name) == Folded(other.Name);
    }

    /// <summary>This one, with what only the other states.</summary>
    internal OfferVariant With(OfferVariant other) => this with
    {
        Name = Name ?? other.Name, Sku = Sku ?? other.Sku, Gtin = Gtin ?? other.Gtin, Mpn = Mpn ?? other.Mpn, Price = Price ?? other.Price, Currency = Price is null ? other.Currency : Currency ?? other.Currency,
        Availability = Availability ?? other.Availability, Image = Image ?? other.Image,
    };

    private static string Folded(string? name) => new([.. (name ?? "").Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}

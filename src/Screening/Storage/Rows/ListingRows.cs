using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Screening.Storage.Rows;

/// <summary>A host that offers things.</summary>
public sealed class ShopRow
{
    public long Id { get; set; }

    /// <summary>Lower case, with the port if it is not the scheme's default; unique.</summary>
    public required string Host { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset? LastCrawledAt { get; set; }

    public ICollection<ListingRow> Listings { get; } = [];
}

/// <summary>An offer seen at a URL.</summary>
public sealed class ListingRow
{
    public long Id { get; set; }

    public long ShopId { get; set; }

    public ShopRow? Shop { get; set; }

    /// <summary>Canonical; unique.</summary>
    public required string Url { get; set; }

    public string? Name { get; set; }

    public decimal? Price { get; set; }

    public string? Currency { get; set; }

    public Availability? Availability { get; set; }

    public string? Sku { get; set; }

    public string? Mpn { get; set; }

    public string? Gtin { get; set; }

    public string? Brand { get; set; }

    public string? Seller { get; set; }

    public string? Description { get; set; }

    public string? Language { get; set; }

    /// <summary>One a line, from the root.</summary>
    public string? Breadcrumbs { get; set; }

    /// <summary>The syntaxes that gave facts, one a line.</summary>
    public string? Sources { get; set; }

    /// <summary>SHA-256 of the facts: equal means the offer did not change.</summary>
    public required string ContentHash { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public ICollection<ListingImageRow> Images { get; } = [];
}

public sealed class ListingImageRow
{
    public long Id { get; set; }

    public long ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    public int Position { get; set; }

    public required string Url { get; set; }

    public string? ImageSha256 { get; set; }

    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>Why there is no picture, for people.</summary>
    public string? Failure { get; set; }
}

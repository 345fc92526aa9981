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

/// <summary>An offer at a URL: which one it is, and its latest state. What was seen of it is in its observations.</summary>
public sealed class ListingRow
{
    public long Id { get; set; }

    public long ShopId { get; set; }

    public ShopRow? Shop { get; set; }

    /// <summary>Who offered it when it was last seen; null: nobody is named.</summary>
    public long? SellerId { get; set; }

    public SellerRow? Seller { get; set; }

    /// <summary>Canonical; unique.</summary>
    public required string Url { get; set; }

    /// <summary>As in the latest observation, for lists.</summary>
    public string? Name { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public ICollection<ObservationRow> Observations { get; } = [];
}

/// <summary>
/// What was seen at a listing's URL: one for each change of its content. Never changed: where the same is seen again, only
/// <see cref="LastSeenAt"/> and its pictures' <see cref="ObservationImageRow.FetchedAt"/> move.
/// </summary>
public sealed class ObservationRow
{
    public long Id { get; set; }

    public long ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    /// <summary>Of the listing's observations, from 1; unique with the listing.</summary>
    public int Number { get; set; }

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

    /// <summary>The page that the facts were read from, as UTF-8, in the blob store; null where none was kept.</summary>
    public string? PageSha256 { get; set; }

    /// <summary>Whether a browser made the page.</summary>
    public bool PageRendered { get; set; }

    /// <summary>SHA-256 of the facts and of the pictures' bytes: equal means that the same was seen again.</summary>
    public required string ContentHash { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public ICollection<ObservationImageRow> Images { get; } = [];

    /// <summary>The forms in which the product is offered; empty where it is offered in one.</summary>
    public ICollection<ObservationVariantRow> Variants { get; } = [];

    /// <summary>How many variants the page lists; more than are kept where the limit cut them.</summary>
    public int VariantsFound { get; set; }

    /// <summary>What the page states of what a distance seller must state, as <see cref="SafetyColumn"/> writes it; null where no page was asked.</summary>
    public string? Safety { get; set; }

    /// <summary>As in <see cref="Safety"/>, for filters; null where it cannot be told.</summary>
    public bool? LacksResponsiblePerson { get; set; }

    public ICollection<ObservationExchangeRow> Exchanges { get; } = [];
}

/// <summary>A request that brought an observation's page, or what a browser asked for to make it, with its answer, as both went over the wire.</summary>
public sealed class ObservationExchangeRow
{
    public long Id { get; set; }

    public long ObservationId { get; set; }

    public ObservationRow? Observation { get; set; }

    /// <summary>In the order in which they were asked, from 0: redirects, the page, and then what a browser asked for.</summary>
    public int Position { get; set; }

    /// <summary>Whether a browser asked for it while it made the page: a script, a style, an interface.</summary>
    public bool IsResource { get; set; }

    public required string Url { get; set; }

    /// <summary>Request line and headers, byte for byte.</summary>
    public required byte[] RequestHead { get; set; }

    /// <summary>Status line and headers, byte for byte; empty if no answer came.</summary>
    public required byte[] ResponseHead { get; set; }

    /// <summary>The body before it was unpacked, in the blob store; null where there is none.</summary>
    public string? BodySha256 { get; set; }

    /// <summary>Whether the body is all that the server sent.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The address that answered; null if it is not known.</summary>
    public string? Address { get; set; }

    /// <summary>What allowed the request: <c>robots</c>, <c>mandate:</c> with its number, or <c>operator</c>; null where it was not noted.</summary>
    public string? Policy { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }
}

/// <summary>A picture of an observation.</summary>
public sealed class ObservationImageRow
{
    public long Id { get; set; }

    public long ObservationId { get; set; }

    public ObservationRow? Observation { get; set; }

    /// <summary>In the order of the page, from 0.</summary>
    public int Position { get; set; }

    /// <summary>Where it was shown.</summary>
    public required string Url { get; set; }

    /// <summary>Null where it was not fetched.</summary>
    public string? ImageSha256 { get; set; }

    /// <summary>When these bytes, or this failure, were last received; null where the limit of pictures left it unread.</summary>
    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>Why there is no picture, for people.</summary>
    public string? Failure { get; set; }
}

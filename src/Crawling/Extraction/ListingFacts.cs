using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction;

/// <summary>What a product page says of its offer. A fact that the page does not state is null, never an empty string.</summary>
public sealed record ListingFacts
{
    /// <summary>The canonical URL of the page.</summary>
    public required string Url { get; init; }

    public string? Name { get; init; }

    /// <summary>In units of <see cref="Currency"/>; the lowest price of an aggregate offer.</summary>
    public decimal? Price { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>What the page says of the stock; where it asks a price and says nothing, in stock: that is what an offer is.</summary>
    public Availability? Availability { get; init; }

    /// <summary>The shop's own number: stated by markup, else that by which the shop addresses the offer where the page calls it so, else one in sight.</summary>
    public string? Sku { get; init; }

    public string? Mpn { get; init; }

    /// <summary>GTIN-8, -12, -13 or -14 with a right check digit, digits only.</summary>
    public string? Gtin { get; init; }

    public string? Brand { get; init; }

    public string? Seller { get; init; }

    public string? Description { get; init; }

    /// <summary>ISO 639 language of the page, as declared.</summary>
    public string? Language { get; init; }

    /// <summary>Absolute URLs, best resolution first shown first, without repeats.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The forms in which the product is offered here, such as sizes and colours, in the page's order: the first 100. Empty where the page offers one.</summary>
    public IReadOnlyList<OfferVariant> Variants { get; init; } = [];

    /// <summary>How many variants the page lists; more than <see cref="Variants"/> holds where the limit cut them.</summary>
    public int VariantsFound { get; init; }

    /// <summary>What a distance seller must state of the product (Regulation (EU) 2023/988, Article 19), point by point; empty where the page was not asked.</summary>
    public IReadOnlyList<SafetyStatement> Safety { get; init; } = [];

    /// <summary>From the shop's root to the product's category.</summary>
    public IReadOnlyList<string> Breadcrumbs { get; init; } = [];

    /// <summary>The syntaxes that gave facts, such as <c>json-ld</c>, <c>microdata</c>, <c>rdfa</c>, <c>opengraph</c>, <c>heuristics</c>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];
}

/// <summary>Why a page yields no listing.</summary>
public enum NoListingReason
{
    /// <summary>The page is no HTML.</summary>
    NotHtml,

    /// <summary>The page is a list, an article or another page that offers no single product.</summary>
    NoProduct,

    /// <summary>The page has nearly no text and loads scripts: it should be rendered by a browser.</summary>
    ClientRendered,

    /// <summary>The page offers what the same crawl has read under another address, with all its pictures.</summary>
    AlreadyRead,

    /// <summary>Reading the page took too long, as on a busy machine: it may succeed another time.</summary>
    TookTooLong,
}

/// <summary>What extraction gave: exactly one of <see cref="Listing"/> and <see cref="Reason"/> is set.</summary>
public sealed record ExtractionOutcome(ListingFacts? Listing, NoListingReason? Reason, string? Detail);

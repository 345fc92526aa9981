using Touchstone.Crawling.Extraction.Shop;

namespace Touchstone.Screening.Storage.Rows;

/// <summary>What the signals of a shop say of a country together; where there is none, nothing is kept.</summary>
public enum MarketStanding
{
    /// <summary>Some signals mean the country, and too few to say that it is meant.</summary>
    MayTarget,

    /// <summary>The shop says that it sends there, or several signals mean the country.</summary>
    Targets,
}

/// <summary>What a page of a shop says of the countries that it sells to. The first page that says it is kept.</summary>
public sealed class MarketSignalRow
{
    public long Id { get; set; }

    /// <summary>The shop's host, lower case, with the port if it is not the scheme's default.</summary>
    public required string Host { get; set; }

    public MarketSignalKind Kind { get; set; }

    /// <summary>ISO 3166-1 alpha-2 codes, separated by blanks; unique with host and kind.</summary>
    public required string Countries { get; set; }

    /// <summary>What the page says, in its words.</summary>
    public required string Text { get; set; }

    public required string PageUrl { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }
}

/// <summary>What the signals of a shop say together of one country.</summary>
public sealed class ShopMarketRow
{
    public required string Host { get; set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; set; }

    public MarketStanding Standing { get; set; }
}

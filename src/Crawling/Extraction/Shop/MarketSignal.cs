namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>What a page says by which a country is meant as a market.</summary>
public enum MarketSignalKind
{
    /// <summary>It says that the shop sends there.</summary>
    Dispatch,

    /// <summary>The language in which it is ordered, with its country where that is stated.</summary>
    Language,

    /// <summary>The currency of the price.</summary>
    Currency,

    /// <summary>A way to pay that is used in few countries.</summary>
    Payment,

    /// <summary>The country of the shop's name on the web.</summary>
    Domain,

    /// <summary>The number under which the shop is known to a country's tax office or company register.</summary>
    VatNumber,
}

/// <summary>One thing that a page says of the countries it sells to.</summary>
/// <param name="Countries">ISO 3166-1 alpha-2 codes, in order; several where it is said of all of them alike, such as by the euro.</param>
/// <param name="Text">What the page says, in its words; at most 160 characters.</param>
public sealed record MarketSignal(MarketSignalKind Kind, IReadOnlyList<string> Countries, string Text);

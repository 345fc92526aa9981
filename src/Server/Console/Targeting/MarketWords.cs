using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Targeting;

/// <summary>Markets and their signals for people, in the language of the request.</summary>
internal static class MarketWords
{
    /// <summary>A country by its code and its name.</summary>
    public static string NameOf(string country) => CountryNames.Find(country, ConsoleLanguage.Current) is { } name ? $"{country} · {name}" : country;

    public static string Of(MarketStanding standing) => standing == MarketStanding.Targets ? T("targets it") : T("may target it");

    public static string Of(MarketSignalKind kind) => kind switch
    {
        MarketSignalKind.Dispatch => T("dispatch"),
        MarketSignalKind.Language => T("language"),
        MarketSignalKind.Currency => T("currency"),
        MarketSignalKind.Payment => T("payment"),
        MarketSignalKind.Domain => T("domain"),
        MarketSignalKind.VatNumber => T("tax number"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}

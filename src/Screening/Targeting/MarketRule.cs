using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Targeting;

/// <summary>
/// The rule by which signals say whether a shop targets a country. <b>Targets</b>: it says that it sends there; or two kinds of signals mean the country, of which one means it alone, or which have no other in
/// common (Portuguese and the euro). <b>May target</b>: one kind of signal means it alone; or two kinds mean it among others. Else there is no sign. Pure.
/// </summary>
public static class MarketRule
{
    /// <summary>The countries of which there is a sign, in the order of their codes.</summary>
    public static IReadOnlyList<(string Country, MarketStanding Standing)> Judge(IReadOnlyList<MarketSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        return [.. signals.SelectMany(s => s.Countries).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(country => (country, Standing: StandingOf(country, signals))).Where(x => x.Standing is not null).Select(x => (x.country, x.Standing!.Value))];
    }

    /// <summary>What the signals say of one country; null: there is no sign.</summary>
    public static MarketStanding? StandingOf(string country, IReadOnlyList<MarketSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        MarketSignal[] meant = [.. signals.Where(s => s.Countries.Contains(country))];
        if (meant.Any(s => s.Kind == MarketSignalKind.Dispatch)) return MarketStanding.Targets;
        int kinds = meant.Select(s => s.Kind).Distinct().Count();
        bool alone = meant.Any(s => s.Countries.Count == 1) || (kinds >= 2 && CommonTo(meant, signals).Count == 1);
        return (kinds, alone) switch
        {
            ( >= 2, true) => MarketStanding.Targets,
            (1, true) or ( >= 2, false) => MarketStanding.MayTarget,
            _ => null,
        };
    }

    /// <summary>The countries that every kind of signal that means one of them has in common.</summary>
    private static IReadOnlySet<string> CommonTo(MarketSignal[] meant, IReadOnlyList<MarketSignal> signals)
    {
        IEnumerable<HashSet<string>> kinds = meant.Select(s => s.Kind).Distinct().Select(kind => signals.Where(s => s.Kind == kind).SelectMany(s => s.Countries).ToHashSet(StringComparer.Ordinal));
        return kinds.Aggregate((common, next) => [.. common.Intersect(next)]);
    }
}

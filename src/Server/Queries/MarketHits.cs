using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>How many hits are of shops that target a country, and of shops that may.</summary>
public sealed record MarketHits(string Country, int Targets, int MayTarget)
{
    private const int Most = 60;

    /// <summary>The markets of the hits that fit a filter, those with most hits first.</summary>
    internal static async Task<IReadOnlyList<MarketHits>> OfAsync(TouchstoneDb db, HitFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var counts = await (from hit in HitQueries.Where(db, filter, now)
                            join market in db.ShopMarkets on hit.Listing!.Shop!.Host equals market.Host
                            group hit by new { market.Country, market.Standing } into g
                            select new { g.Key.Country, g.Key.Standing, Count = g.Count() }).ToListAsync(cancellationToken);
        return [.. counts.GroupBy(c => c.Country).Select(g => new MarketHits(g.Key, g.Where(c => c.Standing == MarketStanding.Targets).Sum(c => c.Count), g.Where(c => c.Standing == MarketStanding.MayTarget).Sum(c => c.Count)))
            .OrderByDescending(m => m.Targets).ThenByDescending(m => m.MayTarget).ThenBy(m => m.Country, StringComparer.Ordinal).Take(Most)];

    }
}

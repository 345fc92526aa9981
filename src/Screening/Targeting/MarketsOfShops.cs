using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Targeting;

/// <summary>Of which markets hits are, for lists and figures by market: of the case's where one is stated, else of those that the shop targets, else of the country of its domain. Immutable.</summary>
public sealed class MarketsOfShops
{
    private const int MostAtOnce = 500;

    // Sold as words, not as countries.
    private static readonly HashSet<string> NoCountries = new(StringComparer.Ordinal) { "ai", "cc", "co", "fm", "io", "me", "sh", "to", "tv", "ws", "eu" };

    private readonly ILookup<string, string> targets;

    private MarketsOfShops(ILookup<string, string> targets) => this.targets = targets;

    /// <summary>Reads what the shops target.</summary>
    public static async Task<MarketsOfShops> ReadAsync(TouchstoneDb db, IEnumerable<string> hosts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var rows = new List<ShopMarketRow>();
        foreach (string[] part in hosts.Distinct(StringComparer.Ordinal).Chunk(MostAtOnce))
            rows.AddRange(await db.ShopMarkets.AsNoTracking().Where(x => EF.Parameter(part).Contains(x.Host) && x.Standing == MarketStanding.Targets).ToListAsync(cancellationToken));
        return new MarketsOfShops(rows.OrderBy(x => x.Country, StringComparer.Ordinal).ToLookup(x => x.Host, x => x.Country, StringComparer.Ordinal));
    }

    /// <summary>ISO 3166-1 alpha-2 codes; empty: nothing tells.</summary>
    /// <param name="stated">The case's market; null: none is stated.</param>
    public IReadOnlyList<string> Of(string? stated, string host)
    {
        if (stated is not null) return [stated];
        if (targets.Contains(host)) return [.. targets[host]];
        return OfDomain(host) is { } country ? [country] : [];
    }

    /// <summary>The country of a domain; null where it names none.</summary>
    /// <param name="host">With or without a port.</param>
    public static string? OfDomain(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        string name = host.Split(':')[0].TrimEnd('.').ToLowerInvariant();
        string top = name[(name.LastIndexOf('.') + 1)..];
        if (top.Length != 2 || !top.All(char.IsAsciiLetter) || NoCountries.Contains(top) || top.Length == name.Length) return null;
        return top == "uk" ? "GB" : top.ToUpperInvariant();
    }
}

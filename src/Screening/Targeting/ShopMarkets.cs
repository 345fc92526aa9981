using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Targeting;

/// <summary>
/// Keeps what the pages of shops say of the countries that they sell to, each thing with the first page that says it, and what that comes to by <see cref="MarketRule"/>. Safe for concurrent use, also by
/// several processes.
/// </summary>
public sealed class ShopMarkets(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    private const int MostAttempts = 5;

    private const int LongestUrl = 2_000;

    /// <summary>Keeps the signals of a page.</summary>
    /// <param name="known">What the caller has kept already, which is not kept again: a shop repeats most of it on every page. Grows.</param>
    public async Task KeepAsync(string pageUrl, IReadOnlyList<MarketSignal> signals, KeptSignals known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);
        string host = ObservationStore.HostOf(pageUrl);
        MarketSignal[] fresh = [.. signals.Where(s => !known.Has(host, s))];
        if (fresh.Length == 0) return;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await SaveAsync(host, pageUrl.Length > LongestUrl ? pageUrl[..LongestUrl] : pageUrl, fresh, cancellationToken);
                break;
            }
            catch (DbUpdateException e) when (attempt < MostAttempts && !DatabaseAway.Explains(e))
            {
                // Another page of the shop said the same at once; the next turn finds its row.
            }
        }
        foreach (MarketSignal signal in fresh) known.Add(host, signal);
    }

    /// <summary>What shops say, by their hosts, and what that comes to.</summary>
    public static async Task<IReadOnlyDictionary<string, ShopTargets>> OfAsync(TouchstoneDb db, IReadOnlyCollection<string> hosts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        string[] wanted = [.. hosts.Distinct(StringComparer.Ordinal)];
        List<MarketSignalRow> signals = await db.MarketSignals.AsNoTracking().Where(x => EF.Parameter(wanted).Contains(x.Host)).OrderBy(x => x.Kind).ThenBy(x => x.Id).ToListAsync(cancellationToken);
        List<ShopMarketRow> markets = await db.ShopMarkets.AsNoTracking().Where(x => EF.Parameter(wanted).Contains(x.Host)).OrderByDescending(x => x.Standing).ThenBy(x => x.Country).ToListAsync(cancellationToken);
        return wanted.ToDictionary(h => h, h => new ShopTargets(h, [.. markets.Where(m => m.Host == h)], [.. signals.Where(s => s.Host == h)]), StringComparer.Ordinal);
    }

    private async Task SaveAsync(string host, string pageUrl, MarketSignal[] fresh, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<MarketSignalRow> rows = await db.MarketSignals.Where(x => x.Host == host).ToListAsync(cancellationToken);
        foreach (MarketSignal signal in fresh)
        {
            string countries = string.Join(' ', signal.Countries);
            if (rows.Find(r => r.Kind == signal.Kind && r.Countries == countries) is { } row) row.LastSeenAt = now;
            else rows.Add(db.MarketSignals.Add(new MarketSignalRow { Host = host, Kind = signal.Kind, Countries = countries, Text = signal.Text.Replace("\0", "", StringComparison.Ordinal), PageUrl = pageUrl, FirstSeenAt = now, LastSeenAt = now }).Entity);
        }
        await JudgeAsync(db, host, rows, cancellationToken);
        using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task JudgeAsync(TouchstoneDb db, string host, List<MarketSignalRow> rows, CancellationToken cancellationToken)
    {
        List<ShopMarketRow> before = await db.ShopMarkets.Where(x => x.Host == host).ToListAsync(cancellationToken);
        foreach ((string country, MarketStanding standing) in MarketRule.Judge([.. rows.Select(ShopTargets.SignalOf)]))
        {
            if (before.Find(m => m.Country == country) is { } market) market.Standing = standing;
            else db.ShopMarkets.Add(new ShopMarketRow { Host = host, Country = country, Standing = standing });
        }
    }
}

/// <summary>The markets of a shop, those that it targets first, and the signals that say so.</summary>
public sealed record ShopTargets(string Host, IReadOnlyList<ShopMarketRow> Markets, IReadOnlyList<MarketSignalRow> Signals)
{
    /// <summary>The signals that mean a country.</summary>
    public IEnumerable<MarketSignalRow> SignalsOf(string country) => Signals.Where(s => s.Countries.Split(' ').Contains(country));

    internal static MarketSignal SignalOf(MarketSignalRow row) => new(row.Kind, row.Countries.Split(' '), row.Text);
}

/// <summary>What a run has kept of shops' signals, so that the database is not asked for each page. Safe for concurrent use.</summary>
public sealed class KeptSignals
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Host, MarketSignalKind Kind, string Countries), bool> _kept = new();

    internal bool Has(string host, MarketSignal signal) => _kept.ContainsKey(KeyOf(host, signal));

    internal void Add(string host, MarketSignal signal) => _kept[KeyOf(host, signal)] = true;

    private static (string, MarketSignalKind, string) KeyOf(string host, MarketSignal signal) => (host, signal.Kind, string.Join(' ', signal.Countries));
}

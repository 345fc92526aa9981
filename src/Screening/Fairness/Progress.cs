using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;

namespace Touchstone.Screening.Fairness;

/// <summary>A week (from its first day, UTC) in numbers. Days are the middle; null where there is none.</summary>
public sealed record ProgressWeek(DateOnly From, int Found, int Decided, double? DaysToDecision, int Removed, double? DaysToRemoval, int Returned);

/// <summary>A market in numbers over the same time. <c>Market</c>: null: nothing tells (<see cref="MarketsOfShops"/>); what a shop offers in several markets counts in each.</summary>
public sealed record ProgressMarket(string? Market, int Found, int Confirmed, int Rejected, int Undecided, int Removed, double? DaysToRemoval, int Returned);

/// <param name="Register">Null: of every register.</param>
/// <param name="IsCut">There is more than is read; the newest is.</param>
public sealed record ProgressReport(string? Register, string? Market, IReadOnlyList<ProgressWeek> Weeks, IReadOnlyList<ProgressMarket> Markets, bool IsCut);

/// <summary>How the work goes: what was found, how long decisions and removals took, what came back; by week and by market.</summary>
public static class Progress
{
    public const int Weeks = 12;

    /// <summary>Hits, removals and returns that are read, the newest of each.</summary>
    public const int MostRows = 20_000;

    /// <param name="registerId">Null: every register.</param>
    /// <param name="market">An ISO 3166 code; null: every market.</param>
    public static async Task<ProgressReport> ReadAsync(TouchstoneDb db, long? registerId, string? market, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        DateOnly first = today.AddDays(1 - (7 * Weeks));
        DateTimeOffset since = new(first, default, TimeSpan.Zero);
        IQueryable<HitRow> all = db.Hits.AsNoTracking().Where(h => h.ListingId != null && (registerId == null || h.Reference!.RegisterId == registerId));
        var hits = await all.Where(h => h.FoundAt >= since).OrderByDescending(h => h.FoundAt).Take(MostRows)
            .Select(h => new { h.State, h.FoundAt, h.Listing!.Shop!.Host, Market = db.Cases.Where(c => c.Id == h.CaseId).Select(c => c.Market).FirstOrDefault() }).ToListAsync(cancellationToken);
        var decided = await all.Where(h => h.DecidedAt >= since).OrderByDescending(h => h.DecidedAt).Take(MostRows)
            .Select(h => new { h.FoundAt, At = h.DecidedAt!.Value, h.Listing!.Shop!.Host, Market = db.Cases.Where(c => c.Id == h.CaseId).Select(c => c.Market).FirstOrDefault() }).ToListAsync(cancellationToken);
        var removed = await db.Watches.AsNoTracking().Where(w => w.RemovedAt >= since && (registerId == null || w.Hit!.Reference!.RegisterId == registerId)).OrderByDescending(w => w.RemovedAt).Take(MostRows)
            .Select(w => new { w.Hit!.FoundAt, At = w.RemovedAt, w.Listing!.Shop!.Host, Market = db.Cases.Where(c => c.Id == w.Hit.CaseId).Select(c => c.Market).FirstOrDefault() }).ToListAsync(cancellationToken);
        var returned = await db.Returns.AsNoTracking().Where(r => r.ReturnedAt >= since && r.DismissedAt == null && (registerId == null || r.Watch!.Hit!.Reference!.RegisterId == registerId)).OrderByDescending(r => r.ReturnedAt).Take(MostRows)
            .Select(r => new { At = r.ReturnedAt, r.Listing!.Shop!.Host, Market = db.Cases.Where(c => c.Id == r.Watch!.Hit!.CaseId).Select(c => c.Market).FirstOrDefault() }).ToListAsync(cancellationToken);
        bool cut = hits.Count == MostRows || decided.Count == MostRows || removed.Count == MostRows || returned.Count == MostRows;

        MarketsOfShops shops = await MarketsOfShops.ReadAsync(db, hits.Select(x => x.Host).Concat(decided.Select(x => x.Host)).Concat(removed.Select(x => x.Host)).Concat(returned.Select(x => x.Host)), cancellationToken);
        IEnumerable<string> Of(string? stated, string host) => shops.Of(stated, host).DefaultIfEmpty("");
        bool Wanted(string? stated, string host) => market is null || Of(stated, host).Contains(market);
        int WeekOf(DateTimeOffset at) => (DateOnly.FromDateTime(at.UtcDateTime).DayNumber - first.DayNumber) / 7;
        ILookup<int, DateTimeOffset> found = hits.Where(h => Wanted(h.Market, h.Host)).ToLookup(h => WeekOf(h.FoundAt), h => h.FoundAt), back = returned.Where(r => Wanted(r.Market, r.Host)).ToLookup(r => WeekOf(r.At), r => r.At);
        ILookup<int, double> decisions = decided.Where(d => Wanted(d.Market, d.Host)).ToLookup(d => WeekOf(d.At), d => (d.At - d.FoundAt).TotalDays), removals = removed.Where(r => Wanted(r.Market, r.Host)).ToLookup(r => WeekOf(r.At), r => (r.At - r.FoundAt).TotalDays);
        ProgressWeek[] weeks = [.. Enumerable.Range(0, Weeks).Select(i => new ProgressWeek(
            first.AddDays(7 * i), found[i].Count(), decisions[i].Count(), SellerFigures.Median(decisions[i]), removals[i].Count(), SellerFigures.Median(removals[i]), back[i].Count()))];

        var gone = removed.SelectMany(r => Of(r.Market, r.Host).Select(m => (Market: m, (r.At - r.FoundAt).TotalDays))).ToLookup(x => x.Market, x => x.TotalDays);
        var again = returned.SelectMany(r => Of(r.Market, r.Host)).ToLookup(m => m);
        var seen = hits.SelectMany(h => Of(h.Market, h.Host).Select(m => (Market: m, h.State))).ToLookup(x => x.Market, x => x.State);
        IEnumerable<string> names = seen.Select(g => g.Key).Union(gone.Select(g => g.Key)).Union(again.Select(g => g.Key));
        ProgressMarket[] markets = [.. names.Select(name => new ProgressMarket(
            name.Length == 0 ? null : name, seen[name].Count(), seen[name].Count(s => s == HitState.Confirmed), seen[name].Count(s => s == HitState.Rejected), seen[name].Count(s => s == HitState.New),
            gone[name].Count(), SellerFigures.Median(gone[name]), again[name].Count())).OrderByDescending(m => m.Found).ThenBy(m => m.Market, StringComparer.Ordinal)];
        string? register = registerId is { } id ? await db.Registers.Where(r => r.Id == id).Select(r => r.Name).FirstOrDefaultAsync(cancellationToken) : null;
        return new ProgressReport(register, market, weeks, markets, cut);
    }
}

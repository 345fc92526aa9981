using System.Globalization;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;

namespace Touchstone.Screening.Weekly;

/// <summary>What a line of the weekly list tells of an offer.</summary>
public enum WeeklyStatus
{
    /// <summary>Found in this week.</summary>
    New,

    /// <summary>Removed before, and there again in this week.</summary>
    Returned,

    /// <summary>Removed in this week.</summary>
    Removed,

    /// <summary>Found before, and seen in this week.</summary>
    StillOnline,
}

/// <summary>An offer in the weekly list. <c>Markets</c>: ISO 3166 codes (<see cref="MarketsOfShops"/>).</summary>
/// <param name="Days">From the removal to the return; null: it is none.</param>
public sealed record WeeklyLine(
    WeeklyStatus Status, IReadOnlyList<string> Markets, long HitId, HitState State, Relation Relation, double Probability, string Shop, string Url, string? Name, string? Seller, string Register, string Reference, string ReferenceTitle,
    long? CaseId, DateTimeOffset FoundAt, DateTimeOffset LastSeenAt, DateTimeOffset? RemovedAt, DateTimeOffset? ReturnedAt, int? Days);

/// <summary>The list of a week. <c>IsCut</c>: there is more of some status than <see cref="WeeklyList.MostOfStatus"/>; the most probable are told.</summary>
/// <param name="Markets">Those that some line is of, and how many.</param>
public sealed record WeeklyReport(string Week, DateTimeOffset From, DateTimeOffset Until, string? Market, IReadOnlyList<WeeklyLine> Lines, IReadOnlyDictionary<string, int> Markets, bool IsCut);

/// <summary>What a week brought: hits that nobody rejected, by market. Bounded, from indexes.</summary>
public static class WeeklyList
{
    public const int MostOfStatus = 2_000;

    private static readonly string[] Columns =
        ["status", "markets", "hit", "state", "relation", "probability", "shop", "url", "name", "seller", "register", "reference", "reference_title", "case", "found_at", "last_seen_at", "removed_at", "returned_at", "days_to_return"];

    /// <param name="market">An ISO 3166 code; null: all.</param>
    public static async Task<WeeklyReport> ReadAsync(TouchstoneDb db, WeekOfList week, string? market, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(week);
        return await ReadAsync(db, week.Name, week.From, week.Until, market, cancellationToken);
    }

    /// <summary>The same of any span of time.</summary>
    public static async Task<WeeklyReport> ReadAsync(TouchstoneDb db, string name, DateTimeOffset from, DateTimeOffset until, string? market, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        IQueryable<HitRow> hits = db.Hits.AsNoTracking().Where(h => h.ListingId != null && h.State != HitState.Rejected);
        List<Found> fresh = await FoundAsync(db, hits.Where(h => h.FoundAt >= from && h.FoundAt < until), cancellationToken);
        IQueryable<WatchRow> watches = db.Watches.AsNoTracking().Where(w => w.RemovedAt >= from && w.RemovedAt < until);
        List<Found> removed = await FoundAsync(db, hits.Where(h => watches.Any(w => w.HitId == h.Id)), cancellationToken);
        IQueryable<ReturnRow> back = db.Returns.AsNoTracking().Where(r => r.ReturnedAt >= from && r.ReturnedAt < until && r.DismissedAt == null && r.HitId != null);
        List<Found> returned = await FoundAsync(db, hits.Where(h => back.Any(r => r.HitId == h.Id)), cancellationToken);
        List<Found> online = await FoundAsync(
            db, hits.Where(h => h.FoundAt < from && h.Listing!.LastSeenAt >= from && !db.Watches.Any(w => w.HitId == h.Id && w.EndedAt == null && w.RemovedAt > h.Listing.LastSeenAt)), cancellationToken);
        long[] ids = [.. fresh.Concat(removed).Concat(returned).Concat(online).Select(f => f.HitId).Distinct()];
        ILookup<long, DateTimeOffset> removals = (await db.Watches.Where(w => EF.Parameter(ids).Contains(w.HitId)).Select(w => new { w.HitId, w.RemovedAt }).ToListAsync(cancellationToken)).ToLookup(w => w.HitId, w => w.RemovedAt);
        var returns = (await db.Returns.Where(r => r.HitId != null && r.DismissedAt == null && EF.Parameter(ids).Contains(r.HitId.Value)).Select(r => new { HitId = r.HitId!.Value, r.ReturnedAt, r.Days, r.Watch!.RemovedAt }).ToListAsync(cancellationToken)).ToLookup(r => r.HitId);

        MarketsOfShops shops = await MarketsOfShops.ReadAsync(db, fresh.Concat(removed).Concat(returned).Concat(online).Select(f => f.Host), cancellationToken);
        // One line an offer: what came back is told before that it is new.
        IEnumerable<(WeeklyStatus Status, Found Hit)> all = returned.Select(f => (WeeklyStatus.Returned, f)).Concat(removed.Select(f => (WeeklyStatus.Removed, f))).Concat(fresh.Select(f => (WeeklyStatus.New, f))).Concat(online.Select(f => (WeeklyStatus.StillOnline, f)));
        WeeklyLine[] lines = [.. all.DistinctBy(x => x.Hit.HitId).Select(x =>
        {
            var last = returns[x.Hit.HitId].OrderByDescending(r => r.ReturnedAt).FirstOrDefault();
            DateTimeOffset? gone = removals[x.Hit.HitId].Select(d => (DateTimeOffset?)d).Append(last?.RemovedAt).Max();
            return Line(x.Status, x.Hit, shops, gone, last?.ReturnedAt, last?.Days);
        })];
        Dictionary<string, int> markets = lines.SelectMany(l => l.Markets).GroupBy(m => m).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        WeeklyLine[] wanted = [.. lines.Where(l => market is null || l.Markets.Contains(market)).OrderBy(l => l.Status).ThenByDescending(l => l.Probability).ThenBy(l => l.HitId)];
        return new WeeklyReport(name, from, until, market, wanted, markets, new[] { fresh, removed, returned, online }.Any(f => f.Count == MostOfStatus));
    }

    /// <summary>As CSV (UTF-8, comma, a header line); a value that a spreadsheet would run as a formula gets an apostrophe in front.</summary>
    public static async Task WriteCsvAsync(WeeklyReport report, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await using CsvWriter csv = CsvWriter.Create(output, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        await csv.WriteRecordAsync(Columns, cancellationToken);
        foreach (WeeklyLine x in report.Lines)
            await csv.WriteRecordAsync(
                [
                    x.Status.ToString(), string.Join(' ', x.Markets), Text(x.HitId), x.State.ToString(), x.Relation.ToString(), x.Probability.ToString("0.####", CultureInfo.InvariantCulture), x.Shop, x.Url, x.Name, x.Seller, x.Register, x.Reference, x.ReferenceTitle,
                    x.CaseId is { } id ? Text(id) : null, Text(x.FoundAt), Text(x.LastSeenAt), x.RemovedAt is { } removed ? Text(removed) : null, x.ReturnedAt is { } back ? Text(back) : null, x.Days is { } days ? Text(days) : null,
                ],
                cancellationToken);
        await csv.FlushAsync(cancellationToken);
    }

    private static Task<List<Found>> FoundAsync(TouchstoneDb db, IQueryable<HitRow> hits, CancellationToken cancellationToken) =>
        hits.OrderByDescending(h => h.Probability).ThenBy(h => h.Id).Take(MostOfStatus).Select(h => new Found(
            h.Id, h.State, h.Relation, h.Probability, h.Listing!.Shop!.Host, h.Listing.Url, h.Listing.Name, h.Listing.Seller == null ? null : h.Listing.Seller.Name, h.Reference!.Register!.Name, h.Reference.ExternalId, h.Reference.Title,
            h.CaseId, db.Cases.Where(c => c.Id == h.CaseId).Select(c => c.Market).FirstOrDefault(), h.FoundAt, h.Listing.LastSeenAt)).ToListAsync(cancellationToken);

    private static WeeklyLine Line(WeeklyStatus status, Found x, MarketsOfShops shops, DateTimeOffset? removed, DateTimeOffset? returned, int? days) => new(
        status, shops.Of(x.CaseMarket, x.Host), x.HitId, x.State, x.Relation, x.Probability, x.Host, x.Url, x.Name, x.Seller, x.Register, x.Reference, x.ReferenceTitle, x.CaseId, x.FoundAt, x.LastSeenAt, removed, returned, days);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed record Found(
        long HitId, HitState State, Relation Relation, double Probability, string Host, string Url, string? Name, string? Seller, string Register, string Reference, string ReferenceTitle, long? CaseId, string? CaseMarket, DateTimeOffset FoundAt, DateTimeOffset LastSeenAt);
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Something that came back, for people.</summary>
/// <param name="OldHitId">Of the removed offer.</param>
/// <param name="CaseId">The removed offer's case; null: it is in none.</param>
/// <param name="HitId">The hit that the return gave, or that there was.</param>
/// <param name="HitCaseId">The case that it is in.</param>
/// <param name="ReferenceTitle">What both are hits of.</param>
public sealed record ReturnItem(
    long Id, long WatchId, long OldHitId, long? CaseId, string? CaseTitle, long ReferenceId, string ReferenceTitle, long? HitId, HitState? HitState, long? HitCaseId, long ListingId, string Url, string? Name, string OldUrl, string? OldName,
    ReturnSign Sign, double? Probability, string? ImageSha256, string? WatchImageSha256, DateTimeOffset RemovedAt, DateTimeOffset ReturnedAt, int Days, DateTimeOffset? DismissedAt, string? DismissedBy, string? DismissedBecause);

/// <summary>A removed offer that is watched for, or was.</summary>
public sealed record WatchItem(
    long Id, long HitId, long? CaseId, long ReferenceId, string ReferenceTitle, string Url, string? Name, string Shop, string? Seller, DateTimeOffset RemovedAt, string Because, string StartedBy, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string? EndedBy, string? EndedBecause, int Pictures, int Returns);

/// <summary>Which watches are wanted; null: any.</summary>
public sealed record WatchFilter(bool? Standing = null, bool? Returned = null, long? CaseId = null, long? HitId = null, long? ReferenceId = null, long? Id = null);

/// <summary>Which returns are wanted; null: any.</summary>
/// <param name="Dismissed">False: only those of which nobody said that they are none.</param>
public sealed record ReturnFilter(long? WatchId = null, long? CaseId = null, long? HitId = null, DateTimeOffset? From = null, DateTimeOffset? To = null, bool? Dismissed = null, long? ShopId = null, long? SellerId = null);

/// <summary>Reads watches and returns.</summary>
public static class WatchQueries
{
    /// <summary>Watches, the newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 watches.</exception>
    public static async Task<Page<WatchItem>> ListAsync(TouchstoneDb db, WatchFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<WatchItem>.CheckedTake(take);
        ArgumentNullException.ThrowIfNull(filter);
        IQueryable<WatchRow> watches = db.Watches.AsNoTracking();
        if (filter.Standing is { } standing) watches = watches.Where(w => w.EndedAt == null == standing);
        if (filter.Returned is { } returned) watches = watches.Where(w => w.Returns.Any(r => r.DismissedAt == null) == returned);
        if (filter.CaseId is { } caseId) watches = watches.Where(w => w.Hit!.CaseId == caseId);
        if (filter.HitId is { } hitId) watches = watches.Where(w => w.HitId == hitId);
        if (filter.Id is { } wanted) watches = watches.Where(w => w.Id == wanted);
        if (filter.ReferenceId is { } reference) watches = watches.Where(w => w.ReferenceId == reference);
        if (before is { } id) watches = watches.Where(w => w.Id < id);
        List<WatchItem> rows = await watches.OrderByDescending(w => w.Id).Take(take + 1).Select(w => new WatchItem(
            w.Id, w.HitId, w.Hit!.CaseId, w.ReferenceId, w.Hit.Reference!.Title, w.Listing!.Url, w.Title, w.Listing.Shop!.Host, w.Seller, w.RemovedAt, w.Because, w.StartedBy, w.StartedAt, w.EndedAt, w.EndedBy, w.EndedBecause,
            w.Pictures.Count, w.Returns.Count(r => r.DismissedAt == null))).ToListAsync(cancellationToken);
        return Page<WatchItem>.Cut(rows, take, x => x.Id);
    }

    /// <summary>Returns, the newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 returns.</exception>
    public static async Task<Page<ReturnItem>> ReturnsAsync(TouchstoneDb db, ReturnFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<ReturnItem>.CheckedTake(take);
        ArgumentNullException.ThrowIfNull(filter);
        IQueryable<ReturnRow> returns = db.Returns.AsNoTracking();
        if (filter.WatchId is { } watch) returns = returns.Where(r => r.WatchId == watch);
        if (filter.CaseId is { } caseId) returns = returns.Where(r => r.Watch!.Hit!.CaseId == caseId);
        if (filter.HitId is { } hitId) returns = returns.Where(r => r.HitId == hitId);
        if (filter.From is { } from) returns = returns.Where(r => r.ReturnedAt >= from);
        if (filter.To is { } to) returns = returns.Where(r => r.ReturnedAt < to);
        if (filter.ShopId is { } shop) returns = returns.Where(r => r.Listing!.ShopId == shop);
        if (filter.SellerId is { } seller) returns = returns.Where(r => r.Listing!.SellerId == seller);
        if (filter.Dismissed is { } dismissed) returns = returns.Where(r => r.DismissedAt != null == dismissed);
        if (before is { } id) returns = returns.Where(r => r.Id < id);
        List<ReturnItem> rows = await returns.OrderByDescending(r => r.Id).Take(take + 1).Select(r => new ReturnItem(
            r.Id, r.WatchId, r.Watch!.HitId, r.Watch.Hit!.CaseId, db.Cases.Where(c => c.Id == r.Watch.Hit.CaseId).Select(c => c.Title).FirstOrDefault(), r.Watch.ReferenceId, r.Watch.Hit.Reference!.Title,
            r.HitId, r.Hit == null ? null : r.Hit.State, r.Hit == null ? null : r.Hit.CaseId, r.ListingId, r.Listing!.Url, r.Listing.Name, r.Watch.Listing!.Url, r.Watch.Title,
            r.Sign, r.Probability, r.ImageSha256, r.WatchImageSha256, r.Watch.RemovedAt, r.ReturnedAt, r.Days, r.DismissedAt, r.DismissedBy, r.DismissedBecause)).ToListAsync(cancellationToken);
        return Page<ReturnItem>.Cut(rows, take, x => x.Id);
    }
}

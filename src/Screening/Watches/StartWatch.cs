using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>
/// Begins to watch for the return of a confirmed hit's offer, which was removed: what it showed and stated when it was decided stands as the watch. One that stands already is
/// given back, unless its offer itself came back meanwhile: then it ends, and another begins.
/// </summary>
/// <param name="Because">How the offer is known to be gone, for people; 1 to 2,000 characters.</param>
/// <param name="RemovedAt">Since when; null: now.</param>
public sealed record StartWatch(long HitId, string Because, DateTimeOffset? RemovedAt = null)
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int LongestReason = 2000;

    /// <summary>Pictures of an offer that are watched for.</summary>
    public const int MostPictures = 12;

    public async Task<VerbOutcome<WatchRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (WatchText.Problem(Because) is { } problem) return Refused(Refusal.Invalid, problem);
        await using IDbContextTransaction? transaction = context.Db.Database.CurrentTransaction is null ? await context.Db.Database.BeginTransactionAsync(cancellationToken) : null;
        VerbOutcome<WatchRow> outcome = await AddAsync(context, cancellationToken);
        if (!outcome.Done || outcome.Value!.Id != 0) return outcome;
        WatchRow watch = outcome.Value;
        try
        {
            await context.Db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!DatabaseAway.Explains(e))
        {
            context.Db.ChangeTracker.Clear();
            return Refused(Refusal.Conflict, $"Somebody began to watch the offer of hit {HitId} just now.");
        }
        await CaseEvents.TellAsync(context, HitId, CaseEvents.WatchStarted, $"Hit {HitId}: {Because.Trim()}", cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.WatchStarted, AuditSubject.Hit(HitId), Because.Trim()), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(watch);
    }

    /// <summary>Begins to watch for each confirmed offer of a case, in the transaction that closes it; those that are watched already stay so.</summary>
    /// <returns>How many began.</returns>
    public static async Task<int> OfCaseAsync(VerbContext context, long caseId, string because, CancellationToken cancellationToken)
    {
        string reason = WholeCharacters.Cut(because, LongestReason);
        long[] ids = await context.Db.Hits.Where(h => h.CaseId == caseId && h.State == HitState.Confirmed && h.ListingId != null && !context.Db.Watches.Any(w => w.HitId == h.Id && w.EndedAt == null)).OrderBy(h => h.Id).Select(h => h.Id).ToArrayAsync(cancellationToken);
        int begun = 0;
        foreach (long id in ids)
            if ((await new StartWatch(id, reason).AddAsync(context, cancellationToken)).Done) begun++;
        await AuditLog.SaveAsync(context.Db, context.Clock, [.. ids.Select(id => new AuditEntry(context.Actor, AuditAction.WatchStarted, AuditSubject.Hit(id), reason))], cancellationToken);
        return begun;
    }

    /// <summary>The watch, added to the context and not saved; with its id where it stands already.</summary>
    private async Task<VerbOutcome<WatchRow>> AddAsync(VerbContext context, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        DateTimeOffset now = context.Clock.GetUtcNow(), removed = RemovedAt ?? now;
        HitRow? hit = await db.Hits.AsNoTracking().Include(h => h.Listing!).ThenInclude(l => l.Shop).FirstOrDefaultAsync(h => h.Id == HitId, cancellationToken);
        if (hit is null) return Refused(Refusal.NotFound, $"There is no hit {HitId}.");
        if (hit.Listing is not { } listing) return Refused(Refusal.Conflict, $"Hit {HitId} is a photo from the field: there is no offer that could come back.");
        if (hit.State != HitState.Confirmed) return Refused(Refusal.Conflict, $"Hit {HitId} is not confirmed: confirm it before its offer is watched for.");
        if (removed > now) return Refused(Refusal.Invalid, "An offer is removed now or earlier, not in the future.");
        if (removed < listing.FirstSeenAt) return Refused(Refusal.Invalid, FormattableString.Invariant($"The offer was first seen on {listing.FirstSeenAt:yyyy-MM-dd}; it was not removed before that."));
        WatchRow? standing = await db.Watches.Include(w => w.Pictures).FirstOrDefaultAsync(w => w.HitId == HitId && w.EndedAt == null, cancellationToken);
        if (standing is not null)
        {
            if (!await db.Returns.AnyAsync(r => r.WatchId == standing.Id && r.Sign == ReturnSign.SameOffer && r.DismissedAt == null, cancellationToken)) return VerbOutcome.Done(standing);
            await EndWatch.PutAsync(context, standing, "The offer came back and was removed again.", cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
        var match = await db.Matches.Where(m => m.Id == hit.MatchId).Select(m => new { m.ImageSha256, m.Screening!.ObservationId }).FirstAsync(cancellationToken);
        ObservationRow seen = await db.Observations.AsNoTracking().Include(o => o.Images.OrderBy(i => i.Position)).FirstAsync(o => o.Id == match.ObservationId, cancellationToken);
        var watch = new WatchRow { HitId = HitId, ListingId = listing.Id, ReferenceId = hit.ReferenceId, ObservationId = seen.Id, Title = seen.Name, Seller = seen.Seller, RemovedAt = removed, Because = Because.Trim(), StartedBy = context.Actor, StartedAt = now, SeenAskedAt = removed < now ? null : now };
        string[] pictures = [.. new[] { match.ImageSha256 }.Concat(seen.Images.Select(i => i.ImageSha256)).OfType<string>().Distinct(StringComparer.Ordinal).Take(MostPictures)];
        long number = await WatchNumbers.TakeAsync(db, pictures.Length, cancellationToken);
        foreach (string sha256 in pictures) watch.Pictures.Add(new WatchPictureRow { ImageSha256 = sha256, Number = number++ });
        foreach (string key in WatchKeys.NumbersOf(seen).Concat(WatchKeys.TitlesOf(seen, listing.Shop!.Host)).Distinct(StringComparer.Ordinal)) watch.Keys.Add(new WatchKeyRow { Value = key });
        db.Watches.Add(watch);
        return VerbOutcome.Done(watch);
    }

    private static VerbOutcome<WatchRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<WatchRow>(refusal, detail);
}

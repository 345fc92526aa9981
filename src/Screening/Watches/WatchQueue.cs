using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Something seen that this worker compares; <paramref name="Fence"/> keeps it from writing once another has it.</summary>
internal sealed record WatchLease(long ObservationId, long Fence);

/// <summary>
/// What was seen and waits to be compared with the watches. Whoever saw it queues it before the page counts as read, so that who is killed in between sees it again; it goes in the transaction that
/// keeps the return. One over which two workers were lost is left to lie. Safe for concurrent use by several processes.
/// </summary>
public sealed class WatchQueue(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    /// <summary>Begun oftener, it is given up.</summary>
    internal const int MostAttempts = 3;

    private const int MostTries = 3;

    internal static TimeSpan LeaseTime { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Queues what was just seen, if anything is watched for: new content, or the offer of a watch at its address.</summary>
    /// <param name="unchanged">The same content was seen before.</param>
    public async Task SightedAsync(long observationId, long listingId, bool unchanged, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            if (!await db.Watches.AnyAsync(w => w.EndedAt == null && (!unchanged || w.ListingId == listingId), cancellationToken)) return;
            if (await db.WatchChecks.AnyAsync(c => c.ObservationId == observationId, cancellationToken)) return;
            db.WatchChecks.Add(new WatchCheckRow { ObservationId = observationId, QueuedAt = clock.GetUtcNow() });
            try
            {
                using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException e) when (attempt < MostTries && !DatabaseAway.Explains(e))
            {
                // Another worker saw the same at this moment.
            }
        }
    }

    /// <summary>Takes what waits longest of what was begun least often; null if nothing waits.</summary>
    internal async Task<WatchLease?> TakeAsync(string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            var next = await db.WatchChecks.Where(c => c.Attempts < MostAttempts).Free(now).OrderBy(c => c.Attempts).ThenBy(c => c.QueuedAt).Select(c => new { c.ObservationId, c.Fence }).FirstOrDefaultAsync(cancellationToken);
            if (next is null) return null;
            if (await db.WatchChecks.Where(c => c.ObservationId == next.ObservationId).TakeAsync(next.Fence, worker, now + LeaseTime, s => s.SetProperty(c => c.Attempts, c => c.Attempts + 1), cancellationToken))
                return new WatchLease(next.ObservationId, next.Fence + 1);
        }
    }

    /// <summary>Gives back what could not be begun; it counts as no attempt.</summary>
    internal async Task ReleaseAsync(WatchLease lease)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        await db.WatchChecks.Where(c => c.ObservationId == lease.ObservationId).EndAsync(lease.Fence, s => s.SetProperty(c => c.Attempts, c => c.Attempts - 1), CancellationToken.None);
    }
}

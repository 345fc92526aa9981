using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Something seen that this worker compares; <paramref name="Fence"/> keeps it from writing once another has it.</summary>
/// <param name="Id">Of the observation, or of the gate's sighting.</param>
internal sealed record WatchLease(long Id, bool AtGate, long Fence);

/// <summary>
/// What was seen and waits to be compared with the watches. Whoever saw it queues it before the page counts as read, so that who is killed in between sees it again; it goes in the transaction that
/// keeps the return. One over which two workers were lost is left to lie. Safe for concurrent use by several processes.
/// </summary>
public sealed class WatchQueue(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    private const int MostTries = 3;

    internal static TimeSpan LeaseTime { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Queues what was just seen, if anything is watched for: new content, or the offer of a watch at its address.</summary>
    /// <param name="unchanged">The same content was seen before.</param>
    public async Task SightedAsync(long observationId, long listingId, bool unchanged, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            // By an index each: of a hundred thousand watches none is looked at that is not meant.
            IQueryable<WatchRow> standing = db.Watches.Where(w => w.EndedAt == null);
            if (unchanged) standing = standing.Where(w => w.ListingId == listingId);
            if (!await standing.AnyAsync(cancellationToken)) return;
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

    /// <summary>Queues a listing about which a marketplace asked the gate, if anything is watched for and it shows or states something that could be compared. Its texts are mended as either database keeps them.</summary>
    public async Task SightedAtGateAsync(GateSightingRow sighting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        if (sighting.Pictures.Length == 0 && sighting.Gtin is null && sighting.Mpn is null) return;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Watches.AnyAsync(w => w.EndedAt == null, cancellationToken)) return;
        sighting.SeenAt = clock.GetUtcNow();
        (sighting.Number, sighting.Url, sighting.Title, sighting.Description) = (StoredText.Of(sighting.Number), StoredText.Of(sighting.Url), StoredText.Of(sighting.Title), StoredText.Of(sighting.Description));
        (sighting.Brand, sighting.Mpn, sighting.Gtin) = (StoredText.Of(sighting.Brand), StoredText.Of(sighting.Mpn), StoredText.Of(sighting.Gtin));
        db.GateSightings.Add(sighting);
        using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Takes what waits longest of what was begun least often, whether a search saw it or the gate was asked; null if nothing waits.</summary>
    internal async Task<WatchLease?> TakeAsync(string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            Waiting? seen = await db.WatchChecks.Where(c => c.Attempts < WatchCheckRow.MostAttempts).Free(now).OrderBy(c => c.Attempts).ThenBy(c => c.QueuedAt).Select(c => new Waiting(c.ObservationId, false, c.Fence, c.Attempts, c.QueuedAt)).FirstOrDefaultAsync(cancellationToken);
            Waiting? asked = await db.GateSightings.Where(c => c.Attempts < WatchCheckRow.MostAttempts).Free(now).OrderBy(c => c.Attempts).ThenBy(c => c.SeenAt).Select(c => new Waiting(c.Id, true, c.Fence, c.Attempts, c.SeenAt)).FirstOrDefaultAsync(cancellationToken);
            if (new[] { seen, asked }.OfType<Waiting>().OrderBy(x => x.Attempts).ThenBy(x => x.Since).FirstOrDefault() is not { } next) return null;
            bool taken = next.AtGate
                ? await db.GateSightings.Where(c => c.Id == next.Id).TakeAsync(next.Fence, worker, now + LeaseTime, s => s.SetProperty(c => c.Attempts, c => c.Attempts + 1), cancellationToken)
                : await db.WatchChecks.Where(c => c.ObservationId == next.Id).TakeAsync(next.Fence, worker, now + LeaseTime, s => s.SetProperty(c => c.Attempts, c => c.Attempts + 1), cancellationToken);
            if (taken) return new WatchLease(next.Id, next.AtGate, next.Fence + 1);
        }
    }

    /// <summary>Gives back what could not be begun; it counts as no attempt.</summary>
    internal async Task ReleaseAsync(WatchLease lease)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        if (lease.AtGate) await db.GateSightings.Where(c => c.Id == lease.Id).EndAsync(lease.Fence, s => s.SetProperty(c => c.Attempts, c => c.Attempts - 1), CancellationToken.None);
        else await db.WatchChecks.Where(c => c.ObservationId == lease.Id).EndAsync(lease.Fence, s => s.SetProperty(c => c.Attempts, c => c.Attempts - 1), CancellationToken.None);
    }

    /// <summary>What waited is compared and goes, in the caller's transaction; false: another has it.</summary>
    internal static async Task<bool> EndAsync(TouchstoneDb db, WatchLease lease, CancellationToken cancellationToken) => lease.AtGate
        ? await db.GateSightings.Where(c => c.Id == lease.Id).Held(lease.Fence).ExecuteDeleteAsync(cancellationToken) > 0
        : await db.WatchChecks.Where(c => c.ObservationId == lease.Id).Held(lease.Fence).ExecuteDeleteAsync(cancellationToken) > 0;

    private sealed record Waiting(long Id, bool AtGate, long Fence, int Attempts, DateTimeOffset Since);
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>References that this worker holds; <paramref name="Owner"/> is the fence.</summary>
internal sealed record LookBackBatch(string Owner, IReadOnlyList<LookBackRow> Rows)
{
    public long[] ReferenceIds => [.. Rows.Select(r => r.ReferenceId)];
}

/// <summary>What asking about one reference has given so far.</summary>
internal sealed record LookBackCounts(int Pictures, int Candidates, int Listings, int Hits);

/// <summary>
/// Which worker asks about which references. They are leased by the batch, the newest changes first: an alert of today does not wait behind a register. A lease that
/// is not renewed runs out, and another worker takes them one at a time; one over which two workers were lost is given up. Safe for concurrent use by several processes.
/// </summary>
internal sealed class LookBackQueue(IDbContextFactory<TouchstoneDb> databases, LookBackOptions options, TimeProvider clock)
{
    private const int MostAttempts = 2;

    public static TimeSpan LeaseTime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Takes references that wait; null if there are none.</summary>
    public async Task<LookBackBatch?> TakeAsync(string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            DateTimeOffset? started = now, until = now + LeaseTime;
            long[] ids = await Waiting(db, now).Where(l => l.Attempts == 0).OrderByDescending(l => l.ChangeNumber).Select(l => l.ReferenceId).Take(options.ReferencesAtOnce).ToArrayAsync(cancellationToken);
            // One over which a worker was lost is taken alone: it may be what ended it.
            if (ids.Length == 0) ids = await Waiting(db, now).OrderBy(l => l.Attempts).ThenByDescending(l => l.ChangeNumber).Select(l => l.ReferenceId).Take(1).ToArrayAsync(cancellationToken);
            if (ids.Length == 0) return null;
            string owner = $"{worker}/{Guid.NewGuid():N}";
            int taken = await Waiting(db, now).Where(l => EF.Parameter(ids).Contains(l.ReferenceId)).ExecuteUpdateAsync(
                s => s.SetProperty(l => l.LeaseOwner, owner).SetProperty(l => l.LeaseUntil, until).SetProperty(l => l.Fence, l => l.Fence + 1)
                    .SetProperty(l => l.Attempts, l => l.Attempts + 1).SetProperty(l => l.State, LookBackState.Running).SetProperty(l => l.StartedAt, started),
                cancellationToken);
            if (taken == 0) continue;
            var batch = new LookBackBatch(owner, await db.LookBacks.AsNoTracking().Where(l => l.LeaseOwner == owner).OrderBy(l => l.ReferenceId).ToListAsync(cancellationToken));
            if (batch.Rows is not [{ Attempts: > MostAttempts } lost]) return batch;
            await FailAsync(batch, lost.ReferenceId, $"{MostAttempts} workers ended while they were at this reference.", cancellationToken);
        }
    }

    /// <summary>Holds what is still held for a further <see cref="LeaseTime"/>, and says how far each is; false if all was lost.</summary>
    public async Task<bool> RenewAsync(LookBackBatch batch, IReadOnlyDictionary<long, LookBackCounts> counts, CancellationToken cancellationToken)
    {
        DateTimeOffset? until = clock.GetUtcNow() + LeaseTime;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach ((long id, LookBackCounts c) in counts)
            await Held(db, batch).Where(l => l.ReferenceId == id).ExecuteUpdateAsync(s => s.SetProperty(l => l.Pictures, c.Pictures).SetProperty(l => l.Candidates, c.Candidates).SetProperty(l => l.Listings, c.Listings), cancellationToken);
        return await Held(db, batch).ExecuteUpdateAsync(s => s.SetProperty(l => l.LeaseUntil, until), cancellationToken) > 0;
    }

    /// <summary>Ends one that is still held, with what it gave; one that changed meanwhile waits anew.</summary>
    public async Task EndAsync(LookBackBatch batch, long referenceId, LookBackCounts counts, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await Held(db, batch).Where(l => l.ReferenceId == referenceId).ExecuteUpdateAsync(
            s => s.SetProperty(l => l.State, LookBackState.Done).SetProperty(l => l.EndedAt, now).SetProperty(l => l.Failure, (string?)null)
                .SetProperty(l => l.Pictures, counts.Pictures).SetProperty(l => l.Candidates, counts.Candidates).SetProperty(l => l.Listings, counts.Listings).SetProperty(l => l.Hits, counts.Hits)
                .SetProperty(l => l.LeaseOwner, (string?)null).SetProperty(l => l.LeaseUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>Ends one without an answer.</summary>
    public async Task FailAsync(LookBackBatch batch, long referenceId, string failure, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await Held(db, batch).Where(l => l.ReferenceId == referenceId).ExecuteUpdateAsync(
            s => s.SetProperty(l => l.State, LookBackState.Failed).SetProperty(l => l.EndedAt, now).SetProperty(l => l.Failure, failure).SetProperty(l => l.LeaseOwner, (string?)null).SetProperty(l => l.LeaseUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>Gives back what is still held; the next worker takes it at once.</summary>
    /// <param name="begun">False: nothing was done with it, and it counts as no attempt.</param>
    public async Task ReleaseAsync(LookBackBatch batch, bool begun)
    {
        int less = begun ? 0 : 1;
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        await Held(db, batch).ExecuteUpdateAsync(s => s.SetProperty(l => l.State, LookBackState.Queued).SetProperty(l => l.Attempts, l => l.Attempts - less).SetProperty(l => l.LeaseOwner, (string?)null).SetProperty(l => l.LeaseUntil, (DateTimeOffset?)null));
    }

    private static IQueryable<LookBackRow> Waiting(TouchstoneDb db, DateTimeOffset now) => db.LookBacks.Where(l => l.State == LookBackState.Queued || l.State == LookBackState.Running).Free(now);

    private static IQueryable<LookBackRow> Held(TouchstoneDb db, LookBackBatch batch) => db.LookBacks.Where(l => l.LeaseOwner == batch.Owner && l.LeaseUntil != null);
}

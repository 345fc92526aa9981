using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>A run that this worker holds.</summary>
public sealed record RunLease(long RunId, string Worker, long Fence);

/// <summary>
/// Which worker runs which search. A lease that is not renewed runs out, and another worker takes the run up where it stopped; the fence
/// keeps the first one from writing then. Safe for concurrent use by several processes.
/// </summary>
public sealed class RunLeases(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    public static TimeSpan LeaseTime { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Takes the oldest waiting run, one that its worker abandoned, or the given one; null if there is none to take.</summary>
    public async Task<RunLease?> TakeAsync(string worker, long? runId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            var candidate = await db.SearchRuns
                .Where(r => r.State == RunState.Queued || r.State == RunState.Running)
                .Free(now)
                .Where(r => runId == null || r.Id == runId)
                // One that was queued while its search was being paused waits as the search does.
                .Where(r => r.Search!.PausedAt == null && r.Search.DeletedAt == null)
                .OrderBy(r => r.Id)
                .Select(r => new { r.Id, r.Fence, r.StartedAt })
                .FirstOrDefaultAsync(cancellationToken);
            if (candidate is null) return null;
            DateTimeOffset? started = candidate.StartedAt ?? now;
            DateTimeOffset until = now + LeaseTime;
            if (await Row(db, candidate.Id).TakeAsync(candidate.Fence, worker, until, s => s.SetProperty(r => r.State, RunState.Running).SetProperty(r => r.StartedAt, started), cancellationToken))
                return new RunLease(candidate.Id, worker, candidate.Fence + 1);
        }
    }

    /// <summary>Holds the run for a further <see cref="LeaseTime"/>; false if it was lost or cancelled.</summary>
    public async Task<bool> RenewAsync(RunLease lease, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Row(db, lease.RunId).RenewAsync(lease.Fence, clock.GetUtcNow() + LeaseTime, cancellationToken);
    }

    /// <summary>Ends the run; false if it was lost.</summary>
    public async Task<bool> EndAsync(RunLease lease, RunState state, string? error, int skipped, int failed, int shops, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Row(db, lease.RunId).EndAsync(
            lease.Fence,
            s => s.SetProperty(r => r.State, state)
                .SetProperty(r => r.Error, error)
                .SetProperty(r => r.FinishedAt, now)
                .SetProperty(r => r.Skipped, skipped)
                .SetProperty(r => r.Failed, failed)
                .SetProperty(r => r.Shops, shops),
            cancellationToken);
    }

    /// <summary>Gives the run back unfinished (the program stops); the next worker goes on at once.</summary>
    public async Task ReleaseAsync(RunLease lease)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        await Row(db, lease.RunId).EndAsync(lease.Fence, s => s.SetProperty(r => r.State, RunState.Queued), CancellationToken.None);
    }

    private static IQueryable<SearchRunRow> Row(TouchstoneDb db, long id) => db.SearchRuns.Where(r => r.Id == id);
}

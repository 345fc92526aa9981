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
                .Where(r => r.State == RunState.Queued || (r.State == RunState.Running && r.LeaseUntil < now))
                .Where(r => runId == null || r.Id == runId)
                .OrderBy(r => r.Id)
                .Select(r => new { r.Id, r.Fence, r.StartedAt })
                .FirstOrDefaultAsync(cancellationToken);
            if (candidate is null) return null;
            DateTimeOffset started = candidate.StartedAt ?? now, until = now + LeaseTime;
            int taken = await db.SearchRuns.Where(r => r.Id == candidate.Id && r.Fence == candidate.Fence).ExecuteUpdateAsync(
                s => s.SetProperty(r => r.State, RunState.Running)
                    .SetProperty(r => r.StartedAt, started)
                    .SetProperty(r => r.LeaseOwner, worker)
                    .SetProperty(r => r.LeaseUntil, until)
                    .SetProperty(r => r.Fence, r => r.Fence + 1),
                cancellationToken);
            if (taken == 1) return new RunLease(candidate.Id, worker, candidate.Fence + 1);
        }
    }

    /// <summary>Holds the run for a further <see cref="LeaseTime"/>; false if it was lost or cancelled.</summary>
    public async Task<bool> RenewAsync(RunLease lease, CancellationToken cancellationToken)
    {
        DateTimeOffset until = clock.GetUtcNow() + LeaseTime;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(r => r.LeaseUntil, until), cancellationToken) == 1;
    }

    /// <summary>Ends the run; false if it was lost.</summary>
    public async Task<bool> EndAsync(RunLease lease, RunState state, string? error, int skipped, int failed, int shops, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Held(db, lease).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, state)
                .SetProperty(r => r.Error, error)
                .SetProperty(r => r.FinishedAt, now)
                .SetProperty(r => r.Skipped, skipped)
                .SetProperty(r => r.Failed, failed)
                .SetProperty(r => r.Shops, shops)
                .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null),
            cancellationToken) == 1;
    }

    /// <summary>Gives the run back unfinished (the program stops); the next worker goes on at once.</summary>
    public async Task ReleaseAsync(RunLease lease)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        await Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(r => r.State, RunState.Queued).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null));
    }

    private static IQueryable<SearchRunRow> Held(TouchstoneDb db, RunLease lease) =>
        db.SearchRuns.Where(r => r.Id == lease.RunId && r.Fence == lease.Fence && r.State == RunState.Running);
}

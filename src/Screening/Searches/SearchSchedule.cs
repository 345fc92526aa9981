using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>Queues the runs of searches that repeat.</summary>
public static class SearchSchedule
{
    /// <summary>
    /// Queues a run for each search that is due by its pace (<see cref="SearchPace"/>) and whose last run has ended; returns how many. Several workers may
    /// ask at once: the transaction is serialisable, so the slower one fails with a <see cref="DbUpdateException"/> and asks again later.
    /// </summary>
    /// <param name="zone">The installation's time zone.</param>
    public static async Task<int> QueueDueAsync(TouchstoneDb db, TimeZoneInfo zone, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        var repeating = await db.Searches.Where(x => x.RepeatEveryHours != null && x.PausedAt == null && x.DeletedAt == null)
            .Where(x => !x.Runs.Any(r => RunStates.Unfinished.Contains(r.State)))
            .Select(x => new { x.Id, Hours = x.RepeatEveryHours!.Value, x.RepeatAt, x.RepeatOn, Last = x.Runs.Max(r => (DateTimeOffset?)r.QueuedAt) })
            .ToListAsync(cancellationToken);
        long[] due = [.. repeating.Where(x => x.Last is null || new SearchPace(x.Hours, x.RepeatAt, x.RepeatOn).After(x.Last.Value, zone) <= now).Select(x => x.Id)];
        db.SearchRuns.AddRange(due.Select(id => new SearchRunRow { SearchId = id, State = RunState.Queued, QueuedAt = now }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Length;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>Ends a run that has not ended. What it found stays; no further page of it is begun, and those under way are given up within 15 s.</summary>
public sealed record CancelRun(long RunId)
{
    public async Task<VerbOutcome<SearchRunRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        int ended = await SavedSearches.CancelAsync(context.Db, context.Db.SearchRuns.Where(x => x.Id == RunId), context.Clock.GetUtcNow(), cancellationToken);
        SearchRunRow? run = await context.Db.SearchRuns.AsNoTracking().SingleOrDefaultAsync(x => x.Id == RunId, cancellationToken);
        if (run is null) return VerbOutcome.Refused<SearchRunRow>(Refusal.NotFound, $"There is no run {RunId}.");
        if (ended == 0) return VerbOutcome.Refused<SearchRunRow>(Refusal.Conflict, $"Run {RunId} is {run.State}; only a run that has not ended is cancelled.");
        // A search that neither repeats nor has a run any more is not paused either.
        await context.Db.Searches.Where(x => x.Id == run.SearchId && x.RepeatEveryHours == null && x.PausedAt != null).ExecuteUpdateAsync(
            x => x.SetProperty(s => s.PausedAt, (DateTimeOffset?)null).SetProperty(s => s.Version, s => s.Version + 1), cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "search.cancelled", $"search/{run.SearchId}", $"run {RunId}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(run);
    }
}

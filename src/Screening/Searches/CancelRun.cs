using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>Ends a run that has not ended. What it found stays; its worker stops at its next renewal of the lease, within 15 s.</summary>
public sealed record CancelRun(long RunId)
{
    public async Task<VerbOutcome<SearchRunRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset? now = context.Clock.GetUtcNow();
        int ended = await context.Db.SearchRuns.Where(x => x.Id == RunId && (x.State == RunState.Queued || x.State == RunState.Running)).ExecuteUpdateAsync(
            x => x.SetProperty(r => r.State, RunState.Cancelled).SetProperty(r => r.FinishedAt, now).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null).SetProperty(r => r.Fence, r => r.Fence + 1),
            cancellationToken);
        SearchRunRow? run = await context.Db.SearchRuns.AsNoTracking().SingleOrDefaultAsync(x => x.Id == RunId, cancellationToken);
        if (run is null) return VerbOutcome.Refused<SearchRunRow>(Refusal.NotFound, $"There is no run {RunId}.");
        if (ended == 0) return VerbOutcome.Refused<SearchRunRow>(Refusal.Conflict, $"Run {RunId} is {run.State}; only a run that has not ended is cancelled.");
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "search.cancelled", $"search/{run.SearchId}", $"run {RunId}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(run);
    }
}

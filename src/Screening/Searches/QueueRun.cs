using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>Queues a further run of a saved search. A search has one unfinished run at most.</summary>
public sealed record QueueRun(long SearchId)
{
    public async Task<VerbOutcome<SearchRunRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        (SearchRow? search, VerbOutcome<SearchRow>? refused) = await SavedSearches.FindAsync(context.Db, SearchId, null, cancellationToken);
        if (search is null) return VerbOutcome.Refused<SearchRunRow>(refused!.Refusal!.Value, refused.Detail!);
        if ((await OwnHosts.ReadAsync(context.Db, cancellationToken)).Problem(search.ShopUrls.Split('\n'), search.FindMarkets is not null) is { } foreign) return VerbOutcome.Refused<SearchRunRow>(Refusal.Conflict, foreign);
        if (search.PausedAt is not null) return VerbOutcome.Refused<SearchRunRow>(Refusal.Conflict, $"The search “{search.Name}” is paused; resume it first.");
        long? unfinished = await context.Db.SearchRuns.Where(x => x.SearchId == SearchId && RunStates.Unfinished.Contains(x.State)).Select(x => (long?)x.Id).FirstOrDefaultAsync(cancellationToken);
        if (unfinished is { } id) return VerbOutcome.Refused<SearchRunRow>(Refusal.Conflict, $"Run {id} of this search has not ended; wait for it, or cancel it.");
        var run = new SearchRunRow { SearchId = SearchId, State = RunState.Queued, QueuedAt = context.Clock.GetUtcNow() };
        context.Db.SearchRuns.Add(run);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "search.queued", $"search/{SearchId}"), cancellationToken);
        return VerbOutcome.Done(run);
    }
}

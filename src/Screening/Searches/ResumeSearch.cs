using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Lets a paused search go on: its run joins the queue again where it stopped, and repetitions begin when they are due. A worker that has not heard of the pause yet
/// is given no further page. What was edited meanwhile counts from here on (<see cref="RunGround"/>).
/// </summary>
/// <param name="Seen">The version that was seen; null: any.</param>
public sealed record ResumeSearch(long SearchId, long? Seen)
{
    public async Task<VerbOutcome<SearchRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        (SearchRow? row, VerbOutcome<SearchRow>? refused) = await SavedSearches.FindAsync(context.Db, SearchId, Seen, cancellationToken);
        if (row is null) return refused!;
        if (row.PausedAt is null) return VerbOutcome.Refused<SearchRow>(Refusal.Conflict, $"The search “{row.Name}” is not paused.");
        IQueryable<SearchRunRow> paused = context.Db.SearchRuns.Where(x => x.SearchId == SearchId && x.State == RunState.Paused);
        // A page that the pause broke off is no page over which a worker was lost.
        await context.Db.Frontier.Where(f => f.State == FrontierState.Leased && paused.Any(r => r.Id == f.RunId)).RevokeAsync(x => x.SetProperty(f => f.State, FrontierState.Pending), cancellationToken);
        await paused.RevokeAsync(x => x.SetProperty(r => r.State, RunState.Queued), cancellationToken);
        row.PausedAt = null;
        row.Version++;
        VerbOutcome<SearchRow> outcome = await SavedSearches.SaveAsync(context, row, "search.resumed", null, cancellationToken);
        if (outcome.Done) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

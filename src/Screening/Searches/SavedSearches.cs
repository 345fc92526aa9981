using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>What the verbs on a saved search share.</summary>
internal static class SavedSearches
{
    /// <summary>The search as the context tracks it, or why a verb on it is refused.</summary>
    /// <param name="seen">The version that the caller saw; null: any.</param>
    public static async Task<(SearchRow? Row, VerbOutcome<SearchRow>? Refused)> FindAsync(TouchstoneDb db, long id, long? seen, CancellationToken cancellationToken)
    {
        SearchRow? row = await db.Searches.SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (row is null) return (null, VerbOutcome.Refused<SearchRow>(Refusal.NotFound, $"There is no search {id}."));
        if (row.DeletedAt is { } at) return (null, VerbOutcome.Refused<SearchRow>(Refusal.Conflict, $"The search “{row.Name}” was deleted on {at:yyyy-MM-dd} by {row.DeletedBy}; make a new one."));
        return seen is { } version && version != row.Version ? (null, Overtaken(row)) : (row, null);
    }

    /// <summary>Saves what changed with its entry in the log, within the caller's transaction if there is one.</summary>
    public static async Task<VerbOutcome<SearchRow>> SaveAsync(VerbContext context, SearchRow row, string action, string? detail, CancellationToken cancellationToken)
    {
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, action, $"search/{row.Id}", detail), cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Overtaken(row);
        }
        return VerbOutcome.Done(row);
    }

    /// <summary>Ends those of the runs that have not ended, before they are through, with the numbers that a run has at its end; returns how many.</summary>
    public static Task<int> CancelAsync(TouchstoneDb db, IQueryable<SearchRunRow> runs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? at = now;
        return runs.Where(x => RunStates.Unfinished.Contains(x.State)).RevokeAsync(
            x => x.SetProperty(r => r.State, RunState.Cancelled)
                .SetProperty(r => r.FinishedAt, at)
                .SetProperty(r => r.Shops, r => db.Frontier.Where(f => f.RunId == r.Id && f.State == FrontierState.Done).Select(f => f.Host).Distinct().Count())
                .SetProperty(r => r.Skipped, r => db.Frontier.Count(f => f.RunId == r.Id && f.State == FrontierState.Skipped))
                .SetProperty(r => r.Failed, r => db.Frontier.Count(f => f.RunId == r.Id && f.State == FrontierState.Failed)),
            cancellationToken);
    }

    private static VerbOutcome<SearchRow> Overtaken(SearchRow row) => VerbOutcome.Refused<SearchRow>(Refusal.Overtaken, $"Somebody else changed the search “{row.Name}” since you saw it. Look at it again, then decide.");
}

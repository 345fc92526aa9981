using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Holds a search: no further page is begun and no repetition, on any node and over any restart, until somebody resumes it. Pages under way are given up within seconds and
/// read again when it goes on; what is done stays done.
/// </summary>
/// <param name="Seen">The version that was seen; null: any.</param>
public sealed record PauseSearch(long SearchId, long? Seen)
{
    public async Task<VerbOutcome<SearchRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        (SearchRow? row, VerbOutcome<SearchRow>? refused) = await SavedSearches.FindAsync(context.Db, SearchId, Seen, cancellationToken);
        if (row is null) return refused!;
        if (row.PausedAt is { } since) return VerbOutcome.Refused<SearchRow>(Refusal.Conflict, $"The search “{row.Name}” is paused since {since:yyyy-MM-dd HH:mm} UTC.");
        int held = await context.Db.SearchRuns.Where(x => x.SearchId == SearchId && (x.State == RunState.Queued || x.State == RunState.Running)).RevokeAsync(x => x.SetProperty(r => r.State, RunState.Paused), cancellationToken);
        if (held == 0 && row.RepeatEveryHours is null) return VerbOutcome.Refused<SearchRow>(Refusal.Conflict, $"The search “{row.Name}” neither runs nor repeats: there is nothing to pause.");
        row.PausedAt = context.Clock.GetUtcNow();
        row.Version++;
        VerbOutcome<SearchRow> outcome = await SavedSearches.SaveAsync(context, row, "search.paused", null, cancellationToken);
        if (outcome.Done) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

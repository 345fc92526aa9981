using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Takes a search out of the lists for ever: a run that has not ended is stopped, and none begins again. What it found stays as it is, undecided hits for review, decided ones
/// and those in cases as evidence, because others rely on them.
/// </summary>
/// <param name="Seen">The version that was seen; null: any.</param>
public sealed record DeleteSearch(long SearchId, long? Seen)
{
    public async Task<VerbOutcome<SearchRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        (SearchRow? row, VerbOutcome<SearchRow>? refused) = await SavedSearches.FindAsync(context.Db, SearchId, Seen, cancellationToken);
        if (row is null) return refused!;
        DateTimeOffset now = context.Clock.GetUtcNow();
        await SavedSearches.CancelAsync(context.Db, context.Db.SearchRuns.Where(x => x.SearchId == SearchId), now, cancellationToken);
        row.DeletedAt = now;
        row.DeletedBy = context.Actor;
        row.PausedAt = null;
        row.Version++;
        VerbOutcome<SearchRow> outcome = await SavedSearches.SaveAsync(context, row, "search.deleted", row.Name, cancellationToken);
        if (outcome.Done) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

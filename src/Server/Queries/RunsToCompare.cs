using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>The two runs of a search that somebody wants compared, for API and console.</summary>
internal static class RunsToCompare
{
    /// <summary>
    /// The named runs, the earlier one first; of one that is not named, the last that finished (<paramref name="to"/>), or the last that finished before the other (<paramref name="from"/>). Null, null
    /// where there are no two such runs of the search, or the second did not come after the first.
    /// </summary>
    public static async Task<(SearchRunRow? From, SearchRunRow? To)> FindAsync(TouchstoneDb db, long searchId, long? from, long? to, CancellationToken cancellationToken)
    {
        if (from is null && to is null) return await CompareRuns.LastTwoAsync(db, searchId, cancellationToken) is { } last ? last : (null, null);
        IQueryable<SearchRunRow> runs = db.SearchRuns.AsNoTracking().Where(r => r.SearchId == searchId);
        IQueryable<SearchRunRow> finished = runs.Where(r => r.State == RunState.Finished).OrderByDescending(r => r.Id);
        SearchRunRow? later = to is { } named ? await runs.FirstOrDefaultAsync(r => r.Id == named, cancellationToken) : await finished.FirstOrDefaultAsync(cancellationToken);
        if (later is null) return (null, null);
        SearchRunRow? earlier = from is { } first ? await runs.FirstOrDefaultAsync(r => r.Id == first, cancellationToken) : await finished.FirstOrDefaultAsync(r => r.Id < later.Id, cancellationToken);
        return earlier is null || earlier.Id >= later.Id ? (null, null) : (earlier, later);
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Changes a saved search. What it is for, a reference or a picture, stays: its hits answer that question. Where it looks changes while nothing of it runs; a run that is
/// queued or paused goes by the change from its next page on (<see cref="RunGround"/>).
/// </summary>
/// <param name="Seen">The version that was seen; null: any.</param>
public sealed record EditSearch(long SearchId, SearchWish Wish, long? Seen)
{
    /// <summary>Within the caller's transaction, if there is one.</summary>
    public async Task<VerbOutcome<SearchRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if ((Wish.Problem() ?? (await OwnHosts.ReadAsync(context.Db, cancellationToken)).Problem(Wish.Urls, Wish.FindMarkets.Count > 0)) is { } problem) return VerbOutcome.Refused<SearchRow>(Refusal.Invalid, problem);
        (SearchRow? row, VerbOutcome<SearchRow>? refused) = await SavedSearches.FindAsync(context.Db, SearchId, Seen, cancellationToken);
        if (row is null) return refused!;
        var before = (row.ShopUrls, row.Terms, row.PageBudget);
        Wish.Fill(row);
        bool moves = before != (row.ShopUrls, row.Terms, row.PageBudget);
        if (moves && await context.Db.SearchRuns.Where(x => x.SearchId == SearchId && x.State == RunState.Running).Select(x => (long?)x.Id).FirstOrDefaultAsync(cancellationToken) is { } running)
            return VerbOutcome.Refused<SearchRow>(Refusal.Conflict, $"Run {running} goes on with the shops, words and budget that it began with. Pause or stop it, then change them.");
        row.Version++;
        string detail = $"{row.Name}: {row.ShopUrls.ReplaceLineEndings(" ")}; words: {row.Terms ?? "none"}; {row.PageBudget} pages a shop; {SearchPace.Of(row)?.Said ?? "once"}{(row.FindMarkets is { } found ? $"; finds up to {row.MostFoundShops} shops for {found.ReplaceLineEndings(" ")}" : "")}";
        return await SavedSearches.SaveAsync(context, row, "search.edited", detail, cancellationToken);
    }
}

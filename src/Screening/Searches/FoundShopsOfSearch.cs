using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// A search that finds its shops: as each run begins, the web is asked, and what is proposed is taken up until the search has as many as it may; the rest waits for a person. Once a run, also where its worker
/// ends in between. Safe for concurrent use.
/// </summary>
public sealed class FoundShopsOfSearch(IDbContextFactory<TouchstoneDb> databases, FindingRunner runner, TimeProvider clock)
{
    private const int MostAttempts = 3;

    /// <summary>The search as it is after its shops were looked for; as it was where it looks for none.</summary>
    internal async Task<SearchRow> TakeUpAsync(SearchRunRow run, CancellationToken cancellationToken)
    {
        SearchRow search = run.Search!;
        if (search.FindMarkets is null) return search;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await FindingAsync(db, search, run.StartedAt ?? run.QueuedAt, cancellationToken) is not { } finding) return search;
        HashSet<string> known = await KnownAsync(db, search, cancellationToken);
        if (finding.State is FindingState.Queued or FindingState.Running) await runner.FinishAsync(finding, null, cancellationToken, known);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await TakeAsync(finding.Id, search.Id, cancellationToken);
                break;
            }
            catch (DbUpdateConcurrencyException) when (attempt < MostAttempts)
            {
                // Somebody edited the search at the same moment; the next turn goes by what it says now.
            }
        }
        return await db.Searches.AsNoTracking().SingleAsync(s => s.Id == search.Id, cancellationToken);
    }

    /// <summary>The finding of this run: the one that it has begun, or a new one; null where there is nothing to ask for.</summary>
    private async Task<FindingRow?> FindingAsync(TouchstoneDb db, SearchRow search, DateTimeOffset began, CancellationToken cancellationToken)
    {
        if (await db.Findings.AsNoTracking().Where(f => f.SearchId == search.Id && f.CreatedAt >= began).OrderByDescending(f => f.Id).FirstOrDefaultAsync(cancellationToken) is { } begun) return begun;
        string[] markets = search.FindMarkets!.Split('\n');
        IReadOnlyList<SearchTerm> terms = await TermsAsync(db, search, markets, cancellationToken);
        if (terms.Count == 0) return null;
        FindingRow row = FindShops.RowOf(search.ReferenceId, search.Id, terms, markets, FindShops.MostShopsEver, search.CreatedBy, clock.GetUtcNow());
        db.Findings.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>The search's own words in each language of the markets, or what its reference is called there.</summary>
    private static async Task<IReadOnlyList<SearchTerm>> TermsAsync(TouchstoneDb db, SearchRow search, string[] markets, CancellationToken cancellationToken)
    {
        SearchTerm[] own = [.. TermFilter.Phrases(search.Terms).Select(p => new SearchTerm(null, p))];
        if (search.ReferenceId is not { } id || await db.References.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is not { } reference) return own;
        return [.. own.Concat(TermMaker.Of(reference, markets, await TermTable.ReadAsync(db, cancellationToken))).Take(TermMaker.MostTerms)];
    }

    /// <summary>The sites that the search has, and those that a person rejected for it.</summary>
    private static async Task<HashSet<string>> KnownAsync(TouchstoneDb db, SearchRow search, CancellationToken cancellationToken)
    {
        string[] decided = await db.FoundShops.Where(s => s.Finding!.SearchId == search.Id && s.State != FoundShopState.Proposed).Select(s => s.Host).Distinct().ToArrayAsync(cancellationToken);
        return [.. decided, .. search.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(u => FoundSite.Of(u)?.Site).OfType<string>()];
    }

    private async Task TakeAsync(long findingId, long searchId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        SearchRow search = await db.Searches.SingleAsync(s => s.Id == searchId, cancellationToken);
        int has = await db.FoundShops.CountAsync(s => s.SearchId == searchId && s.Finding!.SearchId == searchId && s.State == FoundShopState.Accepted, cancellationToken);
        int room = search.MostFoundShops - has;
        if (room <= 0) return;
        List<FoundShopRow> next = await db.FoundShops.Where(s => s.FindingId == findingId && s.State == FoundShopState.Proposed).OrderBy(s => s.Id).Take(room).ToListAsync(cancellationToken);
        if (next.Count == 0) return;
        DateTimeOffset now = clock.GetUtcNow();
        foreach (FoundShopRow shop in next) (shop.State, shop.DecidedBy, shop.DecidedAt, shop.SearchId) = (FoundShopState.Accepted, search.CreatedBy, now, searchId);
        search.ShopUrls = string.Join('\n', search.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(next.SelectMany(DecideFoundShops.StartsOf)).Distinct(StringComparer.Ordinal));
        search.Version++;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await AuditLog.SaveAsync(db, clock, new AuditEntry(search.CreatedBy, AuditAction.FindingDecided, AuditSubject.Finding(findingId), $"into search {searchId}, which finds its shops: {string.Join(' ', next.Select(s => s.Host))}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

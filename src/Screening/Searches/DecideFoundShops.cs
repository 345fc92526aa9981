using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Takes shops that a finding proposes into a search, a new one or one that there is, or rejects them. What was decided is decided again the same way: a rejected shop may be taken later.
/// </summary>
/// <param name="Take">Numbers of found shops.</param>
/// <param name="Reject">Numbers of found shops; none of <paramref name="Take"/>.</param>
/// <param name="IntoSearch">The search that takes them; null: a new one, for the finding's reference, or for everything.</param>
/// <param name="Ignore">Whether what is rejected is never proposed again to anybody.</param>
public sealed record DecideFoundShops(long FindingId, IReadOnlyList<long> Take, IReadOnlyList<long> Reject, long? IntoSearch = null, bool Ignore = false)
{
    public async Task<VerbOutcome<FindingRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        FindingRow? finding = await db.Findings.Include(x => x.Shops).SingleOrDefaultAsync(x => x.Id == FindingId, cancellationToken);
        if (finding is null) return VerbOutcome.Refused<FindingRow>(Refusal.NotFound, $"There is no finding {FindingId}.");
        FoundShopRow[] taken = [.. finding.Shops.Where(s => Take.Contains(s.Id))], rejected = [.. finding.Shops.Where(s => Reject.Contains(s.Id))];
        if (taken.Length + rejected.Length == 0) return VerbOutcome.Refused<FindingRow>(Refusal.Invalid, "Choose shops that this finding proposes.");
        if (taken.Intersect(rejected).Any()) return VerbOutcome.Refused<FindingRow>(Refusal.Invalid, "A shop is taken or rejected, not both.");
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        long? search = null;
        if (taken.Length > 0)
        {
            (search, VerbOutcome<FindingRow>? refused) = await SearchedAsync(context, finding, taken, cancellationToken);
            if (refused is not null) return refused;
        }
        DateTimeOffset now = context.Clock.GetUtcNow();
        foreach (FoundShopRow shop in taken) (shop.State, shop.DecidedBy, shop.DecidedAt, shop.SearchId) = (FoundShopState.Accepted, context.Actor, now, search);
        foreach (FoundShopRow shop in rejected) (shop.State, shop.DecidedBy, shop.DecidedAt) = (FoundShopState.Rejected, context.Actor, now);
        string detail = string.Join("; ", new[] { Told($"into search {search}", taken), Told("rejected", rejected) }.OfType<string>());
        await AuditLog.SaveAsync(db, context.Clock, new AuditEntry(context.Actor, AuditAction.FindingDecided, AuditSubject.Finding(FindingId), detail), cancellationToken);
        if (Ignore)
            foreach (FoundShopRow shop in rejected.Where(s => !s.Host.Contains(':', StringComparison.Ordinal))) await IgnoredHosts.SetAsync(context, shop.Host, true, $"rejected in finding {FindingId}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(finding);
    }

    /// <summary>The addresses at which a search of a found shop begins: its front page, where its own search is, and the page that was found.</summary>
    internal static IEnumerable<string> StartsOf(FoundShopRow shop)
    {
        var page = new Uri(shop.Url);
        yield return $"{page.Scheme}://{page.Authority}/";
        if (page.PathAndQuery != "/") yield return shop.Url;
    }

    private async Task<(long? Search, VerbOutcome<FindingRow>? Refused)> SearchedAsync(VerbContext context, FindingRow finding, FoundShopRow[] taken, CancellationToken cancellationToken)
    {
        string[] starts = [.. taken.SelectMany(StartsOf)];
        if (IntoSearch is { } id)
        {
            (SearchRow? row, VerbOutcome<SearchRow>? refused) = await SavedSearches.FindAsync(context.Db, id, null, cancellationToken);
            if (row is null) return (null, VerbOutcome.Refused<FindingRow>(refused!.Refusal!.Value, refused.Detail!));
            if (await context.Db.SearchRuns.AnyAsync(r => r.SearchId == id && r.State == RunState.Running, cancellationToken)) return (null, VerbOutcome.Refused<FindingRow>(Refusal.Conflict, $"A run of the search “{row.Name}” goes on with the shops that it began with. Pause or stop it, then add to them."));
            var edited = SearchWish.Of(row) with { ShopUrls = [.. row.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. starts] };
            VerbOutcome<SearchRow> outcome = await new EditSearch(id, edited, null).RunAsync(context, cancellationToken);
            return outcome.Done ? (id, null) : (null, VerbOutcome.Refused<FindingRow>(outcome.Refusal!.Value, outcome.Detail!));
        }
        VerbOutcome<SearchRunRow> made = await CreateSearch.InTransactionAsync(context, new CreateSearch.Request(null, starts, finding.ReferenceId, null, null), cancellationToken);
        return made.Done ? (made.Value!.SearchId, null) : (null, VerbOutcome.Refused<FindingRow>(made.Refusal!.Value, made.Detail!));
    }

    private static string? Told(string what, FoundShopRow[] shops) => shops.Length == 0 ? null : $"{what}: {string.Join(' ', shops.Select(s => s.Host))}";
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;

namespace Touchstone.Screening.Cases;

/// <summary>A case that was opened, and the other cases that someone should know of.</summary>
public sealed record OpenedCase(CaseRow Case, IReadOnlyList<RelatedCase> Related);

/// <summary>Opens a case from hits. A hit is in one case at most: one that is already in another is refused.</summary>
/// <param name="HitIds">1..<see cref="MostHits"/>.</param>
/// <param name="Title">Null: made of the first hit's reference and shop.</param>
/// <param name="Market">ISO 3166 code of the market concerned; null: the operator's own country where every hit's shop sells into it, else the only country that all of them sell into, else none.</param>
/// <param name="AssignTo">The account's name; null: nobody yet.</param>
public sealed record OpenCase(IReadOnlyList<long> HitIds, string? Title = null, string? Market = null, string? AssignTo = null, DateTimeOffset? DueAt = null)
{
    /// <summary>The most hits to open a case with.</summary>
    public const int MostHits = 500;

    public async Task<VerbOutcome<OpenedCase>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        List<long> ids = [.. HitIds.Distinct()];
        if (Problem(ids, context.Clock) is { } problem) return Refused(Refusal.Invalid, problem);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        List<HitRow> hits = await context.Db.Hits.AsNoTracking()
            .Include(x => x.Reference).Include(x => x.Listing!.Shop)
            .Where(x => ids.Contains(x.Id)).OrderBy(x => x.Id).ToListAsync(cancellationToken);
        if (hits.Count < ids.Count) return Refused(Refusal.NotFound, $"There is no hit {string.Join(", ", ids.Except(hits.Select(x => x.Id)))}.");
        if (hits.Find(x => x.CaseId is not null) is { } taken) return Refused(Refusal.Conflict, $"Hit {taken.Id} is already in case {taken.CaseId}.");

        IReadOnlyList<RelatedCase> related = await RelatedCases.OfHitsAsync(context.Db, ids, cancellationToken);
        CaseRow opened = NewCase(context, hits.First(x => x.Id == ids[0]), Market ?? await MarketOfAsync(context.Db, hits, cancellationToken));
        context.Db.Cases.Add(opened);
        await context.Db.SaveChangesAsync(cancellationToken);
        int claimed = await context.Db.Hits.Where(x => ids.Contains(x.Id) && x.CaseId == null)
            .ExecuteUpdateAsync(x => x.SetProperty(h => h.CaseId, opened.Id), cancellationToken);
        if (claimed < ids.Count)
        {
            context.Db.ChangeTracker.Clear();
            return Refused(Refusal.Conflict, "One of the hits was put into another case in the meantime. Read them again.");
        }

        string text = $"Opened with {(ids.Count == 1 ? "hit" : "hits")} {string.Join(", ", ids)}";
        CaseHistory.Add(context, opened, CaseEventKind.Opened, text);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.CaseOpened, AuditSubject.Case(opened.Id), text), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(new OpenedCase(opened, related));
    }

    private string? Problem(List<long> ids, TimeProvider clock)
    {
        if (ids.Count is 0 or > MostHits) return $"A case is opened with 1 to {MostHits} hits, not with {ids.Count}.";
        if (Market is { } market && !Markets.IsKnown(market)) return $"The market '{market}' is no ISO 3166 code of two capital letters.";
        return CaseText.Problem("The title", Title, CaseText.LongestTitle, required: false)
            ?? CaseText.Problem("The account's name", AssignTo, CaseText.LongestTitle, required: false)
            ?? SetCaseDue.Problem(DueAt, clock);
    }

    private static async Task<string?> MarketOfAsync(TouchstoneDb db, IReadOnlyList<HitRow> hits, CancellationToken cancellationToken)
    {
        string[] hosts = [.. hits.Select(x => x.Listing?.Shop?.Host).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (hosts.Length == 0) return null;
        MarketsOfShops markets = await MarketsOfShops.ReadAsync(db, hosts, cancellationToken);
        string[] common = [.. hosts.Select(x => (IEnumerable<string>)markets.Of(null, x)).Aggregate((all, own) => all.Intersect(own, StringComparer.Ordinal))];
        return (await CaseRules.ReadAsync(db, cancellationToken)).Country is { } own && common.Contains(own) ? own : common is [var only] ? only : null;
    }

    private CaseRow NewCase(VerbContext context, HitRow first, string? market)
    {
        string made = first.Listing?.Shop is { } shop ? $"{first.Reference!.Title} at {shop.Host}" : first.Reference!.Title;
        string title = string.IsNullOrWhiteSpace(Title) ? made : Title.Trim();
        return new()
        {
            Title = title.Length <= CaseText.LongestTitle ? title : title[..CaseText.LongestTitle],
            Market = market,
            Category = first.Reference!.Category,
            AssignedTo = string.IsNullOrWhiteSpace(AssignTo) ? null : AssignTo.Trim(),
            OpenedBy = context.Actor,
            OpenedAt = context.Clock.GetUtcNow(),
            DueAt = DueAt,
            Version = 1,
        };
    }

    private static VerbOutcome<OpenedCase> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<OpenedCase>(refusal, detail);
}

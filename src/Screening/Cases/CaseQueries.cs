using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Which cases are wanted; null: any.</summary>
/// <param name="Closed">False: only those that are not closed; true: only closed ones.</param>
/// <param name="AssignedTo">The account's name; empty: assigned to nobody.</param>
/// <param name="DueBefore">Due, and earlier than this.</param>
public sealed record CaseFilter(CaseState? State = null, bool? Closed = null, string? AssignedTo = null, string? Market = null, DateTimeOffset? DueBefore = null);

/// <summary>A case in a list.</summary>
public sealed record CaseSummary(
    long Id,
    string Title,
    CaseState State,
    string? AssignedTo,
    string? Market,
    string OpenedBy,
    DateTimeOffset OpenedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? ClosedAt,
    string? Outcome,
    long Version,
    int Hits,
    int Undecided);

/// <summary>Reads cases. Looking at a case is recorded by whoever shows it (<see cref="Audit.AuditAction.CaseViewed"/>).</summary>
public static class CaseQueries
{
    /// <summary>Cases, the newest first.</summary>
    /// <param name="before">The cursor of the page before; null: from the newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 cases.</exception>
    public static async Task<Page<CaseSummary>> ListAsync(TouchstoneDb db, CaseFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<CaseSummary>.CheckedTake(take);
        IQueryable<CaseRow> cases = Filtered(db, filter);
        if (before is { } id) cases = cases.Where(x => x.Id < id);
        List<CaseSummary> rows = await Summaries(cases.OrderByDescending(x => x.Id).Take(take + 1)).ToListAsync(cancellationToken);
        return Page<CaseSummary>.Cut(rows, take, x => x.Id);
    }

    /// <summary>The cases that are not closed and have a due time, the most urgent first.</summary>
    public static async Task<IReadOnlyList<CaseSummary>> MostUrgentAsync(TouchstoneDb db, CaseFilter filter, int take, CancellationToken cancellationToken)
    {
        Page<CaseSummary>.CheckedTake(take);
        IQueryable<CaseRow> cases = Filtered(db, filter).Where(x => x.State != CaseState.Closed && x.DueAt != null);
        return await Summaries(cases.OrderBy(x => x.DueAt).ThenBy(x => x.Id).Take(take)).ToListAsync(cancellationToken);
    }

    public static Task<int> CountAsync(TouchstoneDb db, CaseFilter filter, CancellationToken cancellationToken) => Filtered(db, filter).CountAsync(cancellationToken);

    /// <summary>One case with its history and its hits (with reference, listing, shop and match), or null.</summary>
    public static async Task<CaseRow?> FindAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) =>
        await db.Cases.AsNoTracking().AsSplitQuery()
            .Include(x => x.Events.OrderBy(e => e.Id))
            .Include(x => x.Hits.OrderBy(h => h.Id)).ThenInclude(x => x.Reference!.Register)
            .Include(x => x.Hits).ThenInclude(x => x.Listing!.Shop)
            .Include(x => x.Hits).ThenInclude(x => x.Match)
            .FirstOrDefaultAsync(x => x.Id == id, cancellationToken);

    private static IQueryable<CaseRow> Filtered(TouchstoneDb db, CaseFilter filter)
    {
        IQueryable<CaseRow> cases = db.Cases.AsNoTracking();
        if (filter.State is { } state) cases = cases.Where(x => x.State == state);
        if (filter.Closed is { } closed) cases = cases.Where(x => (x.State == CaseState.Closed) == closed);
        if (filter.AssignedTo is { } account) cases = account.Length == 0 ? cases.Where(x => x.AssignedTo == null) : cases.Where(x => x.AssignedTo == account);
        if (filter.Market is { } market) cases = cases.Where(x => x.Market == market);
        if (filter.DueBefore is { } due) cases = cases.Where(x => x.DueAt != null && x.DueAt < due);
        return cases;
    }

    private static IQueryable<CaseSummary> Summaries(IQueryable<CaseRow> cases) => cases.Select(x => new CaseSummary(
        x.Id, x.Title, x.State, x.AssignedTo, x.Market, x.OpenedBy, x.OpenedAt, x.DueAt, x.ClosedAt, x.Outcome, x.Version,
        x.Hits.Count, x.Hits.Count(h => h.State == HitState.New)));
}

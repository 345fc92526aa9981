using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Which cases are wanted; null: any.</summary>
/// <param name="Closed">False: only those that have not ended; true: only those that were closed or rejected.</param>
/// <param name="AssignedTo">The account's name; empty: assigned to nobody.</param>
/// <param name="Market">Empty: those that name none.</param>
/// <param name="DueBefore">Due, or with a clock that runs out, earlier than this.</param>
/// <param name="Category">Of the reference of the first hit; empty: those that have none.</param>
/// <param name="FreeAt">Claimed by nobody at this time.</param>
/// <param name="ClaimedBy">Claimed by this account at <paramref name="Now"/>.</param>
/// <param name="BreachedAt">A clock had run out by this time and was not met.</param>
/// <param name="Now">The time for <paramref name="ClaimedBy"/>.</param>
public sealed record CaseFilter(
    CaseState? State = null, bool? Closed = null, string? AssignedTo = null, string? Market = null, DateTimeOffset? DueBefore = null, string? Category = null, DateTimeOffset? FreeAt = null, string? ClaimedBy = null,
    DateTimeOffset? BreachedAt = null, DateTimeOffset? Now = null);

/// <summary>A case in a list.</summary>
/// <param name="ClaimedUntil">The claim may have run out.</param>
/// <param name="NextClock">When the next clock that runs is due, or ran out.</param>
public sealed record CaseSummary(
    long Id,
    string Title,
    CaseState State,
    string? AssignedTo,
    string? Market,
    string? Category,
    string OpenedBy,
    DateTimeOffset OpenedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? ClosedAt,
    string? Outcome,
    string? ClaimedBy,
    DateTimeOffset? ClaimedUntil,
    DateTimeOffset? NextClock,
    long Version,
    int Hits,
    int Undecided)
{
    /// <summary>When something of the case is due first: the case itself, or a clock that runs; null: never.</summary>
    public DateTimeOffset? Due => NextClock is { } clock && (DueAt is not { } due || clock < due) ? clock : DueAt;
}

/// <summary>Cases of one market and category that have not ended.</summary>
/// <param name="Market">Null: those that name none.</param>
/// <param name="Category">Null: those whose references have none.</param>
/// <param name="Late">Overdue, or with a clock that ran out.</param>
public sealed record CaseQueue(string? Market, string? Category, int Cases, int Unclaimed, int Late);

/// <summary>Reads cases. Looking at a case is recorded by whoever shows it (<see cref="Audit.AuditAction.CaseViewed"/>).</summary>
public static class CaseQueries
{
    /// <summary>The most queues that are told.</summary>
    public const int MostQueues = 100;

    /// <summary>Cases, the newest first.</summary>
    /// <param name="before">The cursor of the page before; null: from the newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 cases.</exception>
    public static async Task<Page<CaseSummary>> ListAsync(TouchstoneDb db, CaseFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<CaseSummary>.CheckedTake(take);
        IQueryable<CaseRow> cases = Filtered(db, filter);
        if (before is { } id) cases = cases.Where(x => x.Id < id);
        List<CaseSummary> rows = await Summaries(db, cases.OrderByDescending(x => x.Id).Take(take + 1)).ToListAsync(cancellationToken);
        return Page<CaseSummary>.Cut(rows, take, x => x.Id);
    }

    /// <summary>The cases that have not ended and have a due time or a clock that runs, the most urgent first.</summary>
    public static async Task<IReadOnlyList<CaseSummary>> MostUrgentAsync(TouchstoneDb db, CaseFilter filter, int take, CancellationToken cancellationToken)
    {
        Page<CaseSummary>.CheckedTake(take);
        IQueryable<CaseRow> cases = WithDue(db, Filtered(db, filter with { Closed = false })).Where(x => x.Due != null).OrderBy(x => x.Due).ThenBy(x => x.Case.Id).Take(take).Select(x => x.Case);
        List<CaseSummary> found = await Summaries(db, cases).ToListAsync(cancellationToken);
        return [.. found.OrderBy(x => x.Due).ThenBy(x => x.Id)];
    }

    /// <summary>
    /// The case that a person works on next: of those that have not ended, that nobody else holds and that are nobody's or theirs, the one whose clock runs out or that is due first,
    /// then the oldest. Null: there is none.
    /// </summary>
    /// <param name="after">The case that the person leaves; it is not given again.</param>
    public static async Task<long?> NextAsync(TouchstoneDb db, CaseFilter filter, string person, DateTimeOffset now, long? after, CancellationToken cancellationToken)
    {
        IQueryable<CaseRow> free = Filtered(db, filter with { Closed = false })
            .Where(x => x.Id != after && (x.ClaimedBy == null || x.ClaimedBy == person || x.ClaimedUntil <= now) && (x.AssignedTo == null || x.AssignedTo == person));
        var next = await WithDue(db, free).OrderBy(x => x.Due == null).ThenBy(x => x.Due).ThenBy(x => x.Case.Id).Select(x => new { x.Case.Id }).FirstOrDefaultAsync(cancellationToken);
        return next?.Id;
    }

    /// <summary>The queues of the cases that have not ended, by market and category; at most <see cref="MostQueues"/>, the largest first.</summary>
    public static async Task<IReadOnlyList<CaseQueue>> QueuesAsync(TouchstoneDb db, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Cases.AsNoTracking().Where(x => CaseTransitions.GoingOn.Contains(x.State))
            .Select(x => new { x.Market, x.Category, Free = x.ClaimedBy == null || x.ClaimedUntil <= now ? 1 : 0, Late = (x.DueAt != null && x.DueAt < now) || db.CaseClocks.Any(c => c.CaseId == x.Id && c.MetAt == null && c.DueAt < now) ? 1 : 0 })
            .GroupBy(x => new { x.Market, x.Category })
            .OrderByDescending(x => x.Count()).ThenBy(x => x.Key.Market).ThenBy(x => x.Key.Category).Take(MostQueues)
            .Select(x => new CaseQueue(x.Key.Market, x.Key.Category, x.Count(), x.Sum(c => c.Free), x.Sum(c => c.Late)))
            .ToListAsync(cancellationToken);

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
        if (filter.Closed is { } closed) cases = closed ? cases.Where(x => CaseTransitions.Ended.Contains(x.State)) : cases.Where(x => CaseTransitions.GoingOn.Contains(x.State));
        if (filter.AssignedTo is { } account) cases = account.Length == 0 ? cases.Where(x => x.AssignedTo == null) : cases.Where(x => x.AssignedTo == account);
        if (filter.Market is { } market) cases = market.Length == 0 ? cases.Where(x => x.Market == null) : cases.Where(x => x.Market == market);
        if (filter.Category is { } category) cases = category.Length == 0 ? cases.Where(x => x.Category == null) : cases.Where(x => x.Category == category);
        if (filter.DueBefore is { } due) cases = cases.Where(x => (x.DueAt != null && x.DueAt < due) || db.CaseClocks.Any(c => c.CaseId == x.Id && c.MetAt == null && c.DueAt < due));
        if (filter.FreeAt is { } free) cases = cases.Where(x => x.ClaimedBy == null || x.ClaimedUntil <= free);
        if (filter.ClaimedBy is { } holder) cases = cases.Where(x => x.ClaimedBy == holder && x.ClaimedUntil > filter.Now);
        if (filter.BreachedAt is { } late) cases = cases.Where(x => db.CaseClocks.Any(c => c.CaseId == x.Id && c.MetAt == null && c.DueAt < late));
        return cases;
    }

    /// <summary>The cases with when something of each is due first.</summary>
    private static IQueryable<DueCase> WithDue(TouchstoneDb db, IQueryable<CaseRow> cases) => cases
        .Select(x => new { Case = x, Clock = db.CaseClocks.Where(c => c.CaseId == x.Id && c.MetAt == null).OrderBy(c => c.DueAt).Select(c => (DateTimeOffset?)c.DueAt).FirstOrDefault() })
        .Select(x => new DueCase { Case = x.Case, Due = x.Clock != null && (x.Case.DueAt == null || x.Clock < x.Case.DueAt) ? x.Clock : x.Case.DueAt });

    private static IQueryable<CaseSummary> Summaries(TouchstoneDb db, IQueryable<CaseRow> cases) => cases.Select(x => new CaseSummary(
        x.Id, x.Title, x.State, x.AssignedTo, x.Market, x.Category, x.OpenedBy, x.OpenedAt, x.DueAt, x.ClosedAt, x.Outcome, x.ClaimedBy, x.ClaimedUntil,
        db.CaseClocks.Where(c => c.CaseId == x.Id && c.MetAt == null).OrderBy(c => c.DueAt).Select(c => (DateTimeOffset?)c.DueAt).FirstOrDefault(), x.Version,
        x.Hits.Count, x.Hits.Count(h => h.State == HitState.New)));

    private sealed class DueCase
    {
        public required CaseRow Case { get; init; }

        public DateTimeOffset? Due { get; init; }
    }
}

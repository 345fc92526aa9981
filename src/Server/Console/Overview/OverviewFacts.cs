using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;

namespace Touchstone.Server.Console.Overview;

/// <summary>What needs a person today. Counts end at <see cref="BoundedCounting.Most"/>.</summary>
/// <param name="Undecided">What the person who looks is to decide now.</param>
/// <param name="Hits">The most probable of them.</param>
/// <param name="Days">The last <see cref="OverviewFacts.MostDays"/> days, oldest first.</param>
/// <param name="Troubled">The latest run of each search that failed, or ended without reading a page.</param>
/// <param name="StaleRegisters">Registers that hold nothing, or were not imported for <see cref="OverviewFacts.Stale"/>.</param>
/// <param name="MessagesLate">Messages that should have left an hour ago and wait.</param>
/// <param name="Mentions">Where this person is named in cases that they did not open since.</param>
/// <param name="Breached">Deadlines of cases that ran out and were not met.</param>
/// <param name="Proposals">Decisions on many hits that wait for this person or another one.</param>
/// <param name="Appeals">Notices that this person did not send and whose appeal nobody decided yet.</param>
/// <param name="AppealNotice">The one of them that waits longest; null: none waits.</param>
/// <param name="AnyHit">Whether anything ever waited for a decision; where nothing did, nothing is decided either.</param>
public sealed record OverviewReport(
    int Undecided, IReadOnlyList<HitRow> Hits, IReadOnlyDictionary<long, string?> ImageOfHit, IReadOnlyList<SearchRunRow> Runs, IReadOnlyList<SearchRunRow> Troubled, IReadOnlyList<CaseSummary> DueCases, int OpenCases, int OverdueCases,
    IReadOnlyList<DayCount> Days, int UndeterminedThisWeek, int DeadMessages, int MessagesLate, IReadOnlyList<StaleRegister> StaleRegisters, bool AnyHit, IReadOnlyList<MentionRow> Mentions, int Breached, int Proposals, int Appeals, long? AppealNotice);

/// <summary>How many hits one day (UTC) found, and how many were decided on it.</summary>
public sealed record DayCount(DateOnly Day, int Found, int Decided);

/// <param name="ImportedAt">Null: never.</param>
/// <param name="IsEmpty">Whether no reference of it is in force.</param>
public sealed record StaleRegister(long Id, string Name, DateTimeOffset? ImportedAt, bool IsEmpty);

/// <summary>Each query is answered by an index and ends, however much is stored.</summary>
internal static class OverviewFacts
{
    public const int MostDays = 14;
    private const int MostRuns = 5;
    private const int MostMentions = 10;
    private const int NewestRuns = 100;
    private const int MostRegisters = 50;

    // The days before what these reach show less than there was, which takes more than a thousand hits a day.
    private const int MostHits = 20_000;
    public static readonly TimeSpan Week = TimeSpan.FromDays(7);
    public static readonly TimeSpan Stale = TimeSpan.FromDays(30);
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    public static async Task<OverviewReport> ReadAsync(IDbContextFactory<TouchstoneDb> databases, string person, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset soon = now.AddDays(2), late = now - Late;
        List<HitRow> hits = await HitQueries.After(HitQueries.Queue(db, person, now), HitOrder.Probability, null).Take(8).ToListAsync(cancellationToken);
        IQueryable<CaseRow> open = db.Cases.AsNoTracking().Where(x => CaseTransitions.GoingOn.Contains(x.State));
        IReadOnlyList<CaseSummary> due = await CaseQueries.MostUrgentAsync(db, new CaseFilter(DueBefore: soon), 6, cancellationToken);
        List<SearchRunRow> newest = await OfSearches(db).OrderByDescending(x => x.Id).Take(NewestRuns).ToListAsync(cancellationToken);
        return new OverviewReport(
            await HitQueries.Queue(db, person, now).CountBoundedAsync(cancellationToken),
            hits,
            hits.ToDictionary(x => x.Id, x => x.Match?.ImageSha256),
            await RunsAsync(db, newest, cancellationToken),
            Troubled(newest),
            due,
            await open.CountBoundedAsync(cancellationToken),
            await open.Where(x => (x.DueAt != null && x.DueAt < now) || db.CaseClocks.Any(c => c.CaseId == x.Id && c.MetAt == null && c.DueAt < now)).CountBoundedAsync(cancellationToken),
            await DaysAsync(db, now, cancellationToken),
            await Undetermined(db, now - Week).CountBoundedAsync(cancellationToken),
            await db.Outbox.Where(x => x.State == OutboxState.Dead).CountBoundedAsync(cancellationToken),
            await db.Outbox.Where(x => x.State == OutboxState.Pending && x.NotBefore < late).CountBoundedAsync(cancellationToken),
            await StaleRegistersAsync(db, now, cancellationToken),
            await db.Hits.OrderBy(x => x.Id).Select(x => x.Id).FirstOrDefaultAsync(cancellationToken) > 0,
            await Mentions.UnseenAsync(db, person, MostMentions, cancellationToken),
            await db.CaseClocks.Where(x => x.MetAt == null && x.DueAt < now).CountBoundedAsync(cancellationToken),
            await db.Proposals.Where(x => x.State == ProposalState.Open && x.ProposedBy != person).CountBoundedAsync(cancellationToken),
            await OpenAppeals(db, person).CountBoundedAsync(cancellationToken),
            await OpenAppeals(db, person).OrderBy(x => x.Id).Select(x => (long?)x.NoticeId).FirstOrDefaultAsync(cancellationToken));
    }

    // Who sent a notice does not decide an appeal against it.
    private static IQueryable<NoticeReplyRow> OpenAppeals(TouchstoneDb db, string person) =>
        db.NoticeReplies.AsNoTracking().Where(x => x.Kind == ReplyKind.Appeal && x.Upheld == null && x.Notice!.SentBy != person);

    /// <summary>The offers of the time that could not be judged: of each its latest screening, where that is undetermined.</summary>
    public static IQueryable<ScreeningRow> Undetermined(TouchstoneDb db, DateTimeOffset since) =>
        db.Screenings.AsNoTracking().Where(x => x.Reason != null && x.ScreenedAt >= since && x.Observation != null && !db.Screenings.Any(later => later.Observation!.ListingId == x.Observation.ListingId && later.Id > x.Id));

    /// <summary>What runs, then what is paused or waits, then what ended last.</summary>
    private static async Task<IReadOnlyList<SearchRunRow>> RunsAsync(TouchstoneDb db, IReadOnlyList<SearchRunRow> newest, CancellationToken cancellationToken)
    {
        var runs = new List<SearchRunRow>();
        foreach (RunState state in (RunState[])[RunState.Running, RunState.Paused, RunState.Queued])
            runs.AddRange(await OfSearches(db).Where(x => x.State == state).OrderByDescending(x => x.Id).Take(MostRuns).ToListAsync(cancellationToken));
        return [.. runs.Concat(newest).DistinctBy(x => x.Id).Take(MostRuns)];
    }

    private static IReadOnlyList<SearchRunRow> Troubled(IReadOnlyList<SearchRunRow> newest) =>
        [.. newest.DistinctBy(x => x.SearchId).Where(x => x.State == RunState.Failed || (x.State == RunState.Finished && x.Pages == 0)).Take(MostRuns)];

    private static IQueryable<SearchRunRow> OfSearches(TouchstoneDb db) => db.SearchRuns.AsNoTracking().Include(x => x.Search).Where(x => x.Search!.DeletedAt == null);

    private static async Task<IReadOnlyList<DayCount>> DaysAsync(TouchstoneDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        DateTimeOffset since = new(today.AddDays(1 - MostDays), default, TimeSpan.Zero);
        List<DateTimeOffset> found = await db.Hits.Where(x => x.FoundAt >= since).OrderByDescending(x => x.FoundAt).Take(MostHits).Select(x => x.FoundAt).ToListAsync(cancellationToken);
        List<DateTimeOffset> decided = await db.Hits.Where(x => x.DecidedAt != null && x.DecidedAt >= since).OrderByDescending(x => x.DecidedAt).Take(MostHits).Select(x => x.DecidedAt!.Value).ToListAsync(cancellationToken);
        ILookup<DateOnly, DateTimeOffset> foundOn = found.ToLookup(DayOf), decidedOn = decided.ToLookup(DayOf);
        return [.. Enumerable.Range(1 - MostDays, MostDays).Select(x => today.AddDays(x)).Select(x => new DayCount(x, foundOn[x].Count(), decidedOn[x].Count()))];
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static async Task<IReadOnlyList<StaleRegister>> StaleRegistersAsync(TouchstoneDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What the searches themselves ask with is no register that anybody keeps up to date.
        List<StaleRegister> registers = await db.Registers.Where(x => x.Name != RegisterRow.OfSearches).OrderBy(x => x.Name).Take(MostRegisters)
            .Select(x => new StaleRegister(x.Id, x.Name, x.ImportedAt, !db.References.Any(r => r.RegisterId == x.Id && r.RetiredAt == null))).ToListAsync(cancellationToken);
        return [.. registers.Where(x => x.IsEmpty || x.ImportedAt is null || now - x.ImportedAt > Stale)];
    }
}

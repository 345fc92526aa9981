using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Console.Overview;

/// <summary>What needs a person today. Counts end at <see cref="BoundedCounting.Most"/>.</summary>
public sealed record OverviewReport(
    int Undecided, IReadOnlyList<HitRow> Hits, IReadOnlyDictionary<long, string?> ImageOfHit, IReadOnlyList<SearchRunRow> Runs, IReadOnlyList<CaseRow> DueCases, int OpenCases, int DecidedThisWeek, int UndeterminedThisWeek, int DeadMessages, bool HasReferences);

/// <summary>Each query is answered by an index and ends, however much is stored.</summary>
internal static class OverviewFacts
{
    private const int MostRuns = 4;

    public static async Task<OverviewReport> ReadAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset soon = now.AddDays(2);
        DateTimeOffset week = now.AddDays(-7);
        List<HitRow> hits = await db.Hits.AsNoTracking().Include(x => x.Listing).Include(x => x.Reference).Include(x => x.Match)
            .Where(x => x.State == HitState.New).OrderByDescending(x => x.Probability).Take(8).ToListAsync(cancellationToken);
        IQueryable<CaseRow> open = db.Cases.AsNoTracking().Where(x => x.State == CaseState.Open || x.State == CaseState.AwaitingReply || x.State == CaseState.Watching);
        List<CaseRow> due = await open.Where(x => x.DueAt != null && x.DueAt < soon).OrderBy(x => x.DueAt).Take(6).ToListAsync(cancellationToken);
        return new OverviewReport(
            await db.Hits.Where(x => x.State == HitState.New).CountBoundedAsync(cancellationToken),
            [.. hits.OrderByDescending(x => x.Probability).ThenBy(x => x.Id)],
            hits.ToDictionary(x => x.Id, x => x.Match?.ImageSha256),
            await RunsAsync(db, cancellationToken),
            due,
            await open.CountBoundedAsync(cancellationToken),
            await db.Hits.Where(x => x.DecidedAt != null && x.DecidedAt >= week).CountBoundedAsync(cancellationToken),
            await db.Screenings.Where(x => x.Reason != null && x.ScreenedAt >= week).CountBoundedAsync(cancellationToken),
            await db.Outbox.Where(x => x.State == OutboxState.Dead).CountBoundedAsync(cancellationToken),
            await ReferenceQueries.OfRegisters(db).AnyAsync(cancellationToken));
    }

    /// <summary>What runs, then what waits, then what ended last.</summary>
    private static async Task<IReadOnlyList<SearchRunRow>> RunsAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        var runs = new List<SearchRunRow>();
        foreach (RunState state in (RunState[])[RunState.Running, RunState.Queued])
            runs.AddRange(await db.SearchRuns.AsNoTracking().Include(x => x.Search).Where(x => x.State == state).OrderByDescending(x => x.Id).Take(MostRuns).ToListAsync(cancellationToken));
        runs.AddRange(await db.SearchRuns.AsNoTracking().Include(x => x.Search).OrderByDescending(x => x.Id).Take(MostRuns).ToListAsync(cancellationToken));
        return [.. runs.DistinctBy(x => x.Id).Take(MostRuns)];
    }
}

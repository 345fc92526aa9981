using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Console.Overview;

/// <summary>What needs a person today.</summary>
public sealed record OverviewReport(
    int Undecided, IReadOnlyList<HitRow> Hits, IReadOnlyDictionary<long, string?> ImageOfHit, IReadOnlyList<SearchRunRow> Runs, IReadOnlyList<CaseRow> DueCases, int OpenCases, int DecidedThisWeek, int UndeterminedThisWeek, int DeadMessages, bool HasReferences);

internal static class OverviewFacts
{
    public static async Task<OverviewReport> ReadAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset soon = now.AddDays(2);
        DateTimeOffset week = now.AddDays(-7);
        List<HitRow> hits = await db.Hits.AsNoTracking().Include(x => x.Listing).Include(x => x.Reference).Include(x => x.Match)
            .Where(x => x.State == HitState.New).OrderByDescending(x => x.Probability).ThenBy(x => x.Id).Take(8).ToListAsync(cancellationToken);
        List<SearchRunRow> runs = await db.SearchRuns.AsNoTracking().Include(x => x.Search)
            .OrderBy(x => x.State == RunState.Running ? 0 : x.State == RunState.Queued ? 1 : 2).ThenByDescending(x => x.QueuedAt).Take(4).ToListAsync(cancellationToken);
        List<CaseRow> due = await db.Cases.AsNoTracking().Where(x => x.State != CaseState.Closed && x.DueAt != null && x.DueAt < soon).OrderBy(x => x.DueAt).Take(6).ToListAsync(cancellationToken);
        return new OverviewReport(
            await db.Hits.CountAsync(x => x.State == HitState.New, cancellationToken),
            hits,
            hits.ToDictionary(x => x.Id, x => x.Match?.ImageSha256),
            runs,
            due,
            await db.Cases.CountAsync(x => x.State != CaseState.Closed, cancellationToken),
            await db.Hits.CountAsync(x => x.DecidedAt != null && x.DecidedAt >= week, cancellationToken),
            await db.Screenings.CountAsync(x => x.Reason != null && x.ScreenedAt >= week, cancellationToken),
            await db.Outbox.CountAsync(x => x.State == OutboxState.Dead, cancellationToken),
            await db.References.AnyAsync(x => x.Kind != ReferenceKind.SearchedPicture, cancellationToken));
    }
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A run of a search with its numbers; live while it runs.</summary>
public sealed record RunItem(
    long Id, long SearchId, RunState State, DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Error, int Shops, int Pages, int NotModified, int Rendered, int Listings, int ListingsUnchanged,
    int Images, int ImagesDescribed, int Hits, int Undetermined, int Skipped, int Failed);

/// <summary>The numbers of a run at one moment, as sent to those who watch. While it goes on, those of URLs that were skipped, failed or wait end at 100,000 each.
/// <c>Ahead</c>: how many queued runs are taken before this one; <c>WaitsFor</c>: the host whose pace or hours it waits for, and until when.</summary>
public sealed record RunProgress(RunState State, int Pages, int NotModified, int Rendered, int Listings, int ListingsUnchanged, int Images, int ImagesDescribed, int Hits, int Undetermined, int Skipped, int Failed, int Pending, string? CurrentUrl, int Ahead, string? WaitsFor, DateTimeOffset? WaitsUntil);

internal static class RunsApi
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    public static void MapRuns(this RouteGroupBuilder api)
    {
        RouteGroupBuilder runs = api.MapGroup("/runs").WithTags("Searches");
        runs.MapGet("/", ListAsync).WithName("ListRuns").WithSummary("Runs, newest first.");
        runs.MapGet("/{id:long}", GetAsync).WithName("GetRun").WithSummary("A run with its numbers.").ProducesProblem(404);
        runs.MapGet("/{id:long}/coverage", CoverageAsync).WithName("GetCoverage").WithSummary("What the run did not cover, and why.").ProducesProblem(404);
        runs.MapGet("/{id:long}/events", (long id, RunWatch watch, TimeProvider clock, CancellationToken cancellationToken) => TypedResults.ServerSentEvents(WatchAsync(id, watch, clock, cancellationToken)))
            .WithName("WatchRun").WithSummary("Server-sent events: progress while the run goes on, then end.").Produces(200, contentType: "text/event-stream");
        runs.MapPost("/{id:long}/cancel", CancelAsync).RequireAuthorization(Policies.Act).WithName("CancelRun").WithSummary("Ends a run that has not ended.").ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<ApiPage<RunItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? state, long? search, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        RunState? wanted = Query.Enum<RunState>("state", state);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<SearchRunRow> rows = await db.SearchRuns.AsNoTracking()
            .Where(x => (last == null || x.Id < last) && (wanted == null || x.State == wanted) && (search == null || x.SearchId == search))
            .OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), ItemOf));
    }

    private static async Task<Results<Ok<RunItem>, ProblemHttpResult>> GetAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SearchRuns.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken) is { } run ? TypedResults.Ok(ItemOf(run)) : Problems.NotFound("run", id);
    }

    private static async Task<Results<Ok<List<CoverageGap>>, ProblemHttpResult>> CoverageAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.SearchRuns.AnyAsync(x => x.Id == id, cancellationToken)) return Problems.NotFound("run", id);
        return TypedResults.Ok(await SearchQueries.GapsOfRunAsync(db, id, cancellationToken));
    }

    private static async Task<Results<Ok<RunItem>, ProblemHttpResult>> CancelAsync(long id, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<SearchRunRow> outcome = await acting.AsAsync(http.User, x => new CancelRun(id).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!)) : Problems.Of(outcome);
    }

    /// <summary>Reads the row, to which every node's workers write, so that a run can be watched from any node.</summary>
    private static async IAsyncEnumerable<SseItem<RunProgress?>> WatchAsync(long id, RunWatch watch, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        RunProgress? sent = null;
        do
        {
            RunProgress? now = await watch.ProgressAsync(id, cancellationToken);
            if (now is null) break;
            if (now != sent) yield return new SseItem<RunProgress?>(now, "progress");
            sent = now;
            if (now.State.HasEnded()) break;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
        yield return new SseItem<RunProgress?>(sent, "end");
    }

    public static RunItem ItemOf(SearchRunRow x) => new(
        x.Id, x.SearchId, x.State, x.QueuedAt, x.StartedAt, x.FinishedAt, x.Error, x.Shops, x.Pages, x.NotModified, x.Rendered, x.Listings, x.ListingsUnchanged, x.Images, x.ImagesDescribed, x.Hits, x.Undetermined, x.Skipped, x.Failed);
}

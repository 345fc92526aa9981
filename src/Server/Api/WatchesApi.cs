using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>An offer that is gone: of which confirmed hit, how that is known, and since when (null: now).</summary>
public sealed record StartWatchRequest(long HitId, string Because, DateTimeOffset? RemovedAt = null);

public sealed record EndWatchRequest(string Reason);

public sealed record DismissReturnRequest(string Reason);

/// <summary>Offers that were removed, and what came back.</summary>
internal static class WatchesApi
{
    public static void MapWatches(this RouteGroupBuilder api)
    {
        RouteGroupBuilder watches = api.MapGroup("/watches").WithTags("Watches");
        watches.MapGet("/", ListAsync).WithName("ListWatches").WithSummary("Removed offers that are watched for, or were, newest first.");
        watches.MapGet("/{id:long}", GetAsync).WithName("GetWatch").WithSummary("A removed offer that is watched for, or was.").ProducesProblem(404);
        RouteGroupBuilder returns = api.MapGroup("/returns").WithTags("Watches");
        returns.MapGet("/", ReturnsAsync).WithName("ListReturns").WithSummary("Removed offers that were there again, with the days it took, newest first.");

        RouteGroupBuilder changes = api.MapGroup("/").WithTags("Watches").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409);
        changes.MapPost("/watches", StartAsync).WithName("StartWatch").WithSummary("Begins to watch for the return of a confirmed hit's offer, which was removed; one that stands is given back.");
        changes.MapPost("/watches/{id:long}/end", (long id, EndWatchRequest x, HttpContext http, Acting acting) => EndAsync(id, x, http, acting)).WithName("EndWatch").WithSummary("Ends a watch; its returns stay.");
        changes.MapPost("/returns/{id:long}/dismiss", DismissAsync).WithName("DismissReturn").WithSummary("Says that what was taken for a return is none.");
        changes.MapPost("/returns/{id:long}/take", TakeAsync).WithName("TakeReturn").WithSummary("Puts the hit of a return into the case of the removed offer, which opens again if it was closed.").ProducesProblem(412).WithMetadata(SeenVersion.Header("case"));
    }

    private static async Task<Ok<ApiPage<WatchItem>>> ListAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, bool? standing, bool? returned, long? caseId, long? hitId, long? reference, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Page<WatchItem> page = await WatchQueries.ListAsync(db, new WatchFilter(standing, returned, caseId, hitId, reference), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<WatchItem>(page.Items, page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Results<Ok<WatchItem>, ProblemHttpResult>> GetAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return (await WatchQueries.ListAsync(db, new WatchFilter(Id: id), null, 1, cancellationToken)).Items is [var found] ? TypedResults.Ok(found) : Problems.NotFound("watch", id);
    }

    private static async Task<Ok<ApiPage<ReturnItem>>> ReturnsAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, long? watchId, long? caseId, long? hitId, DateTimeOffset? from, DateTimeOffset? to, bool? dismissed, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Page<ReturnItem> page = await WatchQueries.ReturnsAsync(db, new ReturnFilter(watchId, caseId, hitId, from, to, dismissed), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<ReturnItem>(page.Items, page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Results<Ok<WatchItem>, ProblemHttpResult>> StartAsync(StartWatchRequest request, HttpContext http, Acting acting, IDbContextFactory<TouchstoneDb> databases) =>
        await AnswerAsync(await acting.AsAsync(http.User, x => new StartWatch(request.HitId, request.Because, request.RemovedAt).RunAsync(x, http.RequestAborted), http.RequestAborted), databases, http.RequestAborted);

    private static async Task<Results<Ok<WatchItem>, ProblemHttpResult>> EndAsync(long id, EndWatchRequest request, HttpContext http, Acting acting) =>
        await AnswerAsync(await acting.AsAsync(http.User, x => new EndWatch(id, request.Reason).RunAsync(x, http.RequestAborted), http.RequestAborted), http.RequestServices.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), http.RequestAborted);

    private static async Task<Results<Ok<WatchItem>, ProblemHttpResult>> AnswerAsync(VerbOutcome<WatchRow> outcome, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        if (!outcome.Done) return Problems.Of(outcome);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok((await WatchQueries.ListAsync(db, new WatchFilter(Id: outcome.Value!.Id), null, 1, cancellationToken)).Items[0]);
    }

    private static async Task<Results<Ok<ReturnDismissed>, ProblemHttpResult>> DismissAsync(long id, DismissReturnRequest request, HttpContext http, Acting acting)
    {
        VerbOutcome<ReturnRow> outcome = await acting.AsAsync(http.User, x => new DismissReturn(id, request.Reason).RunAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(new ReturnDismissed(id, outcome.Value!.DismissedBy!, outcome.Value.DismissedAt!.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<CaseChanged>, ProblemHttpResult>> TakeAsync(long id, HttpContext http, Acting acting)
    {
        long? seen = SeenVersion.Of(http, "case");
        VerbOutcome<CaseRow> outcome = await acting.AsAsync(http.User, x => new TakeReturn(id, seen).RunAsync(x, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
        http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Version);
        return TypedResults.Ok(new CaseChanged(outcome.Value.Id, outcome.Value.State, outcome.Value.Version));
    }
}

/// <summary>A return of which somebody said that it is none.</summary>
public sealed record ReturnDismissed(long Id, string DismissedBy, DateTimeOffset DismissedAt);

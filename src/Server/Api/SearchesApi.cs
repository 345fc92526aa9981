using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A saved search with its newest run.</summary>
public sealed record SearchItem(
    long Id, string Name, long? ReferenceId, string? ImageSha256, string? Terms, IReadOnlyList<string> ShopUrls, int PageBudget, int? RepeatEveryHours, string CreatedBy, DateTimeOffset CreatedAt, RunItem? LastRun);

/// <summary>A search to save and run. Without reference, picture and terms it compares with every reference.</summary>
public sealed record SearchRequest(IReadOnlyList<string> ShopUrls, string? Name = null, long? ReferenceId = null, string? ImageSha256 = null, string? Terms = null, int? PageBudget = null, int? RepeatEveryHours = null);


internal static class SearchesApi
{
    public static void MapSearches(this RouteGroupBuilder api)
    {
        RouteGroupBuilder searches = api.MapGroup("/searches").WithTags("Searches");
        searches.MapGet("/", ListAsync).WithName("ListSearches").WithSummary("Saved searches, newest first.");
        searches.MapGet("/{id:long}", GetAsync).WithName("GetSearch").WithSummary("A search with its newest run.").ProducesProblem(404);
        searches.MapPost("/", CreateAsync).RequireAuthorization(Policies.Act).WithName("CreateSearch").WithSummary("Saves a search and queues its first run.").ProducesProblem(404);
        searches.MapPost("/{id:long}/runs", RunAsync).RequireAuthorization(Policies.Act).WithName("QueueRun").WithSummary("Queues a further run.").ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<ApiPage<SearchItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<SearchRow> rows = await WithLastRun(db).Where(x => last == null || x.Id < last).OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), ItemOf));
    }

    private static async Task<Results<Ok<SearchItem>, ProblemHttpResult>> GetAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await WithLastRun(db).SingleOrDefaultAsync(x => x.Id == id, cancellationToken) is { } found ? TypedResults.Ok(ItemOf(found)) : Problems.NotFound("search", id);
    }

    private static async Task<Results<Created<RunItem>, ProblemHttpResult>> CreateAsync(SearchRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        if (request.ShopUrls.Contains(null!)) throw new InvalidValueException("shopUrls", "null", "addresses");
        var create = new CreateSearch.Request(request.Name, request.ShopUrls, request.ReferenceId, request.ImageSha256, request.Terms, request.PageBudget ?? 2_000, request.RepeatEveryHours);
        VerbOutcome<SearchRunRow> outcome = await acting.AsAsync(http.User, x => CreateSearch.RunAsync(x, create, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/runs/{outcome.Value!.Id}", RunsApi.ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<Created<RunItem>, ProblemHttpResult>> RunAsync(long id, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<SearchRunRow> outcome = await acting.AsAsync(http.User, x => new QueueRun(id).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/runs/{outcome.Value!.Id}", RunsApi.ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    public static IQueryable<SearchRow> WithLastRun(TouchstoneDb db) => db.Searches.AsNoTracking().Include(x => x.Runs.OrderByDescending(r => r.Id).Take(1));

    private static SearchItem ItemOf(SearchRow x) => new(
        x.Id, x.Name, x.ReferenceId, x.ImageSha256, x.Terms, x.ShopUrls.Split('\n'), x.PageBudget, x.RepeatEveryHours, x.CreatedBy, x.CreatedAt, x.Runs.FirstOrDefault() is { } run ? RunsApi.ItemOf(run) : null);
}

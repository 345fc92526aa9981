using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Weekly;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A saved search with its newest run. Its ETag is its version. <c>RepeatAt</c>: the time of day (HH:MM, in the installation's time zone) at which it repeats, <c>RepeatOn</c>: the day of a weekly one; <c>NextRunAt</c>: when it is due again, null where it is not or a run goes on. <c>PausedAt</c>: since when nothing of it runs; <c>DeletedAt</c>: since when it is in no list.</summary>
public sealed record SearchItem(
    long Id, string Name, long? ReferenceId, string? ImageSha256, string? Terms, IReadOnlyList<string> ShopUrls, int PageBudget, int? RepeatEveryHours, string CreatedBy, DateTimeOffset CreatedAt, long Version, DateTimeOffset? PausedAt, DateTimeOffset? DeletedAt, RunItem? LastRun, IReadOnlyList<string> FindMarkets, int MostFoundShops, string? RepeatAt, DayOfWeek? RepeatOn, DateTimeOffset? NextRunAt);

/// <summary>A search to save and run. Without reference, picture and terms it compares with every reference. <c>FindMarkets</c>: as each run begins, shops are looked for on the web for these markets, and up to <c>MostFoundShops</c> (default 20) are taken up; it may then begin with none. <c>RepeatAt</c>: a time of day, HH:MM in the installation's time zone, where <c>RepeatEveryHours</c> are whole days; <c>RepeatOn</c>: a day of the week, where they are a week.</summary>
public sealed record SearchRequest(IReadOnlyList<string> ShopUrls, string? Name = null, long? ReferenceId = null, string? ImageSha256 = null, string? Terms = null, int? PageBudget = null, int? RepeatEveryHours = null, IReadOnlyList<string>? FindMarkets = null, int? MostFoundShops = null, string? RepeatAt = null, DayOfWeek? RepeatOn = null);

/// <summary>What is changed of a search, all of it. <c>Name</c> null: made of the shops; <c>Terms</c> null: none; <c>RepeatEveryHours</c> null: once. Each has to be said. <c>RepeatAt</c> null: at no time of day, as soon as the hours have passed; <c>RepeatOn</c> null: on any day. <c>FindMarkets</c> null: it looks for no shops.</summary>
public sealed record EditSearchRequest(string? Name, IReadOnlyList<string> ShopUrls, string? Terms, int PageBudget, int? RepeatEveryHours, IReadOnlyList<string>? FindMarkets = null, int? MostFoundShops = null, string? RepeatAt = null, DayOfWeek? RepeatOn = null);

internal static class SearchesApi
{
    public static void MapSearches(this RouteGroupBuilder api)
    {
        RouteGroupBuilder searches = api.MapGroup("/searches").WithTags("Searches");
        searches.MapGet("/", ListAsync).WithName("ListSearches").WithSummary("Saved searches, newest first.");
        searches.MapGet("/{id:long}", GetAsync).WithName("GetSearch").WithSummary("A search with its newest run.").ProducesProblem(404);
        searches.MapPost("/", CreateAsync).RequireAuthorization(Policies.Act).WithName("CreateSearch").WithSummary("Saves a search and queues its first run.").ProducesProblem(404);
        searches.MapPost("/{id:long}/runs", RunAsync).RequireAuthorization(Policies.Act).WithName("QueueRun").WithSummary("Queues a further run.").ProducesProblem(404).ProducesProblem(409);

        RouteGroupBuilder changes = api.MapGroup("/searches").WithTags("Searches").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).WithMetadata(SeenVersion.Header("search"));
        changes.MapPut("/{id:long}", (long id, EditSearchRequest x, HttpContext http, Acting acting) => EditAsync(id, x, http, acting)).WithName("EditSearch").WithSummary("Changes where and how a search looks; shops, words and budget only while no run of it is running. A run that is held goes by them when it goes on: shops that are gone are read no further, new ones from their start, and a larger budget reads on. What was read stays.");
        changes.MapPost("/{id:long}/pause", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new PauseSearch(id, seen).RunAsync)).WithName("PauseSearch").WithSummary("Holds the search, its run and its repetitions, until it is resumed.");
        changes.MapPost("/{id:long}/resume", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new ResumeSearch(id, seen).RunAsync)).WithName("ResumeSearch").WithSummary("Lets a paused search go on where it stopped.");
        changes.MapDelete("/{id:long}", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new DeleteSearch(id, seen).RunAsync)).WithName("DeleteSearch").WithSummary("Stops the search and takes it out of the lists; its hits stay.");
    }

    private static async Task<Ok<ApiPage<SearchItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, WeeklyOptions weekly, string? after, int? limit, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<SearchRow> rows = await WithLastRun(db).Where(x => x.DeletedAt == null).Where(x => last == null || x.Id < last).OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), x => ItemOf(x, weekly.Zone)));
    }

    private static async Task<Results<Ok<SearchItem>, ProblemHttpResult>> GetAsync(long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, WeeklyOptions weekly, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await WithLastRun(db).SingleOrDefaultAsync(x => x.Id == id, cancellationToken) is not { } found) return Problems.NotFound("search", id);
        http.Response.Headers.ETag = SeenVersion.TagOf(found.Version);
        return TypedResults.Ok(ItemOf(found, weekly.Zone));
    }

    private static async Task<Results<Created<RunItem>, ProblemHttpResult>> CreateAsync(SearchRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        if (request.ShopUrls.Contains(null!)) throw new InvalidValueException("shopUrls", "null", "addresses");
        var create = new CreateSearch.Request(request.Name, request.ShopUrls, request.ReferenceId, request.ImageSha256, request.Terms, request.PageBudget ?? 2_000, request.RepeatEveryHours) { RepeatAt = TimeOf(request.RepeatAt), RepeatOn = request.RepeatOn, FindMarkets = MarketsOf(request.FindMarkets), MostFoundShops = request.MostFoundShops ?? UsualFound };
        VerbOutcome<SearchRunRow> outcome = await acting.AsAsync(http.User, x => CreateSearch.RunAsync(x, create, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/runs/{outcome.Value!.Id}", RunsApi.ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<Created<RunItem>, ProblemHttpResult>> RunAsync(long id, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<SearchRunRow> outcome = await acting.AsAsync(http.User, x => new QueueRun(id).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/runs/{outcome.Value!.Id}", RunsApi.ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    private static Task<Results<Ok<SearchItem>, ProblemHttpResult>> EditAsync(long id, EditSearchRequest request, HttpContext http, Acting acting)
    {
        if (request.ShopUrls.Contains(null!)) throw new InvalidValueException("shopUrls", "null", "addresses");
        var wish = new SearchWish(request.Name, request.ShopUrls, request.Terms, request.PageBudget, request.RepeatEveryHours) { RepeatAt = TimeOf(request.RepeatAt), RepeatOn = request.RepeatOn, FindMarkets = MarketsOf(request.FindMarkets), MostFoundShops = request.MostFoundShops ?? UsualFound };
        return DoAsync(http, acting, seen => new EditSearch(id, wish, seen).RunAsync);
    }

    private const int UsualFound = 20;

    private static TimeOnly? TimeOf(string? text) => text is null ? null : SearchPace.ParseTime(text) ?? throw new InvalidValueException("repeatAt", text, "a time of day such as 06:00");

    private static IReadOnlyList<string> MarketsOf(IReadOnlyList<string>? markets) => markets?.Contains(null!) == true ? throw new InvalidValueException("findMarkets", "null", "codes of countries") : markets ?? [];

    /// <summary>Runs a change; <paramref name="verb"/> is given the version that the caller saw.</summary>
    private static async Task<Results<Ok<SearchItem>, ProblemHttpResult>> DoAsync(HttpContext http, Acting acting, Func<long?, Func<VerbContext, CancellationToken, Task<VerbOutcome<SearchRow>>>> verb)
    {
        long? seen = SeenVersion.Of(http, "search");
        return await acting.AsAsync<Results<Ok<SearchItem>, ProblemHttpResult>>(
            http.User,
            async x =>
            {
                VerbOutcome<SearchRow> outcome = await verb(seen)(x, http.RequestAborted);
                if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
                http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Version);
                return TypedResults.Ok(ItemOf(await WithLastRun(x.Db).SingleAsync(r => r.Id == outcome.Value.Id, http.RequestAborted), http.RequestServices.GetRequiredService<WeeklyOptions>().Zone));
            },
            http.RequestAborted);
    }

    public static IQueryable<SearchRow> WithLastRun(TouchstoneDb db) => db.Searches.AsNoTracking().Include(x => x.Runs.OrderByDescending(r => r.Id).Take(1));

    private static SearchItem ItemOf(SearchRow x, TimeZoneInfo zone) => new(
        x.Id, x.Name, x.ReferenceId, x.ImageSha256, x.Terms, x.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries), x.PageBudget, x.RepeatEveryHours, x.CreatedBy, x.CreatedAt, x.Version, x.PausedAt, x.DeletedAt, x.Runs.FirstOrDefault() is { } run ? RunsApi.ItemOf(run) : null, x.FindMarkets?.Split('\n') ?? [], x.MostFoundShops,
        x.RepeatAt?.ToString("HH:mm", CultureInfo.InvariantCulture), x.RepeatOn, NextOf(x, x.Runs.FirstOrDefault(), zone));

    /// <summary>When a search runs by itself again; null: it does not, or a run of it goes on.</summary>
    internal static DateTimeOffset? NextOf(SearchRow x, SearchRunRow? last, TimeZoneInfo zone) =>
        x is { PausedAt: null, DeletedAt: null } && last?.State.HasEnded() == true ? SearchPace.Of(x)?.After(last.QueuedAt, zone) : null;
}

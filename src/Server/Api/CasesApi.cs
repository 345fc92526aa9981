using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

public sealed record CaseEventItem(string Kind, string Actor, DateTimeOffset At, string? Text);

/// <summary>A case with its history and hits. Its ETag is its version.</summary>
public sealed record CaseDetail(
    long Id, string Title, CaseState State, string? AssignedTo, string? Market, string? Category, string OpenedBy, DateTimeOffset OpenedAt, DateTimeOffset? DueAt, DateTimeOffset? ClosedAt, string? Outcome, string? ClaimedBy, DateTimeOffset? ClaimedUntil, long? MergedIntoId, long Version,
    IReadOnlyList<HitItem> Hits, IReadOnlyList<CaseEventItem> Events);

public sealed record OpenCaseRequest(IReadOnlyList<long> HitIds, string? Title = null, string? Market = null, string? AssignTo = null, DateTimeOffset? DueAt = null);

/// <summary><c>Text</c>: an account that is named as <c>@name</c> finds the note on its overview.</summary>
public sealed record NoteRequest(string Text);

/// <summary><c>To</c>: an account, or null for nobody; it has to be said which.</summary>
public sealed record AssignRequest(string? To);

/// <summary><c>DueAt</c>: null for no date; it has to be said which.</summary>
public sealed record DueRequest(DateTimeOffset? DueAt);

/// <summary><c>Market</c>: an ISO 3166 code, or null for none; it has to be said which.</summary>
public sealed record MarketRequest(string? Market);

/// <summary><c>Reason</c>: some ways need it (see the transitions).</summary>
public sealed record StateRequest(CaseState To, string? Reason = null);

public sealed record CloseRequest(CaseOutcome Outcome, string? Reason = null);

public sealed record CaseHitRequest(long HitId);

public sealed record MergeRequest(long Into, string Reason);

public sealed record UnmergeRequest(string Reason);

/// <summary>Cases. A change that sends <c>If-Match</c> with the version it saw is refused if somebody else was faster.</summary>
internal static class CasesApi
{
    public static void MapCases(this RouteGroupBuilder api)
    {
        RouteGroupBuilder cases = api.MapGroup("/cases").WithTags("Cases");
        cases.MapGet("/", ListAsync).WithName("ListCases").WithSummary("Cases, newest first; `market` and `category` empty: those that name none; `dueBefore`: those whose day or deadline is earlier; `breached` and `unclaimed` true: only those.");
        cases.MapGet("/{id:long}", GetAsync).WithName("GetCase").WithSummary("A case; looking at it is recorded.").ProducesProblem(404);
        cases.MapGet("/{id:long}/related", RelatedAsync).WithName("ListRelatedCases").WithSummary("Other cases of the same reference, shop or seller that are not closed.");

        RouteGroupBuilder changes = api.MapGroup("/cases").WithTags("Cases").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412)
            .WithMetadata(SeenVersion.Header("case"));
        changes.MapPost("/", OpenAsync).WithName("OpenCase").WithSummary("Opens a case from hits.");
        changes.MapPost("/{id:long}/notes", NoteAsync).WithName("AddNote").WithSummary("Adds a note.");
        changes.MapPut("/{id:long}/assignee", AssignAsync).WithName("AssignCase").WithSummary("Gives the case to an account, or to nobody.");
        changes.MapPut("/{id:long}/due", (long id, DueRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new SetCaseDue(id, x.DueAt, seen).RunAsync)).WithName("SetCaseDue").WithSummary("Says when the case needs attention.");
        changes.MapPut("/{id:long}/market", (long id, MarketRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new SetCaseMarket(id, x.Market, seen).RunAsync)).WithName("SetCaseMarket").WithSummary("Says which market the case is about.");
        changes.MapPut("/{id:long}/state", (long id, StateRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new ChangeCaseState(id, x.To, x.Reason, seen).RunAsync)).WithName("ChangeCaseState").WithSummary("Moves the case on, rejects it, or opens one that had ended again, by the transitions.");
        changes.MapPost("/{id:long}/close", (long id, CloseRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new CloseCase(id, x.Outcome, x.Reason, seen).RunAsync)).WithName("CloseCase").WithSummary("Closes the case with an outcome.");
        changes.MapPost("/{id:long}/hits", (long id, CaseHitRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new AddHitToCase(id, x.HitId, seen).RunAsync)).WithName("AddHitToCase").WithSummary("Adds a hit to the case.");
        changes.MapPost("/{id:long}/merge", (long id, MergeRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new MergeCases(id, x.Into, x.Reason, seen).RunAsync)).WithName("MergeCases").WithSummary("Moves the hits into another case and closes this one as merged.");
        changes.MapPost("/{id:long}/unmerge", (long id, UnmergeRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new UnmergeCase(id, x.Reason, seen).RunAsync)).WithName("UnmergeCase").WithSummary("Takes the merge of this case back.");
    }

    private static async Task<Ok<IReadOnlyList<RelatedCase>>> RelatedAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await RelatedCases.OfCaseAsync(db, id, cancellationToken));
    }

    private static async Task<Ok<ApiPage<CaseSummary>>> ListAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? state, bool? closed, string? assignedTo, string? market, DateTimeOffset? dueBefore, string? category, bool? breached, bool? unclaimed, TimeProvider clock, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Page<CaseSummary> page = await CaseQueries.ListAsync(db, new CaseFilter(Query.Enum<CaseState>("state", state), closed, assignedTo, market, dueBefore, category, unclaimed == true ? clock.GetUtcNow() : null, BreachedAt: breached == true ? clock.GetUtcNow() : null), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<CaseSummary>(page.Items, page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Results<Ok<CaseDetail>, ProblemHttpResult, StatusCodeHttpResult>> GetAsync(long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        CaseRow? found = await CaseQueries.FindAsync(db, id, cancellationToken);
        if (found is null) return Problems.NotFound("case", id);
        await AuditLog.SaveAsync(db, clock, new AuditEntry(http.User.ActorName(), AuditAction.CaseViewed, AuditSubject.Case(id)), cancellationToken);
        string tag = SeenVersion.TagOf(found.Version);
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.Contains(tag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Ok(new CaseDetail(
            found.Id, found.Title, found.State, found.AssignedTo, found.Market, found.Category, found.OpenedBy, found.OpenedAt, found.DueAt, found.ClosedAt, found.Outcome, found.ClaimedBy, found.ClaimedUntil, found.MergedIntoId, found.Version,
            [.. found.Hits.Select(HitsApi.ItemOf)], [.. found.Events.Select(x => new CaseEventItem(x.Kind, x.Actor, x.At, x.Text))]));
    }

    private static async Task<Results<Ok<CaseChanged>, ProblemHttpResult>> NoteAsync(long id, NoteRequest request, HttpContext http, Acting acting, People people)
    {
        IReadOnlyList<Mentioned> named = await people.NamedInAsync(request.Text, http.User, http.RequestAborted);
        return await DoAsync(http, acting, _ => new AddNote(id, request.Text, named).RunAsync);
    }

    private static async Task<Results<Ok<CaseChanged>, ProblemHttpResult>> AssignAsync(long id, AssignRequest request, HttpContext http, Acting acting, Assignees assignees)
    {
        string? to = await AssigneeAsync(assignees, http, "to", request.To);
        return await DoAsync(http, acting, seen => new AssignCase(id, to, seen).RunAsync);
    }

    /// <summary>The account that a member names, as it spells itself; null for nobody.</summary>
    /// <exception cref="InvalidValueException">There is no such account that works on cases.</exception>
    private static async Task<string?> AssigneeAsync(Assignees assignees, HttpContext http, string member, string? name) => string.IsNullOrWhiteSpace(name) ? null
        : await assignees.FindAsync(name, http.User, http.RequestAborted) ?? throw new InvalidValueException(member, name, "the name of an account that works on cases and is not locked, or null for nobody");

    private static async Task<Results<Created<OpenedCaseAnswer>, ProblemHttpResult>> OpenAsync(OpenCaseRequest request, HttpContext http, Acting acting, Assignees assignees, CancellationToken cancellationToken)
    {
        string? assignTo = await AssigneeAsync(assignees, http, "assignTo", request.AssignTo);
        VerbOutcome<OpenedCase> outcome = await acting.AsAsync(http.User, x => new OpenCase(request.HitIds, request.Title, request.Market, assignTo, request.DueAt).RunAsync(x, cancellationToken), cancellationToken);
        if (!outcome.Done) return Problems.Of(outcome);
        CaseRow opened = outcome.Value!.Case;
        http.Response.Headers.ETag = SeenVersion.TagOf(opened.Version);
        return TypedResults.Created($"/api/v1/cases/{opened.Id}", new OpenedCaseAnswer(opened.Id, opened.Title, opened.Version, outcome.Value.Related));
    }

    /// <summary>Runs a change; <paramref name="verb"/> is given the version that the caller saw.</summary>
    private static async Task<Results<Ok<CaseChanged>, ProblemHttpResult>> DoAsync(HttpContext http, Acting acting, Func<long?, Func<VerbContext, CancellationToken, Task<VerbOutcome<CaseRow>>>> verb)
    {
        long? seen = SeenVersion.Of(http, "case");
        VerbOutcome<CaseRow> outcome = await acting.AsAsync(http.User, x => verb(seen)(x, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
        http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Version);
        return TypedResults.Ok(new CaseChanged(outcome.Value.Id, outcome.Value.State, outcome.Value.Version));
    }
}

/// <summary>The case that was opened, and others that are about the same reference or shop.</summary>
public sealed record OpenedCaseAnswer(long Id, string Title, long Version, IReadOnlyList<RelatedCase> Related);

/// <summary>The case after a change.</summary>
public sealed record CaseChanged(long Id, CaseState State, long Version);

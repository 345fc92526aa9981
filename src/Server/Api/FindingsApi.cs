using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>That shops were looked for. <c>Terms</c>: the questions, with a language in front where they have one. <c>LeftOut</c>: results on hosts that are no shops.</summary>
public sealed record FindingItem(
    long Id, long? ReferenceId, long? SearchId, IReadOnlyList<string> Terms, IReadOnlyList<string> Markets, int MostShops, FindingState State, IReadOnlyList<string> Problems, int Asked, int Results, int LeftOut, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A shop that is proposed, and why: who named it, for which question, at which place.</summary>
public sealed record FoundShopItem(long Id, string Host, string Url, string? Title, string Provider, string Query, string? Market, int Rank, DateTimeOffset FoundAt, FoundShopState State, string? DecidedBy, DateTimeOffset? DecidedAt, long? SearchId);

public sealed record FindingDetail(FindingItem Finding, IReadOnlyList<FoundShopItem> Shops);

/// <summary>What to look for. <c>Terms</c> empty: made from the reference.</summary>
public sealed record FindingRequest(IReadOnlyList<string> Markets, long? ReferenceId = null, IReadOnlyList<string>? Terms = null, int? MostShops = null);

/// <summary>Numbers of found shops. <c>IntoSearch</c> null: a new search takes them. <c>Ignore</c>: what is rejected is proposed to nobody again.</summary>
public sealed record FoundShopsDecision(IReadOnlyList<long> Take, IReadOnlyList<long> Reject, long? IntoSearch = null, bool Ignore = false);

/// <summary>The questions that would be asked.</summary>
public sealed record MadeTerms(IReadOnlyList<string> Terms);

/// <summary>How a subject is called in a language. <c>ChangedBy</c> null: the built-in table says so.</summary>
public sealed record SubjectItem(string Subject, IReadOnlyList<string> Words, string? ChangedBy, DateTimeOffset? ChangedAt);

/// <summary>The table of words in a language.</summary>
public sealed record TermsAnswer(IReadOnlyList<string> Languages, string Language, IReadOnlyList<SubjectItem> Subjects);

/// <summary><c>Words</c> separated by commas, empty: nothing is asked for the subject; null: what the built-in table says.</summary>
public sealed record SubjectRequest(string Language, string Subject, string? Words);

/// <summary>Hosts on which no shop is found: the built-in list, and what people said over it.</summary>
public sealed record IgnoredHostsAnswer(IReadOnlyList<string> BuiltIn, IReadOnlyList<IgnoredHostItem> Said);

public sealed record IgnoredHostItem(string Host, bool IsIgnored, string? Reason, string ChangedBy, DateTimeOffset ChangedAt);

/// <summary><c>IsIgnored</c> null: what the built-in list says.</summary>
public sealed record IgnoredHostRequest(string Host, bool? IsIgnored, string? Reason = null);

/// <summary>Finding shops on the web: findings, the words that are asked, and the hosts that are left out.</summary>
internal static class FindingsApi
{
    private const int MostHosts = 10_000;

    public static void MapFindings(this RouteGroupBuilder api)
    {
        RouteGroupBuilder findings = api.MapGroup("/findings").WithTags("Finding shops");
        findings.MapGet("/", ListAsync).WithName("ListFindings").WithSummary("What shops were looked for, newest first.");
        findings.MapGet("/{id:long}", GetAsync).WithName("GetFinding").WithSummary("A finding with the shops that it proposes, and why.").ProducesProblem(404);
        findings.MapPost("/", QueueAsync).RequireAuthorization(Policies.Act).WithName("FindShops").WithSummary("Has shops looked for on the web.").ProducesProblem(404);
        findings.MapPost("/{id:long}/decision", DecideAsync).RequireAuthorization(Policies.Act).WithName("DecideFoundShops").WithSummary("Takes proposed shops into a search, or rejects them.").ProducesProblem(404).ProducesProblem(409);
        findings.MapGet("/terms-of/{referenceId:long}", MakeAsync).WithName("MakeTerms").WithSummary("The questions that would be asked for a reference in markets, separated by commas.").ProducesProblem(404);

        RouteGroupBuilder terms = api.MapGroup("/search-terms").WithTags("Finding shops");
        terms.MapGet("/", TermsAsync).WithName("ListSearchTerms").WithSummary("What subjects are called in a language.");
        terms.MapPut("/", SetTermAsync).RequireAuthorization(Policies.Act).WithName("SetSearchTerm").WithSummary("Says what a subject is called in a language.").ProducesProblem(404);

        RouteGroupBuilder hosts = api.MapGroup("/ignored-hosts").WithTags("Finding shops");
        hosts.MapGet("/", HostsAsync).WithName("ListIgnoredHosts").WithSummary("Hosts on which no shop is found.");
        hosts.MapPut("/", SetHostAsync).RequireAuthorization(Policies.Act).WithName("SetIgnoredHost").WithSummary("Says of a host that it is no shop, or that it may be one.").ProducesProblem(404);
    }

    private static async Task<Ok<ApiPage<FindingItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<FindingRow> rows = await db.Findings.AsNoTracking().Where(x => last == null || x.Id < last).OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), ItemOf));
    }

    private static async Task<Results<Ok<FindingDetail>, ProblemHttpResult>> GetAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        FindingRow? row = await db.Findings.AsNoTracking().Include(x => x.Shops.OrderBy(s => s.Id)).SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        return row is null ? Problems.NotFound("finding", id) : TypedResults.Ok(new FindingDetail(ItemOf(row), [.. row.Shops.Select(ItemOf)]));
    }

    private static async Task<Results<Created<FindingItem>, ProblemHttpResult>> QueueAsync(FindingRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        if (request.Markets.Contains(null!)) throw new InvalidValueException("markets", "null", "codes of countries");
        if (request.Terms?.Contains(null!) == true) throw new InvalidValueException("terms", "null", "words");
        var verb = new FindShops(request.ReferenceId, request.Markets, request.Terms ?? [], request.MostShops ?? FindShops.UsualShops);
        VerbOutcome<FindingRow> outcome = await acting.AsAsync(http.User, x => verb.RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/findings/{outcome.Value!.Id}", ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<FindingDetail>, ProblemHttpResult>> DecideAsync(long id, FoundShopsDecision request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        var verb = new DecideFoundShops(id, request.Take, request.Reject, request.IntoSearch, request.Ignore);
        VerbOutcome<FindingRow> outcome = await acting.AsAsync(http.User, x => verb.RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(new FindingDetail(ItemOf(outcome.Value!), [.. outcome.Value!.Shops.OrderBy(s => s.Id).Select(ItemOf)])) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<MadeTerms>, ProblemHttpResult>> MakeAsync(long referenceId, IDbContextFactory<TouchstoneDb> databases, string markets, CancellationToken cancellationToken)
    {
        string[] codes = markets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (FindShops.MarketsProblem(codes) is not null) throw new InvalidValueException("markets", markets, "codes of countries, separated by commas");
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ReferenceRow? reference = await db.References.AsNoTracking().SingleOrDefaultAsync(x => x.Id == referenceId, cancellationToken);
        if (reference is null) return Problems.NotFound("reference", referenceId);
        return TypedResults.Ok(new MadeTerms([.. TermMaker.Of(reference, codes, await TermTable.ReadAsync(db, cancellationToken)).Select(t => t.ToString())]));
    }

    private static async Task<Ok<TermsAnswer>> TermsAsync(IDbContextFactory<TouchstoneDb> databases, string? language, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        TermTable table = await TermTable.ReadAsync(db, cancellationToken);
        string chosen = language ?? TermTable.English;
        if (chosen.Length != 2) throw new InvalidValueException("language", chosen, "a code of a language, such as da");
        return TypedResults.Ok(new TermsAnswer(table.Languages, chosen, [.. table.In(chosen).Select(x => new SubjectItem(x.Subject, x.Words, x.ChangedBy, x.ChangedAt))]));
    }

    private static async Task<Results<Ok<TermsAnswer>, ProblemHttpResult>> SetTermAsync(SubjectRequest request, HttpContext http, Acting acting, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        VerbOutcome<SearchTermRow> outcome = await acting.AsAsync(http.User, x => TermTable.SetAsync(x, request.Language, request.Subject, request.Words, cancellationToken), cancellationToken);
        return outcome.Done ? await TermsAsync(databases, request.Language.Trim().ToLowerInvariant(), cancellationToken) : Problems.Of(outcome);
    }

    private static async Task<Ok<IgnoredHostsAnswer>> HostsAsync(IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<IgnoredHostRow> rows = await db.IgnoredHosts.AsNoTracking().OrderBy(x => x.Host).Take(MostHosts).ToListAsync(cancellationToken);
        return TypedResults.Ok(new IgnoredHostsAnswer(IgnoredHosts.BuiltIn, [.. rows.Select(x => new IgnoredHostItem(x.Host, x.IsIgnored, x.Reason, x.ChangedBy, x.ChangedAt))]));
    }

    private static async Task<Results<Ok<IgnoredHostsAnswer>, ProblemHttpResult>> SetHostAsync(IgnoredHostRequest request, HttpContext http, Acting acting, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        VerbOutcome<IgnoredHostRow> outcome = await acting.AsAsync(http.User, x => IgnoredHosts.SetAsync(x, request.Host, request.IsIgnored, request.Reason, cancellationToken), cancellationToken);
        return outcome.Done ? await HostsAsync(databases, cancellationToken) : Problems.Of(outcome);
    }

    private static FindingItem ItemOf(FindingRow x) => new(
        x.Id, x.ReferenceId, x.SearchId, x.Terms.Split('\n'), x.Markets.Split('\n'), x.MostShops, x.State, x.Problems?.Split('\n') ?? [], x.Asked, x.Results, x.LeftOut, x.CreatedBy, x.CreatedAt, x.FinishedAt);

    private static FoundShopItem ItemOf(FoundShopRow x) => new(x.Id, x.Host, x.Url, x.Title, x.Provider, x.Query, x.Market, x.Rank, x.FoundAt, x.State, x.DecidedBy, x.DecidedAt, x.SearchId);
}

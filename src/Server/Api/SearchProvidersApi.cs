using Microsoft.AspNetCore.Http.HttpResults;
using Touchstone.Screening;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>How a service is asked. <c>Key</c> null: the one that is stored stays, if the address stays. No answer holds it.</summary>
public sealed record ProviderRequest(string? Url = null, string? Key = null, bool IsOn = true, int? PauseMilliseconds = null);

public sealed record ProviderTestRequest(string Query);

/// <summary>What a service answered to a test. <c>Failure</c> null: it gave results.</summary>
public sealed record ProviderTestAnswer(ProviderFailure? Failure, string? Detail, IReadOnlyList<ProviderResult> Results);

/// <summary>The services that search the web for shops.</summary>
internal static class SearchProvidersApi
{
    public static void MapSearchProviders(this RouteGroupBuilder api)
    {
        RouteGroupBuilder providers = api.MapGroup("/search-providers").WithTags("Finding shops").RequireAuthorization(Policies.Administer);
        providers.MapGet("/", async (SearchProviders all, CancellationToken cancellationToken) => TypedResults.Ok(await all.ListAsync(cancellationToken))).WithName("ListSearchProviders").WithSummary("The services that search the web, without their keys.");
        providers.MapPut("/{kind}", SetAsync).WithName("SetSearchProvider").WithSummary("Sets how a service is asked.").ProducesProblem(409);
        providers.MapDelete("/{kind}", RemoveAsync).WithName("RemoveSearchProvider").WithSummary("Forgets a service and its key.").ProducesProblem(404);
        providers.MapPost("/{kind}/test", TestAsync).WithName("TestSearchProvider").WithSummary("Asks a service one question at once and gives its answer.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<ProviderFacts>, ProblemHttpResult>> SetAsync(string kind, ProviderRequest request, HttpContext http, Acting acting, SearchProviders providers, CancellationToken cancellationToken)
    {
        SearchProviderKind of = KindOf(kind);
        var wish = new ProviderWish(of, request.Url, request.Key, request.IsOn, request.PauseMilliseconds ?? SearchProviders.UsualPause(of));
        VerbOutcome<SearchProviderRow> outcome = await acting.AsAsync(http.User, x => providers.SetAsync(x, wish, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok((await providers.ListAsync(cancellationToken)).Single(x => x.Kind == of)) : Problems.Of(outcome);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string kind, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<SearchProviderRow> outcome = await acting.AsAsync(http.User, x => SearchProviders.RemoveAsync(x, KindOf(kind), cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.NoContent() : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<ProviderTestAnswer>, ProblemHttpResult>> TestAsync(string kind, ProviderTestRequest request, SearchProviders providers, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Query)) throw new InvalidValueException("query", request.Query, "words");
        return await providers.TestAsync(KindOf(kind), request.Query, cancellationToken) is { } answer
            ? TypedResults.Ok(new ProviderTestAnswer(answer.Failure, answer.Detail, answer.Results))
            : TypedResults.Problem(statusCode: 404, title: "Not set", detail: $"{SearchProviders.NameOf(KindOf(kind))} is not set.");
    }

    private static SearchProviderKind KindOf(string kind) => Query.Enum<SearchProviderKind>("kind", kind) ?? throw new InvalidValueException("kind", kind, string.Join(", ", Enum.GetNames<SearchProviderKind>()));
}

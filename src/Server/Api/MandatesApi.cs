using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Mandates;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>An order that lets a host be asked where its robots rules would not. <c>Key</c>: by which fetches name it, as <c>mandate:M3</c>. <c>Holds</c>: whether it holds now.</summary>
public sealed record MandateItem(long Id, string Key, string Host, string LegalBasis, string Approver, DateTimeOffset RecordedAt, DateTimeOffset Expires, DateTimeOffset? EndedAt, string? EndedBy, string? EndReason, bool Holds);

/// <summary>An order to record. Who records it is its approver.</summary>
public sealed record MandateRequest(string Host, string LegalBasis, DateTimeOffset Expires);

public sealed record EndMandateRequest(string? Reason = null);

internal static class MandatesApi
{
    public static void MapMandates(this RouteGroupBuilder api)
    {
        RouteGroupBuilder mandates = api.MapGroup("/mandates").WithTags("Mandates");
        mandates.MapGet("/", ListAsync).WithName("ListMandates").WithSummary("Mandates, newest first, also those that hold no longer.");
        mandates.MapPost("/", RecordAsync).RequireAuthorization(Policies.Administer).WithName("RecordMandate").WithSummary("Records an authority's order for a host; the caller is its approver.");
        mandates.MapPost("/{id:long}/end", EndAsync).RequireAuthorization(Policies.Administer).WithName("EndMandate").WithSummary("Ends a mandate before it expires.").ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<ApiPage<MandateItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? after, int? limit, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<MandateRow> rows = await db.Mandates.AsNoTracking().Where(x => last == null || x.Id < last).OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), x => ItemOf(x, clock)));
    }

    private static async Task<Results<Created<MandateItem>, ProblemHttpResult>> RecordAsync(MandateRequest request, HttpContext http, Acting acting, TimeProvider clock, CancellationToken cancellationToken)
    {
        VerbOutcome<MandateRow> outcome = await acting.AsAsync(http.User, x => new RecordMandate(request.Host, request.LegalBasis, request.Expires).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/mandates/{outcome.Value!.Id}", ItemOf(outcome.Value, clock)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<MandateItem>, ProblemHttpResult>> EndAsync(long id, EndMandateRequest request, HttpContext http, Acting acting, TimeProvider clock, CancellationToken cancellationToken)
    {
        VerbOutcome<MandateRow> outcome = await acting.AsAsync(http.User, x => new EndMandate(id, request.Reason).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!, clock)) : Problems.Of(outcome);
    }

    private static MandateItem ItemOf(MandateRow x, TimeProvider clock) =>
        new(x.Id, x.Key, x.Host, x.LegalBasis, x.Approver, x.RecordedAt, x.Expires, x.EndedAt, x.EndedBy, x.EndReason, x.EndedAt is null && x.Expires > clock.GetUtcNow());
}

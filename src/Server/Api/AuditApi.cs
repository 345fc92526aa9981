using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>An entry of the audit log; <c>Hash</c> seals it together with the entry before.</summary>
public sealed record AuditItem(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail, string PreviousHash, string Hash);

/// <summary>The audit log, for administrators.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        RouteGroupBuilder audit = api.MapGroup("/audit").WithTags("Audit").RequireAuthorization(Policies.Administer);
        audit.MapGet("/", ListAsync).WithName("ListAudit").WithSummary("Entries, newest first.");
        audit.MapGet("/verification", VerifyAsync).WithName("VerifyAudit").WithSummary("Reads the whole log and says whether its chain is whole.");
        audit.MapPost("/verification", VerifyHeadAsync).WithName("VerifyAuditHead").WithSummary("Says also whether everything is there that a head stood for when it was handed out.");
        audit.MapGet("/head", HandOutAsync).WithName("HandOutAuditHead").WithSummary("The signed head of the log, time-stamped where an authority is configured; that it was handed out is recorded.").Produces<AuditHead>().ProducesProblem(409);
        audit.MapGet("/decisions.csv", (HttpContext http, Acting acting, DateTimeOffset? from, DateTimeOffset? until) => DecisionsAsync(http, acting, new ExportDecisions(DecisionFormat.Csv, from, until), "csv", "text/csv; charset=utf-8"))
            .WithName("ExportDecisions").WithSummary("The decision log as CSV: who decided what, when and why, on which match and with which model; that it was taken is recorded.").Produces<string>(200, "text/csv");
        audit.MapGet("/decisions.jsonl", (HttpContext http, Acting acting, DateTimeOffset? from, DateTimeOffset? until) => DecisionsAsync(http, acting, new ExportDecisions(DecisionFormat.JsonLines, from, until), "jsonl", "application/jsonl"))
            .WithName("ExportDecisionLines").WithSummary("The log of a time as JSON lines, decisions with what was decided on, and a signed end: its chain can be checked without this installation.").Produces<string>(200, "application/jsonl");
    }

    private static async Task<Ok<ApiPage<AuditItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? subject, string? actor, string? action, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Page<AuditRow> page = await AuditLog.ListAsync(db, new AuditFilter(subject, actor, action is null ? null : [action], from, until), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<AuditItem>([.. page.Items.Select(x => new AuditItem(x.Id, x.At, x.Actor, x.Action, x.Subject, x.Detail, x.PreviousHash, x.Hash))], page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Ok<AuditVerification>> VerifyAsync(IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await AuditLog.VerifyAsync(db, cancellationToken));
    }

    private static async Task<Ok<AuditVerification>> VerifyHeadAsync(AuditHead head, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (head.Problem(await SigningKey.FindPublicKeyAsync(db, cancellationToken)) is { } problem) return TypedResults.Ok(new AuditVerification(0, AuditChain.Genesis, null, problem));
        return TypedResults.Ok(await AuditLog.VerifyAsync(db, head, cancellationToken));
    }

    private static async Task<Results<Ok<AuditHead>, ProblemHttpResult>> HandOutAsync(HttpContext http, Acting acting, HeadDesk desk, CancellationToken cancellationToken)
    {
        VerbOutcome<AuditHead> outcome = await acting.AsAsync(http.User, x => new HandOutHead(desk.Authority).RunAsync(x, cancellationToken), cancellationToken);
        if (!outcome.Done) return Problems.Of(outcome);
        http.Response.Headers.ContentDisposition = FormattableString.Invariant($"attachment; filename=\"audit-head-{outcome.Value!.Entries}.json\"");
        return TypedResults.Ok(outcome.Value);
    }

    private static async Task DecisionsAsync(HttpContext http, Acting acting, ExportDecisions verb, string ending, string mediaType)
    {
        http.Response.ContentType = mediaType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"decisions.{ending}\"";
        await using var writer = new StreamWriter(http.Response.Body);
        await acting.AsAsync(http.User, x => verb.RunAsync(x, writer, http.RequestAborted), http.RequestAborted);
    }
}

/// <summary>Holds the time-stamping authority, if one is configured.</summary>
internal sealed class HeadDesk(TimestampAuthority? authority) : IDisposable
{
    public TimestampAuthority? Authority => authority;

    public void Dispose() => authority?.Dispose();
}

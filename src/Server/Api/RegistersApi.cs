using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A register, and the schedule by which it is downloaded; <c>ScheduleUrl</c> null: by none.</summary>
public sealed record RegisterItem(long Id, string Name, string Format, string? Source, string? Licence, DateTimeOffset? ImportedAt, string? ScheduleUrl, int? ScheduleEveryHours, DateTimeOffset? NextImportAt);

/// <summary><c>EveryHours</c>: 1 to 8,760.</summary>
public sealed record ScheduleRequest(string Url, int EveryHours);

/// <summary>Why a reference is taken out of force, or put back.</summary>
public sealed record ReasonRequest(string Reason);

/// <summary>Registers and their schedules, and which references are in force.</summary>
internal static class RegistersApi
{
    public static void MapRegisters(this RouteGroupBuilder api)
    {
        RouteGroupBuilder registers = api.MapGroup("/registers").WithTags("References");
        registers.MapGet("/", ListAsync).WithName("ListRegisters").WithSummary("The registers with their schedules, by name.");
        RouteGroupBuilder changes = api.MapGroup("/registers").WithTags("References").RequireAuthorization(Policies.Administer).ProducesProblem(404);
        changes.MapPut("/{id:long}/schedule", (long id, ScheduleRequest x, HttpContext http, Acting acting) => ScheduleAsync(new ScheduleRegister(id, x.Url, x.EveryHours), http, acting)).WithName("ScheduleRegister").WithSummary("Has the register downloaded again and again; the first time at once.");
        changes.MapDelete("/{id:long}/schedule", (long id, HttpContext http, Acting acting) => ScheduleAsync(new ScheduleRegister(id, null), http, acting)).WithName("UnscheduleRegister").WithSummary("Ends the downloads of the register.");

        RouteGroupBuilder references = api.MapGroup("/references").WithTags("References").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409);
        references.MapPost("/{id:long}/retire", (long id, ReasonRequest x, HttpContext http, Acting acting) => ForceAsync(http, acting, new RetireReference(id, x.Reason).RunAsync)).WithName("RetireReference").WithSummary("Takes a reference out of force: it matches nothing any more, on every node.");
        references.MapPost("/{id:long}/restore", (long id, ReasonRequest x, HttpContext http, Acting acting) => ForceAsync(http, acting, new RestoreReference(id, x.Reason).RunAsync)).WithName("RestoreReference").WithSummary("Puts a retired reference into force again.");
    }

    private static async Task<Ok<List<RegisterItem>>> ListAsync(IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<RegisterRow> rows = await db.Registers.AsNoTracking().OrderBy(x => x.Name).ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(ItemOf));
    }

    private static async Task<Results<Ok<RegisterItem>, ProblemHttpResult>> ScheduleAsync(ScheduleRegister verb, HttpContext http, Acting acting)
    {
        VerbOutcome<RegisterRow> outcome = await acting.AsAsync(http.User, x => verb.RunAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<ReferenceForce>, ProblemHttpResult>> ForceAsync(HttpContext http, Acting acting, Func<VerbContext, CancellationToken, Task<VerbOutcome<ReferenceRow>>> verb)
    {
        VerbOutcome<ReferenceRow> outcome = await acting.AsAsync(http.User, x => verb(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(new ReferenceForce(outcome.Value!.Id, outcome.Value.RetiredAt, outcome.Value.RetiredReason)) : Problems.Of(outcome);
    }

    private static RegisterItem ItemOf(RegisterRow x) => new(x.Id, x.Name, x.Format, x.Source, x.Licence, x.ImportedAt, x.ScheduleUrl, x.ScheduleEveryHours, x.NextImportAt);
}

/// <summary>Whether a reference is in force: <c>RetiredAt</c> null means that it is.</summary>
public sealed record ReferenceForce(long Id, DateTimeOffset? RetiredAt, string? RetiredReason);

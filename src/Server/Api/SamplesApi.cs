using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Samples;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A sample of a case. Its ETag is its version. <c>ReportId</c>: the laboratory's report among the attachments.</summary>
public sealed record SampleItem(
    long Id, long CaseId, SampleState State, string Supplier, string? Link, int Quantity, decimal? Price, string? Currency, string OrderedBy, DateTimeOffset OrderedAt, DateOnly? ExpectedOn, DateTimeOffset? ReceivedAt, string? Laboratory,
    DateTimeOffset? SentAt, DateTimeOffset? ResultAt, string? Risk, string? Standard, long? ReportId, string? Note, long Version)
{
    public static SampleItem Of(SampleRow x) => new(
        x.Id, x.CaseId, x.State, x.Supplier, x.Link, x.Quantity, x.Price, x.Currency, x.OrderedBy, x.OrderedAt, x.ExpectedOn, x.ReceivedAt, x.Laboratory, x.SentAt, x.ResultAt, x.Risk, x.Standard, x.ReportId, x.Note, x.Version);
}

/// <summary><c>Link</c>: http or https. <c>Price</c>: of all pieces, with its <c>Currency</c>. <c>ExpectedOn</c>: null: as many working days as the rules say.</summary>
public sealed record OrderSampleRequest(string Supplier, string? Link = null, int Quantity = 1, decimal? Price = null, string? Currency = null, DateOnly? ExpectedOn = null, string? Note = null);

/// <summary><c>Days</c>: working days for the result; null: as the rules say.</summary>
public sealed record SendSampleRequest(string Laboratory, int? Days = null);

/// <summary><c>Risk</c>: needed where the sample did not pass, and only then. <c>Note</c>: needed where it has a result already: why that is wrong.</summary>
public sealed record SampleResultRequest(bool Passed, string? Risk = null, string? Standard = null, long? ReportId = null, string? Note = null);

public sealed record CancelSampleRequest(string Reason);

/// <summary>Samples of a case, from the order to what the laboratory found; the case moves with them.</summary>
internal static class SamplesApi
{
    public static void MapSamples(this RouteGroupBuilder api)
    {
        api.MapGroup("/cases").WithTags("Cases").MapGet("/{id:long}/samples", ListAsync).WithName("ListSamples").WithSummary("The samples of a case, the newest first.");
        RouteGroupBuilder changes = api.MapGroup("").WithTags("Cases").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).WithMetadata(SeenVersion.Header("sample"));
        changes.MapPost("/cases/{id:long}/samples", (long id, OrderSampleRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, _ => new OrderSample(id, x.Supplier, x.Link, x.Quantity, x.Price, x.Currency, x.ExpectedOn, x.Note).RunAsync))
            .WithName("OrderSample").WithSummary("Notes that a sample was ordered; the case is at SampleOrdered, and a clock runs.");
        changes.MapPost("/samples/{id:long}/receive", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new ReceiveSample(id, seen).RunAsync)).WithName("ReceiveSample").WithSummary("Notes that a sample arrived; the case awaits a result.");
        changes.MapPost("/samples/{id:long}/send", (long id, SendSampleRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new SendSample(id, x.Laboratory, x.Days, seen).RunAsync))
            .WithName("SendSample").WithSummary("Notes that a sample went to a laboratory; a clock runs for the result.");
        changes.MapPost("/samples/{id:long}/result", (long id, SampleResultRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new RecordSampleResult(id, x.Passed, x.Risk, x.Standard, x.ReportId, x.Note, seen).RunAsync))
            .WithName("RecordSampleResult").WithSummary("Notes what the laboratory found: failed moves the case to Action, passed back to Triage. With a note, corrects a result.");
        changes.MapPost("/samples/{id:long}/cancel", (long id, CancelSampleRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, seen => new CancelSample(id, x.Reason, seen).RunAsync)).WithName("CancelSample").WithSummary("Gives a sample up.");
    }

    private static async Task<Ok<IReadOnlyList<SampleItem>>> ListAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<SampleItem>>([.. (await SampleQueries.OfCaseAsync(db, id, cancellationToken)).Select(SampleItem.Of)]);
    }

    private static async Task<Results<Ok<SampleItem>, ProblemHttpResult>> DoAsync(HttpContext http, Acting acting, Func<long?, Func<VerbContext, CancellationToken, Task<VerbOutcome<SampleRow>>>> verb)
    {
        long? seen = SeenVersion.Of(http, "sample");
        VerbOutcome<SampleRow> outcome = await acting.AsAsync(http.User, x => verb(seen)(x, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
        http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Version);
        return TypedResults.Ok(SampleItem.Of(outcome.Value));
    }
}

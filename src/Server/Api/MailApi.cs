using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Following;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>The mail server to use. <c>Password</c> null: the one that is stored stays, if server and account stay. No answer holds it.</summary>
public sealed record MailServerRequest(string Host, int Port, string From, string? FromName = null, string? UserName = null, string? Password = null, bool RequireTls = true);

public sealed record MailTestRequest(string To);

/// <summary>What became of a test message. <c>Failure</c> null: the server took it; <c>Answer</c>: in its own words.</summary>
public sealed record MailTestAnswer(DeliveryFailure? Failure, string? Answer);

/// <summary>A message of the outbox.</summary>
public sealed record MessageItem(long Id, string Kind, string Recipient, string Subject, OutboxState State, int Attempts, DateTimeOffset NotBefore, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset? DeliveredAt);

/// <summary>Mail: the server, a test of it, and what waits; and the jobs on pictures of references.</summary>
internal static class MailApi
{
    public static void MapMail(this RouteGroupBuilder api)
    {
        RouteGroupBuilder mail = api.MapGroup("/mail").WithTags("System").RequireAuthorization(Policies.Administer);
        mail.MapGet("/", async (MailSettings settings, CancellationToken cancellationToken) => TypedResults.Ok(await settings.FactsAsync(cancellationToken))).WithName("GetMailServer").WithSummary("The mail server, without its password.");
        mail.MapPut("/", SetAsync).WithName("SetMailServer").WithSummary("Sets the mail server.").ProducesProblem(409);
        mail.MapDelete("/", RemoveAsync).WithName("RemoveMailServer").WithSummary("Forgets the mail server; mail waits from then on.").ProducesProblem(404).ProducesProblem(409);
        mail.MapPost("/test", TestAsync).WithName("TestMailServer").WithSummary("Sends a test message at once and gives the server's answer.");

        RouteGroupBuilder messages = api.MapGroup("/messages").WithTags("System");
        messages.MapGet("/", ListAsync).WithName("ListMessages").WithSummary("Messages of the outbox, newest first.");
        messages.MapPost("/{id:long}/retry", RetryAsync).RequireAuthorization(Policies.Act).WithName("RetryMessage").WithSummary("Has a dead message, or one that waits, delivered now.").ProducesProblem(404).ProducesProblem(409);

        RouteGroupBuilder jobs = api.MapGroup("/jobs").WithTags("System");
        jobs.MapGet("/", JobsAsync).WithName("ListJobs").WithSummary("Jobs on pictures of references that wait or failed, oldest first.");
        jobs.MapPost("/retry", RetryJobsAsync).RequireAuthorization(Policies.Act).WithName("RetryJobs").WithSummary("Has every job that failed tried again now.");
    }

    private static async Task<Results<Ok<MailServerFacts>, ProblemHttpResult>> SetAsync(MailServerRequest request, HttpContext http, Acting acting, MailSettings settings, CancellationToken cancellationToken)
    {
        var wish = new MailServerSettings(request.Host, request.Port, request.From, request.FromName, request.UserName, request.Password, request.RequireTls);
        VerbOutcome<MailSettingsRow> outcome = await acting.AsAsync(http.User, x => settings.SetAsync(x, wish, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(await settings.FactsAsync(cancellationToken)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<MailServerFacts>, ProblemHttpResult>> RemoveAsync(HttpContext http, Acting acting, MailSettings settings, CancellationToken cancellationToken)
    {
        VerbOutcome<MailSettingsRow> outcome = await acting.AsAsync(http.User, x => settings.RemoveAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(await settings.FactsAsync(cancellationToken)) : Problems.Of(outcome);
    }

    private static async Task<Ok<MailTestAnswer>> TestAsync(MailTestRequest request, HttpContext http, Acting acting, MailSettings settings, CancellationToken cancellationToken)
    {
        if (EmailAddress.TryParse(request.To) is null) throw new InvalidValueException("to", request.To, "an e-mail address");
        DeliveryOutcome outcome = await acting.AsAsync(http.User, x => settings.TestAsync(x, request.To, cancellationToken), cancellationToken);
        return TypedResults.Ok(new MailTestAnswer(outcome.Failure, outcome.Detail));
    }

    private static async Task<Ok<ApiPage<MessageItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? state, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Page<OutboxRow> page = await Outbox.ListAsync(db, Query.Enum<OutboxState>("state", state), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<MessageItem>([.. page.Items.Select(ItemOf)], page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Results<Ok<MessageItem>, ProblemHttpResult>> RetryAsync(long id, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<OutboxRow> outcome = await acting.AsAsync(http.User, x => Outbox.RetryAsync(x, id, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Ok<JobReport>> JobsAsync(IDbContextFactory<TouchstoneDb> databases, ImageRecipes recipes, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await JobReport.ReadAsync(db, recipes, cancellationToken));
    }

    private static async Task<Ok<RetriedJobs>> RetryJobsAsync(HttpContext http, Acting acting, CancellationToken cancellationToken) =>
        TypedResults.Ok(new RetriedJobs(await acting.AsAsync(http.User, x => JobReport.RetryFailedAsync(x, cancellationToken), cancellationToken)));

    private static MessageItem ItemOf(OutboxRow x) => new(x.Id, x.Kind, x.Recipient, x.Subject, x.State, x.Attempts, x.NotBefore, x.LastError, x.CreatedAt, x.DeliveredAt);
}

/// <summary>How many jobs are tried again.</summary>
public sealed record RetriedJobs(int Jobs);

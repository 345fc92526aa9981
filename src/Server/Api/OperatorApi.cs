using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>
/// In whose name notices are sent. A member that is missing or null stays as it is; an empty text takes it away. <c>Role</c> limits what is kept; <c>Language</c>: what a new notice begins with;
/// <c>PublicUrl</c> empty: notices bear no reply link; <c>Hosts</c>: a marketplace's own, which alone it searches.
/// </summary>
public sealed record OperatorRequest(
    string? Name = null, string? Address = null, string? ContactName = null, string? ContactEmail = null, string? Phone = null, string? LegalBasis = null, string? Redress = null, string? Territory = null, string? Language = null,
    string? PublicUrl = null, OperatorRole? Role = null, IReadOnlyList<string>? Hosts = null);

/// <summary>In whose name notices are sent. Its ETag is its version.</summary>
public sealed record OperatorAnswer(
    string Name, string Address, string ContactName, string ContactEmail, string? Phone, string? LegalBasis, string? Redress, string? Territory, string Language, string? PublicUrl, OperatorRole Role, IReadOnlyList<string> Hosts, long Version, string ChangedBy, DateTimeOffset ChangedAt);

public sealed record WebhookSecretAnswer(string Secret);

/// <summary>A template in use. <c>Version</c> 0: the built-in one. <c>Latest</c>: the newest number, its ETag.</summary>
public sealed record TemplateAnswer(NoticeKind Kind, string Language, int Version, bool BuiltIn, int Latest, string Source, string Hash, string? ChangedBy, DateTimeOffset? ChangedAt);

public sealed record TemplateRequest(string Source);

/// <summary><c>NoticeId</c>: on what the template is tried; null: on a sample.</summary>
public sealed record TemplateTrial(string Source, long? NoticeId = null);

public sealed record TemplateTrialAnswer(string Subject, string Text, TemplateProblem? Problem);

/// <summary>The operator, the secrets of webhooks, and the templates of notices.</summary>
internal static class OperatorApi
{
    public static void MapOperator(this RouteGroupBuilder api)
    {
        RouteGroupBuilder own = api.MapGroup("/operator").WithTags("Notices");
        own.MapGet("/", GetAsync).WithName("GetOperator").WithSummary("In whose name notices are sent.").ProducesProblem(404);
        RouteGroupBuilder changes = api.MapGroup("/operator").WithTags("Notices").RequireAuthorization(Policies.Administer).ProducesProblem(409).ProducesProblem(412);
        changes.MapPut("/", SetAsync).WithName("SetOperator").WithSummary("Says in whose name notices are sent.").WithMetadata(SeenVersion.Header("operator"));
        changes.MapGet("/webhook-secret", SecretAsync).WithName("GetWebhookSecret").WithSummary("The secret by which the receiver at a URL checks webhooks (Standard Webhooks); that it was shown is recorded.");
        changes.MapPost("/webhook-secrets/change", ChangeSecretsAsync).WithName("ChangeWebhookSecrets").WithSummary("Signs webhooks by new secrets, beside those of before.").ProducesProblem(404);

        RouteGroupBuilder templates = api.MapGroup("/notice-templates").WithTags("Notices");
        templates.MapGet("/", ListAsync).WithName("ListNoticeTemplates").WithSummary("Every template in use.");
        templates.MapGet("/{kind}/{language}", TemplateAsync).WithName("GetNoticeTemplate").WithSummary("A template in use.").ProducesProblem(404);
        templates.MapPost("/{kind}/{language}/trial", TryAsync).RequireAuthorization(Policies.Act).WithName("TryNoticeTemplate").WithSummary("What a template would give, on a notice or on a sample; nothing is kept.").ProducesProblem(404);
        RouteGroupBuilder edits = api.MapGroup("/notice-templates").WithTags("Notices").RequireAuthorization(Policies.Administer).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).WithMetadata(SeenVersion.Header("template"));
        edits.MapPut("/{kind}/{language}", (string kind, string language, TemplateRequest x, HttpContext http, Acting acting) => ChangeAsync(kind, language, x.Source, http, acting)).WithName("ChangeNoticeTemplate").WithSummary("Writes a new version of a template; earlier ones are kept.");
        edits.MapDelete("/{kind}/{language}", (string kind, string language, HttpContext http, Acting acting) => ChangeAsync(kind, language, null, http, acting)).WithName("ResetNoticeTemplate").WithSummary("Goes back to the built-in template.");
    }

    private static async Task<Results<Ok<OperatorAnswer>, ProblemHttpResult>> GetAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Operators.FindAsync(db, cancellationToken) is { } row ? Answer(http, row) : TypedResults.Problem("It is not said in whose name notices are sent.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<OperatorAnswer>, ProblemHttpResult>> SetAsync(OperatorRequest x, HttpContext http, Acting acting, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        long? seen = SeenVersion.Of(http, "operator");
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        OperatorRow? now = await Operators.FindAsync(db, cancellationToken);
        var wish = new OperatorSettings(
            x.Name ?? now?.Name ?? "", x.Address ?? now?.Address ?? "", x.ContactName ?? now?.ContactName ?? "", x.ContactEmail ?? now?.ContactEmail ?? "", x.Phone ?? now?.Phone, x.LegalBasis ?? now?.LegalBasis,
            x.Redress ?? now?.Redress, x.Territory ?? now?.Territory, x.Language ?? now?.Language ?? "en", x.PublicUrl ?? now?.PublicUrl, x.Role ?? now?.Role ?? OperatorRole.Authority)
        {
            Hosts = x.Hosts is { } hosts ? string.Join('\n', hosts) : now?.Hosts,
        };
        // What was kept was seen by nobody else than this request.
        VerbOutcome<OperatorRow> outcome = await acting.AsAsync(http.User, c => Operators.SetAsync(c, wish, seen ?? now?.Version ?? 0, cancellationToken), cancellationToken);
        return outcome.Done ? Answer(http, outcome.Value!) : SeenVersion.Refused(outcome, seen);
    }

    private static async Task<Results<Ok<WebhookSecretAnswer>, ProblemHttpResult>> SecretAsync(string url, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<string> outcome = await acting.AsAsync(http.User, x => Operators.SecretAsync(x, url, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(new WebhookSecretAnswer(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<OperatorAnswer>, ProblemHttpResult>> ChangeSecretsAsync(HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<OperatorRow> outcome = await acting.AsAsync(http.User, x => Operators.ChangeSecretsAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? Answer(http, outcome.Value!) : Problems.Of(outcome);
    }

    private static async Task<Ok<IReadOnlyList<TemplateAnswer>>> ListAsync(IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<TemplateAnswer>>([.. (await NoticeTemplates.ListAsync(db, cancellationToken)).Select(AnswerOf)]);
    }

    private static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> TemplateAsync(string kind, string language, HttpContext http, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await NoticeTemplates.FindAsync(db, KindOf(kind), language, cancellationToken) is not { } template) return Problems.NotFound("template", $"{kind}/{language}");
        http.Response.Headers.ETag = SeenVersion.TagOf(template.Latest);
        return TypedResults.Ok(AnswerOf(template));
    }

    private static async Task<Results<Ok<TemplateTrialAnswer>, ProblemHttpResult>> TryAsync(string kind, string language, TemplateTrial trial, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        NoticeKind of = KindOf(kind);
        if (NoticeTemplates.BuiltIn(of, language) is null) return Problems.NotFound("template", $"{kind}/{language}");
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (trial.NoticeId is not { } id)
        {
            TemplateText sample = NoticeLiquid.Fill(trial.Source, NoticeValues.Sample(language));
            return TypedResults.Ok(new TemplateTrialAnswer(sample.Subject, sample.Text, sample.Problem));
        }
        if (await NoticeQueries.FindAsync(db, id, cancellationToken) is not { } row || row.Kind != of) return Problems.NotFound($"{kind} notice", id);
        row.Language = language;
        NoticePreview preview = await NoticePreview.OfAsync(db, clock, row, trial.Source, null, cancellationToken);
        return TypedResults.Ok(new TemplateTrialAnswer(preview.Subject, preview.Text, preview.Problem));
    }

    private static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> ChangeAsync(string kind, string language, string? source, HttpContext http, Acting acting)
    {
        long? seen = SeenVersion.Of(http, "template");
        VerbOutcome<NoticeTemplate> outcome = await acting.AsAsync(http.User, x => new ChangeTemplate(KindOf(kind), language, source, (int?)seen).RunAsync(x, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
        http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Latest);
        return TypedResults.Ok(AnswerOf(outcome.Value));
    }

    private static NoticeKind KindOf(string text) => Query.Enum<NoticeKind>("kind", text)!.Value;

    private static TemplateAnswer AnswerOf(NoticeTemplate x) => new(x.Kind, x.Language, x.Version, x.BuiltIn, x.Latest, x.Source, x.Hash, x.ChangedBy, x.ChangedAt);

    private static Ok<OperatorAnswer> Answer(HttpContext http, OperatorRow x)
    {
        http.Response.Headers.ETag = SeenVersion.TagOf(x.Version);
        return TypedResults.Ok(new OperatorAnswer(x.Name, x.Address, x.ContactName, x.ContactEmail, x.Phone, x.LegalBasis, x.Redress, x.Territory, x.Language, x.PublicUrl, x.Role, x.Hosts?.Split('\n') ?? [], x.Version, x.ChangedBy, x.ChangedAt));
    }
}

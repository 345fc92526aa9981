using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Field;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Api;
using Touchstone.Server.Assets;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Field;

/// <summary>A thing that an officer photographed and what it shows, most probable first.</summary>
public sealed record CaptureAnswer(
    [property: Description("The capture of the thing's first photo.")] long Id,
    string ImageSha256, DateTimeOffset TakenAt, string? Place, Verdict Verdict, UndeterminedReason? Reason, string? Detail, IReadOnlyList<MatchItem> Matches, string TakenBy, string? Note,
    [property: Description("All photos of the thing, in the order of their arrival.")] IReadOnlyList<string> Photos);

public sealed record NotifyOwnerRequest(long ReferenceId, string? Note = null);

/// <summary>The message to the owner. <c>Already</c>: it had been queued before, and nothing new was sent.</summary>
public sealed record NotifyOwnerAnswer(long MessageId, string Recipient, OutboxState State, bool Already);

/// <summary>The message to the owner as it would be sent.</summary>
public sealed record OwnerMessagePreview(string Recipient, string Subject, string Body);

/// <summary>Field inspection: a photo in, the owners to ask out.</summary>
internal static class FieldApi
{
    /// <summary>An officer at a parcel waits longer than a program, and no longer than that.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddField(this IServiceCollection services) => services.AddSingleton<CaptureDesk>();

    public static void MapField(this RouteGroupBuilder api)
    {
        RouteGroupBuilder field = api.MapGroup("/field/captures").RequireAuthorization(Policies.Act).WithTags("Field");
        field.MapPost("/", CaptureAsync).WithName("CreateCapture").WithSummary("Screens a field photo.")
            .WithDescription("The body is the photo. The Idempotency-Key header is the phone's name for it: the same photo sent again is the same capture. Further photos of the same thing name the key of its first as thing, and are screened together with it.")
            .Accepts<Stream>("image/jpeg", "image/png", "image/webp", "application/octet-stream").ProducesProblem(409).ProducesProblem(503)
            .WithMetadata(new RequestHeader("Idempotency-Key", "The phone's name for the photo, 1 to 200 characters.", IsRequired: true));
        field.MapGet("/{id:long}", GetAsync).WithName("GetCapture").WithSummary("A capture and what it shows.").ProducesProblem(404);
        field.MapPost("/{id:long}/notifications", NotifyAsync).WithName("NotifyOwner").WithSummary("Tells the right holder of a match, once.").ProducesProblem(404).ProducesProblem(409);
        field.MapPost("/{id:long}/notifications/preview", PreviewAsync).WithName("PreviewOwnerMessage").WithSummary("The message to the right holder as it would be sent.").ProducesProblem(404).ProducesProblem(409);
        field.MapGet("/{id:long}/notifications", MessagesAsync).WithName("ListCaptureMessages").WithSummary("The messages about a capture and how far they came.");
    }

    /// <summary>The worker that shows the field page without a connection. Its address says which pages it is for.</summary>
    public static void MapFieldWorker(this IEndpointRouteBuilder routes) => routes.MapGet("/field-worker.js", (HttpContext http) =>
    {
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(EmbeddedAssets.ContentOf("field-worker.js"), "text/javascript; charset=utf-8");
    }).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Keeps a photo; <see cref="CaptureDesk.ScreenAsync"/> then screens the thing that it is of.</summary>
    public static Task<VerbOutcome<CaptureRow>> RecordAsync(HttpContext http, RecordCapture photo)
    {
        IServiceProvider services = http.RequestServices;
        return services.GetRequiredService<Acting>().AsAsync(http.User, x => photo.RunAsync(x, services.GetRequiredService<IBlobStore>(), http.RequestAborted), http.RequestAborted);
    }

    private static async Task<Results<Ok<CaptureAnswer>, ProblemHttpResult>> CaptureAsync(
        HttpContext http, CaptureDesk desk, Admission admission, string? place, string? note, DateTimeOffset? takenAt, string? thing,
        [Description("The account that took the photo, as the phone knows it: refused with 403 where another one sends it, so that nobody's photo is told as another's. Without it, whoever sends it took it.")] string? officer,
        CancellationToken cancellationToken)
    {
        if (officer is not null && officer != http.User.ActorName()) return TypedResults.Problem("The photo is another officer's, who has to sign in to send it.", statusCode: StatusCodes.Status403Forbidden);
        string key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0) throw new InvalidValueException("Idempotency-Key", null, "the phone's name for this photo, 1 to 200 characters");
        using Admission.Visit visit = admission.Enter(Patience);
        byte[] photo = await RequestBytes.ReadAsync(http.Request, RecordCapture.MostBytes, visit, cancellationToken);
        VerbOutcome<CaptureRow> outcome = await RecordAsync(http, new RecordCapture(photo, key, place, note, takenAt, thing));
        if (!outcome.Done) return Problems.Of(outcome);
        await desk.ScreenAsync(outcome.Value!, photo, visit, cancellationToken);
        return TypedResults.Ok(await desk.AnswerAsync(outcome.Value!, cancellationToken));
    }

    private static async Task<Results<Ok<CaptureAnswer>, ProblemHttpResult>> GetAsync(long id, CaptureDesk desk, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        CaptureRow? capture = await db.Captures.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        return capture is null ? Problems.NotFound("capture", id) : TypedResults.Ok(await desk.AnswerAsync(capture, cancellationToken));
    }

    private static async Task<Results<Ok<NotifyOwnerAnswer>, ProblemHttpResult>> NotifyAsync(long id, NotifyOwnerRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<OwnerNotification> outcome = await acting.AsAsync(http.User, x => new NotifyOwner(id, request.ReferenceId, request.Note).RunAsync(x, cancellationToken), cancellationToken);
        if (!outcome.Done) return Problems.Of(outcome);
        OutboxRow message = outcome.Value!.Message;
        return TypedResults.Ok(new NotifyOwnerAnswer(message.Id, message.Recipient, message.State, outcome.Value.Already));
    }

    private static async Task<Results<Ok<OwnerMessagePreview>, ProblemHttpResult>> PreviewAsync(long id, NotifyOwnerRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<OwnerMessage> outcome = await acting.AsAsync(http.User, x => new NotifyOwner(id, request.ReferenceId, request.Note).WriteAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(new OwnerMessagePreview(outcome.Value!.Message.Recipient, outcome.Value.Message.Subject, outcome.Value.Message.Body)) : Problems.Of(outcome);
    }

    private static async Task<Ok<IReadOnlyList<CaptureMessage>>> MessagesAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await CaptureMessages.OfAsync(db, id, cancellationToken));
    }
}

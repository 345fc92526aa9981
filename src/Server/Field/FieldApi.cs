using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Field;
using Touchstone.Screening.Hits;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Api;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Field;

/// <summary>A field photo and what it shows, most probable first.</summary>
public sealed record CaptureAnswer(long Id, string ImageSha256, DateTimeOffset TakenAt, string? Place, Verdict Verdict, UndeterminedReason? Reason, string? Detail, IReadOnlyList<MatchItem> Matches);

public sealed record NotifyOwnerRequest(long ReferenceId, string? Note = null);

/// <summary>The message to the owner. <c>Already</c>: it had been queued before, and nothing new was sent.</summary>
public sealed record NotifyOwnerAnswer(long MessageId, string Recipient, OutboxState State, bool Already);

/// <summary>Field inspection: a photo in, the owners to ask out.</summary>
internal static class FieldApi
{
    // An officer at a parcel waits longer than a program, and no longer than that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddField(this IServiceCollection services) => services.AddSingleton<CaptureDesk>();

    public static void MapField(this RouteGroupBuilder api)
    {
        RouteGroupBuilder field = api.MapGroup("/field/captures").RequireAuthorization(Policies.Act).WithTags("Field");
        field.MapPost("/", CaptureAsync).WithName("CreateCapture").WithSummary("Screens a field photo.")
            .WithDescription("The body is the photo. The Idempotency-Key header is the phone's name for it: the same photo sent again is the same capture.")
            .Accepts<Stream>("image/jpeg", "image/png", "image/webp", "application/octet-stream").ProducesProblem(409).ProducesProblem(503)
            .WithMetadata(new RequestHeader("Idempotency-Key", "The phone's name for the photo, 1 to 200 characters.", IsRequired: true));
        field.MapGet("/{id:long}", GetAsync).WithName("GetCapture").WithSummary("A capture and what it shows.").ProducesProblem(404);
        field.MapPost("/{id:long}/notifications", NotifyAsync).WithName("NotifyOwner").WithSummary("Tells the right holder of a match, once.").ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Results<Ok<CaptureAnswer>, ProblemHttpResult>> CaptureAsync(
        HttpContext http, Acting acting, IBlobStore blobs, CaptureDesk desk, Admission admission, string? place, string? note, DateTimeOffset? takenAt, CancellationToken cancellationToken)
    {
        string key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0) throw new InvalidValueException("Idempotency-Key", null, "the phone's name for this photo, 1 to 200 characters");
        using Admission.Visit visit = admission.Enter(Patience);
        byte[] photo = await RequestBytes.ReadAsync(http.Request, RecordCapture.MostBytes, visit, cancellationToken);
        VerbOutcome<CaptureRow> outcome = await acting.AsAsync(http.User, x => new RecordCapture(photo, key, place, note, takenAt).RunAsync(x, blobs, cancellationToken), cancellationToken);
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

    /// <summary>Screens captures, once each unless undetermined, and reads what came of it. Safe for concurrent use.</summary>
    internal sealed class CaptureDesk(ScreeningPipeline pipeline, HitStore hits, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
    {
        public async Task ScreenAsync(CaptureRow capture, byte[] photo, Admission.Visit visit, CancellationToken cancellationToken)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            if (await db.Screenings.AnyAsync(x => x.CaptureId == capture.Id && x.Verdict != Verdict.Undetermined, cancellationToken)) return;
            ScreeningOutcome outcome = await visit.ScreenAsync(token => pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, photo)] }, token), cancellationToken);
            await hits.SaveAsync(new ScreeningSubject(null, capture.Id, null, capture.ImageSha256), outcome, cancellationToken);
        }

        public async Task<CaptureAnswer> AnswerAsync(CaptureRow capture, CancellationToken cancellationToken)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            ScreeningRow? screening = await db.Screenings.AsNoTracking().Include(x => x.Matches).Where(x => x.CaptureId == capture.Id).OrderByDescending(x => x.Id).FirstOrDefaultAsync(cancellationToken);
            if (screening is null) return new CaptureAnswer(capture.Id, capture.ImageSha256, capture.TakenAt, capture.Place, Verdict.Undetermined, UndeterminedReason.StageFailed, "The photo was not screened; send it again.", []);
            IReadOnlyDictionary<long, ReferenceRow> references = await ScreeningAnswers.ReferencesAsync(db, screening.Matches.Select(x => x.ReferenceId), cancellationToken);
            MatchItem[] matches = [.. screening.Matches.Where(x => references.ContainsKey(x.ReferenceId)).OrderByDescending(x => x.Probability).ThenBy(x => x.Id)
                .Select(x => ScreeningAnswers.ItemOf(references[x.ReferenceId], x.Relation, x.Probability, x.Verdict, x.ImageSha256, x.ReferenceImageSha256, HitQueries.SignalsOf(x), clock.Today()))];
            return new CaptureAnswer(capture.Id, capture.ImageSha256, capture.TakenAt, capture.Place, screening.Verdict, screening.Reason, screening.Detail, matches);
        }
    }
}

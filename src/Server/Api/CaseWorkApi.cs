using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Clocks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A way from one state of a case to another. <c>By</c>: what goes it.</summary>
public sealed record CaseTransitionItem(CaseState From, CaseState To, bool NeedsReason, IReadOnlyList<CaseMover> By);

/// <summary>A deadline of a case. <c>HolidaysKnown</c>: false where only weekends and days that the operator added were left out. <c>Breached</c>: it ran out before it was met, or by now. <c>EndedWithCase</c>: nothing met it, and at <c>MetAt</c> the case ended.</summary>
public sealed record CaseClockItem(
    long Id, ClockKind Kind, string? What, string? Country, bool HolidaysKnown, DateTimeOffset StartedAt, string StartedBy, DateTimeOffset DueAt, DateTimeOffset? MetAt, string? MetBy, string? How, bool Breached, bool EndedWithCase);

/// <summary>What a clock runs for. <c>Days</c>: working days of <c>Country</c>; <c>Due</c>: the last day instead. Null: as the rules say.</summary>
public sealed record StartClockRequest(ClockKind Kind, string? What = null, string? Country = null, int? Days = null, DateOnly? Due = null);

public sealed record MeetClockRequest(string How);

public sealed record AttachmentItem(long Id, string Name, string MediaType, long Bytes, string Sha256, string AddedBy, DateTimeOffset AddedAt)
{
    public static AttachmentItem Of(AttachmentRow row) => new(row.Id, row.Name, row.MediaType, row.Bytes, row.Sha256, row.AddedBy, row.AddedAt);
}

public sealed record EarlierItem(long HitId, long? CaseId, HitState State, RejectReason? Reason, string? Note, string DecidedBy, DateTimeOffset DecidedAt, string Reference, string? Shop);

/// <summary>What was decided before: cases that ended and decisions on other hits, of the same references, shops and sellers.</summary>
public sealed record EarlierAnswer(IReadOnlyList<RelatedCase> Cases, IReadOnlyList<EarlierItem> Decisions);

/// <summary>The case to work on next; null: there is none.</summary>
public sealed record NextCase(long? Id);

/// <summary>The daily work on cases: queues and claims, deadlines, files, what was decided before.</summary>
internal static class CaseWorkApi
{
    public static void MapCaseWork(this RouteGroupBuilder api)
    {
        RouteGroupBuilder cases = api.MapGroup("/cases").WithTags("Cases");
        cases.MapGet("/transitions", () => TypedResults.Ok<IReadOnlyList<CaseTransitionItem>>([.. CaseTransitions.All.Select(x => new CaseTransitionItem(x.From, x.To, x.NeedsReason, [.. Enum.GetValues<CaseMover>().Where(m => x.By.HasFlag(m))]))]))
            .WithName("ListCaseTransitions").WithSummary("Which state of a case follows which, what goes there, and whether a reason is needed.");
        cases.MapGet("/queues", QueuesAsync).WithName("ListCaseQueues").WithSummary("Cases that have not ended, by market and category, the largest queues first, at most 100.");
        cases.MapGet("/next", NextAsync).RequireAuthorization(Policies.Act).WithName("GetNextCase").WithSummary("The case to work on next: nobody else's, the one whose deadline is nearest first. It is not claimed.");
        cases.MapGet("/{id:long}/earlier", EarlierAsync).WithName("ListEarlierDecisions").WithSummary("Cases that ended and decisions on hits of the same reference, shop or seller, the newest first.");
        cases.MapGet("/{id:long}/clocks", ClocksAsync).WithName("ListCaseClocks").WithSummary("The deadlines of a case: those that run first.");
        cases.MapGet("/{id:long}/attachments", AttachmentsAsync).WithName("ListAttachments").WithSummary("The files of a case.");

        RouteGroupBuilder changes = api.MapGroup("/cases").WithTags("Cases").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409);
        changes.MapPost("/{id:long}/claim", (long id, HttpContext http, Acting acting) => ClaimAsync(id, false, http, acting)).WithName("ClaimCase").WithSummary("Takes the case for an hour, so that nobody else begins on it.");
        changes.MapPost("/{id:long}/release", (long id, HttpContext http, Acting acting) => ClaimAsync(id, true, http, acting)).WithName("ReleaseCase").WithSummary("Gives a claimed case free.");
        changes.MapPost("/{id:long}/clocks", StartAsync).WithName("StartClock").WithSummary("Lets a deadline begin to run, by working days.");
        changes.MapPost("/{id:long}/clocks/{clockId:long}/meet", MeetAsync).WithName("MeetClock").WithSummary("Stops a deadline: what it ran for happened.");
        changes.MapPost("/{id:long}/attachments", AttachAsync).WithName("AddAttachment").WithSummary("Puts a file into a case: its bytes as the body, at most 20 MiB, of a kind that its content and its name agree on.")
            .Accepts<Stream>("application/octet-stream");
        changes.MapGet("/{id:long}/attachments/{attachmentId:long}", FetchAsync).WithName("GetAttachment").WithSummary("A file of a case as it was put in; that is recorded.").Produces<Stream>(200, "application/octet-stream");
    }

    /// <summary>The same for the console's own links and forms, which carry no key; and pictures, encoded anew.</summary>
    public static void MapAttachmentPages(this WebApplication app)
    {
        app.MapGet("/cases/{id:long}/attachments/{attachmentId:long}", FetchAsync).RequireAuthorization(Policies.Act).ExcludeFromDescription();
        app.MapGet("/cases/{id:long}/attachments/{attachmentId:long}/picture", PictureAsync).RequireAuthorization(Policies.Read).ExcludeFromDescription();
    }

    public static CaseClockItem ItemOf(CaseClockRow x, DateTimeOffset now) =>
        new(x.Id, x.Kind, x.What, x.Country, WorkingCalendar.For(x.Country).AreHolidaysKnown, x.StartedAt, x.StartedBy, x.DueAt, x.MetAt, x.MetBy, x.How, x.IsBreached(now), x.EndedWithCase);

    private static async Task<Ok<IReadOnlyList<CaseQueue>>> QueuesAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await CaseQueries.QueuesAsync(db, clock.GetUtcNow(), cancellationToken));
    }

    private static async Task<Ok<NextCase>> NextAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? market, string? category, long? after, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(new NextCase(await CaseQueries.NextAsync(db, new CaseFilter(Market: market, Category: category), http.User.ActorName(), clock.GetUtcNow(), after, cancellationToken)));
    }

    private static async Task<Ok<EarlierAnswer>> EarlierAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IReadOnlyList<PriorDecision> decisions = await RelatedCases.DecisionsAsync(db, id, cancellationToken);
        return TypedResults.Ok(new EarlierAnswer(
            await RelatedCases.OfCaseAsync(db, id, cancellationToken, ended: true), [.. decisions.Select(x => new EarlierItem(x.HitId, x.CaseId, x.State, x.Reason, x.Note, x.DecidedBy, x.DecidedAt, x.Reference, x.Shop))]));
    }

    private static async Task<Ok<IReadOnlyList<CaseClockItem>>> ClocksAsync(long id, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        return TypedResults.Ok<IReadOnlyList<CaseClockItem>>([.. (await CaseClocks.OfCaseAsync(db, id, cancellationToken)).Select(x => ItemOf(x, now))]);
    }

    private static async Task<Ok<IReadOnlyList<AttachmentItem>>> AttachmentsAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<AttachmentItem>>([.. (await AddAttachment.OfCaseAsync(db, id, cancellationToken)).Select(AttachmentItem.Of)]);
    }

    private static async Task<Results<Ok<CaseChanged>, ProblemHttpResult>> ClaimAsync(long id, bool release, HttpContext http, Acting acting)
    {
        VerbOutcome<CaseRow> outcome = await acting.AsAsync(http.User, x => new ClaimCase(id, release).RunAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(new CaseChanged(outcome.Value!.Id, outcome.Value.State, outcome.Value.Version)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<CaseClockItem>, ProblemHttpResult>> StartAsync(long id, StartClockRequest request, HttpContext http, Acting acting, TimeProvider clock, CancellationToken cancellationToken)
    {
        VerbOutcome<CaseClockRow> outcome = await acting.AsAsync(http.User, x => new StartClock(id, request.Kind, request.What, request.Country, request.Days, request.Due).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!, clock.GetUtcNow())) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<CaseClockItem>, ProblemHttpResult>> MeetAsync(long id, long clockId, MeetClockRequest request, HttpContext http, Acting acting, TimeProvider clock, CancellationToken cancellationToken)
    {
        VerbOutcome<CaseClockRow> outcome = await acting.AsAsync(http.User, async x => await x.Db.CaseClocks.AnyAsync(c => c.Id == clockId && c.CaseId == id, cancellationToken)
            ? await new MeetClock(clockId, request.How).RunAsync(x, cancellationToken)
            : VerbOutcome.Refused<CaseClockRow>(Refusal.NotFound, $"There is no clock {clockId}."), cancellationToken);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!, clock.GetUtcNow())) : Problems.Of(outcome);
    }

    private static async Task<Results<Created<AttachmentItem>, ProblemHttpResult>> AttachAsync(long id, string name, HttpContext http, Acting acting, IBlobStore blobs, CancellationToken cancellationToken)
    {
        byte[]? bytes = await AttachmentBytes.ReadAsync(http.Request.Body, cancellationToken);
        if (bytes is null) return TypedResults.Problem($"A file has 1 byte to {AttachmentContent.MostBytes >> 20} MiB.", statusCode: StatusCodes.Status400BadRequest);
        VerbOutcome<AttachmentRow> outcome = await acting.AsAsync(http.User, x => new AddAttachment(id, name, bytes).RunAsync(x, blobs, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/cases/{id}/attachments/{outcome.Value!.Id}", AttachmentItem.Of(outcome.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FetchAsync(long id, long attachmentId, HttpContext http, Acting acting, IBlobStore blobs, CancellationToken cancellationToken)
    {
        (AttachmentRow? row, byte[]? bytes, ProblemHttpResult? problem) = await acting.AsAsync(http.User, async context =>
        {
            (AttachmentRow? found, byte[]? content, ProblemHttpResult? why) = await ReadAsync(context.Db, id, attachmentId, blobs, cancellationToken);
            if (content is not null) await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.AttachmentFetched, AuditSubject.Case(id), $"{found!.Name}, {found.Sha256}"), cancellationToken);
            return (found, content, why);
        }, cancellationToken);
        if (problem is not null) return problem;
        // Only ever saved: no browser runs or shows what somebody put into a case.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Bytes(bytes!, "application/octet-stream", row!.Name);
    }

    /// <summary>A picture among the files of a case, decoded apart and encoded anew: what is shown is never what somebody put in.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> PictureAsync(long id, long attachmentId, HttpContext http, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, Thumbnails thumbnails, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        (AttachmentRow? row, byte[]? bytes, _) = await ReadAsync(db, id, attachmentId, blobs, cancellationToken);
        if (row is null || bytes is null || !AttachmentContent.IsPicture(row.MediaType) || thumbnails.Of(row.Sha256, bytes, 640) is not { } jpeg) return TypedResults.NotFound();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Bytes(jpeg, "image/jpeg");
    }

    private static async Task<(AttachmentRow? Row, byte[]? Bytes, ProblemHttpResult? Problem)> ReadAsync(TouchstoneDb db, long id, long attachmentId, IBlobStore blobs, CancellationToken cancellationToken)
    {
        AttachmentRow? row = await db.Attachments.AsNoTracking().FirstOrDefaultAsync(x => x.Id == attachmentId && x.CaseId == id, cancellationToken);
        if (row is null) return (null, null, Problems.NotFound("attachment", attachmentId));
        try
        {
            if (await blobs.GetAsync(row.Sha256, cancellationToken) is { } bytes) return (row, bytes, null);
        }
        catch (InvalidDataException)
        {
            return (row, null, TypedResults.Problem("Its stored bytes were changed, and are not given out.", statusCode: StatusCodes.Status409Conflict));
        }
        return (row, null, TypedResults.Problem(await ErasedBlobs.WhyAsync(db, row.Sha256, cancellationToken) ?? "Its bytes are not in the store.", statusCode: StatusCodes.Status409Conflict));
    }
}

/// <summary>Reads a file that is sent, up to what one may have.</summary>
internal static class AttachmentBytes
{
    /// <summary>The bytes; null where there are none or more than <see cref="AttachmentContent.MostBytes"/>, of which no more is read.</summary>
    public static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var held = new MemoryStream();
        byte[] piece = new byte[81_920];
        for (int read; (read = await body.ReadAsync(piece, cancellationToken)) > 0;)
        {
            if (held.Length + read > AttachmentContent.MostBytes) return null;
            held.Write(piece, 0, read);
        }
        return held.Length == 0 ? null : held.ToArray();
    }
}

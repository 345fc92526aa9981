using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary><c>HitIds</c>: which of the confirmed hits; null: each that has a link.</summary>
public sealed record DraftNoticeRequest(NoticeKind Kind, string? Language = null, IReadOnlyList<long>? HitIds = null);

/// <summary>What the draft says; each member is set as it stands. <c>HitIds</c> null: the links stay.</summary>
public sealed record EditNoticeRequest(
    string Language, NoticeWay Way, string? Recipient, string? RecipientName, string? Reasons, string? LegalBasis, string? Redress, string? Territory, string? Measure, bool GoodFaith, DateOnly? RespondBy, IReadOnlyList<long>? HitIds = null);

public sealed record RespondByRequest(DateOnly Day);

/// <summary><c>Upheld</c>: whether the notice stands. <c>Decision</c>: the reasons, which the appellant reads.</summary>
public sealed record AppealRequest(bool Upheld, string Decision);

public sealed record NoticeCheckItem(DateTimeOffset At, SeenOutcome Seen, string Detail, int Status, string FinalUrl, string? ExchangeSha256);

public sealed record NoticeLinkItem(long HitId, string Url, DateTimeOffset? NextCheckAt, int ChecksLeft, IReadOnlyList<NoticeCheckItem> Checks);

public sealed record NoticeReplyItem(
    long Id, ReplyKind Kind, string Text, string? Email, string? AttachmentName, string? AttachmentSha256, DateTimeOffset At, bool? Upheld, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision);

/// <summary>How far the message came. <c>Answer</c>: what the receiving server said when it took it.</summary>
public sealed record NoticeReceipt(OutboxState State, int Attempts, DateTimeOffset? DeliveredAt, string? Answer, string? LastError);

/// <summary>A notice. Its ETag is its version. What was sent never changes.</summary>
public sealed record NoticeDetail(
    long Id, long CaseId, NoticeKind Kind, NoticeState State, long Version, string Language, NoticeWay Way, string? Recipient, string? RecipientName, string? Reasons, string? LegalBasis, string? Redress, string? Territory, string? Measure,
    bool GoodFaith, DateOnly? RespondBy, string CreatedBy, DateTimeOffset CreatedAt, string? SentBy, DateTimeOffset? SentAt, string? Subject, string? Text, string? PdfSha256, string? PdfProblem, int TemplateVersion, string? TemplateHash,
    DateTimeOffset? ReplyUntil, NoticeReceipt? Receipt, NoticeOutcome Outcome, IReadOnlyList<NoticeLinkItem> Links, IReadOnlyList<NoticeReplyItem> Replies);

/// <summary>A notice as it would be sent. <c>Missing</c>: a sentence for each thing that it lacks; <c>Problem</c>: why the template gives no text.</summary>
public sealed record NoticePreviewAnswer(string Subject, string Text, IReadOnlyList<string> Missing, TemplateProblem? Problem, int TemplateVersion);

/// <summary>The notice after a change.</summary>
public sealed record NoticeChanged(long Id, NoticeState State, long Version);

/// <summary>Notices of cases: drafted, previewed, sent, answered, decided. A change that sends <c>If-Match</c> with the version it saw is refused if somebody else was faster.</summary>
internal static class NoticesApi
{
    public static void MapNotices(this RouteGroupBuilder api)
    {
        api.MapGet("/cases/{id:long}/notices", ListAsync).WithTags("Notices").WithName("ListNotices").WithSummary("The notices of a case, newest first, at most 200.").ProducesProblem(404);
        api.MapPost("/cases/{id:long}/notices", DraftAsync).WithTags("Notices").RequireAuthorization(Policies.Act).WithName("DraftNotice").WithSummary("Begins a notice with the links of the case's confirmed hits; nothing is sent.").ProducesProblem(404).ProducesProblem(409);
        RouteGroupBuilder notices = api.MapGroup("/notices/{id:long}").WithTags("Notices").ProducesProblem(404);
        notices.MapGet("/", GetAsync).WithName("GetNotice").WithSummary("A notice with its links, receipts, replies and checks.");
        notices.MapGet("/preview", PreviewAsync).WithName("PreviewNotice").WithSummary("The notice as it would be sent, and what it lacks; nothing is sent.");
        notices.MapGet("/preview.pdf", PreviewPdfAsync).WithName("PrintNotice").WithSummary("The draft as a PDF, or why none can be printed here.").Produces<Stream>(200, "application/pdf").ProducesProblem(409);
        notices.MapGet("/pdf", PdfAsync).RequireAuthorization(Policies.Act).WithName("GetNoticePdf").WithSummary("The PDF as it was sent, with its reply link.").Produces<Stream>(200, "application/pdf").ProducesProblem(409);
        notices.MapGet("/contacts", ContactsAsync).WithName("ListNoticeContacts").WithSummary("Addresses that the kept pages of the offers name, to choose a recipient from.");
        notices.MapGet("/replies/{reply:long}/attachment", AttachmentAsync).RequireAuthorization(Policies.Act).WithName("GetReplyAttachment").WithSummary("The file that came with a reply, as a download; that is recorded.").Produces<Stream>(200, "application/octet-stream");

        RouteGroupBuilder changes = api.MapGroup("/notices/{id:long}").WithTags("Notices").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).WithMetadata(SeenVersion.Header("notice"));
        changes.MapPut("/", (long id, EditNoticeRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, (c, seen, t) => new EditNotice(id, WordingOf(x), seen).RunAsync(c, t))).WithName("EditNotice").WithSummary("Changes a draft.");
        changes.MapDelete("/", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, (c, seen, t) => new DiscardNotice(id, seen).RunAsync(c, t))).WithName("DiscardNotice").WithSummary("Throws a draft away.");
        changes.MapPost("/send", (long id, HttpContext http, Acting acting, NoticeTools tools, IBlobStore blobs) => DoAsync(http, acting, (c, seen, t) => new SendNotice(id, tools, seen).RunAsync(c, blobs, t))).WithName("SendNotice").WithSummary("Sends a draft through the outbox; from then on it is not changed.");
        changes.MapPut("/respond-by", (long id, RespondByRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, (c, seen, t) => new SetRespondBy(id, x.Day, seen).RunAsync(c, t))).WithName("SetRespondBy").WithSummary("Gives the recipient another day to answer by.");
        changes.MapDelete("/reply-link", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, (c, seen, t) => new RevokeReplyLink(id, seen).RunAsync(c, t))).WithName("RevokeReplyLink").WithSummary("Takes the reply link back.");
        changes.MapPost("/checks", (long id, HttpContext http, Acting acting) => DoAsync(http, acting, (c, _, t) => new CheckLinksNow(id).RunAsync(c, t))).WithName("CheckNoticeLinks").WithSummary("Has the links fetched again as soon as a worker is free.");
        changes.MapPost("/replies/{reply:long}/decision", (long id, long reply, AppealRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, (c, _, t) => new DecideAppeal(id, reply, x.Upheld, x.Decision).RunAsync(c, t))).WithName("DecideAppeal").WithSummary("Decides an appeal, as a person who is signed in, no key; not whoever sent the notice or, where a key sent it, made the key or drafted the notice.");
    }

    /// <summary>The same files for the console's own links, which carry no key.</summary>
    public static void MapNoticePages(this WebApplication app)
    {
        app.MapGet("/notices/{id:long}/preview.pdf", PreviewPdfAsync).RequireAuthorization(Policies.Read).ExcludeFromDescription();
        app.MapGet("/notices/{id:long}/pdf", PdfAsync).RequireAuthorization(Policies.Act).ExcludeFromDescription();
        app.MapGet("/notices/{id:long}/replies/{reply:long}/attachment", AttachmentAsync).RequireAuthorization(Policies.Act).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<IReadOnlyList<NoticeSummary>>, ProblemHttpResult>> ListAsync(long id, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Cases.AnyAsync(x => x.Id == id, cancellationToken)) return Problems.NotFound("case", id);
        return TypedResults.Ok(await NoticeQueries.OfCaseAsync(db, id, clock.GetUtcNow(), cancellationToken));
    }

    private static async Task<Results<Created<NoticeChanged>, ProblemHttpResult>> DraftAsync(long id, DraftNoticeRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await acting.AsAsync(http.User, x => new DraftNotice(id, request.Kind, request.Language, request.HitIds).RunAsync(x, cancellationToken), cancellationToken);
        if (!outcome.Done) return Problems.Of(outcome);
        NoticeRow made = outcome.Value!;
        http.Response.Headers.ETag = SeenVersion.TagOf(made.Version);
        return TypedResults.Created($"/api/v1/notices/{made.Id}", new NoticeChanged(made.Id, made.State, made.Version));
    }

    private static async Task<Results<Ok<NoticeDetail>, ProblemHttpResult>> GetAsync(long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await NoticeQueries.FindAsync(db, id, cancellationToken) is not { } row) return Problems.NotFound("notice", id);
        OutboxRow? message = await NoticeQueries.MessageAsync(db, row, cancellationToken);
        http.Response.Headers.ETag = SeenVersion.TagOf(row.Version);
        return TypedResults.Ok(new NoticeDetail(
            row.Id, row.CaseId, row.Kind, row.State, row.Version, row.Language, row.Way, row.Recipient, row.RecipientName, row.Reasons, row.LegalBasis, row.Redress, row.Territory, row.Measure, row.GoodFaith, row.RespondBy, row.CreatedBy, row.CreatedAt,
            row.SentBy, row.SentAt, row.Subject, row.Text is null ? null : NoticeSecret.Without(row.Text), row.PdfSha256, row.PdfProblem, row.TemplateVersion, row.TemplateHash, row.ReplyUntil,
            message is null ? null : new NoticeReceipt(message.State, message.Attempts, message.DeliveredAt, message.Answer, message.LastError), NoticeOutcomes.Of(row, clock.GetUtcNow()),
            [.. row.Links.Select(x => new NoticeLinkItem(x.HitId, x.Url, x.NextCheckAt, x.ChecksLeft, [.. x.Checks.Select(c => new NoticeCheckItem(c.At, c.Seen, c.Detail, c.Status, c.FinalUrl, c.ExchangeSha256))]))],
            [.. row.Replies.Select(x => new NoticeReplyItem(x.Id, x.Kind, x.Text, x.Email, x.AttachmentName, x.AttachmentSha256, x.At, x.Upheld, x.DecidedBy, x.DecidedAt, x.Decision))]));
    }

    private static async Task<Results<Ok<NoticePreviewAnswer>, ProblemHttpResult>> PreviewAsync(long id, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await NoticeQueries.FindAsync(db, id, cancellationToken) is not { } row) return Problems.NotFound("notice", id);
        NoticePreview preview = await NoticePreview.OfAsync(db, clock, row, null, null, cancellationToken);
        return TypedResults.Ok(new NoticePreviewAnswer(preview.Subject, preview.Text, preview.Missing, preview.Problem, preview.TemplateVersion));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PreviewPdfAsync(long id, IDbContextFactory<TouchstoneDb> databases, NoticeTools tools, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await NoticeQueries.FindAsync(db, id, cancellationToken) is not { } row) return Problems.NotFound("notice", id);
        if (await Operators.FindAsync(db, cancellationToken) is not { } from) return NotPrinted("It is not said in whose name notices are sent: an administrator fills in System, Operator.");
        NoticePreview preview = await NoticePreview.OfAsync(db, clock, row, null, null, cancellationToken);
        if (preview.Problem is { } problem) return NotPrinted(problem.Problem);
        PrintOutcome printed = tools.Printer is null ? new PrintOutcome(null, "No browser was at hand.") : await tools.Printer.PrintAsync(NoticeLayout.Document(row.Language, from, preview.Subject, preview.Text, NoticeValues.Number(row), tools.Typeface), cancellationToken);
        return printed.Pdf is { } pdf ? Pdf(http, pdf, $"notice-{NoticeValues.Number(row)}-draft.pdf") : NotPrinted(printed.Detail ?? "No browser printed it.");
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PdfAsync(long id, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, HttpContext http, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Notices.AsNoTracking().FirstOrDefaultAsync(x => x.Id == id, cancellationToken) is not { } row) return Problems.NotFound("notice", id);
        if (row.PdfSha256 is not { } sha256) return NotPrinted(row.PdfProblem ?? $"Notice {id} was not sent yet.");
        try
        {
            return await blobs.GetAsync(sha256, cancellationToken) is { } pdf ? Pdf(http, pdf, $"notice-{NoticeValues.Number(row)}.pdf") : NotPrinted("Its bytes are not in the store.");
        }
        catch (InvalidDataException)
        {
            return NotPrinted("Its stored bytes were changed, and are not given out.");
        }
    }

    private static async Task<Results<Ok<IReadOnlyList<ContactSuggestion>>, ProblemHttpResult>> ContactsAsync(long id, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await NoticeQueries.FindAsync(db, id, cancellationToken) is { } row ? TypedResults.Ok(await ContactSuggestions.FindAsync(db, blobs, row, cancellationToken)) : Problems.NotFound("notice", id);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> AttachmentAsync(long id, long reply, HttpContext http, Acting acting, IBlobStore blobs, CancellationToken cancellationToken)
    {
        (byte[] Bytes, string Name)? file = await acting.AsAsync<(byte[], string)?>(http.User, async context =>
        {
            NoticeReplyRow? row = await context.Db.NoticeReplies.AsNoTracking().FirstOrDefaultAsync(x => x.Id == reply && x.NoticeId == id, cancellationToken);
            if (row?.AttachmentSha256 is not { } sha256 || await blobs.GetAsync(sha256, cancellationToken) is not { } bytes) return null;
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.NoticeReplyFetched, AuditSubject.Notice(id), $"attachment {sha256}"), cancellationToken);
            return (bytes, row.AttachmentName ?? "file");
        }, cancellationToken);
        if (file is not { } found) return Problems.NotFound("attachment of reply", reply);
        // Whatever it is, a browser saves it and shows nothing of it.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(found.Bytes, "application/octet-stream", found.Name);
    }

    private static FileContentHttpResult Pdf(HttpContext http, byte[] pdf, string name)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(pdf, "application/pdf", name);
    }

    private static ProblemHttpResult NotPrinted(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status409Conflict, title: "There is no PDF");

    private static NoticeWording WordingOf(EditNoticeRequest x) => new(x.Language, x.Way, x.Recipient, x.RecipientName, x.Reasons, x.LegalBasis, x.Redress, x.Territory, x.Measure, x.GoodFaith, x.RespondBy, x.HitIds);

    private static async Task<Results<Ok<NoticeChanged>, ProblemHttpResult>> DoAsync(HttpContext http, Acting acting, Func<VerbContext, long?, CancellationToken, Task<VerbOutcome<NoticeRow>>> verb)
    {
        long? seen = SeenVersion.Of(http, "notice");
        VerbOutcome<NoticeRow> outcome = await acting.AsAsync(http.User, x => verb(x, seen, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
        http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Version);
        return TypedResults.Ok(new NoticeChanged(outcome.Value.Id, outcome.Value.State, outcome.Value.Version));
    }
}

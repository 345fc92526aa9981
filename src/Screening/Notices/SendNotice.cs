using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>What notices are made with.</summary>
/// <param name="Printer">Null: none is printed.</param>
/// <param name="Typeface">Style rules that bring a typeface as data; empty: the browser's own.</param>
public sealed record NoticeTools(ChromiumRenderer? Printer, string Typeface = "")
{
    /// <summary>How often a link is fetched again, once a day. Default 14.</summary>
    public int Checks { get; init; } = 14;
}

/// <summary>A notice as it would be sent.</summary>
/// <param name="Missing">A sentence for each thing that it lacks; empty: it can be sent.</param>
/// <param name="Problem">Why the template gives no text; null: it gives one.</param>
public sealed record NoticePreview(string Subject, string Text, IReadOnlyList<string> Missing, TemplateProblem? Problem, int TemplateVersion, string TemplateHash)
{
    /// <summary>Writes the notice and sends nothing.</summary>
    /// <param name="notice">With what <see cref="NoticeQueries.FindAsync"/> reads.</param>
    /// <param name="source">A template that is tried; null: the one in use.</param>
    /// <param name="replyUrl">Null: the link is shown without its secret part.</param>
    public static async Task<NoticePreview> OfAsync(TouchstoneDb db, TimeProvider clock, NoticeRow notice, string? source, string? replyUrl, CancellationToken cancellationToken)
    {
        OperatorRow? from = await Operators.FindAsync(db, cancellationToken);
        CaseRow of = await db.Cases.AsNoTracking().SingleAsync(x => x.Id == notice.CaseId, cancellationToken);
        NoticeTemplate template = await NoticeTemplates.FindAsync(db, notice.Kind, notice.Language, cancellationToken) ?? throw new InvalidOperationException($"A {notice.Kind} is not written in the language {notice.Language}.");
        string? link = SendNotice.BearsReplyLink(notice.Kind) ? replyUrl ?? (from?.PublicUrl is { } address ? $"{address}/r/…" : null) : null;
        TemplateText text = NoticeLiquid.Fill(source ?? template.Source, NoticeValues.Of(notice, of, from, [.. notice.Links], link, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)));
        return new(text.Subject, text.Text, NoticeRequirements.Missing(notice, from, [.. notice.Links]), text.Problem, template.Version, template.Hash);
    }
}

/// <summary>
/// Sends a draft: checks that it holds what its kind must hold, writes and prints it, and puts it into the outbox in the transaction that makes it unchangeable. Where no
/// browser prints, the text goes without a PDF and the notice says why.
/// </summary>
/// <param name="Version">The version that was previewed; null: any.</param>
public sealed record SendNotice(long Id, NoticeTools Tools, long? Version = null)
{
    private static readonly TimeSpan ReplyLife = TimeSpan.FromDays(60);

    // Article 20(1) of Regulation (EU) 2022/2065: complaints for at least six months.
    private static readonly TimeSpan ComplaintLife = TimeSpan.FromDays(184);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, Id, Version, NoticeState.Draft, cancellationToken);
        if (!outcome.Done) return outcome;
        NoticeRow notice = outcome.Value!;
        // A deadline that begins in a case which ended would run out unmet, and nobody works there.
        if (AsksForRemoval(notice.Kind) && await NoticeClocks.CaseOfAsync(context, notice, cancellationToken) is var worked && worked.State.IsEnded())
            return NoticeHistory.Refused(Refusal.Conflict, $"Case {worked.Id} is closed; reopen it first.");
        await NoticeQueries.ReadLinksAsync(context.Db, notice, cancellationToken);
        OperatorRow? from = await Operators.FindAsync(context.Db, cancellationToken);
        DateTimeOffset now = context.Clock.GetUtcNow();
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds((now + (notice.Kind == NoticeKind.StatementOfReasons ? ComplaintLife : ReplyLife)).ToUnixTimeSeconds());
        string? replyUrl = BearsReplyLink(notice.Kind) ? await ReplyToken.UrlAsync(context.Db, context.Clock, from, Id, notice.ReplySerial + 1, until, cancellationToken) : null;
        NoticePreview text = await NoticePreview.OfAsync(context.Db, context.Clock, notice, null, replyUrl, cancellationToken);
        if (text.Missing.Count > 0) return NoticeHistory.Refused(Refusal.Invalid, string.Join(' ', text.Missing));
        if (text.Problem is { } problem) return NoticeHistory.Refused(Refusal.Conflict, problem.Line is { } line ? $"The template cannot be filled. Line {line}: {problem.Problem}" : $"The template cannot be filled. {problem.Problem}");
        if (notice.RespondBy < DateOnly.FromDateTime(now.UtcDateTime)) return NoticeHistory.Refused(Refusal.Invalid, string.Create(CultureInfo.InvariantCulture, $"An answer cannot be asked for by {notice.RespondBy:yyyy-MM-dd}, which is past."));

        string html = NoticeLayout.Document(notice.Language, from!, text.Subject, text.Text, NoticeValues.Number(notice), Tools.Typeface);
        PrintOutcome printed = Tools.Printer is null ? new(null, "No browser was at hand.") : await Tools.Printer.PrintAsync(html, cancellationToken);
        notice.PdfSha256 = printed.Pdf is { } pdf ? await blobs.PutAsync(pdf, cancellationToken) : null;
        notice.PdfProblem = printed.Pdf is null ? printed.Detail ?? "No browser printed it." : null;
        (notice.State, notice.SentBy, notice.SentAt) = (NoticeState.Sent, context.Actor, now);
        (notice.Subject, notice.Text, notice.TemplateVersion, notice.TemplateHash) = (text.Subject, text.Text, text.TemplateVersion, text.TemplateHash);
        if (replyUrl is not null) (notice.ReplySerial, notice.ReplyUntil) = (notice.ReplySerial + 1, until);
        ScheduleChecks(notice);
        return await HandOverAsync(context, notice, MessageOf(notice, from!, replyUrl, printed.Pdf, now), cancellationToken);
    }

    /// <summary>Whether the recipient of such a notice is given a link to reply by.</summary>
    internal static bool BearsReplyLink(NoticeKind kind) => kind != NoticeKind.SafetyGateDraft;

    /// <summary>Whether such a notice asks for links to be removed, so that they are fetched again.</summary>
    internal static bool AsksForRemoval(NoticeKind kind) => kind is NoticeKind.DsaNotice or NoticeKind.AuthorityOrder or NoticeKind.ShopRequest;

    /// <summary>The end of the day by which an answer is asked for.</summary>
    internal static DateTimeOffset EndOf(DateOnly day) => new(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private void ScheduleChecks(NoticeRow notice)
    {
        if (!AsksForRemoval(notice.Kind)) return;
        foreach (NoticeLinkRow link in notice.Links)
            (link.NextCheckAt, link.ChecksLeft) = (notice.RespondBy is { } by ? EndOf(by) : notice.SentAt!.Value.AddDays(1), Tools.Checks);
    }

    private async Task<VerbOutcome<NoticeRow>> HandOverAsync(VerbContext context, NoticeRow notice, OutboxMessage message, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            OutboxRow queued = await Outbox.EnqueueAsync(context.Db, message, context.Clock, cancellationToken);
            await NoticeClocks.StartAsync(context, notice, cancellationToken);
            NoticeHistory.Tell(context.Db, notice.CaseId, context.Actor, notice.SentAt!.Value, CaseEventKind.NoticeSent, $"Notice {Id} to {notice.Recipient}");
            notice.Version++;
            await context.Db.SaveChangesAsync(cancellationToken);
            notice.OutboxId = queued.Id;
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.NoticeSent, AuditSubject.Notice(Id), $"{notice.Kind} of case {notice.CaseId} to {notice.Recipient}, PDF {notice.PdfSha256 ?? "none"}"), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return VerbOutcome.Done(notice);
        }
        catch (DbUpdateException)
        {
            // Somebody sent or changed it at the same moment: what is in the database counts.
            context.Db.ChangeTracker.Clear();
            return NoticeHistory.Overtaken(Id);
        }
    }

    private OutboxMessage MessageOf(NoticeRow notice, OperatorRow from, string? replyUrl, byte[]? pdf, DateTimeOffset now)
    {
        string key = $"notice/{Id}";
        if (notice.Way == NoticeWay.Email)
            return new(OutboxKind.Email, notice.Recipient!, notice.Subject!, NoticeLayout.Mail(notice.Text!), key) { Attachment = notice.PdfSha256 is { } sha256 ? new MessageAttachment(sha256, $"notice-{NoticeValues.Number(notice)}.pdf") : null };
        object @event = new
        {
            specversion = "1.0",
            id = NoticeValues.Number(notice),
            source = from.PublicUrl ?? "touchstone",
            type = $"touchstone.notice.{JsonNamingPolicy.KebabCaseLower.ConvertName(notice.Kind.ToString())}",
            subject = key,
            time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            datacontenttype = "application/json",
            data = new
            {
                number = NoticeValues.Number(notice),
                kind = notice.Kind.ToString(),
                notice.Language,
                notice.Subject,
                notice.Text,
                notice.Reasons,
                notice.LegalBasis,
                notice.Redress,
                notice.Territory,
                notice.Measure,
                notice.RespondBy,
                replyUrl,
                authority = new { from.Name, from.Address, contact = from.ContactName, email = from.ContactEmail, from.Phone },
                links = notice.Links.OrderBy(x => x.Id).Select(x => new { x.Url, shop = x.Hit?.Listing?.Shop?.Host, name = x.Hit?.Listing?.Name, seller = x.Hit?.Match?.Screening?.Observation?.Seller, product = x.Hit?.Reference?.ExternalId }),
                products = notice.Links.Select(x => x.Hit?.Reference).OfType<ReferenceRow>().DistinctBy(x => x.Id).Select(x => new { number = x.ExternalId, register = x.Register?.Name, x.Title, x.Brand, x.Model, x.Danger, x.Measures, source = x.SourceUrl }),
                pdf = pdf is null ? null : new { sha256 = notice.PdfSha256, base64 = Convert.ToBase64String(pdf) },
            },
        };
        return new(OutboxKind.Webhook, notice.Recipient!, notice.Subject!, JsonSerializer.Serialize(@event, Json), key);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>A file that came with a reply: bytes that nobody of ours opens.</summary>
public sealed record ReplyAttachment(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>Takes a reply by the link of a notice, from whoever has the link.</summary>
/// <param name="Email">Where an answer goes, as for an appeal; null: nowhere.</param>
public sealed record ReceiveReply(string Token, ReplyKind Kind, string Text, string? Email = null, ReplyAttachment? Attachment = null)
{
    /// <summary>The name by which the log calls whoever has a link.</summary>
    public const string Actor = "reply link";

    public const int MostReplies = 20, MostInAnHour = 5, LongestText = 10_000, MostBytes = 10 << 20;

    private const int LongestName = 120, MostAttempts = 5;

    /// <summary>Gives the reply. Whoever has no valid link is told only that it opens nothing.</summary>
    public async Task<VerbOutcome<NoticeReplyRow>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (Problem() is { } problem) return Refused(Refusal.Invalid, problem);
        VerbOutcome<NoticeReplyRow> outcome;
        int attempt = 0;
        do outcome = await TryAsync(context, blobs, cancellationToken);
        while (outcome.Refusal == Refusal.Overtaken && ++attempt < MostAttempts);
        return outcome;
    }

    private async Task<VerbOutcome<NoticeReplyRow>> TryAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (await ReplyToken.OpenAsync(context.Db, context.Clock, Token, cancellationToken) is not { } notice) return Refused(Refusal.NotFound, "This link opens nothing.");
        DateTimeOffset now = context.Clock.GetUtcNow();
        if (notice.Replies.Count >= MostReplies || notice.Replies.Count(x => x.At > now.AddHours(-1)) >= MostInAnHour) return Refused(Refusal.Conflict, "There are too many replies by this link.");
        var reply = new NoticeReplyRow { NoticeId = notice.Id, Kind = Kind, Text = Text.Trim(), Email = string.IsNullOrWhiteSpace(Email) ? null : Email.Trim(), At = now };
        if (Attachment is { Bytes.Length: > 0 } file) (reply.AttachmentSha256, reply.AttachmentName) = (await blobs.PutAsync(file.Bytes, cancellationToken), SafeName(file.Name));
        context.Db.NoticeReplies.Add(reply);
        if (Kind == ReplyKind.Removed && SendNotice.AsksForRemoval(notice.Kind))
        {
            // That it is removed is looked at, at once; what is seen meets the deadline, and not what is said.
            foreach (NoticeLinkRow link in notice.Links) (link.NextCheckAt, link.ChecksLeft) = (now, Math.Max(1, link.ChecksLeft));
        }
        else
        {
            await NoticeClocks.MeetAsync(context, notice, TextOf(notice.Id), cancellationToken);
        }
        NoticeHistory.Tell(context.Db, notice.CaseId, context.Actor, now, CaseEventKind.NoticeReplied, TextOf(notice.Id));
        VerbOutcome<NoticeRow> saved = await NoticeHistory.SaveAsync(context, notice, AuditAction.NoticeReplied, $"{Kind}, {Text.Length} characters, attachment {reply.AttachmentSha256 ?? "none"}", cancellationToken);
        return saved.Done ? VerbOutcome.Done(reply) : Refused(saved.Refusal!.Value, saved.Detail!);
    }

    private string TextOf(long notice) => Kind switch
    {
        ReplyKind.Removed => $"Notice {notice}: the recipient says that the offer is removed.",
        ReplyKind.Explanation => $"Notice {notice}: the recipient explains.",
        ReplyKind.Refusal => $"Notice {notice}: the recipient refuses.",
        _ => $"Notice {notice}: the recipient appeals.",
    };

    private string? Problem()
    {
        if (!Enum.IsDefined(Kind)) return "Say what kind of reply it is.";
        if (string.IsNullOrWhiteSpace(Text) || Text.Length > LongestText || Text.Contains('\0', StringComparison.Ordinal)) return $"The text has 1 to {LongestText} characters.";
        if (!string.IsNullOrWhiteSpace(Email) && (Email.Length > 254 || EmailAddress.TryParse(Email.Trim()) is null)) return "That is no e-mail address.";
        return Attachment?.Bytes.Length > MostBytes ? $"The file has more than {MostBytes >> 20} MiB." : null;
    }

    private static string SafeName(string name)
    {
        string last = NoticeLiquid.OneLine(name.Split('/', '\\')[^1]);
        string kept = new([.. last.Select(x => char.IsLetterOrDigit(x) || x is '.' or '-' or '_' or ' ' ? x : '_')]);
        kept = WholeCharacters.Mend(kept.Length > LongestName ? kept[^LongestName..] : kept);
        return kept.Trim('.', ' ').Length == 0 ? "file" : kept;
    }

    private static VerbOutcome<NoticeReplyRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<NoticeReplyRow>(refusal, detail);
}

/// <summary>
/// Decides an appeal: a person, and not who sent the notice. Where a key sent it, nobody knows who held that: who made the key and who drafted the notice do not decide. The appellant is written to where an address was given.
/// </summary>
/// <param name="Upheld">Whether the notice stands.</param>
/// <param name="Decision">The reasons, which the appellant reads.</param>
public sealed record DecideAppeal(long NoticeId, long ReplyId, bool Upheld, string Decision)
{
    public const int LongestDecision = 10_000;

    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Decision) || Decision.Length > LongestDecision || Decision.Contains('\0', StringComparison.Ordinal)) return NoticeHistory.Refused(Refusal.Invalid, $"The reasons have 1 to {LongestDecision} characters.");
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, NoticeId, null, NoticeState.Sent, cancellationToken);
        if (!outcome.Done) return outcome;
        NoticeRow notice = outcome.Value!;
        if (await context.Db.NoticeReplies.FirstOrDefaultAsync(x => x.Id == ReplyId && x.NoticeId == NoticeId && x.Kind == ReplyKind.Appeal, cancellationToken) is not { } appeal) return NoticeHistory.Refused(Refusal.NotFound, $"Notice {NoticeId} has no appeal {ReplyId}.");
        if (appeal.Upheld is not null) return NoticeHistory.Refused(Refusal.Conflict, $"Appeal {ReplyId} was decided by {appeal.DecidedBy}.");
        if (await ObjectionAsync(context, notice, cancellationToken) is { } objection) return NoticeHistory.Refused(Refusal.Conflict, objection);
        DateTimeOffset now = context.Clock.GetUtcNow();
        (appeal.Upheld, appeal.Decision, appeal.DecidedBy, appeal.DecidedAt) = (Upheld, Decision.Trim(), context.Actor, now);
        // Of a notice that is taken back nothing is asked any more.
        if (!Upheld)
            foreach (NoticeLinkRow link in await context.Db.NoticeLinks.Where(x => x.NoticeId == NoticeId).ToListAsync(cancellationToken)) (link.NextCheckAt, link.ChecksLeft) = (null, 0);
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        if (appeal.Email is { } address)
        {
            OperatorRow? from = await Operators.FindAsync(context.Db, cancellationToken);
            (string subject, string body) = AppealAnswer.Write(notice.Language, NoticeValues.Number(notice), Upheld, appeal.Decision, from?.Name ?? "");
            OutboxRow queued = await Outbox.EnqueueAsync(context.Db, new OutboxMessage(OutboxKind.Email, address, subject, body, $"notice/{NoticeId}/appeal/{ReplyId}"), context.Clock, cancellationToken);
            notice.Version++;
            try
            {
                await context.Db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                context.Db.ChangeTracker.Clear();
                return NoticeHistory.Overtaken(NoticeId);
            }
            appeal.AnswerOutboxId = queued.Id;
        }
        NoticeHistory.Tell(context.Db, notice.CaseId, context.Actor, now, CaseEventKind.AppealDecided, Upheld ? $"Notice {NoticeId}: the notice stands." : $"Notice {NoticeId}: the appeal succeeds.");
        VerbOutcome<NoticeRow> saved = await NoticeHistory.SaveAsync(context, notice, AuditAction.AppealDecided, $"appeal {ReplyId}: {(Upheld ? "the notice stands" : "the appeal succeeds")}", cancellationToken);
        if (saved.Done) await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    /// <summary>Why whoever acts does not decide on the notice; null: they do.</summary>
    private static async Task<string?> ObjectionAsync(VerbContext context, NoticeRow notice, CancellationToken cancellationToken)
    {
        if (!context.IsPerson) return "A person who is signed in decides an appeal, not a key.";
        if (IsActor(notice.SentBy)) return "Another person than who sent the notice decides an appeal.";
        if (notice.SentBy is not { } sender || !VerbContext.IsKey(sender)) return null;
        string? maker = context.MakerOf is null ? null : await context.MakerOf(sender, cancellationToken);
        return IsActor(notice.CreatedBy) || IsActor(maker) ? "A key sent the notice: another person than who made the key or drafted the notice decides an appeal." : null;

        bool IsActor(string? name) => string.Equals(name, context.Actor, StringComparison.OrdinalIgnoreCase);
    }
}

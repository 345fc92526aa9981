using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>What was done about a case: its deadlines, samples and files, the notices that were sent with what came back, and what is watched for. Drafts of notices are none of it.</summary>
internal sealed record CaseWork(
    IReadOnlyList<CaseClockRow> Clocks, IReadOnlyList<SampleRow> Samples, IReadOnlyList<AttachmentRow> Attachments, IReadOnlyList<NoticeRow> Notices, IReadOnlyDictionary<long, OutboxRow> Messages,
    IReadOnlyList<WatchRow> Watches, IReadOnlyList<ReturnRow> Returns, int MoreReturns, IReadOnlyDictionary<long, ObservationRow> Returned)
{
    /// <summary>Most returns that a bundle shows; one with more says so.</summary>
    public const int MostReturns = 200;

    /// <summary>Most bytes of files that people and recipients of notices gave; what is beyond is named with its hash.</summary>
    public const long MostFileBytes = 256L << 20;

    public static CaseWork None { get; } = new([], [], [], [], new Dictionary<long, OutboxRow>(), [], [], 0, new Dictionary<long, ObservationRow>());

    public static async Task<CaseWork> ReadAsync(TouchstoneDb db, CaseRow found, CancellationToken cancellationToken)
    {
        List<NoticeRow> notices = await db.Notices.AsNoTracking().AsSplitQuery().Include(x => x.Links).ThenInclude(x => x.Checks).Include(x => x.Replies)
            .Where(x => x.CaseId == found.Id && x.State == NoticeState.Sent).OrderBy(x => x.Id).ToListAsync(cancellationToken);
        long[] messages = [.. notices.Select(x => x.OutboxId).OfType<long>()], hits = [.. found.Hits.Select(x => x.Id)];
        List<WatchRow> watches = await db.Watches.AsNoTracking().Where(x => EF.Parameter(hits).Contains(x.HitId)).OrderBy(x => x.Id).ToListAsync(cancellationToken);
        long[] watched = [.. watches.Select(x => x.Id)];
        IQueryable<ReturnRow> returns = db.Returns.AsNoTracking().Where(x => EF.Parameter(watched).Contains(x.WatchId));
        List<ReturnRow> shown = await returns.OrderBy(x => x.Id).Take(MostReturns).ToListAsync(cancellationToken);
        long[] seen = [.. shown.Select(x => x.ObservationId).Distinct()];
        return new CaseWork(
            await db.CaseClocks.AsNoTracking().Where(x => x.CaseId == found.Id).OrderBy(x => x.Id).ToListAsync(cancellationToken),
            await db.Samples.AsNoTracking().Include(x => x.Report).Where(x => x.CaseId == found.Id).OrderBy(x => x.Id).ToListAsync(cancellationToken),
            await db.Attachments.AsNoTracking().Where(x => x.CaseId == found.Id).OrderBy(x => x.Id).ToListAsync(cancellationToken),
            notices,
            await db.Outbox.AsNoTracking().Where(x => EF.Parameter(messages).Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken),
            watches, shown, shown.Count < MostReturns ? 0 : await returns.CountAsync(cancellationToken) - shown.Count,
            await db.Observations.AsNoTracking().AsSplitQuery().Include(x => x.Listing!.Shop).Include(x => x.Images).Include(x => x.Variants).Include(x => x.Exchanges)
                .Where(x => EF.Parameter(seen).Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken));
    }

    /// <summary>Puts the facts and files in; what does not fit, or must not leave yet, is named with the reason.</summary>
    public async Task AddAsync(EvidenceParts parts, DateTimeOffset madeAt, CancellationToken cancellationToken)
    {
        await AddFactsAsync(parts, cancellationToken);
        long room = MostFileBytes;
        foreach (AttachmentRow file in Attachments.DistinctBy(x => x.Sha256))
        {
            string path = AttachmentFacts.PartOf(file);
            if (file.Bytes > room) parts.Lacks(new(path, $"The files of the case have more than {MostFileBytes >> 20} MiB together; it has the SHA-256 {file.Sha256}."));
            else room -= (await parts.AddStoredAsync(file.Sha256, path, file.MediaType, $"The file {file.Name} that {file.AddedBy} added to the case", cancellationToken))?.Bytes ?? 0;
        }
        foreach (NoticeRow notice in Notices) room = await AddNoticeAsync(parts, notice, madeAt, room, cancellationToken);
    }

    private async Task AddFactsAsync(EvidenceParts parts, CancellationToken cancellationToken)
    {
        if (Clocks.Count > 0) await parts.AddJsonAsync("clocks.json", "The deadlines of the case, and what met them", Clocks.Select(ClockFacts.Of), cancellationToken);
        if (Samples.Count > 0) await parts.AddJsonAsync("samples.json", "The samples that were ordered, and what the laboratories found", Samples.Select(SampleFacts.Of), cancellationToken);
        if (Attachments.Count > 0) await parts.AddJsonAsync("attachments.json", "The files that people added to the case", Attachments.Select(AttachmentFacts.Of), cancellationToken);
        if (Notices.Count > 0) await parts.AddJsonAsync("notices.json", "The notices that were sent, what became of them, the replies, and what the links showed afterwards", Notices.Select(x => NoticeFacts.Of(x, x.OutboxId is { } id ? Messages.GetValueOrDefault(id) : null)), cancellationToken);
        if (Watches.Count == 0) return;
        ILookup<long, ReturnRow> returns = Returns.ToLookup(x => x.WatchId);
        await parts.AddJsonAsync("watches.json", "The removed offers that are watched for, and what came back", Watches.Select(x => WatchFacts.Of(x, returns[x.Id], Returned)), cancellationToken);
        if (MoreReturns > 0) parts.Lacks(new("watches.json", $"{MoreReturns} later returns are not told."));
    }

    /// <summary>The printed notice, the files of its replies and the exchanges of its checks; gives the room that is left for files.</summary>
    private static async Task<long> AddNoticeAsync(EvidenceParts parts, NoticeRow notice, DateTimeOffset madeAt, long room, CancellationToken cancellationToken)
    {
        if (notice.PdfSha256 is { } pdf)
        {
            // Whoever holds the link could answer in the recipient's name, and a bundle goes to many.
            if (notice.ReplyUntil > madeAt)
                parts.Lacks(new(NoticeFacts.PdfPartOf(notice), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"It bears a reply link that works until {notice.ReplyUntil.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC. A bundle that is made after that, or after the link was taken back, has it; its SHA-256 is {pdf}.")));
            else await parts.AddStoredAsync(pdf, NoticeFacts.PdfPartOf(notice), "application/pdf", $"Notice {notice.Id} as it was printed and sent", cancellationToken);
        }
        foreach (NoticeReplyRow reply in notice.Replies.OrderBy(x => x.Id).Where(x => x.AttachmentSha256 is not null))
        {
            string path = ReplyFacts.PartOf(reply.AttachmentSha256!);
            if (room <= 0) parts.Lacks(new(path, $"The files of the case have more than {MostFileBytes >> 20} MiB together; it has the SHA-256 {reply.AttachmentSha256}."));
            else room -= (await parts.AddStoredAsync(reply.AttachmentSha256!, path, "application/octet-stream", $"The file {reply.AttachmentName} that came with reply {reply.Id} to notice {notice.Id}", cancellationToken))?.Bytes ?? 0;
        }
        foreach (OutcomeCheckRow check in notice.Links.OrderBy(x => x.Id).SelectMany(x => x.Checks.OrderBy(c => c.Id)))
            if (check.ExchangeSha256 is { } sha256) await parts.AddStoredAsync(sha256, OutcomeFacts.PartOf(sha256), "application/octet-stream", $"Request and answer when {check.FinalUrl} was looked at after notice {notice.Id}", cancellationToken);
        return room;
    }
}

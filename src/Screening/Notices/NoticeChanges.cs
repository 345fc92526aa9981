using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>Gives the recipient of a sent notice another day to answer by; what was sent keeps the first.</summary>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record SetRespondBy(long Id, DateOnly Day, long? Version = null)
{
    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, Id, Version, NoticeState.Sent, cancellationToken);
        if (!outcome.Done) return outcome;
        NoticeRow notice = outcome.Value!;
        string day = Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (Day < DateOnly.FromDateTime(context.Clock.GetUtcNow().UtcDateTime)) return NoticeHistory.Refused(Refusal.Invalid, $"An answer cannot be asked for by {day}, which is past.");
        notice.RespondBy = Day;
        await NoticeClocks.MoveAsync(context, notice, cancellationToken);
        long[] seen = await context.Db.OutcomeChecks.Where(x => x.Link!.NoticeId == Id).Select(x => x.LinkId).Distinct().ToArrayAsync(cancellationToken);
        foreach (NoticeLinkRow link in notice.Links.Where(x => x.NextCheckAt is not null && !seen.Contains(x.Id))) link.NextCheckAt = SendNotice.EndOf(Day);
        return await NoticeHistory.SaveAsync(context, notice, AuditAction.NoticeDueSet, day, cancellationToken);
    }
}

/// <summary>Takes the reply link of a notice back: it opens nothing from then on.</summary>
public sealed record RevokeReplyLink(long Id, long? Version = null)
{
    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, Id, Version, NoticeState.Sent, cancellationToken);
        if (!outcome.Done || outcome.Value!.ReplyUntil is null) return outcome;
        outcome.Value.ReplySerial++;
        outcome.Value.ReplyUntil = null;
        return await NoticeHistory.SaveAsync(context, outcome.Value, AuditAction.NoticeLinkRevoked, null, cancellationToken);
    }
}

/// <summary>Has the links of a notice fetched again as soon as a worker is free, once more than planned where that ended.</summary>
public sealed record CheckLinksNow(long Id)
{
    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, Id, null, NoticeState.Sent, cancellationToken);
        if (!outcome.Done) return outcome;
        if (!SendNotice.AsksForRemoval(outcome.Value!.Kind)) return NoticeHistory.Refused(Refusal.Conflict, $"Notice {Id} asks for no removal: its links are not fetched again.");
        if (await context.Db.NoticeReplies.AnyAsync(x => x.NoticeId == Id && x.Upheld == false, cancellationToken)) return NoticeHistory.Refused(Refusal.Conflict, $"Notice {Id} was taken back: its links are not fetched again.");
        DateTimeOffset now = context.Clock.GetUtcNow();
        foreach (NoticeLinkRow link in outcome.Value.Links) (link.NextCheckAt, link.ChecksLeft) = (now, Math.Max(1, link.ChecksLeft));
        return await NoticeHistory.SaveAsync(context, outcome.Value, AuditAction.NoticeCheckAsked, null, cancellationToken);
    }
}

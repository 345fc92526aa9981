using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>A notice in a list.</summary>
/// <param name="Delivery">Of the message that carries it; null: it is a draft.</param>
/// <param name="Appeals">Appeals that nobody decided yet.</param>
public sealed record NoticeSummary(long Id, NoticeKind Kind, NoticeState State, string Language, string? Recipient, DateOnly? RespondBy, DateTimeOffset CreatedAt, string? SentBy, DateTimeOffset? SentAt, OutboxState? Delivery, NoticeOutcome Outcome, int Links, int Replies, int Appeals);

/// <summary>Reads notices.</summary>
public static class NoticeQueries
{
    /// <summary>Most notices of a case that are listed; all are kept.</summary>
    public const int MostListed = 200;

    /// <summary>A notice with its links (with hit, offer, reference and checks) and its replies; null: there is none.</summary>
    public static async Task<NoticeRow?> FindAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) =>
        await WithLinks(db.Notices.AsNoTracking()).FirstOrDefaultAsync(x => x.Id == id, cancellationToken);

    /// <summary>The message that carries a notice: how far it came, and what the receiving server said.</summary>
    public static async Task<OutboxRow?> MessageAsync(TouchstoneDb db, NoticeRow notice, CancellationToken cancellationToken) =>
        notice.OutboxId is { } id ? await db.Outbox.AsNoTracking().FirstOrDefaultAsync(x => x.Id == id, cancellationToken) : null;

    /// <summary>The notices of a case, the newest first, at most <see cref="MostListed"/>.</summary>
    public static async Task<IReadOnlyList<NoticeSummary>> OfCaseAsync(TouchstoneDb db, long caseId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<NoticeRow> rows = await db.Notices.AsNoTracking().AsSplitQuery().Include(x => x.Links).ThenInclude(x => x.Checks).Include(x => x.Replies)
            .Where(x => x.CaseId == caseId).OrderByDescending(x => x.Id).Take(MostListed).ToListAsync(cancellationToken);
        long[] messages = [.. rows.Select(x => x.OutboxId).OfType<long>()];
        Dictionary<long, OutboxState> states = await db.Outbox.Where(x => EF.Parameter(messages).Contains(x.Id)).ToDictionaryAsync(x => x.Id, x => x.State, cancellationToken);
        return [.. rows.Select(x => new NoticeSummary(
            x.Id, x.Kind, x.State, x.Language, x.Recipient, x.RespondBy, x.CreatedAt, x.SentBy, x.SentAt, x.OutboxId is { } message && states.TryGetValue(message, out OutboxState state) ? state : null,
            NoticeOutcomes.Of(x, now), x.Links.Count, x.Replies.Count, x.Replies.Count(r => r.Kind == ReplyKind.Appeal && r.Upheld is null)))];
    }

    /// <summary>Addresses that the kept pages of a case's confirmed offers name, for a person to choose from; none is used by itself.</summary>
    public static async Task<IReadOnlyList<string>> KeptPagesAsync(TouchstoneDb db, NoticeRow notice, int most, CancellationToken cancellationToken)
    {
        long[] hits = [.. notice.Links.Select(x => x.HitId)];
        return await db.Hits.AsNoTracking().Where(x => EF.Parameter(hits).Contains(x.Id) && x.Match!.Screening!.Observation!.PageSha256 != null).OrderBy(x => x.Id)
            .Select(x => x.Match!.Screening!.Observation!.PageSha256!).Distinct().Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Reads what a notice says of its links into the context's rows.</summary>
    internal static async Task ReadLinksAsync(TouchstoneDb db, NoticeRow notice, CancellationToken cancellationToken) =>
        await WithLinks(db.Notices).FirstAsync(x => x.Id == notice.Id, cancellationToken);

    private static IQueryable<NoticeRow> WithLinks(IQueryable<NoticeRow> notices) => notices.AsSplitQuery()
        .Include(x => x.Links.OrderBy(l => l.Id)).ThenInclude(x => x.Hit!.Reference!.Register)
        .Include(x => x.Links).ThenInclude(x => x.Hit!.Listing!.Shop)
        .Include(x => x.Links).ThenInclude(x => x.Hit!.Match!.Screening!.Observation)
        .Include(x => x.Links).ThenInclude(x => x.Checks.OrderBy(c => c.Id))
        .Include(x => x.Replies.OrderBy(r => r.Id));
}

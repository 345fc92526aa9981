using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notifications;

/// <summary>
/// Messages wait in the database, written in the transaction of what caused them: neither is lost without the other. Each is delivered
/// at least once by <see cref="OutboxDelivery"/>.
/// </summary>
public static class Outbox
{
    /// <summary>
    /// Adds a message to the context's pending changes, or finds the one that the same cause gave before. The caller saves; if someone else
    /// saved a message of the same key in between, that save fails on the unique key.
    /// </summary>
    public static async Task<OutboxRow> EnqueueAsync(TouchstoneDb db, OutboxMessage message, TimeProvider clock, CancellationToken cancellationToken)
    {
        OutboxRow? known = db.Outbox.Local.FirstOrDefault(x => x.Key == message.Key) ?? await db.Outbox.FirstOrDefaultAsync(x => x.Key == message.Key, cancellationToken);
        if (known is not null) return known;
        DateTimeOffset now = clock.GetUtcNow();
        var row = new OutboxRow
        {
            Kind = message.Kind,
            Recipient = message.Recipient,
            Subject = message.Subject,
            Body = message.Body,
            Key = message.Key,
            AttachmentSha256 = message.Attachment?.Sha256,
            AttachmentName = message.Attachment?.Name,
            CreatedAt = now,
            NotBefore = now,
        };
        db.Outbox.Add(row);
        return row;
    }

    /// <summary>Messages, the newest first.</summary>
    /// <param name="state">Null: in any state.</param>
    /// <param name="before">The cursor of the page before; null: from the newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 messages.</exception>
    public static async Task<Page<OutboxRow>> ListAsync(TouchstoneDb db, OutboxState? state, long? before, int take, CancellationToken cancellationToken)
    {
        Page<OutboxRow>.CheckedTake(take);
        IQueryable<OutboxRow> rows = db.Outbox.AsNoTracking();
        if (state is { } wanted) rows = rows.Where(x => x.State == wanted);
        if (before is { } id) rows = rows.Where(x => x.Id < id);
        return Page<OutboxRow>.Cut(await rows.OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken), take, x => x.Id);
    }

    /// <summary>How many messages are in each state; a state with none is not listed.</summary>
    public static async Task<IReadOnlyDictionary<OutboxState, int>> CountAsync(TouchstoneDb db, CancellationToken cancellationToken) =>
        await db.Outbox.GroupBy(x => x.State).Select(x => new { State = x.Key, Count = x.Count() }).ToDictionaryAsync(x => x.State, x => x.Count, cancellationToken);

    /// <summary>Has a dead message delivered after its cause was mended, or a waiting one before its time.</summary>
    public static async Task<VerbOutcome<OutboxRow>> RetryAsync(VerbContext context, long id, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Clock.GetUtcNow();
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        int revived = await context.Db.Outbox.Where(x => x.Id == id && (x.State == OutboxState.Dead || x.State == OutboxState.Pending)).ExecuteUpdateAsync(
            x => x.SetProperty(m => m.State, OutboxState.Pending).SetProperty(m => m.Attempts, 0).SetProperty(m => m.NotBefore, now).SetProperty(m => m.Fence, m => m.Fence + 1), cancellationToken);
        OutboxRow? row = await context.Db.Outbox.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (row is null) return VerbOutcome.Refused<OutboxRow>(Refusal.NotFound, $"There is no message {id}.");
        if (revived == 0) return VerbOutcome.Refused<OutboxRow>(Refusal.Conflict, row.State == OutboxState.Delivered ? $"Message {id} was delivered." : $"Message {id} is being delivered at this moment.");
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "message.retried", $"message/{id}", $"to {row.Recipient}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(row);
    }
}

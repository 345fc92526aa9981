using Microsoft.EntityFrameworkCore;
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

    /// <summary>Gives a dead message a new life after its cause was mended; false if it is not dead.</summary>
    public static async Task<bool> ReviveAsync(TouchstoneDb db, long id, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return await db.Outbox.Where(x => x.Id == id && x.State == OutboxState.Dead).ExecuteUpdateAsync(
            x => x.SetProperty(m => m.State, OutboxState.Pending).SetProperty(m => m.Attempts, 0).SetProperty(m => m.NotBefore, now).SetProperty(m => m.Fence, m => m.Fence + 1),
            cancellationToken) == 1;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>What a check of the whole log found.</summary>
/// <param name="Entries">How many entries were read; up to and with the broken one if there is one.</param>
/// <param name="Head">The hash of the last sound entry. Handed out (<see cref="AuditHead"/>), it proves later that no entry was cut off the end.</param>
/// <param name="BrokenId">The first entry that was changed or that does not follow the one before it; null: the chain is whole.</param>
/// <param name="Problem">What is wrong, for people; null: nothing.</param>
public sealed record AuditVerification(long Entries, string Head, long? BrokenId, string? Problem)
{
    public bool Whole => Problem is null;
}

/// <summary>Which entries are wanted; null: any.</summary>
/// <param name="Actions">Any of these.</param>
/// <param name="From">At this time or later.</param>
/// <param name="Until">Earlier than this time.</param>
public sealed record AuditFilter(string? Subject = null, string? Actor = null, IReadOnlyList<string>? Actions = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>
/// Who did what to what, and when: a chain of hashes that is only added to. An entry is saved in the same transaction as the change
/// that it tells of, so that neither exists without the other.
/// </summary>
public static class AuditLog
{
    // Every lost attempt means that another writer got its entry in, so this many only pass if as many others write at the same moment.
    private const int MostAttempts = 200;
    private const int VerifyBatch = 1000;

    /// <summary>
    /// Saves the context's pending changes and then the entries, in one transaction (the caller's, if it began one). The log is extended last, everywhere: whoever
    /// waits for it holds its other rows already, so that no two writers wait for each other. When another writer extended the log at the same moment, the entries
    /// are chained anew and tried again.
    /// </summary>
    /// <exception cref="DbUpdateException">The pending changes break a rule of the database, or were overtaken.</exception>
    public static async Task SaveAsync(TouchstoneDb db, TimeProvider clock, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }
        await using IDbContextTransaction? transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, clock, entries, cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
    }

    private static async Task AppendAsync(TouchstoneDb db, TimeProvider clock, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        List<AuditRow> rows = [.. entries.Select(e => RowOf(e, clock.GetUtcNow()))];
        for (int attempt = 1; ; attempt++)
        {
            string previous = await HeadAsync(db, cancellationToken);
            string first = previous;
            foreach (AuditRow row in rows)
            {
                AuditChain.Seal(row, previous);
                previous = row.Hash;
            }
            if (attempt == 1) db.Audit.AddRange(rows);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                if (await HeadAsync(db, cancellationToken) == first) throw;
            }
        }
    }

    /// <summary>Saves the context's pending changes with one entry; alone it records a view.</summary>
    public static Task SaveAsync(TouchstoneDb db, TimeProvider clock, AuditEntry entry, CancellationToken cancellationToken) =>
        SaveAsync(db, clock, [entry], cancellationToken);

    /// <summary>
    /// Saves the context's pending changes and then one entry about what was saved, in one transaction: for a subject whose id the database
    /// gives. <paramref name="subject"/> is asked after the changes have their ids.
    /// </summary>
    public static async Task SaveAsync(VerbContext context, string action, Func<TouchstoneDb, string> subject, string? detail, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        await using IDbContextTransaction? transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.SaveChangesAsync(cancellationToken);
        await SaveAsync(db, context.Clock, new AuditEntry(context.Actor, action, subject(db), detail), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Entries, the newest first.</summary>
    /// <param name="before">The cursor of the page before; null: from the newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 entries.</exception>
    public static async Task<Page<AuditRow>> ListAsync(TouchstoneDb db, AuditFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<AuditRow>.CheckedTake(take);
        IQueryable<AuditRow> rows = db.Audit.AsNoTracking();
        if (filter.Subject is { } subject) rows = rows.Where(x => x.Subject == subject);
        if (filter.Actor is { } actor) rows = rows.Where(x => x.Actor == actor);
        if (filter.From is { } from) rows = rows.Where(x => x.At >= from);
        if (filter.Until is { } until) rows = rows.Where(x => x.At < until);
        if (before is { } id) rows = rows.Where(x => x.Id < id);
        if (filter.Actions is null) return Page<AuditRow>.Cut(await NewestAsync(rows), take, x => x.Id);
        // An index finds the newest entries of one action; those of several would be sorted.
        var found = new List<AuditRow>();
        foreach (string action in filter.Actions.Distinct()) found.AddRange(await NewestAsync(rows.Where(x => x.Action == action)));
        return Page<AuditRow>.Cut([.. found.OrderByDescending(x => x.Id).Take(take + 1)], take, x => x.Id);

        Task<List<AuditRow>> NewestAsync(IQueryable<AuditRow> wanted) => wanted.OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Reads the whole log and finds the first entry that was changed, left out or put in between; with a head that was handed out, also whether what it stands for is
    /// still there.
    /// </summary>
    public static async Task<AuditVerification> VerifyAsync(TouchstoneDb db, AuditHead? handedOut, CancellationToken cancellationToken)
    {
        AuditVerification chain = await VerifyChainAsync(db, handedOut, cancellationToken);
        if (chain.Whole && handedOut is not null && chain.Entries < handedOut.Entries)
            return chain with { Problem = FormattableString.Invariant($"The log has {chain.Entries} entries; it had {handedOut.Entries} on {handedOut.At:yyyy-MM-dd HH:mm:ss} UTC: its end was cut off.") };
        return chain;
    }

    /// <inheritdoc cref="VerifyAsync(TouchstoneDb, AuditHead?, CancellationToken)" />
    public static Task<AuditVerification> VerifyAsync(TouchstoneDb db, CancellationToken cancellationToken) => VerifyAsync(db, null, cancellationToken);

    private static async Task<AuditVerification> VerifyChainAsync(TouchstoneDb db, AuditHead? handedOut, CancellationToken cancellationToken)
    {
        string head = AuditChain.Genesis;
        long count = 0;
        long last = 0;
        while (true)
        {
            List<AuditRow> batch = await db.Audit.AsNoTracking().Where(x => x.Id > last).OrderBy(x => x.Id).Take(VerifyBatch).ToListAsync(cancellationToken);
            if (batch.Count == 0) return new(count, head, null, null);
            foreach (AuditRow entry in batch)
            {
                count++;
                if (entry.PreviousHash != head) return new(count, head, entry.Id, "It does not follow the entry before it: an entry was removed, or put in between.");
                if (AuditChain.HashOf(entry) != entry.Hash) return new(count, head, entry.Id, "Its fields no longer have its hash: it was changed.");
                head = entry.Hash;
                last = entry.Id;
                if (count == handedOut?.Entries && head != handedOut.Hash) return new(count, head, entry.Id, "It is not the entry whose hash was handed out: the log was written anew.");
            }
        }
    }

    /// <summary>The hash of the newest entry.</summary>
    public static async Task<string> HeadAsync(TouchstoneDb db, CancellationToken cancellationToken) =>
        await db.Audit.AsNoTracking().OrderByDescending(x => x.Id).Select(x => x.Hash).FirstOrDefaultAsync(cancellationToken) ?? AuditChain.Genesis;

    private static AuditRow RowOf(AuditEntry entry, DateTimeOffset at) => new()
    {
        // The database keeps milliseconds; the hash is made of what it keeps.
        At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()),
        Actor = entry.Actor,
        Action = entry.Action,
        Subject = entry.Subject,
        Detail = entry.Detail,
        PreviousHash = AuditChain.Genesis,
        Hash = AuditChain.Genesis,
    };
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>
/// Turns changes of references into what is to be asked about them: whoever comes first takes the changes after the counter's number, queues what may match anew,
/// and moves the counter in the same transaction. A reference whose pictures wait to be described is queued when they are: their end is a change, too.
/// Safe for concurrent use by several processes.
/// </summary>
internal sealed class LookBackChanges(IDbContextFactory<TouchstoneDb> databases, FeatureStore features, ImageJobs jobs, TimeProvider clock)
{
    private const int ChangesAtOnce = 500;

    private readonly RegisterChanges registers = new(databases);

    /// <summary>Queues what changed so that it may match what it did not match before. Returns how many references.</summary>
    public async Task<int> QueueAsync(CancellationToken cancellationToken)
    {
        int queued = 0;
        while (true)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            long known = await AtAsync(db, cancellationToken);
            if (!await db.ReferenceChanges.AnyAsync(c => c.Number > known, cancellationToken)) return queued;
            await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            // Its row is locked until the end: of several nodes one queues.
            await db.Sequences.Where(s => s.Name == SequenceRow.LookBacks).ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, x => x.Value), cancellationToken);
            known = await AtAsync(db, cancellationToken);
            List<ReferenceChangeRow> changes = await db.ReferenceChanges.AsNoTracking().Where(c => c.Number > known).OrderBy(c => c.Number).Take(ChangesAtOnce).ToListAsync(cancellationToken);
            if (changes.Count == 0) return queued;
            // Where no listing was ever seen, all is answered.
            queued += await QueueAsync(db, changes, await db.Listings.AnyAsync(cancellationToken), cancellationToken);
            long last = changes[^1].Number;
            await db.Sequences.Where(s => s.Name == SequenceRow.LookBacks).ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, last), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static Task<long> AtAsync(TouchstoneDb db, CancellationToken cancellationToken) =>
        db.Sequences.Where(s => s.Name == SequenceRow.LookBacks).Select(s => s.Value).SingleAsync(cancellationToken);

    private async Task<int> QueueAsync(TouchstoneDb db, List<ReferenceChangeRow> changes, bool anySeen, CancellationToken cancellationToken)
    {
        Dictionary<long, long> newest = changes.GroupBy(c => c.ReferenceId).ToDictionary(g => g.Key, g => g.Max(c => c.Number));
        long[] ids = [.. newest.Keys];
        IReadOnlyDictionary<long, RegisterReference> references = await registers.ReadAsync(ids, cancellationToken);
        var dated = await db.References.Where(r => EF.Parameter(ids).Contains(r.Id) && r.ExpiresOn != null).Select(r => new { r.Id, r.Kind, r.ExpiresOn }).ToListAsync(cancellationToken);
        HashSet<long> expired = [.. dated.Where(r => Rights.Expiry(r.Kind, r.ExpiresOn, clock.Today()) is not null).Select(r => r.Id)];
        Dictionary<long, LookBackRow> rows = await db.LookBacks.Where(l => EF.Parameter(ids).Contains(l.ReferenceId)).ToDictionaryAsync(l => l.ReferenceId, cancellationToken);
        HashSet<string> undescribed = await features.UndescribedAsync([.. references.Values.SelectMany(r => r.Pictures).Select(p => p.Sha256)], cancellationToken);
        // One that failed so far is not waited for: should it succeed, that is a change again.
        IReadOnlyDictionary<string, string> failed = await jobs.FailuresAsync(ImageJobKind.Describe, undescribed, cancellationToken);
        int queued = 0;
        foreach (long id in ids)
        {
            LookBackRow? row = rows.GetValueOrDefault(id);
            if (expired.Contains(id) || !references.TryGetValue(id, out RegisterReference? reference)) Forget(db, row);
            else if (!reference.Pictures.Any(p => undescribed.Contains(p.Sha256) && !failed.ContainsKey(p.Sha256)) && Queue(db, row, id, reference, undescribed, newest[id], anySeen)) queued++;
        }
        return queued;
    }

    /// <summary>Out of force it gives nothing; in force again it is asked about as if it came in.</summary>
    private static void Forget(TouchstoneDb db, LookBackRow? row)
    {
        if (row is null) return;
        if (row.EndedAt is null || row.State is LookBackState.Queued or LookBackState.Running) db.LookBacks.Remove(row);
        else (row.PicturesHash, row.FactsHash) = ("", "");
    }

    private bool Queue(TouchstoneDb db, LookBackRow? row, long id, RegisterReference reference, HashSet<string> undescribed, long change, bool anySeen)
    {
        string[] pictures = [.. reference.Pictures.Select(p => p.Sha256).Where(s => !undescribed.Contains(s)).Order(StringComparer.Ordinal)];
        string facts = Hash($"{reference.Facts.Kind}|{reference.Brand}|{string.Join(';', reference.Gtins.Order(StringComparer.Ordinal))}|{string.Join(';', reference.Models.Order(StringComparer.Ordinal))}");
        string shown = Hash(string.Join(';', pictures));
        if (pictures.Length == 0 && reference.Gtins.Count == 0 && !reference.Models.Any(m => m.Length > 0)) return false;
        if (row is not null && row.PicturesHash == shown && row.FactsHash == facts) return false;
        LookBackReason reason = row is null or { PicturesHash: "" } ? LookBackReason.CameIn : row.PicturesHash != shown ? LookBackReason.Pictures : LookBackReason.Facts;
        if (row is null) db.LookBacks.Add(row = new LookBackRow { ReferenceId = id, PicturesHash = shown, FactsHash = facts });
        (row.ChangeNumber, row.Reason, row.PicturesHash, row.FactsHash) = (change, reason, shown, facts);
        (row.State, row.QueuedAt, row.StartedAt, row.EndedAt, row.Attempts, row.Failure) = (LookBackState.Queued, clock.GetUtcNow(), null, null, 0, null);
        // Who is at it ends nothing any more.
        (row.LeaseOwner, row.LeaseUntil, row.Pictures, row.Candidates, row.Listings, row.Hits) = (null, null, 0, 0, 0, 0);
        if (!anySeen) (row.State, row.EndedAt) = (LookBackState.Done, row.QueuedAt);
        return anySeen;
    }

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage;

/// <summary>
/// Numbers the changes of references, in the transaction that makes them. The counter's row is locked until that transaction ends, so that numbers grow in
/// commit order: who has seen a number has seen all before it.
/// </summary>
public static class ReferenceChanges
{
    /// <summary>The channel on which PostgreSQL tells of them once they are committed.</summary>
    public const string Channel = "touchstone_reference_changes";

    internal const string Sequence = "reference-changes";

    /// <summary>Adds a change for each of these references to the context; the caller saves within the transaction that it began.</summary>
    public static async Task AppendAsync(TouchstoneDb db, IReadOnlyCollection<long> referenceIds, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(referenceIds);
        if (referenceIds.Count == 0) return;
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Changes of references are numbered within a transaction: begin one.");
        long number = await TakeAsync(db, referenceIds.Count, cancellationToken);
        db.ReferenceChanges.AddRange(referenceIds.Select(id => new ReferenceChangeRow { Number = number++, ReferenceId = id, At = at }));
    }

    /// <summary>Adds a change for each reference that the context is about to save differently; <see cref="Changed"/> tells which.</summary>
    internal static async Task<IReadOnlyList<ReferenceChangeRow>> AppendAsync(TouchstoneDb db, IReadOnlyCollection<ReferenceRow> changed, IReadOnlyCollection<long> changedIds, CancellationToken cancellationToken)
    {
        long number = await TakeAsync(db, changed.Count + changedIds.Count, cancellationToken);
        DateTimeOffset at = changed.Count > 0 ? changed.Max(r => r.UpdatedAt) : await db.References.Where(r => changedIds.Contains(r.Id)).MaxAsync(r => r.UpdatedAt, cancellationToken);
        List<ReferenceChangeRow> rows =
        [
            .. changed.Select(r => new ReferenceChangeRow { Number = number++, Reference = r, At = at }),
            .. changedIds.Select(id => new ReferenceChangeRow { Number = number++, ReferenceId = id, At = at }),
        ];
        db.ReferenceChanges.AddRange(rows);
        return rows;
    }

    /// <summary>
    /// The references that the context holds changed, themselves or in their pictures and identifiers: those that are at hand, and the ids of those that are not.
    /// The pictures of searches are references of nobody else and do not count.
    /// </summary>
    internal static (HashSet<ReferenceRow> Rows, HashSet<long> Ids) Changed(ChangeTracker tracker)
    {
        HashSet<ReferenceRow> rows = [];
        HashSet<long> ids = [];
        Dictionary<long, ReferenceRow> known = [];
        foreach (EntityEntry<ReferenceRow> entry in tracker.Entries<ReferenceRow>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified) rows.Add(entry.Entity);
            if (entry.State != EntityState.Added) known[entry.Entity.Id] = entry.Entity;
        }
        foreach (EntityEntry<ReferenceImageRow> entry in tracker.Entries<ReferenceImageRow>())
        {
            // Why a picture is missing is a note for people.
            if (entry.State is EntityState.Added or EntityState.Deleted || entry.Property(i => i.ImageSha256).IsModified) Add(entry.Entity.Reference, entry.Entity.ReferenceId);
        }
        foreach (EntityEntry<ReferenceIdentifierRow> entry in tracker.Entries<ReferenceIdentifierRow>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted) Add(entry.Entity.Reference, entry.Entity.ReferenceId);
        }
        rows.RemoveWhere(r => r.Kind == ReferenceKind.SearchedPicture);
        return (rows, ids);

        void Add(ReferenceRow? row, long id)
        {
            if ((row ?? known.GetValueOrDefault(id)) is { } at) rows.Add(at);
            else if (id > 0) ids.Add(id);
        }
    }

    private static async Task<long> TakeAsync(TouchstoneDb db, int count, CancellationToken cancellationToken)
    {
        await db.Sequences.Where(s => s.Name == Sequence).ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, x => x.Value + count), cancellationToken);
        long last = await db.Sequences.Where(s => s.Name == Sequence).Select(s => s.Value).SingleAsync(cancellationToken);
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Channel}, '')", cancellationToken);
        return last - count + 1;
    }
}

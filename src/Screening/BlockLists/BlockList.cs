using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.BlockLists;

/// <summary>
/// The links of confirmed hits, and hosts that a person listed with a reason. Each change has a number that grows in commit order, and what is removed is remembered as
/// such, so that whoever follows the list is told of everything since a number.
/// </summary>
public static class BlockList
{
    /// <summary>The name by which the list calls what follows from a decision on a hit.</summary>
    public const string Actor = "touchstone";

    public const int LongestReason = 2000;

    private const int Batch = 500;

    // Of a link; listings that only a marketplace's gate was told of have none.
    private const string WebAddress = "http%";

    /// <summary>
    /// Brings the links in line with the hits that are confirmed now, and returns the number of the last change. A link that a person removed stays off until its hit was
    /// decided otherwise and confirmed again.
    /// </summary>
    public static async Task<long> ReconcileAsync(TouchstoneDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (await StepAsync(db, clock, cancellationToken))
        {
            // More than one step lists at once is left.
        }
        return await db.Sequences.Where(x => x.Name == SequenceRow.BlockList).Select(x => x.Value).SingleAsync(cancellationToken);
    }

    /// <summary>Lists a host: an act of a person, with a reason. A link of a host lists no host by itself.</summary>
    public static async Task<VerbOutcome<BlockEntryRow>> ListHostAsync(VerbContext context, string host, string reason, CancellationToken cancellationToken)
    {
        if (HostName(host) is not { } name) return Refused(Refusal.Invalid, $"“{host}” is no name of a host; write it without http:// and without a path.");
        if (SharedNames.Contains(name)) return Refused(Refusal.Invalid, $"Beneath {name} there are many who have nothing to do with one another; name the shop's own host, such as shop.{name}.");
        if (Problem(reason) is { } problem) return Refused(Refusal.Invalid, problem);
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        long number = await TakeAsync(context.Db, 1, cancellationToken);
        BlockEntryRow? row = await context.Db.BlockEntries.FirstOrDefaultAsync(x => x.Kind == BlockKind.Host && x.Value == name, cancellationToken);
        if (row is { RemovedAt: null }) return Refused(Refusal.Conflict, $"{name} is on the list already.");
        if (row is null) context.Db.BlockEntries.Add(row = new BlockEntryRow { Kind = BlockKind.Host, Value = name, Reason = "", ListedBy = "" });
        (row.Reason, row.ListedBy, row.ListedAt, row.Sequence) = (reason.Trim(), context.Actor, context.Clock.GetUtcNow(), number);
        (row.RemovedBy, row.RemovedAt, row.RemovedReason, row.KeptOff) = (null, null, null, false);
        await AuditLog.SaveAsync(context, AuditAction.HostListed, _ => AuditSubject.BlockEntry(row.Id), $"{name}: {row.Reason}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>Takes an entry off the list, with a reason.</summary>
    public static async Task<VerbOutcome<BlockEntryRow>> RemoveAsync(VerbContext context, long id, string reason, CancellationToken cancellationToken)
    {
        if (Problem(reason) is { } problem) return Refused(Refusal.Invalid, problem);
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        long number = await TakeAsync(context.Db, 1, cancellationToken);
        if (await context.Db.BlockEntries.FirstOrDefaultAsync(x => x.Id == id, cancellationToken) is not { } row) return Refused(Refusal.NotFound, $"There is no entry {id} of the block list.");
        if (row.RemovedAt is not null) return Refused(Refusal.Conflict, $"Entry {id} was removed already.");
        (row.RemovedBy, row.RemovedAt, row.RemovedReason, row.KeptOff, row.Sequence) = (context.Actor, context.Clock.GetUtcNow(), reason.Trim(), row.Kind == BlockKind.Link, number);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.BlockRemoved, AuditSubject.BlockEntry(id), $"{row.Value}: {row.RemovedReason}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>Entries that are on the list, the newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 entries.</exception>
    public static async Task<Page<BlockEntryRow>> ListAsync(TouchstoneDb db, BlockKind? kind, long? before, int take, CancellationToken cancellationToken)
    {
        Page<BlockEntryRow>.CheckedTake(take);
        IQueryable<BlockEntryRow> rows = db.BlockEntries.AsNoTracking().Where(x => x.RemovedAt == null);
        if (kind is { } wanted) rows = rows.Where(x => x.Kind == wanted);
        if (before is { } id) rows = rows.Where(x => x.Id < id);
        return Page<BlockEntryRow>.Cut(await rows.OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken), take, x => x.Id);
    }

    /// <summary>A host's name in ASCII and lower case, or its address; null: it is none.</summary>
    public static string? HostName(string? text)
    {
        string host = (text ?? "").Trim().TrimEnd('.').ToLowerInvariant();
        // A scope ("%eth0") is one machine's own name of a network.
        if (host.Length is 0 or > 253 || host.Contains('%', StringComparison.Ordinal)) return null;
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)) return host.Contains(':', StringComparison.Ordinal) || host.Count(x => x == '.') == 3 ? address.ToString() : null;
        try
        {
            host = new IdnMapping { AllowUnassigned = false, UseStd3AsciiRules = false }.GetAscii(host);
        }
        catch (ArgumentException)
        {
            return null;
        }
        // A zone file and a resolver take letters, digits, hyphens and underscores: nothing else can be a shop's host.
        bool plain = host.Length <= 253 && host.Contains('.', StringComparison.Ordinal) && host.Split('.').All(x => x.Length is > 0 and <= 63 && x[0] != '-' && x[^1] != '-' && x.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        return plain ? host.ToLowerInvariant() : null;
    }

    /// <summary>Lists some links of hits that were confirmed and removes some of hits that are confirmed no more; false where nothing was to do.</summary>
    private static async Task<bool> StepAsync(TouchstoneDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await Confirmed(db).Take(1).CountAsync(cancellationToken) + await Doubted(db).Take(1).CountAsync(cancellationToken) == 0) return false;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The counter's row is locked from here on: whoever comes meanwhile sees what this one listed.
        long number = await TakeAsync(db, 0, cancellationToken);
        List<BlockEntryRow> removed = await Doubted(db).OrderBy(x => x.Id).Take(Batch).ToListAsync(cancellationToken);
        var added = await Confirmed(db).OrderBy(x => x.Id).Take(Batch).Select(x => new { x.Id, x.Listing!.Url, Title = x.Reference!.Title, Register = x.Reference.Register!.Name, x.Reference.ExternalId }).ToListAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        foreach (BlockEntryRow row in removed)
        {
            if (row.RemovedAt is not null) (row.KeptOff, row.HitId) = (false, null);
            else (row.RemovedBy, row.RemovedAt, row.RemovedReason, row.Sequence) = (Actor, now, "No hit at this link is confirmed any more.", ++number);
        }
        Dictionary<string, BlockEntryRow> known = await KnownAsync(db, [.. added.Select(x => x.Url)], cancellationToken);
        foreach (var hit in added.DistinctBy(x => x.Url))
        {
            if (!known.TryGetValue(hit.Url, out BlockEntryRow? row)) db.BlockEntries.Add(row = new BlockEntryRow { Kind = BlockKind.Link, Value = hit.Url, Reason = "", ListedBy = "" });
            (row.HitId, row.Reason, row.ListedBy, row.ListedAt, row.Sequence) = (hit.Id, $"Matches {hit.Register} {hit.ExternalId}: {hit.Title}", Actor, now, ++number);
            (row.RemovedBy, row.RemovedAt, row.RemovedReason) = (null, null, null);
        }
        await db.Sequences.Where(x => x.Name == SequenceRow.BlockList).ExecuteUpdateAsync(x => x.SetProperty(s => s.Value, number), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return removed.Count + added.Count > 0;
    }

    /// <summary>Confirmed hits whose link is not listed and was not taken off by a person.</summary>
    private static IQueryable<HitRow> Confirmed(TouchstoneDb db) => db.Hits.AsNoTracking()
        .Where(h => h.State == HitState.Confirmed && h.ListingId != null && EF.Functions.Like(h.Listing!.Url, WebAddress) && !db.BlockEntries.Any(b => b.Kind == BlockKind.Link && b.Value == h.Listing!.Url && (b.RemovedAt == null || b.KeptOff)));

    /// <summary>Links on the list, or taken off by a person, at which no hit is confirmed, and what is no link.</summary>
    private static IQueryable<BlockEntryRow> Doubted(TouchstoneDb db) =>
        db.BlockEntries.Where(b => b.Kind == BlockKind.Link && (b.RemovedAt == null || b.KeptOff) && (!EF.Functions.Like(b.Value, WebAddress) || !db.Hits.Any(h => h.State == HitState.Confirmed && h.Listing!.Url == b.Value)));

    private static async Task<Dictionary<string, BlockEntryRow>> KnownAsync(TouchstoneDb db, string[] urls, CancellationToken cancellationToken) =>
        await db.BlockEntries.Where(x => x.Kind == BlockKind.Link && EF.Parameter(urls).Contains(x.Value)).ToDictionaryAsync(x => x.Value, StringComparer.Ordinal, cancellationToken);

    private static async Task<long> TakeAsync(TouchstoneDb db, int count, CancellationToken cancellationToken)
    {
        await db.Sequences.Where(x => x.Name == SequenceRow.BlockList).ExecuteUpdateAsync(x => x.SetProperty(s => s.Value, s => s.Value + count), cancellationToken);
        return await db.Sequences.Where(x => x.Name == SequenceRow.BlockList).Select(x => x.Value).SingleAsync(cancellationToken);
    }

    private static string? Problem(string? reason) => string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason || reason.Contains('\0', StringComparison.Ordinal) ? $"The reason has 1 to {LongestReason} characters." : null;

    private static VerbOutcome<BlockEntryRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<BlockEntryRow>(refusal, detail);
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>How long a hit stays with whoever claims it.</summary>
public static class HitClaim
{
    /// <summary>After so many minutes it is free again, or sooner if it is released or decided.</summary>
    public const int Minutes = 30;

    /// <summary>Why a person may not change the hit now: another one holds it. Null where nobody else does.</summary>
    public static string? HeldFrom(HitRow hit, string actor, DateTimeOffset now) => hit.ClaimedBy is { } other && other != actor && hit.ClaimedUntil > now
        ? string.Create(CultureInfo.InvariantCulture, $"Hit {hit.Id} is taken by {other}, until {hit.ClaimedUntil.Value.UtcDateTime:HH:mm} UTC or until they release it.")
        : null;
}

/// <summary>Takes undecided hits for a person, who alone decides them for a while; again, it begins anew. What another person holds is left and named.</summary>
public sealed record ClaimHits(IReadOnlyList<long> HitIds)
{
    public Task<VerbOutcome<HitsOutcome>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Clock.GetUtcNow();
        return HitMarks.SetAsync(
            context,
            HitIds,
            AuditAction.HitClaimed,
            $"for {HitClaim.Minutes} minutes",
            x => HitClaim.HeldFrom(x, context.Actor, now),
            x => (x.ClaimedBy, x.ClaimedUntil) = (context.Actor, now.AddMinutes(HitClaim.Minutes)),
            cancellationToken);
    }
}

/// <summary>Gives claimed hits free. Only whoever claimed them does that; a hit that nobody holds stays free.</summary>
public sealed record ReleaseHits(IReadOnlyList<long> HitIds)
{
    public Task<VerbOutcome<HitsOutcome>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Clock.GetUtcNow();
        return HitMarks.SetAsync(
            context,
            HitIds,
            AuditAction.HitReleased,
            null,
            x => HitClaim.HeldFrom(x, context.Actor, now),
            x => (x.ClaimedBy, x.ClaimedUntil) = (null, null),
            cancellationToken);
    }
}

/// <summary>Says that a person looked at hits and could not tell, so that a second one looks; taken back with <paramref name="Unsure"/> false. The person's claim ends.</summary>
/// <param name="Note">What is doubtful; kept with the hit and in the audit log.</param>
public sealed record MarkUnsure(IReadOnlyList<long> HitIds, bool Unsure = true, string? Note = null)
{
    public async Task<VerbOutcome<HitsOutcome>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The note", Note, CaseText.LongestNote, required: false) is { } problem) return VerbOutcome.Refused<HitsOutcome>(Refusal.Invalid, problem);
        DateTimeOffset now = context.Clock.GetUtcNow();
        return await HitMarks.SetAsync(
            context,
            HitIds,
            AuditAction.HitUnsure,
            Unsure ? string.IsNullOrWhiteSpace(Note) ? null : Note : "taken back",
            x => HitClaim.HeldFrom(x, context.Actor, now),
            x =>
            {
                (x.UnsureBy, x.UnsureNote) = Unsure ? (context.Actor, string.IsNullOrWhiteSpace(Note) ? null : Note) : (null, null);
                if (x.ClaimedBy == context.Actor) (x.ClaimedBy, x.ClaimedUntil) = (null, null);
            },
            cancellationToken);
    }
}

/// <summary>Keeps undecided hits from the queue until a time; null brings them back at once. The person's claim ends.</summary>
public sealed record SnoozeHits(IReadOnlyList<long> HitIds, DateTimeOffset? Until)
{
    /// <summary>The longest time, in days.</summary>
    public const int MostDays = 366;

    public async Task<VerbOutcome<HitsOutcome>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Clock.GetUtcNow();
        if (Until is { } until && (until <= now || until > now.AddDays(MostDays))) return VerbOutcome.Refused<HitsOutcome>(Refusal.Invalid, $"A hit is put off until a time within the next {MostDays} days.");
        return await HitMarks.SetAsync(
            context,
            HitIds,
            AuditAction.HitSnoozed,
            Until is { } at ? string.Create(CultureInfo.InvariantCulture, $"until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "back at once",
            x => HitClaim.HeldFrom(x, context.Actor, now),
            x =>
            {
                x.SnoozedUntil = Until;
                if (x.ClaimedBy == context.Actor) (x.ClaimedBy, x.ClaimedUntil) = (null, null);
            },
            cancellationToken);
    }
}

/// <summary>What claiming, doubting and putting off have in common: undecided hits that nobody else holds, one transaction, an audit entry for each that was changed.</summary>
internal static class HitMarks
{
    public static async Task<VerbOutcome<HitsOutcome>> SetAsync(
        VerbContext context, IReadOnlyList<long> hitIds, string action, string? detail, Func<HitRow, string?> objection, Action<HitRow> change, CancellationToken cancellationToken)
    {
        long[] ids = [.. hitIds.Distinct().Order()];
        if (ids.Length is 0 or > DecideHits.MostHits) return VerbOutcome.Refused<HitsOutcome>(Refusal.Invalid, $"1 to {DecideHits.MostHits} hits are changed in one go, not {ids.Length}.");
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        Dictionary<long, HitRow> found = await context.Db.Hits.Where(x => EF.Parameter(ids).Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken);
        var changed = new List<HitRow>();
        var refused = new List<RefusedHit>();
        var entries = new List<AuditEntry>();
        foreach (long id in ids)
        {
            if (!found.TryGetValue(id, out HitRow? hit)) refused.Add(RefusedHit.Missing(id));
            else if (hit.State != HitState.New) refused.Add(RefusedHit.Decided(hit));
            else if (objection(hit) is { } reason) refused.Add(new RefusedHit(id, Refusal.Conflict, reason));
            else
            {
                change(hit);
                changed.Add(hit);
                // What nobody held is not given free, and the log does not say so.
                if (context.Db.Entry(hit).State != EntityState.Unchanged) entries.Add(new AuditEntry(context.Actor, action, AuditSubject.Hit(id), detail));
            }
        }
        try
        {
            if (entries.Count > 0) await AuditLog.SaveAsync(context.Db, context.Clock, entries, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            context.Db.ChangeTracker.Clear();
            return VerbOutcome.Refused<HitsOutcome>(Refusal.Conflict, "One of the hits was decided or taken by someone else at the same moment. Repeat it.");
        }
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(new HitsOutcome(changed, refused));
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>One hit to decide, and what the person saw of it.</summary>
/// <param name="Seen">The state that the person saw; null: the hit was seen undecided, or it is their own decision.</param>
/// <param name="SeenMatchId">The match that the person saw; null: whichever the hit shows now.</param>
public sealed record SeenHit(long Id, HitState? Seen = null, long? SeenMatchId = null);

/// <summary>A hit that was not changed with the others, and why.</summary>
public sealed record RefusedHit(long Id, Refusal Refusal, string Detail)
{
    internal static RefusedHit Missing(long id) => new(id, Refusal.NotFound, $"There is no hit {id}.");

    internal static RefusedHit Decided(HitRow hit) => new(hit.Id, Refusal.Conflict, $"Hit {hit.Id} is already {hit.State}, by {hit.DecidedBy}.");

    /// <summary>Why a hit does not show the match that was seen; null: it does, or whoever asks does not say which.</summary>
    internal static RefusedHit? Changed(HitRow hit, long? seenMatch) =>
        seenMatch is { } match && match != hit.MatchId ? new(hit.Id, Refusal.Conflict, $"Hit {hit.Id} was found again in the meantime and shows another match. Look at it before you decide.") : null;
}

/// <summary>What became of several hits.</summary>
/// <param name="Changed">In the order of their ids.</param>
/// <param name="Batch">Names what was done in one go; null: nothing was, or it was one hit.</param>
public sealed record HitsOutcome(IReadOnlyList<HitRow> Changed, IReadOnlyList<RefusedHit> Refused, string? Batch = null);

/// <summary>
/// Decides hits in one transaction: each gets a decision and an audit entry of its own, and one that changed meanwhile is left as it is. Writes in the order
/// of every verb: hits by id, then cases by id, then the log.
/// </summary>
/// <param name="Note">Why; kept with each hit and in the audit log.</param>
/// <param name="Reason">Why it is rejected; only with a rejection.</param>
internal sealed record HitDecisions(HitDecision Decision, string? Note, RejectReason? Reason)
{
    /// <summary>A sentence on what cannot be meant; null: nothing.</summary>
    public string? Problem()
    {
        if (!Enum.IsDefined(Decision)) return $"{Decision} is no decision; there are {string.Join(", ", Enum.GetNames<HitDecision>())}.";
        if (Reason is { } reason && !Enum.IsDefined(reason)) return $"{reason} is no reason; there are {string.Join(", ", Enum.GetNames<RejectReason>())}.";
        if (Reason is not null && Decision != HitDecision.Reject) return "A reason of this list is for a rejection; say others in the note.";
        if (Reason == RejectReason.Other && string.IsNullOrWhiteSpace(Note)) return "Another reason needs a note that says which.";
        return CaseText.Problem("The note", Note, CaseText.LongestNote, required: false);
    }

    /// <summary>Decides the hits that may be decided.</summary>
    /// <param name="takenBack">By hit: the decision that is taken back, by whoever made it; such a decision needs no note.</param>
    public async Task<HitsOutcome> RunAsync(VerbContext context, IReadOnlyList<SeenHit> hits, IReadOnlyDictionary<long, HitDecisionRow>? takenBack, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        var turn = new Turn(context.Clock.GetUtcNow(), hits.Count > 1 ? Guid.CreateVersion7().ToString("N") : null);
        Dictionary<long, SeenHit> wanted = hits.GroupBy(x => x.Id).ToDictionary(x => x.Key, x => x.First());
        long[] ids = [.. wanted.Keys.Order()];
        Dictionary<long, HitRow> found = await context.Db.Hits.AsNoTracking().Include(x => x.Match).Where(x => EF.Parameter(ids).Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken);
        foreach (long id in ids) await DecideAsync(context, turn, wanted[id], found.GetValueOrDefault(id), takenBack?.GetValueOrDefault(id), cancellationToken);
        foreach ((long caseId, string text) in turn.Told.OrderBy(x => x.CaseId))
        {
            await context.Db.Cases.Where(x => x.Id == caseId).ExecuteUpdateAsync(x => x.SetProperty(c => c.Version, c => c.Version + 1), cancellationToken);
            context.Db.CaseEvents.Add(new() { CaseId = caseId, Kind = CaseEventKind.Decided, Actor = context.Actor, At = turn.Now, Text = text });
        }
        try
        {
            if (turn.Entries.Count > 0) await AuditLog.SaveAsync(context.Db, context.Clock, turn.Entries, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The one rule that this can break: the same picture was rejected for the same reference by somebody else just now.
            context.Db.ChangeTracker.Clear();
            return new HitsOutcome([], [.. ids.Select(x => new RefusedHit(x, Refusal.Conflict, "The same picture was decided on by someone else at the same moment. Repeat it."))]);
        }
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return new HitsOutcome(turn.Changed, turn.Refused, turn.Batch);
    }

    private async Task DecideAsync(VerbContext context, Turn turn, SeenHit seen, HitRow? hit, HitDecisionRow? takesBack, CancellationToken cancellationToken)
    {
        if (hit is null)
        {
            turn.Refused.Add(RefusedHit.Missing(seen.Id));
            return;
        }
        HitState to = StateAfter(Decision);
        if (takesBack is null && hit.State == to && (to == HitState.New || hit.DecidedBy == context.Actor))
        {
            turn.Changed.Add(hit);
            return;
        }
        if (Objection(context, turn.Now, hit, to, seen, takesBack) is { } objection)
        {
            turn.Refused.Add(objection);
            return;
        }
        string? note = string.IsNullOrWhiteSpace(Note) ? null : Note;
        string? decidedBy = to == HitState.New ? null : context.Actor;
        DateTimeOffset? decidedAt = to == HitState.New ? null : turn.Now;
        int changed = await context.Db.Hits.Where(x => x.Id == hit.Id && x.State == hit.State && x.MatchId == hit.MatchId && x.ClaimedUntil == hit.ClaimedUntil).ExecuteUpdateAsync(
            x => x.SetProperty(h => h.State, to).SetProperty(h => h.DecidedBy, decidedBy).SetProperty(h => h.DecidedAt, decidedAt).SetProperty(h => h.Note, note).SetProperty(h => h.Reason, Reason)
                .SetProperty(h => h.ReopenedAt, (DateTimeOffset?)null).SetProperty(h => h.ReopenedBecause, (string?)null).SetProperty(h => h.SnoozedUntil, (DateTimeOffset?)null)
                .SetProperty(h => h.UnsureBy, (string?)null).SetProperty(h => h.UnsureNote, (string?)null).SetProperty(h => h.ClaimedBy, (string?)null).SetProperty(h => h.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
        if (changed == 0)
        {
            turn.Refused.Add(new RefusedHit(hit.Id, Refusal.Conflict, $"Hit {hit.Id} was decided by someone else, or found again, in the meantime. Read it again."));
            return;
        }
        context.Db.HitDecisions.Add(new() { HitId = hit.Id, MatchId = hit.MatchId, State = to, DecidedBy = context.Actor, DecidedAt = turn.Now, Note = note, Reason = Reason, TakesBackId = takesBack?.Id, Batch = turn.Batch });
        await LearnAsync(context, hit, to, turn.Now, cancellationToken);
        string why = string.Join(", ", new[] { DecideHits.WordOf(Reason), note, takesBack is null ? null : $"takes decision {takesBack.Id} back" }.OfType<string>());
        string text = why.Length == 0 ? $"{hit.State} → {to}" : $"{hit.State} → {to}: {why}";
        turn.Entries.Add(new AuditEntry(context.Actor, ActionOf(Decision), AuditSubject.Hit(hit.Id), text));
        if (hit.CaseId is { } caseId) turn.Told.Add((caseId, $"Hit {hit.Id}: {text}"));
        (hit.State, hit.DecidedBy, hit.DecidedAt, hit.Note, hit.Reason) = (to, decidedBy, decidedAt, note, Reason);
        turn.Changed.Add(hit);
    }

    private RefusedHit? Objection(VerbContext context, DateTimeOffset now, HitRow hit, HitState to, SeenHit asked, HitDecisionRow? takesBack)
    {
        RefusedHit Conflict(string detail) => new(hit.Id, Refusal.Conflict, detail);
        // Another window of the same person may have been faster, or the hit was found anew: nothing is left to take back.
        if (takesBack is not null && hit.State == HitState.New) return Conflict($"Hit {hit.Id} is undecided again already; there is nothing to take back.");
        if (takesBack is not null)
            return hit.State == takesBack.State && hit.DecidedBy == takesBack.DecidedBy && hit.DecidedAt == takesBack.DecidedAt ? null : Conflict($"Hit {hit.Id} was decided anew since; that decision stands.");
        if (asked.Seen is { } seen && seen != hit.State) return Conflict($"Hit {hit.Id} is {hit.State} by now, not {seen}: {hit.DecidedBy ?? "someone"} changed it. Read it again.");
        if (RefusedHit.Changed(hit, asked.SeenMatchId) is { } changed) return changed;
        if (hit.State == HitState.New)
            return HitClaim.HeldFrom(hit, context.Actor, now) is { } held ? Conflict(held) : null;
        if (hit.State == to) return RefusedHit.Decided(hit);
        if (asked.Seen is null && hit.DecidedBy != context.Actor) return Conflict($"Hit {hit.Id} is already {hit.State}, by {hit.DecidedBy}. To overturn that, say that you saw it.");
        return string.IsNullOrWhiteSpace(Note) ? new RefusedHit(hit.Id, Refusal.Invalid, $"Hit {hit.Id} is {hit.State}; overturning that needs a note that says why.") : null;
    }

    // Rejected: this picture is not matched with this reference again. No longer rejected: it may be, unless another rejection says the same.
    private static async Task LearnAsync(VerbContext context, HitRow hit, HitState to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (hit.Match?.ImageSha256 is not { } image) return;
        IQueryable<ReferenceNegativeRow> known = context.Db.ReferenceNegatives.Where(x => x.ReferenceId == hit.ReferenceId && x.ImageSha256 == image);
        if (to == HitState.Rejected)
        {
            // Two hits of one turn may show the same picture.
            if (context.Db.ReferenceNegatives.Local.Any(x => x.ReferenceId == hit.ReferenceId && x.ImageSha256 == image) || await known.AnyAsync(cancellationToken)) return;
            context.Db.ReferenceNegatives.Add(new() { ReferenceId = hit.ReferenceId, ImageSha256 = image, DecidedBy = context.Actor, DecidedAt = now });
        }
        else if (hit.State == HitState.Rejected)
        {
            bool otherwise = await context.Db.Hits.AnyAsync(
                x => x.Id != hit.Id && x.State == HitState.Rejected && x.ReferenceId == hit.ReferenceId && x.Match!.ImageSha256 == image, cancellationToken);
            if (otherwise) return;
            await known.ExecuteDeleteAsync(cancellationToken);
            foreach (ReferenceNegativeRow row in context.Db.ReferenceNegatives.Local.Where(x => x.ReferenceId == hit.ReferenceId && x.ImageSha256 == image).ToArray()) context.Db.Entry(row).State = EntityState.Detached;
        }
    }

    public static HitState StateAfter(HitDecision decision) => decision switch
    {
        HitDecision.Confirm => HitState.Confirmed,
        HitDecision.Reject => HitState.Rejected,
        _ => HitState.New,
    };

    private static string ActionOf(HitDecision decision) => decision switch
    {
        HitDecision.Confirm => AuditAction.HitConfirmed,
        HitDecision.Reject => AuditAction.HitRejected,
        _ => AuditAction.HitReopened,
    };

    /// <summary>What one turn has done so far.</summary>
    private sealed record Turn(DateTimeOffset Now, string? Batch)
    {
        public List<HitRow> Changed { get; } = [];

        public List<RefusedHit> Refused { get; } = [];

        public List<AuditEntry> Entries { get; } = [];

        public List<(long CaseId, string Text)> Told { get; } = [];
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>What a person says of a hit.</summary>
public enum HitDecision
{
    /// <summary>The picture does match the reference.</summary>
    Confirm,

    /// <summary>It does not: this picture is not matched with this reference again.</summary>
    Reject,

    /// <summary>The earlier decision is taken back; the hit waits for a new one.</summary>
    Reopen,
}

/// <summary>
/// Confirms or rejects a hit, or takes that back. The decision is on the match that the hit shows, and stays with it. Overturning a decision needs a note, and
/// whoever decides on what somebody else has already decided has to say so with <paramref name="Seen"/>.
/// </summary>
/// <param name="Note">Why; kept with the hit and in the audit log.</param>
/// <param name="Seen">The state that the person saw; null: the hit was seen undecided, or it is their own decision.</param>
/// <param name="SeenMatchId">The match that the person saw; null: whichever the hit shows now.</param>
public sealed record DecideHit(long HitId, HitDecision Decision, string? Note = null, HitState? Seen = null, long? SeenMatchId = null)
{
    public async Task<VerbOutcome<HitRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(Decision)) return Refused(Refusal.Invalid, $"{Decision} is no decision; there are {string.Join(", ", Enum.GetNames<HitDecision>())}.");
        if (CaseText.Problem("The note", Note, CaseText.LongestNote, required: false) is { } problem) return Refused(Refusal.Invalid, problem);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        HitRow? hit = await context.Db.Hits.AsNoTracking().Include(x => x.Match).FirstOrDefaultAsync(x => x.Id == HitId, cancellationToken);
        if (hit is null) return Refused(Refusal.NotFound, $"There is no hit {HitId}.");
        HitState to = StateAfter(Decision);
        if (hit.State == to && (to == HitState.New || hit.DecidedBy == context.Actor)) return VerbOutcome.Done(hit);
        if (Objection(context, hit, to) is { } objection) return objection;

        DateTimeOffset now = context.Clock.GetUtcNow();
        string? note = string.IsNullOrWhiteSpace(Note) ? null : Note;
        string? decidedBy = to == HitState.New ? null : context.Actor;
        DateTimeOffset? decidedAt = to == HitState.New ? null : now;
        int changed = await context.Db.Hits.Where(x => x.Id == HitId && x.State == hit.State && x.MatchId == hit.MatchId).ExecuteUpdateAsync(
            x => x.SetProperty(h => h.State, to).SetProperty(h => h.DecidedBy, decidedBy).SetProperty(h => h.DecidedAt, decidedAt).SetProperty(h => h.Note, note)
                .SetProperty(h => h.ReopenedAt, (DateTimeOffset?)null).SetProperty(h => h.ReopenedBecause, (string?)null),
            cancellationToken);
        if (changed == 0) return Refused(Refusal.Conflict, $"Hit {HitId} was decided by someone else, or found again, in the meantime. Read it again.");
        context.Db.HitDecisions.Add(new() { HitId = HitId, MatchId = hit.MatchId, State = to, DecidedBy = context.Actor, DecidedAt = now, Note = note });
        await LearnAsync(context, hit, to, now, cancellationToken);
        string text = note is null ? $"{hit.State} → {to}" : $"{hit.State} → {to}: {note}";
        await TellCaseAsync(context, hit, text, cancellationToken);
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, ActionOf(Decision), AuditSubject.Hit(HitId), text), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The one rule that this can break: the same picture was rejected for the same reference by somebody else just now.
            context.Db.ChangeTracker.Clear();
            return Refused(Refusal.Conflict, "The same picture was decided on by someone else at the same moment. Repeat it.");
        }
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        (hit.State, hit.DecidedBy, hit.DecidedAt, hit.Note) = (to, decidedBy, decidedAt, note);
        return VerbOutcome.Done(hit);
    }

    private VerbOutcome<HitRow>? Objection(VerbContext context, HitRow hit, HitState to)
    {
        if (Seen is { } seen && seen != hit.State) return Refused(Refusal.Conflict, $"Hit {HitId} is {hit.State} by now, not {seen}: {hit.DecidedBy ?? "someone"} changed it. Read it again.");
        if (SeenMatchId is { } match && match != hit.MatchId) return Refused(Refusal.Conflict, $"Hit {HitId} was found again in the meantime and shows another match. Look at it before you decide.");
        if (hit.State == HitState.New) return null;
        if (hit.State == to) return Refused(Refusal.Conflict, $"Hit {HitId} is already {hit.State}, by {hit.DecidedBy}.");
        if (Seen is null && hit.DecidedBy != context.Actor)
            return Refused(Refusal.Conflict, $"Hit {HitId} is already {hit.State}, by {hit.DecidedBy}. To overturn that, say that you saw it.");
        return string.IsNullOrWhiteSpace(Note) ? Refused(Refusal.Invalid, $"Hit {HitId} is {hit.State}; overturning that needs a note that says why.") : null;
    }

    // Rejected: this picture is not matched with this reference again. No longer rejected: it may be, unless another rejection says the same.
    private static async Task LearnAsync(VerbContext context, HitRow hit, HitState to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (hit.Match?.ImageSha256 is not { } image) return;
        IQueryable<ReferenceNegativeRow> known = context.Db.ReferenceNegatives.Where(x => x.ReferenceId == hit.ReferenceId && x.ImageSha256 == image);
        if (to == HitState.Rejected)
        {
            if (await known.AnyAsync(cancellationToken)) return;
            context.Db.ReferenceNegatives.Add(new() { ReferenceId = hit.ReferenceId, ImageSha256 = image, DecidedBy = context.Actor, DecidedAt = now });
        }
        else if (hit.State == HitState.Rejected)
        {
            bool otherwise = await context.Db.Hits.AnyAsync(
                x => x.Id != hit.Id && x.State == HitState.Rejected && x.ReferenceId == hit.ReferenceId && x.Match!.ImageSha256 == image, cancellationToken);
            if (!otherwise) await known.ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static async Task TellCaseAsync(VerbContext context, HitRow hit, string text, CancellationToken cancellationToken)
    {
        if (hit.CaseId is not { } caseId) return;
        await context.Db.Cases.Where(x => x.Id == caseId).ExecuteUpdateAsync(x => x.SetProperty(c => c.Version, c => c.Version + 1), cancellationToken);
        context.Db.CaseEvents.Add(new() { CaseId = caseId, Kind = CaseEventKind.Decided, Actor = context.Actor, At = context.Clock.GetUtcNow(), Text = $"Hit {hit.Id}: {text}" });
    }

    private static HitState StateAfter(HitDecision decision) => decision switch
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

    private static VerbOutcome<HitRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<HitRow>(refusal, detail);
}

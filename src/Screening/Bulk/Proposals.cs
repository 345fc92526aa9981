using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Bulk;

/// <summary>A proposal that was approved or refused.</summary>
/// <param name="Outcome">What became of the hits; null: it was refused.</param>
public sealed record DecidedProposal(ProposalRow Proposal, HitsOutcome? Outcome);

/// <summary>
/// Approves a decision on many hits that somebody else proposed, or refuses it. Approved, each hit that is still as it was when it was proposed is decided in the name of whoever approves; the others are left and named. Nobody approves or refuses what they proposed themselves,
/// but they may take it back, which is a refusal.
/// </summary>
/// <param name="Why">Needed with a refusal.</param>
public sealed record DecideProposal(long Id, bool Approve, string? Why = null)
{
    public async Task<VerbOutcome<DecidedProposal>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The reason", Why, CaseText.LongestNote, required: !Approve) is { } problem) return Refused(Refusal.Invalid, problem);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        ProposalRow? row = await context.Db.Proposals.FirstOrDefaultAsync(x => x.Id == Id, cancellationToken);
        if (row is null) return Refused(Refusal.NotFound, $"There is no proposal {Id}.");
        await context.Db.Entry(row).ReloadAsync(cancellationToken);
        if (row.State != ProposalState.Open) return Refused(Refusal.Conflict, $"Proposal {Id} was decided already, by {row.DecidedBy}.");
        if (Approve && string.Equals(row.ProposedBy, context.Actor, StringComparison.OrdinalIgnoreCase)) return Refused(Refusal.Conflict, $"Proposal {Id} is your own; somebody else approves it.");
        // Whoever proposes may hold keys, too: a key is nobody else.
        if (Approve && !context.IsPerson) return Refused(Refusal.Conflict, "A person approves, not a key.");
        HitsOutcome? outcome = null;
        if (Approve)
        {
            HitDecision decision = row.To == HitState.Confirmed ? HitDecision.Confirm : HitDecision.Reject;
            string note = string.IsNullOrWhiteSpace(row.Note) ? $"proposed by {row.ProposedBy}" : $"{row.Note} (proposed by {row.ProposedBy})";
            outcome = await new HitDecisions(decision, note, row.Reason).RunAsync(context, Proposals.HitsOf(row), null, cancellationToken);
        }
        (row.State, row.DecidedBy, row.DecidedAt) = (Approve ? ProposalState.Approved : ProposalState.Refused, context.Actor, context.Clock.GetUtcNow());
        string told = outcome is null ? Why!.Trim() : string.Create(CultureInfo.InvariantCulture, $"{outcome.Changed.Count} decided, {outcome.Refused.Count} left as they were");
        row.Outcome = told;
        try
        {
            string action = Approve ? AuditAction.ProposalApproved : AuditAction.ProposalRefused;
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, action, AuditSubject.Proposal(Id), $"{Proposals.Told(row)}; {told}"), cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            context.Db.ChangeTracker.Clear();
            return Refused(Refusal.Conflict, $"Proposal {Id} was decided by somebody else at the same moment.");
        }
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(new DecidedProposal(row, outcome));
    }

    private static VerbOutcome<DecidedProposal> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<DecidedProposal>(refusal, detail);
}

/// <summary>Decisions on many hits that wait for a second person.</summary>
public static class Proposals
{
    /// <summary>Proposals, those that wait first, then the newest.</summary>
    /// <param name="before">The cursor of the page before; null: from the newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 proposals.</exception>
    public static async Task<Page<ProposalRow>> ListAsync(TouchstoneDb db, ProposalState? state, long? before, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        Page<ProposalRow>.CheckedTake(take);
        IQueryable<ProposalRow> rows = db.Proposals.AsNoTracking();
        if (state is { } wanted) rows = rows.Where(x => x.State == wanted);
        if (before is { } id) rows = rows.Where(x => x.Id < id);
        return Page<ProposalRow>.Cut(await rows.OrderByDescending(x => x.Id).Take(take + 1).ToListAsync(cancellationToken), take, x => x.Id);
    }

    /// <summary>The hits of a proposal with the matches that were seen.</summary>
    public static IReadOnlyList<SeenHit> HitsOf(ProposalRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return [.. row.Seen.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split(':')).Select(x => new SeenHit(long.Parse(x[0], CultureInfo.InvariantCulture), HitState.New, long.Parse(x[1], CultureInfo.InvariantCulture)))];
    }

    /// <summary>Writes a proposal of those of the hits that are undecided and show the match that was seen, and names the others. A person proposes, no key: whoever holds one could approve it themselves.</summary>
    /// <param name="name">What people call the hits; null: so many chosen ones.</param>
    internal static async Task<VerbOutcome<ManyDecided>> ProposeAsync(
        VerbContext context, GroupKind by, string key, string? name, IReadOnlyList<SeenHit> hits, HitDecision decision, string? note, RejectReason? reason, CancellationToken cancellationToken)
    {
        if (new HitDecisions(decision, note, reason).Problem() is { } problem) return VerbOutcome.Refused<ManyDecided>(Refusal.Invalid, problem);
        if (!context.IsPerson) return VerbOutcome.Refused<ManyDecided>(Refusal.Conflict, "So many hits wait for a second person, and a person who is signed in proposes them, not a key.");
        Dictionary<long, long?> matches = hits.GroupBy(x => x.Id).ToDictionary(x => x.Key, x => x.First().SeenMatchId);
        long[] ids = [.. matches.Keys];
        Dictionary<long, HitRow> found = await context.Db.Hits.AsNoTracking().Where(x => EF.Parameter(ids).Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken);
        RefusedHit[] dropped = [.. ids.Order().Select(id => Objection(id, found.GetValueOrDefault(id), matches[id])).OfType<RefusedHit>()];
        HitRow[] seen = [.. found.Values.Where(x => dropped.All(d => d.Id != x.Id)).OrderBy(x => x.Id)];
        if (seen.Length == 0) return VerbOutcome.Refused<ManyDecided>(Refusal.Conflict, dropped.FirstOrDefault(x => found.GetValueOrDefault(x.Id)?.State == HitState.New)?.Detail ?? "There is no undecided hit left in the group.");
        if (by != GroupKind.Chosen && await context.Db.Proposals.Where(x => x.State == ProposalState.Open && x.By == by && x.Key == key).Select(x => (long?)x.Id).FirstOrDefaultAsync(cancellationToken) is { } open)
            return VerbOutcome.Refused<ManyDecided>(Refusal.Conflict, $"Proposal {open} for the same hits waits for a second person already.");
        var row = new ProposalRow
        {
            By = by, Key = key, Name = name ?? string.Create(CultureInfo.InvariantCulture, $"{seen.Length} chosen hits"), To = HitDecisions.StateAfter(decision), Reason = reason, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(), Hits = seen.Length,
            Seen = string.Join(',', seen.Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Id}:{x.MatchId}"))), ProposedBy = context.Actor, ProposedAt = context.Clock.GetUtcNow(),
        };
        context.Db.Proposals.Add(row);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        await context.Db.SaveChangesAsync(cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.DecisionProposed, AuditSubject.Proposal(row.Id), Told(row)), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(new ManyDecided(null, row) { Dropped = dropped });
    }

    /// <summary>Why a hit is not proposed; null: it is.</summary>
    private static RefusedHit? Objection(long id, HitRow? hit, long? seenMatch)
    {
        if (hit is null) return RefusedHit.Missing(id);
        return hit.State == HitState.New ? RefusedHit.Changed(hit, seenMatch) : RefusedHit.Decided(hit);
    }

    internal static string Told(ProposalRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Hits} hits of {row.Name} → {row.To}");
}

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

    /// <summary>Writes a proposal of those of the hits that are undecided and show the match that was seen.</summary>
    internal static async Task<VerbOutcome<ManyDecided>> ProposeAsync(
        VerbContext context, GroupKind by, string key, string name, IReadOnlyList<SeenHit> hits, HitDecision decision, string? note, RejectReason? reason, CancellationToken cancellationToken)
    {
        if (new HitDecisions(decision, note, reason).Problem() is { } problem) return VerbOutcome.Refused<ManyDecided>(Refusal.Invalid, problem);
        Dictionary<long, long?> matches = hits.GroupBy(x => x.Id).ToDictionary(x => x.Key, x => x.First().SeenMatchId);
        long[] ids = [.. matches.Keys];
        var undecided = await context.Db.Hits.Where(x => EF.Parameter(ids).Contains(x.Id) && x.State == HitState.New).OrderBy(x => x.Id).Select(x => new { x.Id, x.MatchId }).ToListAsync(cancellationToken);
        var seen = undecided.Where(x => matches[x.Id] is not { } match || match == x.MatchId).ToList();
        if (seen.Count == 0) return VerbOutcome.Refused<ManyDecided>(Refusal.Conflict, undecided.Count == 0 ? "There is no undecided hit left in the group." : $"Hit {undecided[0].Id} was found again in the meantime and shows another match. Look at it before you decide.");
        if (by != GroupKind.Chosen && await context.Db.Proposals.Where(x => x.State == ProposalState.Open && x.By == by && x.Key == key).Select(x => (long?)x.Id).FirstOrDefaultAsync(cancellationToken) is { } open)
            return VerbOutcome.Refused<ManyDecided>(Refusal.Conflict, $"Proposal {open} for the same hits waits for a second person already.");
        var row = new ProposalRow
        {
            By = by, Key = key, Name = name, To = HitDecisions.StateAfter(decision), Reason = reason, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(), Hits = seen.Count,
            Seen = string.Join(',', seen.Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Id}:{x.MatchId}"))), ProposedBy = context.Actor, ProposedAt = context.Clock.GetUtcNow(),
        };
        context.Db.Proposals.Add(row);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        await context.Db.SaveChangesAsync(cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.DecisionProposed, AuditSubject.Proposal(row.Id), Told(row)), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(new ManyDecided(null, row));
    }

    internal static string Told(ProposalRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Hits} hits of {row.Name} → {row.To}");
}

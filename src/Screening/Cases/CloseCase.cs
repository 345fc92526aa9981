using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;

namespace Touchstone.Screening.Cases;

/// <summary>How a case ended; kept by name in <see cref="CaseRow.Outcome"/>.</summary>
public enum CaseOutcome
{
    /// <summary>The offers were taken off line.</summary>
    OffersRemoved,

    /// <summary>The product was taken off the market or recalled.</summary>
    ProductWithdrawn,

    /// <summary>Another authority or the right holder goes on with it.</summary>
    Referred,

    /// <summary>Nothing here breaks a rule.</summary>
    NoViolation,

    /// <summary>It is left alone; the reason says why.</summary>
    NotPursued,

    /// <summary>It goes on in another case (see <see cref="MergeCases"/>).</summary>
    Merged,
}

/// <summary>Ends a case. What acted on a match needs a confirmed hit; "no violation" bears none. Its deadlines end with it; offers that were removed are watched for from then on.</summary>
/// <param name="Reason">For people; kept in the case's history.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record CloseCase(long CaseId, CaseOutcome Outcome, string? Reason = null, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(Outcome) || Outcome == CaseOutcome.Merged) return CaseHistory.Invalid($"A case is not closed as {Outcome}.");
        if (CaseText.Problem("The reason", Reason, CaseText.LongestNote, required: Outcome == CaseOutcome.NotPursued) is { } problem) return CaseHistory.Invalid(problem);
        await using IDbContextTransaction? transaction = await CaseHistory.BeginAsync(context, cancellationToken);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (found.State == CaseState.Closed) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is already closed as {found.Outcome}.");
        if (CaseTransitions.Find(found.State, CaseState.Closed) is not { } way) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is {found.State.Said()}; it cannot become {CaseState.Closed}.");
        if (await ContradictionAsync(context, cancellationToken) is { } contradiction) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, contradiction);

        found.State = CaseState.Closed;
        found.Outcome = Outcome.ToString();
        found.ClosedAt = context.Clock.GetUtcNow();
        (found.ClaimedBy, found.ClaimedUntil) = (null, null);
        string text = string.IsNullOrWhiteSpace(Reason) ? $"Closed as {Outcome}" : $"Closed as {Outcome}: {Reason}";
        CaseHistory.Add(context, found, way.Event, text);
        await CaseClocks.StopAllAsync(context, found, cancellationToken);
        outcome = await CaseHistory.SaveAsync(context, found, way.Action, text, cancellationToken);
        if (!outcome.Done) return outcome;
        if (Outcome == CaseOutcome.OffersRemoved) await StartWatch.OfCaseAsync(context, CaseId, $"Case {CaseId}: {text}", cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    private async Task<string?> ContradictionAsync(VerbContext context, CancellationToken cancellationToken)
    {
        bool confirmed = await context.Db.Hits.AnyAsync(x => x.CaseId == CaseId && x.State == HitState.Confirmed, cancellationToken);
        return Outcome switch
        {
            CaseOutcome.NoViolation when confirmed => $"Case {CaseId} has a confirmed hit; reject it first, or choose another outcome.",
            CaseOutcome.OffersRemoved or CaseOutcome.ProductWithdrawn or CaseOutcome.Referred when !confirmed =>
                $"Case {CaseId} has no confirmed hit; confirm one before closing it as {Outcome}.",
            _ => null,
        };
    }
}

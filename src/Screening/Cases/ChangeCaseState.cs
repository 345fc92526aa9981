using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Moves a case on, or reopens it. Closing has its own verb, because it needs an outcome.</summary>
/// <param name="Reason">Why; kept in the case's history.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record ChangeCaseState(long CaseId, CaseState To, string Reason, long? Version = null)
{
    /// <summary>Whether a case may go from one state to the other. From closed it only goes back to open.</summary>
    public static bool Allows(CaseState from, CaseState to) => (from, to) switch
    {
        (CaseState.Closed, CaseState.Open) => true,
        (CaseState.Closed, _) or (_, CaseState.Closed) => false,
        _ => from != to,
    };

    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(To)) return CaseHistory.Invalid($"{To} is no state of a case; there are {string.Join(", ", Enum.GetNames<CaseState>())}.");
        if (To == CaseState.Closed) return CaseHistory.Invalid("A case is closed with an outcome: close it instead.");
        if (CaseText.Problem("The reason", Reason, CaseText.LongestNote, required: true) is { } problem) return CaseHistory.Invalid(problem);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (!Allows(found.State, To)) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is {found.State}; it cannot become {To}.");
        if (found.Outcome == nameof(CaseOutcome.Merged)) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} was merged into another; work on that one.");

        string text = $"{found.State} → {To}: {Reason}";
        if (found.State == CaseState.Closed)
        {
            found.ClosedAt = null;
            found.Outcome = null;
        }
        found.State = To;
        CaseHistory.Add(context, found, CaseEventKind.StateChanged, text);
        return await CaseHistory.SaveAsync(context, found, AuditAction.CaseStateChanged, text, cancellationToken);
    }
}

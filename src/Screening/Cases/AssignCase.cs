using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Gives a case to an account.</summary>
/// <param name="To">The account's name; null: to nobody.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record AssignCase(long CaseId, string? To, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The account's name", To, CaseText.LongestTitle, required: false) is { } problem) return CaseHistory.Invalid(problem);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (found.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        string? to = string.IsNullOrWhiteSpace(To) ? null : To.Trim();
        if (found.AssignedTo == to) return outcome;
        string text = $"{found.AssignedTo ?? "nobody"} → {to ?? "nobody"}";
        found.AssignedTo = to;
        CaseHistory.Add(context, found, CaseEventKind.Assigned, text);
        return await CaseHistory.SaveAsync(context, found, AuditAction.CaseAssigned, text, cancellationToken);
    }
}

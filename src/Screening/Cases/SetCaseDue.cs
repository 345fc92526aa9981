using System.Globalization;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Says when a case needs attention again.</summary>
/// <param name="DueAt">Null: at no set time. May be past: the case is then overdue at once.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record SetCaseDue(long CaseId, DateTimeOffset? DueAt, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (found.State == CaseState.Closed) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        if (found.DueAt == DueAt) return outcome;
        string text = DueAt is { } due ? due.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "no date";
        found.DueAt = DueAt;
        CaseHistory.Add(context, found, CaseEventKind.DueSet, text);
        return await CaseHistory.SaveAsync(context, found, AuditAction.CaseDueSet, text, cancellationToken);
    }
}

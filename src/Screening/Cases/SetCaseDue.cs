using System.Globalization;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Says when a case needs attention again.</summary>
/// <param name="DueAt">Null: at no set time. Not before today (UTC): a case is not made overdue.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record SetCaseDue(long CaseId, DateTimeOffset? DueAt, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (found.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        if (found.DueAt == DueAt) return outcome;
        if (Problem(DueAt, context.Clock) is { } problem) return CaseHistory.Invalid(problem);
        string text = DueAt is { } due ? due.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "no date";
        found.DueAt = DueAt;
        CaseHistory.Add(context, found, CaseEventKind.DueSet, text);
        return await CaseHistory.SaveAsync(context, found, AuditAction.CaseDueSet, text, cancellationToken);
    }

    /// <summary>A sentence saying why a case cannot be due then, or null if it can.</summary>
    internal static string? Problem(DateTimeOffset? dueAt, TimeProvider clock) =>
        dueAt is { } due && due.UtcDateTime.Date < clock.GetUtcNow().UtcDateTime.Date ? string.Create(CultureInfo.InvariantCulture, $"The case cannot be due on {due.UtcDateTime:yyyy-MM-dd}, which is past.") : null;
}

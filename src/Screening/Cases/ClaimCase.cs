using System.Globalization;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>How long a case stays with whoever claims it.</summary>
public static class CaseClaim
{
    /// <summary>After so many minutes it is free again, or sooner if it is released.</summary>
    public const int Minutes = 60;

    /// <summary>Why a person may not take the case now: another one holds it. Null where nobody else does.</summary>
    public static string? HeldFrom(CaseRow row, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.ClaimedBy is { } other && other != actor && row.ClaimedUntil > now
            ? string.Create(CultureInfo.InvariantCulture, $"Case {row.Id} is taken by {other}, until {row.ClaimedUntil.Value.UtcDateTime:HH:mm} UTC or until they release it.")
            : null;
    }
}

/// <summary>Takes a case for a person, so that nobody else begins on it; again, the time begins anew. It does not give the case to the person for good, and keeps nobody from changing it.</summary>
/// <param name="Release">Gives it free instead; only whoever holds it does.</param>
public sealed record ClaimCase(long CaseId, bool Release = false)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, null, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        DateTimeOffset now = context.Clock.GetUtcNow();
        if (found.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        if (CaseClaim.HeldFrom(found, context.Actor, now) is { } held) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, held);
        if (Release && found.ClaimedBy is null) return outcome;
        string text = Release ? "released" : $"for {CaseClaim.Minutes} minutes";
        found.ClaimedBy = Release ? null : context.Actor;
        found.ClaimedUntil = Release ? null : now.AddMinutes(CaseClaim.Minutes);
        CaseHistory.Add(context, found, CaseEventKind.Claimed, text);
        return await CaseHistory.SaveAsync(context, found, AuditAction.CaseClaimed, text, cancellationToken);
    }
}

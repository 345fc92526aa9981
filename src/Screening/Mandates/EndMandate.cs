using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Mandates;

/// <summary>Ends a mandate before it expires. It stays in the list: fetches name it.</summary>
/// <param name="Reason">At most 500 characters; null: none is given.</param>
public sealed record EndMandate(long MandateId, string? Reason)
{
    private const int LongestReason = 500;

    public async Task<VerbOutcome<MandateRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Reason?.Contains('\0', StringComparison.Ordinal) == true) return VerbOutcome.Refused<MandateRow>(Refusal.Invalid, "The reason holds a NUL character.");
        if (Reason?.Trim().Length > LongestReason) return VerbOutcome.Refused<MandateRow>(Refusal.Invalid, $"The reason has more than {LongestReason} characters.");
        MandateRow? row = await context.Db.Mandates.SingleOrDefaultAsync(x => x.Id == MandateId, cancellationToken);
        if (row is null) return VerbOutcome.Refused<MandateRow>(Refusal.NotFound, $"There is no mandate {MandateId}.");
        DateTimeOffset now = context.Clock.GetUtcNow();
        if (row.EndedAt is not null || row.Expires <= now) return VerbOutcome.Refused<MandateRow>(Refusal.Conflict, $"The mandate {MandateId} holds no longer.");
        (row.EndedAt, row.EndedBy, row.EndReason) = (now, context.Actor, string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim());
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.MandateEnded, AuditSubject.Mandate(row.Id), row.EndReason is null ? row.Host : $"{row.Host}: {row.EndReason}"), cancellationToken);
        return VerbOutcome.Done(row);
    }
}

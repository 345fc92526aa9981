using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Puts a retired reference into force again: it matches as before, on every node.</summary>
/// <param name="Reason">For people; 1 to 2,000 characters.</param>
public sealed record RestoreReference(long ReferenceId, string Reason)
{
    public async Task<VerbOutcome<ReferenceRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > RetireReference.LongestReason)
            return VerbOutcome.Refused<ReferenceRow>(Refusal.Invalid, $"A reason has 1 to {RetireReference.LongestReason} characters.");
        ReferenceRow? row = await context.Db.References.FirstOrDefaultAsync(x => x.Id == ReferenceId, cancellationToken);
        if (row is null) return VerbOutcome.Refused<ReferenceRow>(Refusal.NotFound, $"There is no reference {ReferenceId}.");
        if (row.RetiredAt is null) return VerbOutcome.Refused<ReferenceRow>(Refusal.Conflict, $"“{row.Title}” is in force.");

        row.RetiredAt = null;
        row.RetiredReason = null;
        row.UpdatedAt = context.Clock.GetUtcNow();
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "reference.restored", $"reference/{ReferenceId}", ReferenceText.Storable(Reason.Trim())), cancellationToken);
        return VerbOutcome.Done(row);
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Takes a reference out of force: it matches nothing any more, and stays with its history. Later imports do not bring it back.</summary>
/// <param name="Reason">For people; 1 to 2,000 characters.</param>
public sealed record RetireReference(long ReferenceId, string Reason)
{
    internal const int LongestReason = 2000;

    public async Task<VerbOutcome<ReferenceRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > LongestReason)
            return VerbOutcome.Refused<ReferenceRow>(Refusal.Invalid, $"A reason has 1 to {LongestReason} characters.");
        ReferenceRow? row = await context.Db.References.FirstOrDefaultAsync(x => x.Id == ReferenceId, cancellationToken);
        if (row is null) return VerbOutcome.Refused<ReferenceRow>(Refusal.NotFound, $"There is no reference {ReferenceId}.");
        if (row.RetiredAt is { } since) return VerbOutcome.Refused<ReferenceRow>(Refusal.Conflict, $"“{row.Title}” is retired since {since:yyyy-MM-dd}.");

        row.RetiredAt = context.Clock.GetUtcNow();
        row.RetiredReason = ReferenceText.Storable(Reason.Trim());
        row.UpdatedAt = context.Clock.GetUtcNow();
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "reference.retired", $"reference/{ReferenceId}", row.RetiredReason), cancellationToken);
        return VerbOutcome.Done(row);
    }
}

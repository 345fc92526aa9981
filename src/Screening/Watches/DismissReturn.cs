using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>A person says that what was taken for a return is none. The hit that it gave stays, to be decided.</summary>
/// <param name="Reason">For people; 1 to 2,000 characters.</param>
public sealed record DismissReturn(long ReturnId, string Reason)
{
    public async Task<VerbOutcome<ReturnRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (WatchText.Problem(Reason) is { } problem) return VerbOutcome.Refused<ReturnRow>(Refusal.Invalid, problem);
        ReturnRow? found = await context.Db.Returns.FirstOrDefaultAsync(r => r.Id == ReturnId, cancellationToken);
        if (found is null) return VerbOutcome.Refused<ReturnRow>(Refusal.NotFound, $"There is no return {ReturnId}.");
        if (found.DismissedAt is not null) return VerbOutcome.Refused<ReturnRow>(Refusal.Conflict, $"{found.DismissedBy} said already that return {ReturnId} is none.");
        long hit = await context.Db.Watches.Where(w => w.Id == found.WatchId).Select(w => w.HitId).SingleAsync(cancellationToken);
        (found.DismissedAt, found.DismissedBy, found.DismissedBecause) = (context.Clock.GetUtcNow(), context.Actor, Reason.Trim());
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.ReturnDismissed, AuditSubject.Hit(hit), Reason.Trim()), cancellationToken);
        return VerbOutcome.Done(found);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Ends a watch: what is seen from now on is not compared with it. Its returns stay.</summary>
/// <param name="Reason">For people; 1 to 2,000 characters.</param>
public sealed record EndWatch(long WatchId, string Reason)
{
    public async Task<VerbOutcome<WatchRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (WatchText.Problem(Reason) is { } problem) return VerbOutcome.Refused<WatchRow>(Refusal.Invalid, problem);
        await using IDbContextTransaction? transaction = context.Db.Database.CurrentTransaction is null ? await context.Db.Database.BeginTransactionAsync(cancellationToken) : null;
        WatchRow? watch = await context.Db.Watches.Include(w => w.Pictures).FirstOrDefaultAsync(w => w.Id == WatchId, cancellationToken);
        if (watch is null) return VerbOutcome.Refused<WatchRow>(Refusal.NotFound, $"There is no watch {WatchId}.");
        if (watch.EndedAt is not null) return VerbOutcome.Refused<WatchRow>(Refusal.Conflict, $"Watch {WatchId} has ended already.");
        await PutAsync(context, watch, Reason.Trim(), cancellationToken);
        await context.Db.SaveChangesAsync(cancellationToken);
        await CaseEvents.TellAsync(context, watch.HitId, CaseEvents.WatchEnded, $"Hit {watch.HitId}: {Reason.Trim()}", cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.WatchEnded, AuditSubject.Hit(watch.HitId), Reason.Trim()), cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(watch);
    }

    /// <summary>Notes the end with the watch, which the caller saves.</summary>
    /// <param name="watch">With its pictures.</param>
    internal static async Task PutAsync(VerbContext context, WatchRow watch, string because, CancellationToken cancellationToken)
    {
        (watch.EndedAt, watch.EndedBy, watch.EndedBecause) = (context.Clock.GetUtcNow(), context.Actor, because);
        long number = await WatchNumbers.TakeAsync(context.Db, watch.Pictures.Count, cancellationToken);
        foreach (WatchPictureRow picture in watch.Pictures) picture.Number = number++;
    }
}

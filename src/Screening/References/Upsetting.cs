using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Marks a reference as one whose pictures, and those that match them, are blurred until somebody wants to see them; or takes the mark away.</summary>
public sealed record MarkUpsetting(long ReferenceId, bool Upsetting)
{
    public async Task<VerbOutcome<ReferenceRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        ReferenceRow? reference = await context.Db.References.AsNoTracking().FirstOrDefaultAsync(x => x.Id == ReferenceId, cancellationToken);
        if (reference is null) return VerbOutcome.Refused<ReferenceRow>(Refusal.NotFound, $"There is no reference {ReferenceId}.");
        UpsettingRow? mark = await context.Db.Upsetting.FirstOrDefaultAsync(x => x.ReferenceId == ReferenceId, cancellationToken);
        if (mark is not null == Upsetting) return VerbOutcome.Done(reference);
        if (mark is null) context.Db.Upsetting.Add(new UpsettingRow { ReferenceId = ReferenceId, MarkedBy = context.Actor, MarkedAt = context.Clock.GetUtcNow() });
        else context.Db.Upsetting.Remove(mark);
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, Upsetting ? AuditAction.ReferenceBlurred : AuditAction.ReferenceShown, $"reference/{ReferenceId}"), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody else did the same at the same moment.
            context.Db.ChangeTracker.Clear();
        }
        return VerbOutcome.Done(reference);
    }
}

/// <summary>Which pictures an account wants blurred. It is the account's own affair: the audit log does not tell of it.</summary>
public static class BlurPreference
{
    public static async Task<Blurring> ReadAsync(TouchstoneDb db, string account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.ViewPreferences.Where(x => x.Account == account).Select(x => (Blurring?)x.Blur).FirstOrDefaultAsync(cancellationToken) ?? Blurring.Marked;
    }

    public static async Task SetAsync(TouchstoneDb db, string account, Blurring blur, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (await db.ViewPreferences.Where(x => x.Account == account).ExecuteUpdateAsync(x => x.SetProperty(p => p.Blur, blur), cancellationToken) > 0) return;
        db.ViewPreferences.Add(new ViewPreferenceRow { Account = account, Blur = blur });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another window of the same person was first.
            db.ChangeTracker.Clear();
            await db.ViewPreferences.Where(x => x.Account == account).ExecuteUpdateAsync(x => x.SetProperty(p => p.Blur, blur), cancellationToken);
        }
    }
}

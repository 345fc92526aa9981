using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Audit;

namespace Touchstone.Screening.Calibration;

/// <summary>
/// Makes the profile that a preview proposed the one in use. Every version is kept, so that <see cref="UndoProfile"/> finds its way back.
/// </summary>
/// <param name="ModelId">The model whose profile is meant.</param>
/// <param name="ProposedId">The id of the previewed profile: it names the content, so that what is applied is what was seen.</param>
public sealed record ApplyProfile(string ModelId, string ProposedId)
{
    public async Task<VerbOutcome<CalibrationProfile>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        if (await VerdictLearning.PreviewAsync(context.Db, ModelId, cancellationToken) is not { } preview)
            return VerbOutcome.Refused<CalibrationProfile>(Refusal.NotFound, $"No profile fits the model {ModelId}, so there is none to adjust.");
        if (preview.Proposed.Id != ProposedId)
            return VerbOutcome.Refused<CalibrationProfile>(Refusal.Conflict, $"The verdicts changed since the preview: they propose {preview.Proposed.Id} by now, not {ProposedId}. Look at it again.");
        if (!preview.Changes) return VerbOutcome.Refused<CalibrationProfile>(Refusal.Conflict, "The verdicts change nothing, or are too few.");

        await CalibrationProfiles.ActivateAsync(context.Db, preview.Proposed, context.Clock.GetUtcNow(), cancellationToken);
        string detail = $"{preview.ProfileId} → {preview.Proposed.Id}; verdicts: {preview.Relations.Sum(r => r.Confirmed)} confirmed, {preview.Relations.Sum(r => r.Rejected)} rejected";
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.ProfileApplied, AuditSubject.Profile(preview.Proposed.Id), detail), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(preview.Proposed);
    }
}

/// <summary>Takes the adjusted profile back: the one that it was made from is in use again. The adjusted one stays stored.</summary>
/// <param name="ProfileId">The profile that the person saw in use.</param>
public sealed record UndoProfile(string ModelId, string ProfileId)
{
    public async Task<VerbOutcome<CalibrationProfile>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        CalibrationProfile? active = await CalibrationProfiles.ActiveAsync(context.Db, ModelId, cancellationToken);
        if (active?.Id != ProfileId) return VerbOutcome.Refused<CalibrationProfile>(Refusal.Conflict, $"The profile in use is {active?.Id ?? "none"}, not {ProfileId}. Look at it again.");
        if (active.BasedOn is not { } before) return VerbOutcome.Refused<CalibrationProfile>(Refusal.Conflict, $"{active.Id} was not adjusted by verdicts; there is nothing to take back.");

        await context.Db.CalibrationProfiles.Where(p => p.ModelId == ModelId).ExecuteUpdateAsync(p => p.SetProperty(x => x.Active, x => x.Id == before), cancellationToken);
        CalibrationProfile? now = await CalibrationProfiles.ActiveAsync(context.Db, ModelId, cancellationToken);
        if (now is null) return VerbOutcome.Refused<CalibrationProfile>(Refusal.Conflict, $"{before} is neither stored nor shipped any more; without it no profile fits {ModelId}.");
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.ProfileUndone, AuditSubject.Profile(active.Id), $"{active.Id} → {now.Id}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(now);
    }
}

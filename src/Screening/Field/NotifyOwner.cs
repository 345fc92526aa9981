using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Field;

/// <summary>The message that waits for delivery, or was delivered.</summary>
/// <param name="Already">The owner had been notified of this match before; nothing new was sent.</param>
public sealed record OwnerNotification(OutboxRow Message, bool Already);

/// <summary>The message as it would be sent.</summary>
public sealed record OwnerMessage(OutboxMessage Message, Probability Probability);

/// <summary>
/// Tells the right holder by e-mail that a field photo matches their reference. The message waits in the outbox from the moment that this
/// verb is done; one capture and reference give one message, however often it is asked for.
/// </summary>
/// <param name="Note">The officer's words to the owner; null: none.</param>
public sealed record NotifyOwner(long CaptureId, long ReferenceId, string? Note = null)
{
    private const int LongestNote = 4000;

    /// <summary>Names the message in the outbox.</summary>
    public string Key => $"capture/{CaptureId}/reference/{ReferenceId}/owner";

    public async Task<VerbOutcome<OwnerNotification>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (await context.Db.Outbox.AsNoTracking().FirstOrDefaultAsync(x => x.Key == Key, cancellationToken) is { } sent) return VerbOutcome.Done(new OwnerNotification(sent, Already: true));
        VerbOutcome<OwnerMessage> written = await WriteAsync(context, cancellationToken);
        if (!written.Done) return Refused(written.Refusal!.Value, written.Detail!);
        OutboxMessage message = written.Value!.Message;
        OutboxRow queued = await Outbox.EnqueueAsync(context.Db, message, context.Clock, cancellationToken);
        if (context.Db.Entry(queued).State != EntityState.Added) return VerbOutcome.Done(new OwnerNotification(queued, Already: true));
        var entry = new AuditEntry(context.Actor, AuditAction.OwnerNotified, AuditSubject.Capture(CaptureId), $"reference {ReferenceId}, {message.Recipient}, {written.Value.Probability}");
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, entry, cancellationToken);
            return VerbOutcome.Done(new OwnerNotification(queued, Already: false));
        }
        catch (DbUpdateException)
        {
            // Two taps at once: the other one's message is this one's.
            context.Db.ChangeTracker.Clear();
            if (await context.Db.Outbox.AsNoTracking().FirstOrDefaultAsync(x => x.Key == Key, cancellationToken) is { } other) return VerbOutcome.Done(new OwnerNotification(other, Already: true));
            throw;
        }
    }

    /// <summary>Writes the message and sends nothing, so that the officer reads it first.</summary>
    public async Task<VerbOutcome<OwnerMessage>> WriteAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Note?.Length > LongestNote || Note?.Contains('\0', StringComparison.Ordinal) == true)
            return Unwritten(Refusal.Invalid, $"The note has at most {LongestNote} characters and no NUL.");
        CaptureRow? capture = await context.Db.Captures.AsNoTracking().FirstOrDefaultAsync(x => x.Id == CaptureId, cancellationToken);
        if (capture is null) return Unwritten(Refusal.NotFound, $"There is no capture {CaptureId}.");
        ReferenceRow? reference = await context.Db.References.AsNoTracking().Include(x => x.Register).FirstOrDefaultAsync(x => x.Id == ReferenceId, cancellationToken);
        if (reference is null) return Unwritten(Refusal.NotFound, $"There is no reference {ReferenceId}.");
        if (Objection(reference, context.Clock) is { } objection) return Unwritten(Refusal.Conflict, objection);
        MatchRow? match = await context.Db.Matches.AsNoTracking()
            .Where(x => x.Screening!.CaptureId == CaptureId && x.ReferenceId == ReferenceId)
            .OrderByDescending(x => x.Screening!.Id).ThenByDescending(x => x.Probability).FirstOrDefaultAsync(cancellationToken);
        if (match is null) return Unwritten(Refusal.Conflict, $"Capture {CaptureId} was not matched with reference {ReferenceId}; an owner is told of matches only.");

        return VerbOutcome.Done(new OwnerMessage(OwnerMail.Write(capture, reference, match, Note, Key), new Probability(match.Probability)));
    }

    private static string? Objection(ReferenceRow reference, TimeProvider clock)
    {
        if (reference.RetiredAt is not null) return $"“{reference.Title}” was retired: {reference.RetiredReason?.TrimEnd('.', ' ') ?? "no reason is kept"}.";
        if (Rights.Expiry(reference.Kind, reference.ExpiresOn, clock.Today()) is { } expiry) return $"“{reference.Title}” does not count: {expiry}.";
        if (string.IsNullOrWhiteSpace(reference.RightHolderContact)) return $"“{reference.Title}” names no contact of its right holder; add one to the register.";
        return EmailAddress.TryParse(reference.RightHolderContact) is null
            ? $"The contact of “{reference.Title}”, '{reference.RightHolderContact}', is no e-mail address."
            : null;
    }

    private static VerbOutcome<OwnerMessage> Unwritten(Refusal refusal, string detail) => VerbOutcome.Refused<OwnerMessage>(refusal, detail);

    private static VerbOutcome<OwnerNotification> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<OwnerNotification>(refusal, detail);
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Field;

/// <summary>
/// Keeps a field photo and who took it where. The phone names each photo itself, so that one sent again over a bad connection stays one
/// capture. What the photo shows, and its <see cref="ImageRow"/>, come with its screening.
/// </summary>
/// <param name="Photo">The picture as the camera wrote it, 1..<see cref="MostBytes"/> bytes; whether it is a picture is seen when it is screened.</param>
/// <param name="ClientKey">The phone's name for this photo, 1..200 characters.</param>
/// <param name="TakenAt">Null: now. A time in the future, by a wrong clock, becomes now.</param>
/// <param name="Thing">The client key of the first photo of the same thing, which came before; null: another thing.</param>
public sealed record RecordCapture(ReadOnlyMemory<byte> Photo, string ClientKey, string? Place = null, string? Note = null, DateTimeOffset? TakenAt = null, string? Thing = null)
{
    /// <summary>The most bytes of one photo: 32 MiB.</summary>
    public const int MostBytes = 32 << 20;

    /// <summary>The most photos of one thing.</summary>
    public const int MostPhotos = 6;

    private const int LongestKey = 200;
    private const int LongestPlace = 300;
    private const int LongestNote = 4000;

    /// <summary>Gives the capture, the earlier one where this photo was sent before.</summary>
    public async Task<VerbOutcome<CaptureRow>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (Problem() is { } problem) return VerbOutcome.Refused<CaptureRow>(Refusal.Invalid, problem);
        string sha256 = BlobName.Of(Photo.Span);
        if (await KnownAsync(context, sha256, cancellationToken) is { } known) return known;
        (long? thing, string? objection) = await ThingAsync(context, cancellationToken);
        if (objection is not null) return VerbOutcome.Refused<CaptureRow>(Refusal.Conflict, objection);

        await blobs.PutAsync(Photo, cancellationToken);
        DateTimeOffset now = context.Clock.GetUtcNow();
        var capture = new CaptureRow
        {
            ThingId = thing,
            ImageSha256 = sha256,
            TakenBy = context.Actor,
            TakenAt = TakenAt is { } taken && taken < now ? taken : now,
            Place = string.IsNullOrWhiteSpace(Place) ? null : Place.Trim(),
            Note = string.IsNullOrWhiteSpace(Note) ? null : Note.Trim(),
            ClientKey = ClientKey,
        };
        context.Db.Captures.Add(capture);
        try
        {
            await AuditLog.SaveAsync(context, AuditAction.CaptureRecorded, _ => AuditSubject.Capture(capture.Id), $"photo {sha256}", cancellationToken);
            return VerbOutcome.Done(capture);
        }
        catch (DbUpdateException)
        {
            // The same photo arrived twice at the same moment: the other one is as good as this one.
            context.Db.ChangeTracker.Clear();
            if (await KnownAsync(context, sha256, cancellationToken) is { } other) return other;
            throw;
        }
    }

    private async Task<VerbOutcome<CaptureRow>?> KnownAsync(VerbContext context, string sha256, CancellationToken cancellationToken)
    {
        CaptureRow? known = await context.Db.Captures.AsNoTracking().FirstOrDefaultAsync(x => x.ClientKey == ClientKey, cancellationToken);
        if (known is null) return null;
        return known.ImageSha256 == sha256 && known.TakenBy == context.Actor
            ? VerbOutcome.Done(known)
            : VerbOutcome.Refused<CaptureRow>(Refusal.Conflict, "Another photo, or another officer's, has this client key already; each photo has its own.");
    }

    private async Task<(long? Id, string? Objection)> ThingAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Thing) || Thing == ClientKey) return (null, null);
        CaptureRow? first = await context.Db.Captures.AsNoTracking().FirstOrDefaultAsync(x => x.ClientKey == Thing && x.TakenBy == context.Actor, cancellationToken);
        if (first is null) return (null, "The first photo of this thing has not arrived; send that one first.");
        long id = first.ThingId ?? first.Id;
        int photos = await context.Db.Captures.CountAsync(x => x.Id == id || x.ThingId == id, cancellationToken);
        return photos < MostPhotos ? (id, null) : (null, $"A thing has at most {MostPhotos} photos.");
    }

    private string? Problem()
    {
        if (Photo.Length is 0 or > MostBytes) return $"The photo has {Photo.Length} bytes; it has 1 to {MostBytes}.";
        if (string.IsNullOrWhiteSpace(ClientKey) || ClientKey.Length > LongestKey) return $"The client key has 1 to {LongestKey} characters.";
        if (Place?.Length > LongestPlace) return $"The place has {Place.Length} characters; at most {LongestPlace} are kept.";
        if (Note?.Length > LongestNote) return $"The note has {Note.Length} characters; at most {LongestNote} are kept.";
        return new[] { ClientKey, Place, Note }.Any(x => x?.Contains('\0', StringComparison.Ordinal) == true) ? "A text holds a NUL character." : null;
    }
}

using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Screenings;

/// <summary>
/// Keeps the gallery and the identifier lookup at the state of the registers: takes over references that changed, describes their
/// pictures where that was not done, drops what was retired. What the gallery already holds is not loaded. One refresh runs at a time; safe to
/// call from several threads.
/// </summary>
public sealed class GalleryFollower(
    IDbContextFactory<TouchstoneDb> databases,
    ReferenceGallery gallery,
    ReferenceTextReader texts,
    FeatureStore library,
    TimeProvider clock,
    ILogger<GalleryFollower> log) : IDisposable
{
    // A long import commits rows that carry earlier instants; this far back they are looked at again.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    // The facts of so many references, and the descriptions of so many pictures, are in memory at once.
    private const int ReferencesAtOnce = 500;
    private const int PicturesAtOnce = 64;

    private readonly SemaphoreSlim one = new(1, 1);
    private readonly RegisterChanges registers = new(databases);

    // Of each reference, how many of its pictures could not be described.
    private readonly ConcurrentDictionary<long, int> failed = new();

    // What was taken over at which state; only as far back as changes are looked for.
    private readonly Dictionary<long, DateTimeOffset> taken = [];
    private DateTimeOffset cursor = DateTimeOffset.UnixEpoch + Overlap;
    private DateTimeOffset? refreshedAt;
    private int pending;
    private volatile GalleryLoad? load;

    public GalleryStatus Status => new(gallery.Count, pending, failed.Values.Sum(), gallery.Generation, gallery.Fingerprint, gallery.ModelId, refreshedAt) { Texts = texts.Status, Load = load };

    /// <summary>Takes over every change that was committed before the call. Returns the number of references taken over.</summary>
    public async Task<int> RefreshAsync(IProgress<GalleryStatus>? progress, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyList<ReferenceChange> changes = [.. (await registers.SinceAsync(cursor - Overlap, cancellationToken)).Where(c => taken.GetValueOrDefault(c.Id) != c.UpdatedAt)];
            pending = changes.Count;
            await TakeAsync(changes, progress, cancellationToken);
            if (changes.Count > 0) Advance(changes.Max(c => c.UpdatedAt));
            refreshedAt = clock.GetUtcNow();
            pending = 0;
            load = null;
            progress?.Report(Status);
            return changes.Count;
        }
        finally
        {
            load = null;
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    /// <summary>First what the registers say of all of them, which is quick and tells how many pictures the gallery misses; then those.</summary>
    private async Task TakeAsync(IReadOnlyList<ReferenceChange> changes, IProgress<GalleryStatus>? progress, CancellationToken cancellationToken)
    {
        var wanting = new List<ReferenceChange>();
        int missing = 0;
        foreach (ReferenceChange[] part in changes.Chunk(ReferencesAtOnce))
        {
            IReadOnlyDictionary<long, RegisterReference> references = await registers.ReadAsync([.. part.Select(c => c.Id)], cancellationToken);
            foreach (ReferenceChange change in part)
            {
                int wants = TakeFacts(change.Id, references.GetValueOrDefault(change.Id));
                if (wants == 0) Taken(change, 0);
                else wanting.Add(change);
                missing += wants;
            }
        }
        if (missing == 0) return;
        long started = clock.GetTimestamp();
        load = new GalleryLoad(0, missing, TimeSpan.Zero);
        progress?.Report(Status);
        foreach (ReferenceChange[] part in wanting.Chunk(PicturesAtOnce)) await TakePicturesAsync(part, started, progress, cancellationToken);
    }

    /// <summary>Takes over what the register says of a reference, and drops the pictures that it has no more. Returns how many of its pictures the gallery misses.</summary>
    private int TakeFacts(long id, RegisterReference? reference)
    {
        IReadOnlyList<RegisterPicture> pictures = reference?.Pictures ?? [];
        foreach (GalleryImage gone in gallery.ImagesOf(id).Where(held => !pictures.Any(p => p.Id == held.ReferenceImageId)).ToList())
        {
            gallery.Remove(gone.ReferenceImageId);
            texts.Remove(gone.ReferenceImageId);
        }
        if (reference is null)
        {
            gallery.Identifiers.Remove(id);
            gallery.Texts.Remove(id);
            return 0;
        }
        gallery.Identifiers.Put(id, reference.Gtins, reference.Brand, reference.Models);
        gallery.Texts.Put(reference.Facts);
        int held = 0;
        foreach (RegisterPicture picture in pictures.Where(IsHeld))
        {
            texts.Put(picture.Id, picture.Sha256);
            held++;
        }
        return pictures.Count - held;
    }

    private async Task TakePicturesAsync(ReferenceChange[] changes, long started, IProgress<GalleryStatus>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegisterPicture> missing = [.. (await registers.PicturesAsync([.. changes.Select(c => c.Id)], cancellationToken)).Where(p => !IsHeld(p))];
        var undescribed = new List<RegisterPicture>();
        foreach (RegisterPicture[] part in missing.Chunk(PicturesAtOnce))
        {
            IReadOnlyDictionary<string, ReadOutcome> read = await library.ReadStoredAsync([.. part.Select(p => p.Sha256)], cancellationToken);
            foreach (RegisterPicture picture in part)
                if (!await TakePictureAsync(picture, read[picture.Sha256], cancellationToken)) undescribed.Add(picture);
            GalleryLoad before = load!;
            load = before with { Done = before.Done + part.Length, Elapsed = clock.GetElapsedTime(started) };
            progress?.Report(Status);
        }
        foreach (ReferenceChange change in changes) Taken(change, undescribed.Count(p => p.ReferenceId == change.Id));
    }

    /// <summary>Puts a picture into the gallery; false where it has no description, which is then said of it in the register.</summary>
    private async Task<bool> TakePictureAsync(RegisterPicture picture, ReadOutcome read, CancellationToken cancellationToken)
    {
        string? failure = library.ModelId == gallery.ModelId ? read.Failure : $"It is described by {library.ModelId}; the index holds {gallery.ModelId}.";
        if (failure != picture.Failure) await registers.NoteFailureAsync(picture.Id, failure, cancellationToken);
        if (failure is not null)
        {
            // What it showed before is no picture of the reference any more.
            gallery.Remove(picture.Id);
            texts.Remove(picture.Id);
            log.LogWarning("Reference picture {Image} of reference {Reference} is not searchable: {Failure}", picture.Id, picture.ReferenceId, failure);
            return false;
        }
        gallery.Put(new GalleryImage(picture.Id, picture.ReferenceId, picture.Kind, picture.Sha256), read.Image!);
        texts.Put(picture.Id, picture.Sha256);
        return true;
    }

    private bool IsHeld(RegisterPicture picture) => gallery.Contains(picture.Id, picture.Sha256);

    private void Taken(ReferenceChange change, int undescribed)
    {
        taken[change.Id] = change.UpdatedAt;
        if (undescribed > 0) failed[change.Id] = undescribed;
        else failed.TryRemove(change.Id, out _);
        pending--;
    }

    /// <summary>What is older than the overlap is not asked for again, and needs not be remembered.</summary>
    private void Advance(DateTimeOffset to)
    {
        cursor = to;
        foreach ((long id, DateTimeOffset at) in taken)
            if (at < cursor - Overlap) taken.Remove(id);
        taken.TrimExcess();
    }
}

using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Following;

/// <summary>What a node follows.</summary>
public sealed record FollowingOptions
{
    /// <summary>Whether what is printed in the references' pictures is followed; a node that answers only at the gate does not need it.</summary>
    public bool Texts { get; init; } = true;
}

/// <summary>
/// Keeps the gallery and what is known of the references at the state of the registers, by the numbers of their changes: takes over facts, descriptions and
/// texts that are stored, queues what is missing as jobs, and drops what was retired. What the gallery already holds is not loaded. A job that any node ends
/// is a change like others. One call works at a time; safe to call from several threads.
/// </summary>
public sealed class GalleryFollower : IDisposable
{
    // The facts of so many references, and the descriptions of so many pictures, are in memory at once.
    private const int ReferencesAtOnce = 500;
    private const int PicturesAtOnce = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly string Worker = $"{Environment.MachineName}/{Environment.ProcessId}";

    private readonly ReferenceGallery gallery;
    private readonly FeatureStore features;
    private readonly OcrStore texts;
    private readonly ImageJobs jobs;
    private readonly ImageJobRunner runner;
    private readonly FollowingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<GalleryFollower> log;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly RegisterChanges registers;
    private readonly FollowingProgress progress;

    // The pictures whose text is in use.
    private readonly ConcurrentDictionary<long, string> read = new();
    private long sequence;

    internal GalleryFollower(
        IDbContextFactory<TouchstoneDb> databases, ReferenceGallery gallery, FeatureStore features, OcrStore texts, ImageJobs jobs, ImageJobRunner runner, FollowingOptions options, TimeProvider clock, ILogger<GalleryFollower> log)
    {
        (this.gallery, this.features, this.texts, this.jobs, this.runner, this.options, this.clock, this.log) = (gallery, features, texts, jobs, runner, options, clock, log);
        registers = new RegisterChanges(databases);
        progress = new FollowingProgress(clock);
    }

    public GalleryStatus Status => new(gallery.Count, progress.Waiting, progress.Failed, Interlocked.Read(ref sequence), gallery.Fingerprint, gallery.ModelId, progress.FollowedAt)
    {
        Loaded = progress.Loaded,
        Fault = progress.Fault,
        Load = progress.Load,
        Texts = new ReferenceTextStatus(read.Count, progress.TextsWaiting, progress.TextsFailed),
    };

    /// <summary>Takes over every change that was committed before the call, as far as its pictures are described. Returns the number of references that changed.</summary>
    public async Task<int> FollowAsync(IProgress<GalleryStatus>? told, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyList<ReferenceChange> changes = await registers.SinceAsync(sequence, cancellationToken);
            await TakeAsync([.. changes.Select(c => c.Id)], told, cancellationToken);
            if (changes.Count > 0) Interlocked.Exchange(ref sequence, changes[^1].Number);
            progress.Followed();
            if (changes.Count > 0) told?.Report(Status);
            return changes.Count;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            progress.NotFollowed(e);
            throw;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Takes over every change that was committed before the call, and has what is missing described, here or by other nodes. Returns the number of changes.</summary>
    public Task<int> RefreshAsync(IProgress<GalleryStatus>? told, CancellationToken cancellationToken) => WorkAsync(ImageJobKind.Describe, () => progress.Waiting, told, cancellationToken);

    /// <summary>The same for what is printed in the references' pictures.</summary>
    public Task<int> ReadTextsAsync(IProgress<GalleryStatus>? told, CancellationToken cancellationToken) => WorkAsync(ImageJobKind.ReadText, () => progress.TextsWaiting, told, cancellationToken);

    public void Dispose() => one.Dispose();

    private async Task<int> WorkAsync(ImageJobKind kind, Func<int> waiting, IProgress<GalleryStatus>? told, CancellationToken cancellationToken)
    {
        int changes = 0;
        while (true)
        {
            changes += await FollowAsync(told, cancellationToken);
            if (waiting() == 0)
            {
                told?.Report(Status);
                return changes;
            }
            // Where there is none to take, another worker is at the last ones.
            if (await runner.RunSomeAsync(kind, Worker, cancellationToken) == 0) await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>First what the registers say of all of them, which is quick and tells how many pictures the gallery misses; then those; texts come last.</summary>
    private async Task TakeAsync(long[] changed, IProgress<GalleryStatus>? told, CancellationToken cancellationToken)
    {
        var wanting = new List<long>();
        foreach (long[] part in changed.Chunk(ReferencesAtOnce))
        {
            IReadOnlyDictionary<long, RegisterReference> references = await registers.ReadAsync(part, cancellationToken);
            foreach (long id in part)
            {
                int missing = TakeFacts(id, references.GetValueOrDefault(id));
                progress.Set(id, new Gaps(missing, 0, 0, 0));
                if (missing > 0) wanting.Add(id);
            }
        }
        if (wanting.Count > 0) told?.Report(Status);
        foreach (long[] part in wanting.Chunk(PicturesAtOnce))
        {
            await TakePicturesAsync(part, cancellationToken);
            told?.Report(Status);
        }
        progress.PicturesTaken();
        if (!options.Texts) return;
        foreach (long[] part in changed.Chunk(ReferencesAtOnce)) await TakeTextsAsync(part, cancellationToken);
    }

    /// <summary>Takes over what the register says of a reference, and drops the pictures that it has no more. Returns how many of its pictures the gallery misses.</summary>
    private int TakeFacts(long id, RegisterReference? reference)
    {
        IReadOnlyList<RegisterPicture> pictures = reference?.Pictures ?? [];
        foreach (GalleryImage gone in gallery.ImagesOf(id).Where(held => !pictures.Any(p => p.Id == held.ReferenceImageId)).ToList()) Drop(gone.ReferenceImageId);
        if (reference is null)
        {
            gallery.Identifiers.Remove(id);
            gallery.Texts.Remove(id);
            return 0;
        }
        gallery.Identifiers.Put(id, reference.Gtins, reference.Brand, reference.Models);
        gallery.Texts.Put(reference.Facts);
        return pictures.Count(p => !IsHeld(p));
    }

    /// <summary>Takes over the pictures of these references that are described, and queues the others.</summary>
    private async Task TakePicturesAsync(long[] ids, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegisterPicture> missing = [.. (await registers.PicturesAsync(ids, cancellationToken)).Where(p => !IsHeld(p))];
        List<long> waiting = [], failed = [];
        if (features.ModelId != gallery.ModelId)
        {
            foreach (RegisterPicture picture in missing) await NoteAsync(picture, $"It is described by {features.ModelId}; the index holds {gallery.ModelId}.", cancellationToken);
            failed.AddRange(missing.Select(p => p.ReferenceId));
            missing = [];
        }
        foreach (RegisterPicture[] part in missing.Chunk(PicturesAtOnce))
        {
            IReadOnlyDictionary<string, ReadOutcome> described = await features.FindReadAsync([.. part.Select(p => p.Sha256)], cancellationToken);
            string[] unread = [.. part.Select(p => p.Sha256).Where(s => !described.ContainsKey(s))];
            IReadOnlyDictionary<string, string> failures = await jobs.FailuresAsync(ImageJobKind.Describe, unread, cancellationToken);
            foreach (RegisterPicture picture in part)
            {
                string? failure = described.TryGetValue(picture.Sha256, out ReadOutcome? outcome) ? outcome.Failure : failures.GetValueOrDefault(picture.Sha256);
                if (outcome?.Image is not null) gallery.Put(new GalleryImage(picture.Id, picture.ReferenceId, picture.Kind, picture.Sha256), outcome.Image);
                else Drop(picture.Id); // what it showed before is no picture of the reference any more
                await NoteAsync(picture, failure, cancellationToken);
                if (failure is not null) failed.Add(picture.ReferenceId);
                else if (outcome is null) waiting.Add(picture.ReferenceId);
            }
            await jobs.QueueAsync(ImageJobKind.Describe, [.. unread.Where(s => !failures.ContainsKey(s))], cancellationToken);
        }
        foreach (long id in ids) progress.Set(id, new Gaps(waiting.Count(x => x == id), failed.Count(x => x == id), 0, 0));
    }

    /// <summary>Takes over the texts of the pictures of these references that are read, and queues the others.</summary>
    private async Task TakeTextsAsync(long[] ids, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegisterPicture> pictures = [.. (await registers.PicturesAsync(ids, cancellationToken)).Where(p => IsHeld(p) && read.GetValueOrDefault(p.Id) != p.Sha256)];
        if (pictures.Count == 0) return;
        IReadOnlyDictionary<string, OcrText> stored = await texts.FindUnkeptAsync([.. pictures.Select(p => p.Sha256)], cancellationToken);
        string[] unread = [.. pictures.Select(p => p.Sha256).Where(s => !stored.ContainsKey(s)).Distinct(StringComparer.Ordinal)];
        IReadOnlyDictionary<string, string> failures = await jobs.FailuresAsync(ImageJobKind.ReadText, unread, cancellationToken);
        foreach (RegisterPicture picture in pictures)
        {
            if (stored.TryGetValue(picture.Sha256, out OcrText? text))
            {
                gallery.Texts.PutImage(picture.Id, text);
                read[picture.Id] = picture.Sha256;
                continue;
            }
            DropText(picture.Id);
            if (failures.TryGetValue(picture.Sha256, out string? failure)) log.LogWarning("The text of reference picture {Image} could not be read: {Failure}", picture.Id, failure);
            progress.AddText(picture.ReferenceId, failure is not null);
        }
        await jobs.QueueAsync(ImageJobKind.ReadText, [.. unread.Where(s => !failures.ContainsKey(s))], cancellationToken);
    }

    private async Task NoteAsync(RegisterPicture picture, string? failure, CancellationToken cancellationToken)
    {
        if (failure == picture.Failure) return;
        await registers.NoteFailureAsync(picture.Id, failure, cancellationToken);
        if (failure is not null) log.LogWarning("Reference picture {Image} of reference {Reference} is not searchable: {Failure}", picture.Id, picture.ReferenceId, failure);
    }

    private void Drop(long referenceImageId)
    {
        gallery.Remove(referenceImageId);
        DropText(referenceImageId);
    }

    private void DropText(long referenceImageId)
    {
        if (read.TryRemove(referenceImageId, out _)) gallery.Texts.RemoveImage(referenceImageId);
    }

    private bool IsHeld(RegisterPicture picture) =>
        gallery.Find(picture.Id) is { } held && held.Sha256 == picture.Sha256 && held.Kind == picture.Kind && held.ReferenceId == picture.ReferenceId;
}

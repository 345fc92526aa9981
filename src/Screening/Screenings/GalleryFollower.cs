using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Screenings;

/// <summary>
/// Keeps the gallery and the identifier lookup at the state of the registers: takes over references that changed, describes their
/// pictures where that was not done, drops what was retired. One refresh runs at a time; safe to call from several threads.
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
    private const int Batch = 200;

    private readonly SemaphoreSlim one = new(1, 1);
    private readonly ConcurrentDictionary<long, DateTimeOffset> taken = new();
    private readonly ConcurrentDictionary<long, long[]> imagesOf = new();
    private readonly ConcurrentDictionary<long, string> failed = new();
    private DateTimeOffset cursor = DateTimeOffset.MinValue;
    private DateTimeOffset? refreshedAt;
    private int pending;

    public GalleryStatus Status
    {
        get
        {
            string? why = refreshedAt is null ? "The gallery is loading." : pending > 0 ? $"{pending} references wait to be described." : null;
            return new GalleryStatus(why is null, why, imagesOf.Count, gallery.Count, pending, failed.Count, gallery.Generation, gallery.Fingerprint, gallery.ModelId, refreshedAt) { Texts = texts.Status };
        }
    }

    /// <summary>Takes over every change that was committed before the call. Returns the number of references taken over.</summary>
    public async Task<int> RefreshAsync(IProgress<GalleryStatus>? progress, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            List<Change> changes = await ChangesAsync(cancellationToken);
            pending = changes.Count;
            foreach (Change[] part in changes.Chunk(Batch))
            {
                await TakeAsync([.. part.Select(c => c.Id)], progress, cancellationToken);
            }
            if (changes.Count > 0) cursor = changes.Max(c => c.UpdatedAt);
            refreshedAt = clock.GetUtcNow();
            pending = 0;
            progress?.Report(Status);
            return changes.Count;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<List<Change>> ChangesAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset from = cursor == DateTimeOffset.MinValue ? DateTimeOffset.UnixEpoch : cursor - Overlap;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<Change> rows = await db.References.Where(r => r.UpdatedAt >= from).OrderBy(r => r.UpdatedAt).Select(r => new Change(r.Id, r.UpdatedAt)).ToListAsync(cancellationToken);
        return [.. rows.Where(c => !taken.TryGetValue(c.Id, out DateTimeOffset at) || at != c.UpdatedAt)];
    }

    private async Task TakeAsync(long[] ids, IProgress<GalleryStatus>? progress, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<ReferenceRow> rows = await db.References.AsNoTracking().Include(r => r.Images).Include(r => r.Identifiers).AsSplitQuery().Where(r => ids.Contains(r.Id)).ToListAsync(cancellationToken);
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (row, token) =>
        {
            await TakeAsync(row, token);
            taken[row.Id] = row.UpdatedAt;
            Interlocked.Decrement(ref pending);
            progress?.Report(Status);
        });
    }

    private async Task TakeAsync(ReferenceRow row, CancellationToken cancellationToken)
    {
        if (row.RetiredAt is not null)
        {
            Drop(row.Id);
            return;
        }
        gallery.Identifiers.Put(
            row.Id,
            row.Identifiers.Where(i => i.Scheme == "Gtin" && i.Valid).Select(i => i.Value),
            row.Brand,
            row.Identifiers.Where(i => i.Scheme is "Model" or "Mpn").Select(i => i.Value).Append(row.Model ?? ""));
        gallery.Texts.Put(FactsOf(row));
        var present = new List<long>();
        foreach (ReferenceImageRow image in row.Images.Where(i => i.ImageSha256 is not null))
        {
            if (await TakeImageAsync(row, image, cancellationToken)) present.Add(image.Id);
        }
        foreach (long gone in imagesOf.GetValueOrDefault(row.Id, []).Except(present)) RemoveImage(gone);
        imagesOf[row.Id] = [.. present];
    }

    private async Task<bool> TakeImageAsync(ReferenceRow row, ReferenceImageRow image, CancellationToken cancellationToken)
    {
        string sha256 = image.ImageSha256!;
        texts.Put(image.Id, sha256);
        if (gallery.Contains(image.Id, sha256)) return true;
        ReadOutcome read = await library.ReadStoredAsync(sha256, cancellationToken);
        if (library.ModelId != gallery.ModelId) read = read with { Image = null, Failure = $"It is described by {library.ModelId}; the index holds {gallery.ModelId}." };
        if (read.Image is null)
        {
            failed[image.Id] = read.Failure!;
            texts.Remove(image.Id);
            log.LogWarning("Reference picture {Image} of reference {Reference} is not searchable: {Failure}", image.Id, row.Id, read.Failure);
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            await db.ReferenceImages.Where(i => i.Id == image.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.Failure, read.Failure), cancellationToken);
            return false;
        }
        failed.TryRemove(image.Id, out _);
        gallery.Put(new GalleryImage(image.Id, row.Id, row.Kind, sha256), read.Image);
        return true;
    }

    private void Drop(long referenceId)
    {
        gallery.Identifiers.Remove(referenceId);
        gallery.Texts.Remove(referenceId);
        if (!imagesOf.TryRemove(referenceId, out long[]? images)) return;
        foreach (long image in images) RemoveImage(image);
    }

    private void RemoveImage(long referenceImageId)
    {
        gallery.Remove(referenceImageId);
        texts.Remove(referenceImageId);
    }

    private static ReferenceFacts FactsOf(ReferenceRow row) => new(
        row.Id, row.Kind, row.Title, ReferenceText.Brands(row.Brand),
        ReferenceText.Distinct(row.Identifiers.Where(i => i.Scheme is "Model" or "Mpn").Select(i => i.Value).Concat(ReferenceText.Models(row.Model))),
        row.Category,
        [.. row.Identifiers.Where(i => i.Scheme == "Gtin" && i.Valid).Select(i => i.Value.PadLeft(14, '0'))]);

    private sealed record Change(long Id, DateTimeOffset UpdatedAt);
}

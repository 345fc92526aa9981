using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>A record on its way into the database, with its local pictures read.</summary>
/// <param name="Local">The bytes of the pictures that are files or inline, by the picture's key; null where a file is missing.</param>
internal sealed record IncomingReference(string Row, ParsedReference Reference, string Hash, IReadOnlyDictionary<string, byte[]?> Local);

/// <summary>What a record was.</summary>
internal enum UpsertResult { Added, Changed, Unchanged, Rejected }

/// <summary>A picture at a URL that is not stored yet.</summary>
internal sealed record PendingPicture(long PictureId, long ReferenceId, string Url, string? Failure);

/// <summary>What became of the records of a batch, in its order, and of their pictures.</summary>
internal sealed class BatchResult
{
    public List<(IncomingReference Incoming, UpsertResult Result, string? Reason)> Records { get; } = [];

    public List<PendingPicture> Pending { get; } = [];

    public int Stored { get; set; }

    public int AlreadyStored { get; set; }

    public List<string> Failures { get; } = [];

    public void Add(BatchResult other)
    {
        Records.AddRange(other.Records);
        Pending.AddRange(other.Pending);
        Stored += other.Stored;
        AlreadyStored += other.AlreadyStored;
        Failures.AddRange(other.Failures);
    }
}

/// <summary>
/// Writes records in one transaction a batch: all of it or nothing is in the database. If the database refuses a batch, its records are
/// written one by one, so that only the refused one is rejected. Safe for concurrent use, also by several processes on one register.
/// </summary>
internal sealed class ReferenceBatch(IDbContextFactory<TouchstoneDb> databases, ReferencePictures pictures, TimeProvider clock)
{
    public async Task<BatchResult> ApplyAsync(long registerId, IReadOnlyList<IncomingReference> batch, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(registerId, batch, cancellationToken);
        }
        catch (DbUpdateException) when (batch.Count > 1)
        {
            BatchResult all = new();
            foreach (IncomingReference one in batch) all.Add(await ApplyOneAsync(registerId, one, cancellationToken));
            return all;
        }
        catch (DbUpdateException) when (batch.Count == 1)
        {
            return await ApplyOneAsync(registerId, batch[0], cancellationToken);
        }
    }

    /// <summary>Notes what the downloads gave; the references whose pictures came move up.</summary>
    public async Task SaveDownloadsAsync(IReadOnlyList<(PendingPicture Picture, StoredPicture Outcome)> downloads, CancellationToken cancellationToken)
    {
        if (downloads.Count == 0) return;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Dictionary<long, (PendingPicture Picture, StoredPicture Outcome)> byId = downloads.ToDictionary(x => x.Picture.PictureId);
        long[] ids = [.. byId.Keys];
        List<ReferenceImageRow> rows = await db.ReferenceImages.Include(x => x.Reference).Where(x => ids.Contains(x.Id)).ToListAsync(cancellationToken);
        await AddImagesAsync(db, downloads.Select(x => x.Outcome.Image).OfType<ImageRow>(), cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        foreach (ReferenceImageRow row in rows)
        {
            StoredPicture outcome = byId[row.Id].Outcome;
            row.Failure = outcome.Failure;
            if (outcome.Image is not { } image) continue;
            row.ImageSha256 = image.Sha256;
            row.Reference!.UpdatedAt = now;
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<BatchResult> ApplyOneAsync(long registerId, IncomingReference one, CancellationToken cancellationToken)
    {
        // Another import may have written the same record between our look and our write: the second try sees it.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteAsync(registerId, [one], cancellationToken);
            }
            catch (DbUpdateException) when (attempt < 2)
            {
            }
            catch (DbUpdateException refused)
            {
                BatchResult result = new();
                result.Records.Add((one, UpsertResult.Rejected, $"The database refused the record: {(refused.InnerException ?? refused).Message}"));
                return result;
            }
        }
    }

    private async Task<BatchResult> WriteAsync(long registerId, IReadOnlyList<IncomingReference> batch, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        string[] ids = [.. batch.Select(x => x.Reference.ExternalId)];
        Dictionary<string, ReferenceRow> known = await db.References
            .Include(x => x.Images).Include(x => x.Identifiers).Include(x => x.Record).AsSplitQuery()
            .Where(x => x.RegisterId == registerId && ids.Contains(x.ExternalId))
            .ToDictionaryAsync(x => x.ExternalId, StringComparer.Ordinal, cancellationToken);
        BatchResult result = new();
        Dictionary<string, ImageRow> images = new(StringComparer.Ordinal);
        List<ReferenceImageRow> waiting = [];
        DateTimeOffset now = clock.GetUtcNow();
        foreach (IncomingReference incoming in batch)
        {
            UpsertResult written;
            if (!known.TryGetValue(incoming.Reference.ExternalId, out ReferenceRow? row))
            {
                row = ReferenceRows.New(registerId, incoming.Reference, incoming.Hash, now);
                db.References.Add(row);
                written = UpsertResult.Added;
            }
            else if (row.ContentHash != incoming.Hash)
            {
                ReferenceRows.Fill(row, incoming.Reference, incoming.Hash, now);
                written = UpsertResult.Changed;
            }
            else
            {
                written = UpsertResult.Unchanged;
            }
            result.Records.Add((incoming, written, null));
            if (written != UpsertResult.Unchanged) Arrange(row, incoming);
            if (await FillAsync(row, incoming, written == UpsertResult.Changed, images, waiting, result, cancellationToken)) row.UpdatedAt = now;
        }
        await AddImagesAsync(db, images.Values, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        result.Pending.AddRange(waiting.Select(x => new PendingPicture(x.Id, x.ReferenceId, x.SourceUrl!, x.Failure)));
        return result;
    }

    /// <summary>Makes the row's pictures those of the record: at the same place the same source keeps its picture.</summary>
    private static void Arrange(ReferenceRow row, IncomingReference incoming)
    {
        Dictionary<string, ReferenceImageRow> old = row.Images.GroupBy(x => x.SourceUrl ?? "", StringComparer.Ordinal).ToDictionary(x => x.Key, x => x.First(), StringComparer.Ordinal);
        List<ReferenceImageRow> kept = [];
        int position = 0;
        foreach (PictureSource source in incoming.Reference.Pictures)
        {
            string key = KeyOf(source);
            if (!old.Remove(key, out ReferenceImageRow? picture)) picture = new ReferenceImageRow { SourceUrl = key };
            picture.Position = position++;
            kept.Add(picture);
        }
        foreach (ReferenceImageRow gone in row.Images.Except(kept).ToList()) row.Images.Remove(gone);
        foreach (ReferenceImageRow picture in kept.Except(row.Images).ToList()) row.Images.Add(picture);
    }

    /// <summary>Stores what is at hand; returns whether the row got a picture that it had not.</summary>
    private async Task<bool> FillAsync(
        ReferenceRow row, IncomingReference incoming, bool changed, Dictionary<string, ImageRow> images, List<ReferenceImageRow> waiting, BatchResult result, CancellationToken cancellationToken)
    {
        bool moved = false;
        foreach (ReferenceImageRow picture in row.Images.OrderBy(x => x.Position))
        {
            bool local = incoming.Local.TryGetValue(picture.SourceUrl ?? "", out byte[]? bytes);
            // A file of a changed record may have changed itself; at a URL the picture that was fetched stays.
            if (picture.ImageSha256 is not null && !(local && changed && bytes is not null))
            {
                result.AlreadyStored++;
                continue;
            }
            if (!local)
            {
                waiting.Add(picture);
                continue;
            }
            StoredPicture stored = bytes is null ? new StoredPicture(null, "The file is missing, damaged, protected by a password, or too large") : await pictures.StoreLocalAsync(bytes, cancellationToken);
            picture.Failure = stored.Failure;
            if (stored.Image is not { } image)
            {
                result.Failures.Add(stored.Failure!);
                continue;
            }
            images.TryAdd(image.Sha256, image);
            if (picture.ImageSha256 == image.Sha256)
            {
                result.AlreadyStored++;
                continue;
            }
            picture.ImageSha256 = image.Sha256;
            result.Stored++;
            moved = true;
        }
        return moved;
    }

    /// <summary>The name under which a picture is found again: its URL, or its name in the import.</summary>
    public static string KeyOf(PictureSource source) => source switch
    {
        PictureSource.Web web => web.Url,
        PictureSource.File file => file.Path,
        PictureSource.Inline inline => inline.Name,
        _ => throw new ArgumentException($"There is no picture source {source.GetType().Name}.", nameof(source)),
    };

    private static async Task AddImagesAsync(TouchstoneDb db, IEnumerable<ImageRow> images, CancellationToken cancellationToken)
    {
        Dictionary<string, ImageRow> wanted = images.DistinctBy(x => x.Sha256).ToDictionary(x => x.Sha256, StringComparer.Ordinal);
        if (wanted.Count == 0) return;
        string[] hashes = [.. wanted.Keys];
        foreach (string known in await db.Images.Where(x => hashes.Contains(x.Sha256)).Select(x => x.Sha256).ToListAsync(cancellationToken)) wanted.Remove(known);
        db.Images.AddRange(wanted.Values);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Screening.Screenings;

/// <summary>
/// Every picture that was seen, stored and described once under its hash. Safe for concurrent use, also by several processes:
/// equal pictures described twice at the same time end as one row.
/// </summary>
public sealed class FeatureStore(IDbContextFactory<TouchstoneDb> databases, BlobStore blobs, FeatureExtractor reader, OcrStore texts, TimeProvider clock) : IFeatureSource, IDisposable
{
    // A description with 600 keypoints takes about 130 KB; 4,000 of them stay in memory.
    private readonly MemoryCache recent = new(new MemoryCacheOptions { SizeLimit = 4_000 });

    public string ModelId => reader.Model.Id;

    /// <summary>Stores the picture, describes it unless that was done, and returns the description or why there is none.</summary>
    public async Task<ReadOutcome> ReadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string sha256 = await blobs.PutAsync(bytes, cancellationToken);
        return await FindAsync(sha256, cancellationToken) is { } known ? new ReadOutcome(sha256, known, null, DescribedNow: false) : await DescribeAsync(sha256, bytes, null, cancellationToken);
    }

    /// <summary>
    /// The same after a first look: where that is enough, nothing is stored and nothing further is done. A picture that was described before
    /// is not looked at again.
    /// </summary>
    /// <param name="isEnough">Told of the glance.</param>
    public async Task<ReadOutcome> ReadAsync(ReadOnlyMemory<byte> bytes, Func<ImageFeatures, bool> isEnough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isEnough);
        string sha256 = BlobStore.Sha256Of(bytes.Span);
        if (await FindAsync(sha256, cancellationToken) is { } known) return new ReadOutcome(sha256, known, null, DescribedNow: false);
        DecodeOutcome decoded = reader.Decode(bytes);
        ImageFeatures? look = decoded.Image is { } image ? reader.Glance(sha256, image) : null;
        if (look is not null && isEnough(look)) return new ReadOutcome(sha256, look, null, DescribedNow: false) { ExitedEarly = true };
        await blobs.PutAsync(bytes, cancellationToken);
        return await DescribeAsync(sha256, bytes, new Glanced(decoded, look), cancellationToken);
    }

    private async Task<ReadOutcome> DescribeAsync(string sha256, ReadOnlyMemory<byte> bytes, Glanced? glanced, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ImageRow? row = await db.Images.AsNoTracking().FirstOrDefaultAsync(i => i.Sha256 == sha256, cancellationToken);
        if (row?.Failure is { } failure) return new ReadOutcome(sha256, null, failure, DescribedNow: false);

        DecodeOutcome decoded = glanced?.Decoded ?? reader.Decode(bytes);
        if (row is null) await SaveImageAsync(sha256, bytes.Length, decoded, cancellationToken);
        if (decoded.Image is null) return new ReadOutcome(sha256, null, FailureText(decoded), DescribedNow: false);
        ImageFeatures described = reader.Describe(sha256, decoded.Image, glance: glanced?.Look);
        await SaveDescriptionAsync(described, cancellationToken);
        Remember(described);
        return new ReadOutcome(sha256, described, null, DescribedNow: true);
    }

    /// <summary>The description of a stored picture by the loaded model, made now if it is missing.</summary>
    public async Task<ReadOutcome> ReadStoredAsync(string sha256, CancellationToken cancellationToken)
    {
        if (await FindAsync(sha256, cancellationToken) is { } known) return new ReadOutcome(sha256, known, null, DescribedNow: false);
        byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
        return bytes is null ? new ReadOutcome(sha256, null, "The picture is not in the store.", DescribedNow: false) : await ReadAsync(bytes, cancellationToken);
    }

    /// <summary>The stored description by the loaded model, or null.</summary>
    public async Task<ImageFeatures?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        if (recent.TryGetValue(sha256, out ImageFeatures? cached)) return cached;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        byte[]? content = await db.ImageFeatures.AsNoTracking().Where(d => d.ImageSha256 == sha256 && d.ModelId == reader.Model.Id).Select(d => d.Content).FirstOrDefaultAsync(cancellationToken);
        if (content is null) return null;
        if (!FeatureFormat.IsCurrent(content))
        {
            // An earlier version extracted them; they are extracted anew.
            await db.ImageFeatures.Where(d => d.ImageSha256 == sha256 && d.ModelId == reader.Model.Id).ExecuteDeleteAsync(cancellationToken);
            return null;
        }
        ImageFeatures described = FeatureFormat.Read(sha256, reader.Model, content);
        Remember(described);
        return described;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImageFeatures>(StringComparer.Ordinal);
        foreach (string sha256 in sha256s.Distinct(StringComparer.Ordinal))
            if (await FindAsync(sha256, cancellationToken) is { } image) found.Add(sha256, image);
        return found;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, OcrText>(StringComparer.Ordinal);
        foreach (string sha256 in sha256s.Distinct(StringComparer.Ordinal))
            if (await texts.FindAsync(sha256, cancellationToken) is { } text) found.Add(sha256, text);
        return found;
    }

    public void Dispose() => recent.Dispose();

    /// <summary>What decoding gave, and the first look at the picture if it gave one.</summary>
    private sealed record Glanced(DecodeOutcome Decoded, ImageFeatures? Look);

    private static string FailureText(DecodeOutcome decoded) => $"{decoded.Failure}: {decoded.Detail}";

    private void Remember(ImageFeatures described) => recent.Set(described.Sha256, described, new MemoryCacheEntryOptions { Size = 1 });

    private Task SaveImageAsync(string sha256, long length, DecodeOutcome decoded, CancellationToken cancellationToken) => InsertAsync(
        new ImageRow
        {
            Sha256 = sha256,
            Bytes = length,
            MediaType = decoded.MediaType,
            Width = decoded.OriginalWidth,
            Height = decoded.OriginalHeight,
            Failure = decoded.Image is null ? FailureText(decoded) : null,
            StoredAt = clock.GetUtcNow(),
        },
        db => db.Images.AnyAsync(i => i.Sha256 == sha256, cancellationToken),
        cancellationToken);

    private Task SaveDescriptionAsync(ImageFeatures described, CancellationToken cancellationToken) => InsertAsync(
        new ImageFeaturesRow { ImageSha256 = described.Sha256, ModelId = described.Embedding.ModelId, Content = FeatureFormat.Write(described), ExtractedAt = clock.GetUtcNow() },
        db => db.ImageFeatures.AnyAsync(d => d.ImageSha256 == described.Sha256 && d.ModelId == described.Embedding.ModelId, cancellationToken),
        cancellationToken);

    /// <summary>Inserts a row that another worker may insert at the same time; theirs is as good as ours.</summary>
    private async Task InsertAsync<T>(T row, Func<TouchstoneDb, Task<bool>> exists, CancellationToken cancellationToken)
        where T : class
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            await using TouchstoneDb check = await databases.CreateDbContextAsync(cancellationToken);
            if (!await exists(check)) throw;
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Screening.Features;

/// <summary>
/// Every picture that was seen, stored and described once under its hash. Safe for concurrent use, also by several processes:
/// equal pictures described twice at the same time end as one row.
/// </summary>
public sealed class FeatureStore(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, FeatureExtractor reader, OcrStore texts, TimeProvider clock) : IFeatureSource, IDisposable
{
    // Some 500 products' pictures with 600 keypoints each, or some thousand marks.
    private const long CacheBytes = 64L << 20;

    private readonly MemoryCache recent = new(new MemoryCacheOptions { SizeLimit = CacheBytes });
    private readonly FeatureRows rows = new(databases, reader.Model);

    public string ModelId => reader.Model.Id;

    /// <summary>The same descriptions and texts for those who take over many: nothing is kept in memory for later.</summary>
    public IFeatureSource Unkept => new UnkeptSource(rows, texts);

    /// <summary>
    /// Stores the picture, describes it unless that was done, and returns the description or why there is none. Bytes that are no picture are not stored. Whoever
    /// cancels is heard before each step: nothing is decoded or described for a caller who is gone.
    /// </summary>
    public Task<ReadOutcome> ReadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ReadAsync(bytes, null, cancellationToken);

    /// <inheritdoc cref="ReadAsync(ReadOnlyMemory{byte}, CancellationToken)" />
    /// <param name="stages">Told of decoding and description; null: nobody.</param>
    public async Task<ReadOutcome> ReadAsync(ReadOnlyMemory<byte> bytes, IStageObserver? stages, CancellationToken cancellationToken)
    {
        string sha256 = BlobName.Of(bytes.Span);
        return await KnownAsync(sha256, bytes, cancellationToken) ?? await DescribeAsync(sha256, bytes, null, stages, cancellationToken);
    }

    /// <summary>
    /// The same after a first look: where that is enough, nothing is stored and nothing further is done. A picture that was described before
    /// is not looked at again.
    /// </summary>
    /// <param name="isEnough">Told of the glance; part of the first look.</param>
    /// <param name="stages">Told of decoding, first look and description; null: nobody.</param>
    public async Task<ReadOutcome> ReadAsync(ReadOnlyMemory<byte> bytes, Func<ImageFeatures, bool> isEnough, IStageObserver? stages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isEnough);
        string sha256 = BlobName.Of(bytes.Span);
        if (await KnownAsync(sha256, bytes, cancellationToken) is { } known) return known;
        cancellationToken.ThrowIfCancellationRequested();
        DecodeOutcome decoded = Decode(bytes, stages);
        ImageFeatures? look = null;
        if (decoded.Image is { } image)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using IDisposable? stage = stages?.Enter(RecognitionStage.FirstLook);
            look = reader.Glance(sha256, image);
            if (isEnough(look)) return new ReadOutcome(sha256, look, null, DescribedNow: false) { ExitedEarly = true };
        }
        return await DescribeAsync(sha256, bytes, new Glanced(decoded, look), stages, cancellationToken);
    }

    /// <summary>The description of a stored picture by the loaded model, made now if it is missing.</summary>
    public async Task<ReadOutcome> ReadStoredAsync(string sha256, CancellationToken cancellationToken)
    {
        if (await FindAsync(sha256, cancellationToken) is { } known) return new ReadOutcome(sha256, known, null, DescribedNow: false);
        byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
        if (bytes is not null) return await ReadAsync(bytes, cancellationToken);
        // Where the bytes were erased, the picture's row says so.
        return (await rows.FailuresAsync([sha256], cancellationToken)).GetValueOrDefault(sha256) is { } failure ? new ReadOutcome(sha256, null, failure, DescribedNow: false) : NotStored(sha256);
    }

    /// <summary>
    /// What is stored of these pictures: the description, or why there can be none. A picture that nobody looked at yet is left out. Nothing is kept for
    /// later: only the caller holds the descriptions, 8 to 130 KB each.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, ReadOutcome>> FindReadAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sha256s);
        Dictionary<string, ReadOutcome> read = (await rows.FindAsync(sha256s, dropsDamaged: true, cancellationToken)).ToDictionary(f => f.Key, f => new ReadOutcome(f.Key, f.Value, null, DescribedNow: false), StringComparer.Ordinal);
        string[] missing = [.. sha256s.Where(s => !read.ContainsKey(s)).Distinct(StringComparer.Ordinal)];
        if (missing.Length == 0) return read;
        foreach ((string sha256, string? failure) in await rows.FailuresAsync(missing, cancellationToken))
            if (failure is not null) read[sha256] = new ReadOutcome(sha256, null, failure, DescribedNow: false) { IsLasting = true };
        return read;
    }

    /// <summary>Those of these pictures that have neither a description in the present form nor a reason why there can be none.</summary>
    public async Task<HashSet<string>> UndescribedAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sha256s);
        var undescribed = new HashSet<string>(sha256s, StringComparer.Ordinal);
        undescribed.ExceptWith(await rows.DescribedAsync([.. undescribed], cancellationToken));
        if (undescribed.Count > 0) undescribed.ExceptWith((await rows.FailuresAsync([.. undescribed], cancellationToken)).Where(f => f.Value is not null).Select(f => f.Key));
        return undescribed;
    }

    /// <summary>
    /// Descriptions of many stored pictures: what is missing is described on all cores and saved in one transaction. A picture that cannot be described has its
    /// failure and leaves the others alone. Nothing is kept for later.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, ReadOutcome>> ReadStoredAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<string, ReadOutcome>(await FindReadAsync(sha256s, cancellationToken), StringComparer.Ordinal);
        string[] missing = [.. sha256s.Where(s => !outcomes.ContainsKey(s)).Distinct(StringComparer.Ordinal)];
        if (missing.Length == 0) return outcomes;
        Dictionary<string, string?> stored = await rows.FailuresAsync(missing, cancellationToken);
        var readings = new ConcurrentBag<Reading>();
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (sha256, token) =>
            readings.Add(await ReadBlobAsync(sha256, isNew: !stored.ContainsKey(sha256), token)));
        await SaveAsync(readings, cancellationToken);
        foreach (Reading reading in readings) outcomes[reading.Outcome.Sha256] = reading.Outcome;
        return outcomes;
    }

    /// <summary>The description of a stored picture with more local features than are kept (<see cref="FeatureExtractor.LookClosely"/>); as it is where the picture is no longer stored.</summary>
    public async Task<ImageFeatures> LookCloselyAsync(ImageFeatures described, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(described);
        return await blobs.GetAsync(described.Sha256, cancellationToken) is { } bytes && reader.Decode(bytes).Image is { } image ? FeatureExtractor.LookClosely(described, image) : described;
    }

    /// <summary>The stored description by the loaded model, or null.</summary>
    public async Task<ImageFeatures?> FindAsync(string sha256, CancellationToken cancellationToken) => (await FindAsync([sha256], cancellationToken)).GetValueOrDefault(sha256);

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sha256s);
        var found = new Dictionary<string, ImageFeatures>(StringComparer.Ordinal);
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (string sha256 in sha256s)
        {
            if (recent.TryGetValue(sha256, out ImageFeatures? cached)) found[sha256] = cached!;
            else unknown.Add(sha256);
        }
        foreach ((string sha256, ImageFeatures stored) in await rows.FindAsync(unknown, dropsDamaged: false, cancellationToken))
        {
            found[sha256] = stored;
            Remember(stored);
        }
        return found;
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) => texts.FindAsync(sha256s, cancellationToken);

    public void Dispose() => recent.Dispose();

    private sealed class UnkeptSource(FeatureRows rows, OcrStore texts) : IFeatureSource
    {
        public async Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) => await rows.FindAsync(sha256s, dropsDamaged: true, cancellationToken);

        public Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) => texts.FindUnkeptAsync(sha256s, cancellationToken);
    }

    /// <summary>What decoding gave, and the first look at the picture if it gave one.</summary>
    private sealed record Glanced(DecodeOutcome Decoded, ImageFeatures? Look);

    /// <summary>What reading a picture gave, and its row where it has none yet.</summary>
    private sealed record Reading(ReadOutcome Outcome, ImageRow? Image);

    private static string FailureText(DecodeOutcome decoded) => $"{decoded.Failure}: {decoded.Detail}";

    private static ReadOutcome NotStored(string sha256) => new(sha256, null, "The picture is not in the store.", DescribedNow: false);

    /// <summary>What is known of a picture, which is stored again and so stays for those who look at it later; null: nothing is.</summary>
    private async Task<ReadOutcome?> KnownAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (await FindAsync(sha256, cancellationToken) is not { } known) return null;
        await blobs.PutAsync(bytes, cancellationToken);
        return new ReadOutcome(sha256, known, null, DescribedNow: false);
    }

    private async Task<ReadOutcome> DescribeAsync(string sha256, ReadOnlyMemory<byte> bytes, Glanced? glanced, IStageObserver? stages, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> failures = await rows.FailuresAsync([sha256], cancellationToken);
        if (failures.GetValueOrDefault(sha256) is { } failure) return new ReadOutcome(sha256, null, failure, DescribedNow: false);
        Reading reading = Read(sha256, bytes, isNew: failures.Count == 0, glanced, stages, cancellationToken);
        if (reading.Outcome.Image is not null) await blobs.PutAsync(bytes, cancellationToken);
        await SaveAsync([reading], cancellationToken);
        if (reading.Outcome.Image is { } described) Remember(described);
        return reading.Outcome;
    }

    private async Task<Reading> ReadBlobAsync(string sha256, bool isNew, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.GetAsync(sha256, cancellationToken) is { } bytes ? Read(sha256, bytes, isNew, null, null, cancellationToken) : new Reading(NotStored(sha256), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Reading(new ReadOutcome(sha256, null, $"The picture could not be described: {e.Message}", DescribedNow: false), null);
        }
    }

    private DecodeOutcome Decode(ReadOnlyMemory<byte> bytes, IStageObserver? stages)
    {
        using IDisposable? stage = stages?.Enter(RecognitionStage.Decode);
        return reader.Decode(bytes);
    }

    private Reading Read(string sha256, ReadOnlyMemory<byte> bytes, bool isNew, Glanced? glanced, IStageObserver? stages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DecodeOutcome decoded = glanced?.Decoded ?? Decode(bytes, stages);
        // What took too long, or ended its reader, is not remembered: another time it may be read.
        ImageRow? row = isNew && (decoded.Image is not null || decoded.IsLasting) ? RowOf(sha256, bytes.Length, decoded) : null;
        if (decoded.Image is not { } image) return new Reading(new ReadOutcome(sha256, null, FailureText(decoded), DescribedNow: false) { IsLasting = decoded.IsLasting }, row);
        cancellationToken.ThrowIfCancellationRequested();
        using IDisposable? stage = stages?.Enter(RecognitionStage.Description);
        return new Reading(new ReadOutcome(sha256, reader.Describe(sha256, image, glance: glanced?.Look), null, DescribedNow: true), row);
    }

    private ImageRow RowOf(string sha256, long length, DecodeOutcome decoded) => new()
    {
        Sha256 = sha256,
        Bytes = length,
        MediaType = decoded.MediaType,
        Width = decoded.OriginalWidth,
        Height = decoded.OriginalHeight,
        Failure = decoded.Image is null ? FailureText(decoded) : null,
        StoredAt = clock.GetUtcNow(),
    };

    private Task SaveAsync(IReadOnlyCollection<Reading> readings, CancellationToken cancellationToken) => rows.SaveAsync(
        [.. readings.Select(r => r.Image).OfType<ImageRow>()], [.. readings.Select(r => r.Outcome.Image).OfType<ImageFeatures>()], clock.GetUtcNow(), cancellationToken);

    private void Remember(ImageFeatures described) => recent.Set(described.Sha256, described, new MemoryCacheEntryOptions { Size = BytesOf(described) });

    /// <summary>What a description takes in memory, nearly.</summary>
    private static long BytesOf(ImageFeatures described)
    {
        const int objects = 1024, keypoint = 4 * sizeof(float);
        long values = described.Wholes.Concat(described.Embedding.Regions).Sum(static v => (long)v.Length);
        if (described.LocalFeatures is not { } local) return objects + (sizeof(float) * values);
        // The thumbnail's colour planes have half its sides.
        long thumbnail = local.Thumbnail is null ? 0 : Thumbnail.MaxSide * Thumbnail.MaxSide * 3 / 2;
        return objects + (sizeof(float) * values) + local.Descriptors.Length + (keypoint * local.Keypoints.Length) + thumbnail;
    }
}

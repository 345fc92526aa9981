using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>
/// A store that keeps nothing that was erased on request: a put of such bytes returns their hash and stores nothing, and there is nothing to get, also where an erasure
/// was broken off. As safe for concurrent use as the store behind it, which it owns.
/// </summary>
public sealed class ErasedBlobs(IBlobStore blobs, IDbContextFactory<TouchstoneDb> databases) : IBlobStore, IDisposable
{
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string sha256 = BlobName.Of(bytes.Span);
        return await IsErasedAsync(sha256, cancellationToken) ? sha256 : await blobs.PutAsync(bytes, cancellationToken);
    }

    public BlobDraft Draft()
    {
        BlobDraft draft = blobs.Draft();
        draft.IsErased = IsErasedAsync;
        return draft;
    }

    public FileStream Scratch() => blobs.Scratch();

    public async Task<FileStream?> OpenAsync(string sha256, CancellationToken cancellationToken) => await IsErasedAsync(sha256, cancellationToken) ? null : await blobs.OpenAsync(sha256, cancellationToken);

    public async Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken) =>
        await blobs.GetAsync(sha256, cancellationToken) is { } bytes && !await IsErasedAsync(sha256, cancellationToken) ? bytes : null;

    public Task<bool> DeleteAsync(string sha256, DateTimeOffset before, CancellationToken cancellationToken) => blobs.DeleteAsync(sha256, before, cancellationToken);

    public IAsyncEnumerable<StoredBlob> ListAsync(string start, CancellationToken cancellationToken) => blobs.ListAsync(start, cancellationToken);

    public void Dispose() => (blobs as IDisposable)?.Dispose();

    /// <summary>Why there are no bytes under the hash, for people; null: they were not erased.</summary>
    public static async Task<string?> WhyAsync(TouchstoneDb db, string sha256, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.Erasures.AsNoTracking().FirstOrDefaultAsync(e => e.Sha256 == sha256, cancellationToken) is { } erasure ? Say(erasure) : null;
    }

    /// <summary>A sentence for people.</summary>
    public static string Say(ErasureRow erasure)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        return FormattableString.Invariant($"It was erased on request on {erasure.ErasedAt.UtcDateTime:yyyy-MM-dd}: {erasure.Reason}");
    }

    private async Task<bool> IsErasedAsync(string sha256, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Erasures.AnyAsync(e => e.Sha256 == sha256, cancellationToken);
    }
}

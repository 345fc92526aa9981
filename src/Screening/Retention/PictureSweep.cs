using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Retention;

/// <summary>What a sweep deleted, or would delete.</summary>
/// <param name="Pictures">Rows of pictures; their features and texts go with them.</param>
/// <param name="Blobs">Pictures, pages and bodies in the blob store.</param>
public sealed record SweepCounts(long Pictures, long Blobs)
{
    public static SweepCounts operator +(SweepCounts one, SweepCounts other) => new(one.Pictures + other.Pictures, one.Blobs + other.Blobs);
}

/// <summary>
/// Deletes the blobs that no row refers to, with what is known of them, and those that were erased on request. What is just being stored has no row yet, so a blob goes
/// only when it was stored, or stored again, long ago. Safe for concurrent use, also by several processes.
/// </summary>
internal sealed class PictureSweep(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs)
{
    /// <summary>The parts of the store, by the first two digits of the hashes: a sweep of one of them holds its names in memory.</summary>
    public const int Shares = 256;

    private const int Batch = 500;

    /// <param name="share">0..<see cref="Shares"/> - 1.</param>
    /// <param name="before">What was stored at this instant or later stays.</param>
    public async Task<SweepCounts> RunAsync(int share, DateTimeOffset before, bool dryRun, CancellationToken cancellationToken)
    {
        string first = Digits(share);
        var stored = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (StoredBlob blob in blobs.ListAsync(first, cancellationToken)) stored[blob.Sha256] = blob.StoredAt;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<string> rows = await RowsAsync(db, share, before, cancellationToken);
        var counts = new SweepCounts(0, 0);
        foreach (string[] part in stored.Keys.Union(rows).Chunk(Batch))
        {
            string[] erased = await db.Erasures.Where(e => EF.Parameter(part).Contains(e.Sha256)).Select(e => e.Sha256).ToArrayAsync(cancellationToken);
            HashSet<string> used = await BlobUse.UsedAsync(db, part, cancellationToken);
            string[] unused = [.. part.Where(x => !used.Contains(x) && !erased.Contains(x) && (!stored.TryGetValue(x, out DateTimeOffset at) || at < before))];
            counts += dryRun ? await CountAsync(db, unused, erased, stored, cancellationToken) : await DeleteAsync(db, unused, erased, stored, before, cancellationToken);
        }
        return counts;
    }

    /// <summary>The old pictures of a share that have a row, also those whose bytes are gone.</summary>
    private static async Task<List<string>> RowsAsync(TouchstoneDb db, int share, DateTimeOffset before, CancellationToken cancellationToken)
    {
        string from = Digits(share), to = share == Shares - 1 ? "g" : Digits(share + 1);
        return await db.Images.Where(i => string.Compare(i.Sha256, from) >= 0 && string.Compare(i.Sha256, to) < 0 && i.StoredAt < before).Select(i => i.Sha256).ToListAsync(cancellationToken);
    }

    private static async Task<SweepCounts> CountAsync(TouchstoneDb db, string[] unused, string[] erased, Dictionary<string, DateTimeOffset> stored, CancellationToken cancellationToken) => new(
        await db.Images.LongCountAsync(i => EF.Parameter(unused).Contains(i.Sha256), cancellationToken), unused.Concat(erased).Count(stored.ContainsKey));

    private async Task<SweepCounts> DeleteAsync(TouchstoneDb db, string[] unused, string[] erased, Dictionary<string, DateTimeOffset> stored, DateTimeOffset before, CancellationToken cancellationToken)
    {
        long deleted = 0;
        foreach (string sha256 in erased.Where(stored.ContainsKey)) deleted += await blobs.DeleteAsync(sha256, DateTimeOffset.MaxValue, cancellationToken) ? 1 : 0;
        var gone = new List<string>();
        foreach (string sha256 in unused)
        {
            // The store has the last word: what was stored again since the look at it stays, with its rows.
            bool isGone = !stored.ContainsKey(sha256);
            if (!isGone && await blobs.DeleteAsync(sha256, before, cancellationToken))
            {
                deleted++;
                isGone = true;
            }
            if (isGone) gone.Add(sha256);
        }
        string[] hashes = [.. gone];
        await db.ImageFeatures.Where(f => EF.Parameter(hashes).Contains(f.ImageSha256)).ExecuteDeleteAsync(cancellationToken);
        await db.ImageTexts.Where(t => EF.Parameter(hashes).Contains(t.ImageSha256)).ExecuteDeleteAsync(cancellationToken);
        int pictures = await db.Images.Where(i => EF.Parameter(hashes).Contains(i.Sha256) && i.StoredAt < before).ExecuteDeleteAsync(cancellationToken);
        return new SweepCounts(pictures, deleted);
    }

    private static string Digits(int share) => share.ToString("x2", CultureInfo.InvariantCulture);
}

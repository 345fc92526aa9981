using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Observations;

/// <summary>
/// Numbers the pictures that listings show, each once, in the order in which they were kept: the counter's row is locked until the transaction ends, so that who
/// has seen a number has seen all before it. Safe for concurrent use, also by several processes.
/// </summary>
public sealed class SeenPictures(IDbContextFactory<TouchstoneDb> databases)
{
    /// <summary>Numbers those of the pictures that no listing showed before.</summary>
    public async Task KeepAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        string[] shown = [.. sha256s.Distinct(StringComparer.Ordinal)];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if ((await FreshAsync(db, shown, cancellationToken)).Length == 0) return;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Nobody else numbers from here on, and what another worker has numbered meanwhile is seen.
        await AdvanceAsync(db, 0, cancellationToken);
        string[] fresh = await FreshAsync(db, shown, cancellationToken);
        if (fresh.Length == 0) return;
        await AdvanceAsync(db, fresh.Length, cancellationToken);
        long number = await db.Sequences.Where(s => s.Name == SequenceRow.SeenPictures).Select(s => s.Value).SingleAsync(cancellationToken) - fresh.Length;
        db.SeenPictures.AddRange(fresh.Select(sha256 => new SeenPictureRow { Number = ++number, ImageSha256 = sha256 }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The pictures after that number, by number.</summary>
    public async Task<IReadOnlyList<SeenPictureRow>> SinceAsync(long number, int most, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SeenPictures.AsNoTracking().Where(s => s.Number > number).OrderBy(s => s.Number).Take(most).ToListAsync(cancellationToken);
    }

    private static async Task<string[]> FreshAsync(TouchstoneDb db, string[] shown, CancellationToken cancellationToken)
    {
        string[] known = await db.SeenPictures.Where(s => EF.Parameter(shown).Contains(s.ImageSha256)).Select(s => s.ImageSha256).ToArrayAsync(cancellationToken);
        return [.. shown.Except(known, StringComparer.Ordinal)];
    }

    private static Task AdvanceAsync(TouchstoneDb db, int by, CancellationToken cancellationToken) =>
        db.Sequences.Where(s => s.Name == SequenceRow.SeenPictures).ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, x => x.Value + by), cancellationToken);
}

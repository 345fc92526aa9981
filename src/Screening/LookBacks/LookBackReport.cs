using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>What is to be asked of what was seen; each number ends at 100,000.</summary>
/// <param name="Latest">The references that were asked about last, newest first, or could not be: at most 20.</param>
public sealed record LookBackReport(int Waiting, int Running, int Failed, IReadOnlyList<LookBackRow> Latest)
{
    private const int MostShown = 20;

    public static async Task<LookBackReport> ReadAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return new LookBackReport(
            await db.LookBacks.Where(x => x.State == LookBackState.Queued).CountBoundedAsync(cancellationToken),
            await db.LookBacks.Where(x => x.State == LookBackState.Running).CountBoundedAsync(cancellationToken),
            await db.LookBacks.Where(x => x.State == LookBackState.Failed).CountBoundedAsync(cancellationToken),
            await db.LookBacks.AsNoTracking().Include(x => x.Reference).OrderByDescending(x => x.ChangeNumber).Take(MostShown).ToListAsync(cancellationToken));
    }
}

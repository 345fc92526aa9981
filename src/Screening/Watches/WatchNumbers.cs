using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Numbers the pictures of removed offers as they begin and end to be watched. The counter's row is locked until the caller's transaction ends, so that numbers grow in commit order.</summary>
internal static class WatchNumbers
{
    /// <summary>The first of so many numbers.</summary>
    public static async Task<long> TakeAsync(TouchstoneDb db, int count, CancellationToken cancellationToken)
    {
        await db.Sequences.Where(s => s.Name == SequenceRow.Watches).ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, x => x.Value + count), cancellationToken);
        return await db.Sequences.Where(s => s.Name == SequenceRow.Watches).Select(s => s.Value).SingleAsync(cancellationToken) - count + 1;
    }
}

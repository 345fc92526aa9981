using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Touchstone.Screening.Storage;

/// <summary>A row that one worker at a time works on: a run, a URL of a frontier, a host, a message.</summary>
public interface ILeasedRow
{
    /// <summary>Who holds the row, or held it last.</summary>
    string? LeaseOwner { get; }

    /// <summary>Until when nobody else takes it; null: nobody holds it.</summary>
    DateTimeOffset? LeaseUntil { get; }

    /// <summary>Goes up with each taking, so that a holder who was late can write no more.</summary>
    long Fence { get; }
}

/// <summary>
/// How rows are leased, everywhere: taken by one conditional update on the fence that was seen, so that it needs nothing that only one database has and whoever
/// loses a race looks again; renewed, and ended by its holder alone. Who is lost renews no more, and the row is free when its time has run out.
/// Safe for concurrent use by several processes.
/// </summary>
/// <remarks>M. Kleppmann, How to do distributed locking, 2016: the fence is what keeps a paused holder from writing.</remarks>
internal static class Leasing
{
    /// <summary>No lease is given for longer.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Those that nobody holds at that instant. A lease that ends later than any that is given now was given by a wrong clock, and holds nothing.</summary>
    public static IQueryable<T> Free<T>(this IQueryable<T> rows, DateTimeOffset now)
        where T : class, ILeasedRow
    {
        DateTimeOffset last = now + Longest;
        return rows.Where(x => x.LeaseUntil == null || x.LeaseUntil <= now || x.LeaseUntil > last);
    }

    /// <summary>The row, if it is still held under that fence.</summary>
    public static IQueryable<T> Held<T>(this IQueryable<T> row, long fence)
        where T : class, ILeasedRow =>
        row.Where(x => x.Fence == fence && x.LeaseUntil != null);

    /// <summary>Takes one row, whose fence goes up by one; false if somebody took or changed it since it was seen.</summary>
    /// <param name="seen">Its fence when it was seen to be free.</param>
    /// <param name="also">What else changes with it.</param>
    public static async Task<bool> TakeAsync<T>(this IQueryable<T> row, long seen, string owner, DateTimeOffset until, Action<UpdateSettersBuilder<T>> also, CancellationToken cancellationToken)
        where T : class, ILeasedRow
    {
        DateTimeOffset? end = until;
        return await row.Where(x => x.Fence == seen).ExecuteUpdateAsync(
            s =>
            {
                also(s);
                s.SetProperty(x => x.LeaseOwner, owner).SetProperty(x => x.LeaseUntil, end).SetProperty(x => x.Fence, x => x.Fence + 1);
            },
            cancellationToken) == 1;
    }

    /// <summary>Holds a row on; false if it was lost.</summary>
    public static async Task<bool> RenewAsync<T>(this IQueryable<T> row, long fence, DateTimeOffset until, CancellationToken cancellationToken)
        where T : class, ILeasedRow
    {
        DateTimeOffset? end = until;
        return await row.Held(fence).ExecuteUpdateAsync(s => s.SetProperty(x => x.LeaseUntil, end), cancellationToken) == 1;
    }

    /// <summary>Takes rows from whoever holds them, who writes no more: their fences go up by one; returns how many.</summary>
    /// <param name="also">What else changes with them.</param>
    public static Task<int> RevokeAsync<T>(this IQueryable<T> rows, Action<UpdateSettersBuilder<T>> also, CancellationToken cancellationToken)
        where T : class, ILeasedRow =>
        rows.ExecuteUpdateAsync(
            s =>
            {
                also(s);
                s.SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null).SetProperty(x => x.Fence, x => x.Fence + 1);
            },
            cancellationToken);

    /// <summary>Gives a row back with what its holder did; false, and nothing is written, if it was lost.</summary>
    public static async Task<bool> EndAsync<T>(this IQueryable<T> row, long fence, Action<UpdateSettersBuilder<T>> also, CancellationToken cancellationToken)
        where T : class, ILeasedRow =>
        await row.Held(fence).ExecuteUpdateAsync(
            s =>
            {
                also(s);
                s.SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null);
            },
            cancellationToken) == 1;
}

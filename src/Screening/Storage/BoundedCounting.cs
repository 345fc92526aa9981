using Microsoft.EntityFrameworkCore;

namespace Touchstone.Screening.Storage;

/// <summary>Counts for people, which cost no more than is shown: they end at <see cref="Most"/>.</summary>
public static class BoundedCounting
{
    /// <summary>Where a count ends: it means that many or more.</summary>
    public const int Most = 100_000;

    /// <summary>The number of rows, 0..<see cref="Most"/>. At most that many are read, so the condition has to be one that an index answers.</summary>
    public static Task<int> CountBoundedAsync<T>(this IQueryable<T> rows, CancellationToken cancellationToken) => rows.Take(Most).CountAsync(cancellationToken);
}

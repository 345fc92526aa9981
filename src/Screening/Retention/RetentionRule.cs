using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Retention;

/// <summary>What is kept of one table, for how long and why. Immutable; thread-safe.</summary>
/// <param name="Row">The table's rows.</param>
/// <param name="Kept">For people, such as <c>90 days after the last answer</c>.</param>
/// <param name="Why">For people, one sentence.</param>
public abstract record RetentionRule(Type Row, string Kept, string Why)
{
    /// <summary>The table, as the database names it.</summary>
    public string TableOf(TouchstoneDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Model.FindEntityType(Row)!.GetTableName()!;
    }

    /// <summary>How many rows would go now.</summary>
    public abstract Task<long> CountAsync(TouchstoneDb db, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes about <paramref name="most"/> rows in one statement, which looks again at each whether it may go; returns how many went.</summary>
    public abstract Task<int> DeleteAsync(TouchstoneDb db, DateTimeOffset now, int most, CancellationToken cancellationToken);
}

/// <summary>Rows that the job leaves alone: they stay, or go with the row that they belong to.</summary>
internal sealed record Lasting(Type Row, string Kept, string Why) : RetentionRule(Row, Kept, Why)
{
    public override Task<long> CountAsync(TouchstoneDb db, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult(0L);

    public override Task<int> DeleteAsync(TouchstoneDb db, DateTimeOffset now, int most, CancellationToken cancellationToken) => Task.FromResult(0);
}

/// <summary>Rows that go.</summary>
/// <param name="Expired">Which go at an instant.</param>
internal sealed record Passing<TRow>(string Kept, string Why, Func<TouchstoneDb, DateTimeOffset, IQueryable<TRow>> Expired) : RetentionRule(typeof(TRow), Kept, Why)
    where TRow : class
{
    /// <summary>False where the rows' key has several columns, by which no database deletes a part of them cheaply: all go at once.</summary>
    public bool InBatches { get; init; } = true;

    public override Task<long> CountAsync(TouchstoneDb db, DateTimeOffset now, CancellationToken cancellationToken) => Expired(db, now).LongCountAsync(cancellationToken);

    public override Task<int> DeleteAsync(TouchstoneDb db, DateTimeOffset now, int most, CancellationToken cancellationToken) =>
        (InBatches ? Expired(db, now).Take(most) : Expired(db, now)).ExecuteDeleteAsync(cancellationToken);
}

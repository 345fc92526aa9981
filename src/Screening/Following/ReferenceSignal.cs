using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Following;

/// <summary>
/// Wakes who follows the registers. PostgreSQL tells of a change as soon as it is committed; a change that was missed is found by its number within
/// <see cref="CatchUp"/>. With the embedded database, changes are looked for at short intervals. For one follower; not safe for concurrent use.
/// </summary>
public sealed class ReferenceSignal(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, ILogger<ReferenceSignal> log) : IAsyncDisposable
{
    private NpgsqlConnection? listener;

    /// <summary>How often changes are looked for where nothing tells of them.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often they are looked for besides where the database tells of them.</summary>
    public static TimeSpan CatchUp { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the registers may have changed.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ListeningAsync(cancellationToken) is not { } listening)
            {
                await Task.Delay(Interval, clock, cancellationToken);
                return;
            }
            await listening.WaitAsync(CatchUp, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            log.LogWarning(e, "The database does not tell of changes for the moment; they are looked for instead");
            await DisposeAsync();
            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (listener is null) return;
        await listener.DisposeAsync();
        listener = null;
    }

    private async Task<NpgsqlConnection?> ListeningAsync(CancellationToken cancellationToken)
    {
        if (listener is not null) return listener;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (!db.Database.IsNpgsql()) return null;
        listener = new NpgsqlConnection(db.Database.GetConnectionString());
        await listener.OpenAsync(cancellationToken);
        await using NpgsqlCommand listen = listener.CreateCommand();
        listen.CommandText = $"LISTEN {ReferenceChanges.Channel}";
        await listen.ExecuteNonQueryAsync(cancellationToken);
        return listener;
    }
}

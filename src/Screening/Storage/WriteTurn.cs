using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace Touchstone.Screening.Storage;

/// <summary>
/// The turn to write to the embedded database, which lets one write at a time. Who finds it busy looks again at intervals that grow to a tenth of a second; the frequent writers of one process
/// wait for each other instead and lose no time. It is no lock that anything relies on: other writers do without. With PostgreSQL nobody waits.
/// </summary>
internal readonly struct WriteTurn : IDisposable
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Files = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim? _held;

    private WriteTurn(SemaphoreSlim? held) => _held = held;

    /// <summary>Waits for the turn; held until it is disposed, which must be soon.</summary>
    public static async ValueTask<WriteTurn> EnterAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        if (!db.Database.IsSqlite()) return default;
        SemaphoreSlim file = Files.GetOrAdd(db.Database.GetConnectionString() ?? "", static _ => new SemaphoreSlim(1, 1));
        await file.WaitAsync(cancellationToken);
        return new WriteTurn(file);
    }

    public void Dispose() => _held?.Release();
}

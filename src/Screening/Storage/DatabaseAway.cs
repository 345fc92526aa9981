using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Touchstone.Screening.Storage;

/// <summary>Tells a database that is away for a while (locked, restarted, out of reach, out of space) from one that refuses what it is asked. Pure; thread-safe.</summary>
public static class DatabaseAway
{
    // Of https://sqlite.org/rescode.html: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
    private static readonly HashSet<int> Sqlite = [5, 6, 10, 13, 14];

    /// <summary>Whether the same work may succeed later.</summary>
    public static bool Explains(Exception exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            if (at is SqliteException sqlite) return Sqlite.Contains(sqlite.SqliteErrorCode);
            if (at is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }) return true;
            if (at is DbException { IsTransient: true }) return true;
        }
        return false;
    }
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Storage;

/// <summary>Registers the database and the blob store, and brings the database up to date.</summary>
public static class StorageSetup
{
    private static readonly TimeSpan TurnPause = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        InstallationFiles.MakeFolder(options.DataFolder);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IBlobStore>(p =>
        {
            TimeProvider clock = p.GetRequiredService<TimeProvider>();
            IBlobStore store = options.Blobs is { } location ? new S3BlobStore(location, clock) : new FolderBlobStore(options.BlobFolder, clock);
            return new ErasedBlobs(store, p.GetRequiredService<IDbContextFactory<TouchstoneDb>>());
        });
        services.AddPooledDbContextFactory<TouchstoneDb>(builder => Configure(builder, options));
        return services;
    }

    /// <summary>Points a context at the installation's database; used by every context that shares it.</summary>
    public static void Configure(DbContextOptionsBuilder builder, StorageOptions options) => Configure(builder, options, null);

    /// <param name="shared">A connection of another context, for one transaction of both; null: one of its own.</param>
    public static void Configure(DbContextOptionsBuilder builder, StorageOptions options, DbConnection? shared)
    {
        if (options.Provider == DatabaseProvider.PostgreSql)
        {
            if (string.IsNullOrWhiteSpace(options.ConnectionString))
                throw new ArgumentException("PostgreSQL needs a connection string: set Storage:ConnectionString.", nameof(options));
            if (shared is null) builder.UseNpgsql(options.ConnectionString);
            else builder.UseNpgsql(shared);
        }
        else
        {
            string connection = new SqliteConnectionStringBuilder { DataSource = options.DatabaseFile, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
            if (shared is null) builder.UseSqlite(connection);
            else builder.UseSqlite(shared);
            builder.AddInterceptors(DurableSqlite.Instance);
        }

        // One set of migrations serves both databases, so the snapshot's column types are those of neither.
        // Counting and deleting up to a limit needs no order.
        builder.ConfigureWarnings(w => w
            .Ignore(RelationalEventId.PendingModelChangesWarning, CoreEventId.RowLimitingOperationWithoutOrderByWarning)
            // Whoever called hears of a command that failed, and what it means: two workers that add the same row at once are no fault.
            .Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
    }

    /// <summary>Creates the database or migrates it to this version. Safe to call from several processes at once.</summary>
    /// <exception cref="OtherSchemaException">It was made by a version from which no migration leads to this one, or by another program.</exception>
    public static async Task MigrateAsync(IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (db.Database.IsSqlite())
        {
            InstallationFiles.KeepDatabaseToOwner(new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource);
            if (await IsForeignAsync(db, cancellationToken)) throw OtherSchemaException.OfAnotherProgram();
        }
        // Tables of accounts share the list of migrations, so that only the first migrations can be compared.
        string first = db.Database.GetMigrations().First();
        string name = first[first.IndexOf('_')..];
        if ((await db.Database.GetAppliedMigrationsAsync(cancellationToken)).FirstOrDefault(m => m.EndsWith(name, StringComparison.Ordinal) && m != first) is { } other) throw OtherSchemaException.OfEarlier(other);
        await MigrateAsync(db, cancellationToken);
    }

    /// <summary>Migrates one context of the installation's database. Processes and contexts on an embedded one take turns.</summary>
    public static async Task MigrateAsync(DbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        using FolderClaim? turn = db.Database.IsSqlite() ? await TurnAsync(db, cancellationToken) : null;
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>
    /// Waits for the turn. A process that was killed at its migrations left their lock in the embedded database, where every later start would wait for it for
    /// ever: whose turn it is knows that nobody holds it.
    /// </summary>
    private static async Task<FolderClaim> TurnAsync(DbContext db, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource))!;
        FolderClaim? turn;
        while ((turn = FolderClaim.Take(folder, "migration.lock")) is null) await Task.Delay(TurnPause, TimeProvider.System, cancellationToken);
        int tables = await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellationToken);
        if (tables > 0) await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        return turn;
    }

    /// <summary>Whether an embedded database has tables, and none of an installation.</summary>
    private static async Task<bool> IsForeignAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        List<string> tables = await db.Database.SqlQuery<string>($"SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").ToListAsync(cancellationToken);
        // Another process may be at its migrations: the tables that these need come first.
        return tables.Count > 0 && !tables.Exists(x => x.StartsWith("__EFMigrations", StringComparison.Ordinal));
    }

    /// <summary>Write-ahead log, and every commit on disk before it is acknowledged.</summary>
    private sealed class DurableSqlite : DbConnectionInterceptor
    {
        public static readonly DurableSqlite Instance = new();

        // Connections are used again, and keep what they were told.
        private readonly ConditionalWeakTable<object, object> _told = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (!IsNew(connection)) return;
            using DbCommand command = Pragmas(connection);
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (!IsNew(connection)) return;
            await using DbCommand command = Pragmas(connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private bool IsNew(DbConnection connection) => ((SqliteConnection)connection).Handle is not { } handle || _told.TryAdd(handle, handle);

        private static DbCommand Pragmas(DbConnection connection)
        {
            DbCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;";
            return command;
        }
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Touchstone.Screening.Storage;

namespace Touchstone.Tests.Fixtures;

/// <summary>
/// A fresh, empty database for one test, on SQLite (a file) or on PostgreSQL (a database of a server that the test run starts itself);
/// a test on PostgreSQL skips visibly where no server is installed. Usable by several workers at once: each takes its own context.
/// </summary>
public sealed class TestDatabase : IDbContextFactory<TouchstoneDb>, IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static string? sqliteTemplate;
    private static bool postgresTemplateMade;
    private static int count;

    private readonly DbContextOptions<TouchstoneDb> options;
    private readonly string? postgresName;

    private TestDatabase(StorageOptions storage, string? postgresName)
    {
        Storage = storage;
        this.postgresName = postgresName;
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, storage);
        options = builder.Options;
    }

    /// <summary>Where the database is; another process reaches it with the same options.</summary>
    public StorageOptions Storage { get; }

    public TouchstoneDb CreateDbContext() => new(options);

    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        string? server = provider == DatabaseProvider.PostgreSql ? PostgresServer.Require() : null;
        string folder = Directory.CreateTempSubdirectory("touchstone-db-").FullName;
        if (server is null)
        {
            var storage = new StorageOptions { DataFolder = folder };
            File.Copy(await SqliteTemplateAsync(), storage.DatabaseFile);
            return new(storage, null);
        }
        string name = $"test_{Interlocked.Increment(ref count)}";
        await Gate.WaitAsync();
        try
        {
            if (!postgresTemplateMade)
            {
                await ExecuteAsync(server, "CREATE DATABASE template_touchstone");
                var template = new TestDatabase(PostgresOptions(folder, server, "template_touchstone"), null);
                await using (TouchstoneDb db = template.CreateDbContext()) await CreateSchemaAsync(db);
                NpgsqlConnection.ClearAllPools();
                postgresTemplateMade = true;
            }
            await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE template_touchstone");
        }
        finally
        {
            Gate.Release();
        }
        return new(PostgresOptions(folder, server, name), name);
    }

    public async ValueTask DisposeAsync()
    {
        if (postgresName is not null)
        {
            await ExecuteAsync(PostgresServer.Require(), $"DROP DATABASE {postgresName} WITH (FORCE)");
        }
        else if (Storage.Provider == DatabaseProvider.Sqlite)
        {
            await using TouchstoneDb db = CreateDbContext();
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }
        if (Directory.Exists(Storage.DataFolder)) Directory.Delete(Storage.DataFolder, recursive: true);
    }

    private static async Task CreateSchemaAsync(TouchstoneDb db)
    {
        if (db.Database.GetMigrations().Any()) await db.Database.MigrateAsync();
        else await db.Database.EnsureCreatedAsync();
    }

    private static StorageOptions PostgresOptions(string folder, string server, string name) => new()
    {
        DataFolder = folder,
        Provider = DatabaseProvider.PostgreSql,
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ToString(),
    };

    private static async Task<string> SqliteTemplateAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (sqliteTemplate is not null) return sqliteTemplate;
            string folder = Directory.CreateTempSubdirectory("touchstone-template-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
            var made = new TestDatabase(new() { DataFolder = folder }, null);
            await using (TouchstoneDb db = made.CreateDbContext())
            {
                await CreateSchemaAsync(db);
                await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
                SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
            }
            return sqliteTemplate = made.Storage.DatabaseFile;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}

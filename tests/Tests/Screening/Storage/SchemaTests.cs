using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>The tables that the migrations make are those of the model, on both databases.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_migrations_are_up_to_date_with_the_model()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Stop));
    }

    [Fact]
    public async Task A_lock_of_migrations_whose_holder_was_killed_keeps_nobody_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await db.Database.ExecuteSqlAsync($"CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL CONSTRAINT \"PK___EFMigrationsLock\" PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)", Stop);
        await db.Database.ExecuteSqlAsync($"INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, datetime('now'))", Stop);
        await StorageSetup.MigrateAsync(database, Stop).WaitAsync(Eventually.Patience, Stop);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_installation_whose_schema_began_otherwise_is_said_and_left_alone(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        await StorageSetup.MigrateAsync(database, Stop);
        await db.Database.ExecuteSqlAsync($"UPDATE \"__EFMigrationsHistory\" SET \"MigrationId\" = '20200101000000_Initial' WHERE \"MigrationId\" LIKE '%_Initial'", Stop);
        OtherSchemaException other = await Assert.ThrowsAsync<OtherSchemaException>(() => StorageSetup.MigrateAsync(database, Stop));
        Assert.Contains("20200101000000_Initial", other.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Every_table_has_the_columns_and_the_unique_keys_of_the_model(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        foreach (IEntityType entity in db.Model.GetEntityTypes())
        {
            string table = entity.GetTableName()!;
            Dictionary<string, bool> columns = await ColumnsAsync(db, provider, table);
            foreach (IProperty property in entity.GetProperties())
            {
                string name = property.GetColumnName();
                Assert.True(columns.Remove(name, out bool nullable), $"{table} has no column {name}.");
                Assert.True(nullable == property.IsNullable, $"{table}.{name} is {(nullable ? "nullable" : "not nullable")}, in the model it is not so.");
            }
            Assert.Empty(columns.Keys.Select(x => $"{table}.{x}"));
            int expected = entity.GetIndexes().Count(x => x.IsUnique);
            Assert.True(expected == await UniqueIndexesAsync(db, provider, table), $"{table} has not {expected} unique indexes.");
        }
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Instants_are_kept_to_the_millisecond_and_enums_by_name(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var at = new DateTimeOffset(2026, 3, 2, 10, 11, 12, 345, TimeSpan.FromHours(2));
        db.Outbox.Add(new() { Kind = "Email", Recipient = "a@example.org", Subject = "s", Body = "b", Key = "k", State = Touchstone.Screening.Storage.Rows.OutboxState.Dead, CreatedAt = at });
        await db.SaveChangesAsync(Stop);
        Assert.Equal([("Dead", at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))], await RowsAsync(db, """SELECT "State", "CreatedAt" FROM "Outbox" """));
        await using TouchstoneDb read = database.CreateDbContext();
        Assert.Equal(at, (await read.Outbox.SingleAsync(Stop)).CreatedAt);
    }

    private static async Task<Dictionary<string, bool>> ColumnsAsync(TouchstoneDb db, DatabaseProvider provider, string table)
    {
        string sql = provider == DatabaseProvider.Sqlite
            ? $"""SELECT name, CASE "notnull" WHEN 1 THEN 'NO' ELSE 'YES' END FROM pragma_table_info('{table}')"""
            : $"SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = '{table}'";
        return (await RowsAsync(db, sql)).ToDictionary(x => x.First, x => x.Second == "YES", StringComparer.Ordinal);
    }

    private static async Task<int> UniqueIndexesAsync(TouchstoneDb db, DatabaseProvider provider, string table)
    {
        string sql = provider == DatabaseProvider.Sqlite
            ? $"""SELECT name, '' FROM pragma_index_list('{table}') WHERE "unique" = 1 AND origin = 'c'"""
            : $"""SELECT c.relname, '' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = '{table}' AND i.indisunique AND NOT i.indisprimary""";
        return (await RowsAsync(db, sql)).Count;
    }

    private static async Task<List<(string First, string Second)>> RowsAsync(TouchstoneDb db, string sql)
    {
        await db.Database.OpenConnectionAsync(Stop);
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await using DbDataReader reader = await command.ExecuteReaderAsync(Stop);
        List<(string, string)> rows = [];
        while (await reader.ReadAsync(Stop)) rows.Add((reader.GetString(0), Convert.ToString(reader.GetValue(1), CultureInfo.InvariantCulture)!));
        return rows;
    }
}

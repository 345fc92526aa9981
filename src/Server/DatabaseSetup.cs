using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Touchstone.Server;

/// <summary>Brings a context's tables into the database: by its migrations where it has any, else directly.</summary>
internal static class DatabaseSetup
{
    public static async Task PrepareAsync(DbContext db, CancellationToken cancellationToken)
    {
        if (db.Database.GetMigrations().Any())
        {
            await db.Database.MigrateAsync(cancellationToken);
            return;
        }
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken)) await creator.CreateAsync(cancellationToken);
        if (!await HasTablesAsync(db, cancellationToken)) await creator.CreateTablesAsync(cancellationToken);
    }

    /// <summary>Two contexts share one database, so "there are tables" says nothing: one of this context's own tables is asked for.</summary>
    private static async Task<bool> HasTablesAsync(DbContext db, CancellationToken cancellationToken)
    {
        string table = db.Model.GetEntityTypes().Select(x => x.GetTableName()).First(x => x is not null)!;
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = db.Database.IsNpgsql()
                ? "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = @name"
                : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name";
            DbParameter name = command.CreateParameter();
            name.ParameterName = "@name";
            name.Value = table;
            command.Parameters.Add(name);
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken)) > 0;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}

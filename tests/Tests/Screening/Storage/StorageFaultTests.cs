using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Cli;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>What goes wrong with an installation's files is said in words that tell what to do.</summary>
public sealed class StorageFaultTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-faults-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StorageOptions Storage => new() { DataFolder = folder };

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_recognised_in_what_the_database_says()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await db.Database.OpenConnectionAsync(Stop);
        // SQLite counts its pages as a full disk would.
        await db.Database.ExecuteSqlRawAsync("PRAGMA max_page_count = 1", Stop);
        Exception full = await Assert.ThrowsAnyAsync<Exception>(() => AuditLog.SaveAsync(db, TimeProvider.System, [.. Enumerable.Range(0, 500).Select(i => new AuditEntry("anna", "test.done", $"thing/{i}", new string('x', 1000)))], Stop));
        Assert.Equal(StorageFault.DiskFull, StorageFaults.Of(full));
        Assert.Contains("Free space", StorageFaults.Say(StorageFault.DiskFull, "/data"), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_matters_are_no_fault_of_the_storage()
    {
        Assert.Equal(StorageFault.DiskFull, StorageFaults.Of(new InvalidOperationException("x", new IOException("No space left on device", 28))));
        Assert.Equal(StorageFault.ReadOnly, StorageFaults.Of(new SqliteException("attempt to write a readonly database", 8)));
        Assert.Null(StorageFaults.Of(new SqliteException("locked", 5)));
        Assert.Null(StorageFaults.Of(new IOException("The connection was reset.")));
    }

    [Theory]
    [InlineData("no database at all, but some text that fills more than a header would take in this place")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense, for as long as one header may be, and further on")]
    public async Task A_damaged_database_is_said_and_left_as_it_is(string content)
    {
        await File.WriteAllTextAsync(Storage.DatabaseFile, content, Stop);
        ProgramRun run = await ProgramRun.OfAsync("references", "list", "--data", folder);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("Restore it from a backup", run.Error, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(Storage.DatabaseFile, Stop));
    }

    [Fact]
    public async Task Another_programs_database_is_said_and_left_as_it_is()
    {
        await using (var connection = new SqliteConnection($"Data Source={Storage.DatabaseFile}"))
        {
            await connection.OpenAsync(Stop);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE bookmarks (url TEXT)";
            await command.ExecuteNonQueryAsync(Stop);
        }
        ProgramRun run = await ProgramRun.OfAsync("references", "list", "--data", folder);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("tables of another program", run.Error, StringComparison.Ordinal);
        await using var after = new SqliteConnection($"Data Source={Storage.DatabaseFile}");
        await after.OpenAsync(Stop);
        await using SqliteCommand tables = after.CreateCommand();
        tables.CommandText = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'";
        Assert.Equal("bookmarks", await tables.ExecuteScalarAsync(Stop));
    }

    [Fact]
    public async Task A_second_server_on_the_folder_is_refused_and_told_what_to_do()
    {
        using FolderClaim? first = FolderClaim.Take(folder);
        Assert.NotNull(first);
        Assert.Null(FolderClaim.Take(folder));
        ProgramRun run = await ProgramRun.OfAsync("serve", "--url", "http://127.0.0.1:0", "--data", folder);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("Another server works on", run.Error, StringComparison.Ordinal);
        first.Dispose();
        using FolderClaim? next = FolderClaim.Take(folder);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task The_files_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        string data = Path.Combine(folder, "installation");
        var storage = new StorageOptions { DataFolder = data };
        InstallationFiles.MakeFolder(data);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        await File.WriteAllBytesAsync(storage.DatabaseFile, [], Stop);
        File.SetUnixFileMode(storage.DatabaseFile, (UnixFileMode)0b110_110_100);
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, storage);
        await StorageSetup.MigrateAsync(new Databases(builder.Options), Stop);
        foreach (string file in Directory.GetFiles(data)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private sealed class Databases(DbContextOptions<TouchstoneDb> options) : IDbContextFactory<TouchstoneDb>
    {
        public TouchstoneDb CreateDbContext() => new(options);
    }
}

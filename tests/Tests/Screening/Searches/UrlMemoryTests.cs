using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Tests.Contracts;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Searches;

public abstract class UrlMemoryTests(DatabaseProvider provider) : UrlMemoryContract, IAsyncDisposable
{
    private TestDatabase? _database;

    protected override async Task<IUrlMemory> CreateAsync()
    {
        _database = await TestDatabase.CreateAsync(provider);
        return new UrlMemory(_database, new FolderBlobStore(Path.Combine(_database.Storage.DataFolder, "blobs")));
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_unknown_when_somebody_looked_and_was_kept_by_another_since_is_replaced()
    {
        IUrlMemory memory = await CreateAsync();
        UrlMemory other = new(_database!, new FolderBlobStore(Path.Combine(_database!.Storage.DataFolder, "blobs")));
        Assert.Null(await memory.FindAsync("https://a.example/p", Token));
        await other.KeepAsync("https://a.example/p", Answer("\"1\"", "one"), Token);
        await memory.KeepAsync("https://a.example/p", Answer("\"2\"", "two"), Token);
        Assert.Equal("\"2\"", (await other.FindAsync("https://a.example/p", Token))!.Answer.Header("ETag"));
    }

    [Fact]
    public async Task A_body_that_was_changed_on_the_disk_is_not_taken_for_the_page()
    {
        IUrlMemory memory = await CreateAsync();
        await memory.KeepAsync("https://a.example/p", Answer("\"1\"", "one"), Token);
        string file = Directory.EnumerateFiles(Path.Combine(_database!.Storage.DataFolder, "blobs"), "*", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(file, "another", Token);
        Assert.Null(await memory.FindAsync("https://a.example/p", Token));
    }
}

public sealed class UrlMemoryOnSqliteTests() : UrlMemoryTests(DatabaseProvider.Sqlite);

public sealed class UrlMemoryOnPostgresTests() : UrlMemoryTests(DatabaseProvider.PostgreSql);

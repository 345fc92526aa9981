using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Contracts;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Searches;

public abstract class FrontierStoreTests(DatabaseProvider provider) : FrontierStoreContract, IAsyncDisposable
{
    private TestDatabase? _database;

    protected override async Task<IFrontierStore> CreateAsync()
    {
        _database = await TestDatabase.CreateAsync(provider);
        return new FrontierStore(_database, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class FrontierStoreOnSqliteTests() : FrontierStoreTests(DatabaseProvider.Sqlite);

public sealed class FrontierStoreOnPostgresTests() : FrontierStoreTests(DatabaseProvider.PostgreSql);

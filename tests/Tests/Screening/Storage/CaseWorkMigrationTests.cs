using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>Cases of earlier versions keep their place: each of their states becomes one of today's, and back.</summary>
public sealed class CaseWorkMigrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Cases_of_an_earlier_version_are_found_in_todays_states_with_their_category(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow toys = await SampleHits.AddReferenceAsync(db);
        toys.Category = "Toys";
        HitRow hit = await SampleHits.AddAsync(db, toys);
        foreach (string title in (string[])["Open", "AwaitingReply", "Watching", "Closed"]) db.Cases.Add(new CaseRow { Title = title, OpenedBy = "anna", Version = 1 });
        await db.SaveChangesAsync(Stop);
        long open = (await db.Cases.SingleAsync(x => x.Title == "Open", Stop)).Id;
        await db.Hits.Where(x => x.Id == hit.Id).ExecuteUpdateAsync(x => x.SetProperty(h => h.CaseId, open), Stop);
        IMigrator migrator = db.GetService<IMigrator>();
        string[] known = [.. db.Database.GetMigrations()];
        string before = known[Array.FindIndex(known, x => x.EndsWith("_MarketSurveillance", StringComparison.Ordinal)) - 1];

        await migrator.MigrateAsync(before, Stop);
        await db.Database.ExecuteSqlRawAsync("""UPDATE "Cases" SET "State" = "Title" """, Stop);
        await migrator.MigrateAsync(null, Stop);

        Dictionary<string, CaseRow> cases = await db.Cases.AsNoTracking().ToDictionaryAsync(x => x.Title, Stop);
        Assert.Equal([CaseState.Triage, CaseState.Action, CaseState.Action, CaseState.Closed], new[] { "Open", "AwaitingReply", "Watching", "Closed" }.Select(x => cases[x].State));
        Assert.Equal(("Toys", (string?)null), (cases["Open"].Category, cases["Closed"].Category));
    }
}

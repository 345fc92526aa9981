using Touchstone.Screening;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Overview;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>The overview counts offers that could not be judged, not how often it was tried.</summary>
public sealed class UndeterminedCountTests
{
    private readonly ManualClock clock = new();

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_offer_on_which_several_screenings_failed_is_one_and_none_once_it_was_judged(DatabaseProvider provider)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow one = await SampleHits.AddAsync(db), two = await SampleHits.AddAsync(db);
        long first = one.Match!.Screening!.ObservationId!.Value, second = two.Match!.Screening!.ObservationId!.Value;
        foreach (long observation in (long[])[first, first, first, second]) db.Screenings.Add(Failed(observation));
        await db.SaveChangesAsync(stop);
        Assert.Equal(2, await CountAsync());
        db.Screenings.Add(new ScreeningRow { ObservationId = second, Verdict = Verdict.NoMatch, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(stop);
        Assert.Equal(1, await CountAsync());

        async Task<int> CountAsync() => (await OverviewFacts.ReadAsync(database, "anna", clock, stop)).UndeterminedThisWeek;

        ScreeningRow Failed(long observation) => new() { ObservationId = observation, Verdict = Verdict.Undetermined, Reason = UndeterminedReason.ImageNotFetched, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = clock.GetUtcNow() };
    }
}

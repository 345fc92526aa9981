using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Retention;

/// <summary>What names a person goes with the time that the operator's role and the offer's state allow; decisions stay.</summary>
public sealed class PersonalDataTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void No_setting_is_longer_than_the_role_allows_and_authorities_keep_longest()
    {
        foreach (OfferState state in Enum.GetValues<OfferState>())
        {
            var longer = new RetentionOptions { UnmatchedOfferDays = 9_999, RejectedHitDays = 9_999, UndecidedHitDays = 9_999, ConfirmedHitDays = 9_999, RejectedCaseDays = 9_999, ClosedCaseDays = 9_999 };
            var shorter = new RetentionOptions { UnmatchedOfferDays = 2, RejectedHitDays = 2, UndecidedHitDays = 2, ConfirmedHitDays = 2, RejectedCaseDays = 2, ClosedCaseDays = 2 };
            foreach (OperatorRole role in Enum.GetValues<OperatorRole>())
            {
                Assert.Equal(RoleLimits.Of(role, state), RoleLimits.Of(role, state, longer));
                Assert.Equal(RoleLimits.Of(role, state), RoleLimits.Of(role, state, new RetentionOptions()));
                Assert.Equal(2, RoleLimits.Of(role, state, shorter));
                Assert.True(RoleLimits.Of(role, state) <= RoleLimits.Of(OperatorRole.Authority, state));
            }
        }
        Assert.Equal(2, new RetentionOptions { ClosedCaseDays = 0, UndecidedHitDays = 99_999 }.Problems().Count());
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite, OperatorRole.Authority)]
    [InlineData(DatabaseProvider.Sqlite, OperatorRole.RightHolder)]
    [InlineData(DatabaseProvider.Sqlite, OperatorRole.Marketplace)]
    [InlineData(DatabaseProvider.PostgreSql, OperatorRole.RightHolder)]
    public async Task Each_state_is_kept_to_its_day_and_no_day_longer(DatabaseProvider provider, OperatorRole role)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        await SetRoleAsync(db, role);
        DateTimeOffset start = clock.GetUtcNow();
        var job = new RetentionJob(database, new FolderBlobStore(database.Storage.BlobFolder, clock), new RetentionOptions(), clock);
        var offers = new Dictionary<OfferState, long>();
        foreach (OfferState state in Enum.GetValues<OfferState>()) offers[state] = await AddAsync(db, state, start);
        long open = await AddAsync(db, OfferState.Confirmed, start, CaseState.Action), watched = await AddAsync(db, OfferState.Confirmed, start, watched: true);

        foreach (IGrouping<int, OfferState> day in Enum.GetValues<OfferState>().GroupBy(state => RoleLimits.Of(role, state)).OrderBy(g => g.Key))
        {
            clock.Advance(start.AddDays(day.Key) - clock.GetUtcNow());
            await job.RunAsync(dryRun: false, Stop);
            foreach (OfferState state in day) Assert.True(await NamesAsync(db, offers[state]), $"{state} went on its last day");
            clock.Advance(TimeSpan.FromHours(1));
            IReadOnlyList<RetentionLine> dry = await job.RunAsync(dryRun: true, Stop), done = await job.RunAsync(dryRun: false, Stop);
            Assert.Equal(day.Count(), done.Where(x => x.Table == RetentionJob.Persons).Sum(x => x.Rows));
            Assert.Equal(dry.Where(x => x.Table == RetentionJob.Persons), done.Where(x => x.Table == RetentionJob.Persons));
            foreach (OfferState state in day) Assert.False(await NamesAsync(db, offers[state]), $"{state} stayed");
        }
        Assert.True(await NamesAsync(db, open));
        Assert.True(await NamesAsync(db, watched));
        // Hits are all there, and offers of one seller are still known to be of one.
        Assert.Equal(7, await db.Hits.CountAsync(Stop));
        Assert.All(await db.Observations.Where(o => o.PageSha256 == null).Select(o => o.Seller).ToListAsync(Stop), x => Assert.StartsWith(ErasedNames.Start, x, StringComparison.Ordinal));
        Assert.Equal(0, await db.Traits.CountAsync(t => t.ListingId != open && t.ListingId != watched, Stop));
    }

    [Fact]
    public async Task The_report_says_what_is_due_now_and_soon()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await AddAsync(db, OfferState.Undecided, clock.GetUtcNow());
        await AddAsync(db, OfferState.Rejected, clock.GetUtcNow());
        clock.Advance(TimeSpan.FromDays(20));
        var options = new RetentionOptions { RejectedHitDays = 10, UndecidedHitDays = 40 };
        IReadOnlyList<PersonalDataLine> lines = await PersonalData.CountAsync(db, options, await PersonalData.RoleAsync(db, Stop), clock.GetUtcNow(), Stop);
        Assert.Equal([new(OfferState.Rejected, 180, 10, 1, 1), new(OfferState.Undecided, 365, 40, 0, 1)], lines.Where(x => x.Soon > 0));
        Assert.Equal(6, lines.Count);
    }

    private async Task<bool> NamesAsync(TouchstoneDb db, long listing)
    {
        ObservationRow seen = await db.Observations.AsNoTracking().Include(o => o.Exchanges).SingleAsync(o => o.ListingId == listing, Stop);
        bool named = !ErasedNames.IsToken(seen.Seller);
        Assert.Equal((named, named), (seen.PageSha256 is not null, seen.Exchanges.Count > 0));
        return named;
    }

    private async Task SetRoleAsync(TouchstoneDb db, OperatorRole role)
    {
        db.Operators.Add(new OperatorRow { Name = "Op", Address = "A", ContactName = "C", ContactEmail = "c@op.test", Language = "en", ChangedBy = "anna", Role = role });
        await db.SaveChangesAsync(Stop);
    }

    private async Task<long> AddAsync(TouchstoneDb db, OfferState state, DateTimeOffset at, CaseState? inCase = null, bool watched = false)
    {
        HitRow hit = await SampleHits.AddAsync(db);
        ObservationRow seen = hit.Match!.Screening!.Observation!;
        (seen.Seller, seen.PageSha256, seen.FirstSeenAt, seen.LastSeenAt, hit.Listing!.LastSeenAt, hit.FoundAt, hit.Match.Screening.ScreenedAt) = ($"Seller of {state}", BlobName.Of(Guid.NewGuid().ToByteArray()), at, at, at, at, at);
        seen.Exchanges.Add(new ObservationExchangeRow { Url = hit.Listing.Url, RequestHead = [1], ResponseHead = [1], AskedAt = at, EndedAt = at });
        db.Traits.Add(new TraitRow { ShopId = hit.Listing.ShopId, Kind = TraitKind.Email, Value = "seller@shop.test", ListingId = hit.Listing.Id, FirstSeenAt = at, LastSeenAt = at });
        if (state is OfferState.Rejected) (hit.State, hit.DecidedAt) = (HitState.Rejected, at);
        if (state is OfferState.Confirmed or OfferState.ClosedCase or OfferState.RejectedCase) (hit.State, hit.DecidedAt) = (HitState.Confirmed, at);
        CaseState? work = inCase ?? state switch { OfferState.ClosedCase => CaseState.Closed, OfferState.RejectedCase => CaseState.Rejected, _ => null };
        if (work is { } current)
        {
            var file = new CaseRow { Title = "c", OpenedBy = "anna", OpenedAt = at.AddDays(-1), State = current, ClosedAt = inCase is null ? at : null };
            file.Hits.Add(hit);
            db.Cases.Add(file);
        }
        if (watched) db.Watches.Add(new WatchRow { HitId = hit.Id, ListingId = hit.ListingId!.Value, ReferenceId = hit.ReferenceId, ObservationId = seen.Id, Seller = seen.Seller, Because = "Gone.", StartedBy = "anna", StartedAt = at });
        long listing = hit.ListingId!.Value;
        if (state == OfferState.Unmatched)
        {
            db.Hits.Remove(hit);
        }
        await db.SaveChangesAsync(Stop);
        db.ChangeTracker.Clear();
        return listing;
    }
}

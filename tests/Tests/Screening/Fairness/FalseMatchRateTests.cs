using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Fairness;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Fairness;

/// <summary>How often people rejected what was called a match, and how the work goes, on either database.</summary>
public sealed class FalseMatchRateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // R: prop.test of a binomial share, method Wilson without correction.
    [Theory]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(1, 10, 0.01788, 0.40415)]
    [InlineData(5, 10, 0.23659, 0.76341)]
    [InlineData(10, 10, 0.72247, 1)]
    [InlineData(30, 1000, 0.02109, 0.04252)]
    [InlineData(0, 0, 0, 1)]
    public void The_interval_is_Wilsons(int wrong, int decided, double low, double high)
    {
        (double from, double to) = FalseMatchRate.Interval(wrong, decided);
        Assert.Equal(low, from, 4);
        Assert.Equal(high, to, 4);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Only_decided_matches_count_by_the_last_decision_and_a_genuine_product_is_no_false_match(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow toys = await SampleHits.AddReferenceAsync(db, "toy"), lamps = await SampleHits.AddReferenceAsync(db, "lamp");
        (toys.Category, lamps.Category) = ("Toys", null);
        await DecideAsync(toys, HitState.Confirmed, null);
        await DecideAsync(toys, HitState.Rejected, RejectReason.OtherProduct);
        await DecideAsync(toys, HitState.Rejected, RejectReason.Genuine);
        await DecideAsync(toys, HitState.Rejected, RejectReason.NoOffer);
        await DecideAsync(lamps, HitState.Rejected, null);
        // Taken back and decided anew, of another time, and no match.
        HitRow twice = await DecideAsync(lamps, HitState.Rejected, RejectReason.TooUnlike);
        db.HitDecisions.Add(new HitDecisionRow { HitId = twice.Id, MatchId = twice.MatchId, State = HitState.Confirmed, DecidedBy = "b", DecidedAt = Now.AddDays(-1) });
        (await DecideAsync(lamps, HitState.Rejected, null)).Decisions.Single().DecidedAt = Now.AddYears(-2);
        (await DecideAsync(lamps, HitState.Rejected, null)).Match!.Verdict = Verdict.Review;
        await db.SaveChangesAsync(Stop);

        FalseMatchReport report = await FalseMatchRate.ReadAsync(db, Now.AddDays(-365), Now, Stop);
        Assert.Equal((5, 2, 0.4), (report.All.Decided, report.All.Wrong, report.All.Rate));
        Assert.Equal([("Toys", 3, 1), (null, 2, 1)], report.ByCategory.Select(l => (l.Of, l.Decided, l.Wrong)));
        Assert.Equal([3, 2], report.ByRegister.Select(l => l.Decided));
        FalseMatchReport none = await FalseMatchRate.ReadAsync(db, Now.AddYears(-9), Now.AddYears(-8), Stop);
        Assert.Equal((0, (double?)null, 0.0, 1.0), (none.All.Decided, none.All.Rate, none.All.Low, none.All.High));

        async Task<HitRow> DecideAsync(ReferenceRow reference, HitState state, RejectReason? reason)
        {
            HitRow hit = await SampleHits.AddAsync(db, reference);
            hit.Decisions.Add(new HitDecisionRow { MatchId = hit.MatchId, State = state, Reason = reason, DecidedBy = "a", DecidedAt = Now.AddDays(-2) });
            await db.SaveChangesAsync(Stop);
            return hit;
        }
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Weeks_and_markets_tell_what_was_found_decided_removed_and_returned(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow danish = await AddAsync("a.dk", Now.AddDays(-10), HitState.Confirmed, Now.AddDays(-8)), swedish = await AddAsync("b.se", Now.AddDays(-1), HitState.New, null);
        await AddAsync("old.dk", Now.AddDays(-200), HitState.New, null);
        var watch = new WatchRow { HitId = danish.Id, ListingId = danish.ListingId!.Value, ReferenceId = danish.ReferenceId, ObservationId = await db.Observations.MinAsync(o => o.Id, Stop), RemovedAt = Now.AddDays(-5), Because = "b", StartedBy = "a" };
        watch.Returns.Add(new ReturnRow { ListingId = swedish.ListingId!.Value, ObservationId = watch.ObservationId, HitId = swedish.Id, Sign = ReturnSign.SameImage, ReturnedAt = Now.AddDays(-1), Days = 4 });
        db.Watches.Add(watch);
        await db.SaveChangesAsync(Stop);

        ProgressReport all = await Progress.ReadAsync(db, null, null, Now, Stop), only = await Progress.ReadAsync(db, null, "DK", Now, Stop), other = await Progress.ReadAsync(db, 4711, null, Now, Stop);
        Assert.Equal(Progress.Weeks, all.Weeks.Count);
        Assert.Equal((2, 1, 1, 1), (all.Weeks.Sum(w => w.Found), all.Weeks.Sum(w => w.Decided), all.Weeks.Sum(w => w.Removed), all.Weeks.Sum(w => w.Returned)));
        Assert.Equal((1, 5.0, 1), (all.Weeks[^1].Removed, all.Weeks[^1].DaysToRemoval, all.Weeks[^1].Found));
        Assert.Equal(2.0, all.Weeks[^2].DaysToDecision);
        Assert.Equal([("DK", 1, 1, 0, 1, 0), ("SE", 1, 0, 1, 0, 1)], all.Markets.Select(m => (m.Market!, m.Found, m.Confirmed, m.Undecided, m.Removed, m.Returned)));
        Assert.Equal((1, 0), (only.Weeks.Sum(w => w.Found), only.Weeks.Sum(w => w.Returned)));
        Assert.Equal(0, other.Weeks.Sum(w => w.Found + w.Removed + w.Returned));

        async Task<HitRow> AddAsync(string host, DateTimeOffset found, HitState state, DateTimeOffset? decided)
        {
            HitRow hit = await SampleHits.AddAsync(db, shop: await SampleHits.AddShopAsync(db, host));
            (hit.FoundAt, hit.State, hit.DecidedAt) = (found, state, decided);
            await db.SaveChangesAsync(Stop);
            return hit;
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Targeting;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Weekly;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Weekly;

/// <summary>The list of a week and the one message that tells it.</summary>
public sealed class WeeklyListTests
{
    private static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shop.dk", "DK")]
    [InlineData("shop.co.uk:8443", "GB")]
    [InlineData("shop.example", null)]
    [InlineData("shop.io", null)]
    [InlineData("127.0.0.1:5080", null)]
    [InlineData("dk", null)]
    public void A_market_is_told_by_the_address_where_that_names_a_country(string host, string? market) => Assert.Equal(market, MarketsOfShops.OfDomain(host));

    [Fact]
    public void A_week_is_the_time_zones_from_Monday_to_Sunday_also_where_the_clock_is_changed_and_the_year_ends()
    {
        WeekOfList week = WeekOfList.Parse("2026-W13", Copenhagen)!;
        Assert.Equal((new DateTimeOffset(2026, 3, 22, 23, 0, 0, TimeSpan.Zero), TimeSpan.FromHours((7 * 24) - 1)), (week.From, week.Until - week.From));
        Assert.Equal("2026-W14", week.Add(1, Copenhagen).Name);
        Assert.Equal("2026-W53", WeekOfList.Of(new DateTimeOffset(2027, 1, 3, 22, 59, 0, TimeSpan.Zero), Copenhagen).Name);
        Assert.Equal("2027-W01", WeekOfList.Of(new DateTimeOffset(2027, 1, 3, 23, 0, 0, TimeSpan.Zero), Copenhagen).Name);
        Assert.All((string?[])["2026-W54", "2025-W53", "2026-W00", "2026-13", "", null, "2026-W1x"], x => Assert.Null(WeekOfList.Parse(x, Copenhagen)));
        Assert.Single(new WeeklyOptions { TimeZone = "Mars/Olympus" }.Problems());
        Assert.Single(new WeeklyOptions { Hour = 24 }.Problems());
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_week_tells_what_is_new_still_there_removed_and_returned_by_market(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        WeekOfList week = WeekOfList.Parse("2026-W13", Copenhagen)!;
        await SeedAsync(db, week);
        WeeklyReport all = await WeeklyList.ReadAsync(db, week, null, Stop), danish = await WeeklyList.ReadAsync(db, week, "DK", Stop);
        Assert.Equal(
            [(WeeklyStatus.New, "DK", "new"), (WeeklyStatus.Returned, "SE", "back"), (WeeklyStatus.Removed, "DK", "gone"), (WeeklyStatus.StillOnline, "DE", "online")],
            all.Lines.Select(l => (l.Status, string.Join(' ', l.Markets), l.Name!)));
        Assert.Equal(["DE", "DK", "SE"], all.Markets.Keys);
        Assert.Equal(2, all.Markets["DK"]);
        Assert.Equal(["new", "gone"], danish.Lines.Select(l => l.Name));
        Assert.Equal(4, all.Lines.Single(l => l.Status == WeeklyStatus.Returned).Days);
        Assert.Empty((await WeeklyList.ReadAsync(db, week.Add(-9, Copenhagen), null, Stop)).Lines);

        await using var text = new StringWriter();
        await WeeklyList.WriteCsvAsync(danish with { Lines = [danish.Lines[0] with { Name = "=HYPERLINK(\"x\")", Seller = "+45" }] }, text, Stop);
        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("status,markets,hit,", lines[0], StringComparison.Ordinal);
        Assert.Contains("'=HYPERLINK", lines[1], StringComparison.Ordinal);
        Assert.Contains("'+45", lines[1], StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_person_gets_one_message_a_week_or_day_in_the_installations_time_and_none_where_nothing_came(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        WeekOfList week = WeekOfList.Parse("2026-W13", Copenhagen)!;
        var clock = new ManualClock();
        clock.Advance(week.From - clock.GetUtcNow());
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            await SeedAsync(db, week);
            Assert.Equal(Refusal.Invalid, (await new SetDigest("nobody", DigestPace.Week).RunAsync(new VerbContext(db, "anna", clock), Stop)).Refusal);
            Assert.Equal(Refusal.Invalid, (await new SetDigest("anna@authority.example", DigestPace.Week, "Denmark").RunAsync(new VerbContext(db, "anna", clock), Stop)).Refusal);
            Assert.True((await new SetDigest("anna@authority.example", DigestPace.Week, "dk").RunAsync(new VerbContext(db, "anna", clock), Stop)).Done);
            Assert.True((await new SetDigest("bo@authority.example", DigestPace.Day).RunAsync(new VerbContext(db, "bo", clock), Stop)).Done);
            Assert.True((await new SetDigest("cho@authority.example", DigestPace.Week, "KR").RunAsync(new VerbContext(db, "cho", clock), Stop)).Done);
        }
        var runner = new DigestRunner(database, new WeeklyOptions { TimeZone = "Europe/Copenhagen", Hour = 6 }, clock);
        Assert.Equal(0, await runner.RunAsync(Stop));
        clock.Advance(week.Until.AddHours(5.9) - clock.GetUtcNow());
        // Bo's day that ended was Saturday, of which nothing is told; Anna's week is not due yet.
        Assert.Equal(0, await runner.RunAsync(Stop));
        clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(1, await runner.RunAsync(Stop));
        Assert.Equal(0, await runner.RunAsync(Stop));
        await using TouchstoneDb read = database.CreateDbContext();
        OutboxRow mail = await read.Outbox.SingleAsync(Stop);
        Assert.Equal(("anna@authority.example", "digest/anna/2026-W13"), (mail.Recipient, mail.Key));
        Assert.Contains("from 2026-03-23 to 2026-03-29 (Europe/Copenhagen), DK", mail.Body, StringComparison.Ordinal);
        Assert.Contains("hit ", mail.Body, StringComparison.Ordinal);
        Assert.Contains("New                1", mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("online\r\n  https", mail.Body, StringComparison.Ordinal);
        Assert.Equal(["2026-W13", "2026-03-29", "2026-W13"], await read.Digests.OrderBy(d => d.Account).Select(d => d.Told).ToListAsync(Stop));

        Assert.True((await SetDigest.EndAsync(new VerbContext(read, "anna", clock), Stop)).Done);
        Assert.Equal(Refusal.NotFound, (await SetDigest.EndAsync(new VerbContext(read, "anna", clock), Stop)).Refusal);
    }

    /// <summary>One offer of each sort on the week's Tuesday, and what does not belong in it.</summary>
    private static async Task SeedAsync(TouchstoneDb db, WeekOfList week)
    {
        DateTimeOffset tuesday = week.From.AddDays(1).AddHours(12);
        await AddAsync("new.dk", "new", tuesday, tuesday, HitState.New);
        await AddAsync("rejected.dk", "rejected", tuesday, tuesday, HitState.Rejected);
        await AddAsync("old.dk", "old", tuesday.AddDays(-30), tuesday.AddDays(-20), HitState.Confirmed);
        await AddAsync("online.example", "online", tuesday.AddDays(-30), tuesday, HitState.Confirmed, "DE");
        HitRow gone = await AddAsync("gone.dk", "gone", tuesday.AddDays(-30), tuesday.AddDays(-2), HitState.Confirmed);
        HitRow before = await AddAsync("before.se", "before", tuesday.AddDays(-30), tuesday.AddDays(-10), HitState.Confirmed), back = await AddAsync("back.se", "back", tuesday, tuesday, HitState.New);
        db.Watches.Add(new WatchRow { HitId = gone.Id, ListingId = gone.ListingId!.Value, ReferenceId = gone.ReferenceId, ObservationId = await db.Observations.MinAsync(o => o.Id, Stop), RemovedAt = tuesday, Because = "b", StartedBy = "a" });
        var watch = new WatchRow { HitId = before.Id, ListingId = before.ListingId!.Value, ReferenceId = before.ReferenceId, ObservationId = await db.Observations.MinAsync(o => o.Id, Stop), RemovedAt = tuesday.AddDays(-8), Because = "b", StartedBy = "a" };
        watch.Returns.Add(new ReturnRow { ListingId = back.ListingId!.Value, ObservationId = await db.Observations.MinAsync(o => o.Id, Stop), HitId = back.Id, Sign = ReturnSign.SameImage, ReturnedAt = tuesday, Days = 4 });
        db.Watches.Add(watch);
        await db.SaveChangesAsync(Stop);

        async Task<HitRow> AddAsync(string host, string name, DateTimeOffset found, DateTimeOffset seen, HitState state, string? market = null)
        {
            HitRow hit = await SampleHits.AddAsync(db, shop: await SampleHits.AddShopAsync(db, host));
            (hit.FoundAt, hit.State, hit.Listing!.Name, hit.Listing.LastSeenAt) = (found, state, name, seen);
            if (market is not null)
            {
                var file = new CaseRow { Title = "c", OpenedBy = "a", Market = market };
                file.Hits.Add(hit);
                db.Cases.Add(file);
            }
            await db.SaveChangesAsync(Stop);
            return hit;
        }
    }
}

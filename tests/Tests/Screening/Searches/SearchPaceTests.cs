using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>When searches repeat: by hours, and at a time of day by the clock on the wall.</summary>
public sealed class SearchPaceTests
{
    private static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-01-10T05:00:04Z", "06:00", 24, null, "2026-01-11T05:00Z")] // daily
    [InlineData("2026-01-10T03:00Z", "06:00", 24, null, "2026-01-10T05:00Z")] // begun by hand before its time
    [InlineData("2026-01-10T14:00Z", "06:00", 24, null, "2026-01-11T05:00Z")] // and after it
    [InlineData("2026-03-28T05:00:09Z", "06:00", 24, null, "2026-03-29T04:00Z")] // summer time begins: 06:00 is an hour earlier by UTC
    [InlineData("2026-10-24T04:00:09Z", "06:00", 24, null, "2026-10-25T05:00Z")] // and ends
    [InlineData("2026-03-28T01:30:09Z", "02:30", 24, null, "2026-03-29T01:00Z")] // 02:30 does not exist: 03:00
    [InlineData("2026-03-29T01:00:09Z", "02:30", 24, null, "2026-03-30T00:30Z")] // and is 02:30 again the day after
    [InlineData("2026-10-24T00:30:09Z", "02:30", 24, null, "2026-10-25T00:30Z")] // 02:30 is twice: the first
    [InlineData("2026-10-25T00:30:09Z", "02:30", 24, null, "2026-10-26T01:30Z")] // and not the second
    [InlineData("2026-10-25T01:10Z", "02:30", 24, null, "2026-10-26T01:30Z")] // in the hour that is twice, after the first
    [InlineData("2026-10-23T04:00:09Z", "06:00", 72, null, "2026-10-26T05:00Z")] // each third day across the change
    [InlineData("2026-10-23T04:00:09Z", "06:00", 168, null, "2026-10-30T05:00Z")] // weekly on the day of the last run
    [InlineData("2026-10-23T04:00:09Z", "06:00", 168, DayOfWeek.Monday, "2026-10-26T05:00Z")]
    [InlineData("2026-10-26T05:00:09Z", "06:00", 168, DayOfWeek.Monday, "2026-11-02T05:00Z")]
    [InlineData("2026-10-26T04:00Z", "06:00", 168, DayOfWeek.Monday, "2026-10-26T05:00Z")]
    [InlineData("2026-10-24T04:00Z", null, 24, null, "2026-10-25T04:00Z")] // by hours alone
    public void The_next_run_is_at_its_time_on_the_wall(string last, string? at, int hours, DayOfWeek? on, string next) =>
        Assert.Equal(At(next), new SearchPace(hours, at is null ? null : SearchPace.ParseTime(at), on).After(At(last), Copenhagen));

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_search_with_a_time_of_day_is_queued_at_it_once_a_day(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var context = new VerbContext(db, "anna", clock);
        // An hour of Copenhagen that lies nine hours ahead of the clock.
        DateTimeOffset due = clock.GetUtcNow().AddHours(9);
        TimeOnly at = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, Copenhagen).DateTime);
        at = new TimeOnly(at.Hour, at.Minute);
        VerbOutcome<SearchRunRow> made = await CreateSearch.RunAsync(context, new CreateSearch.Request(null, ["https://shop.example/"], null, null, null, RepeatEveryHours: 24) { RepeatAt = at }, Stop);
        Assert.True(made.Done, made.Detail);
        await new CancelRun(made.Value!.Id).RunAsync(context, Stop);
        clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(0, await SearchSchedule.QueueDueAsync(db, Copenhagen, clock, Stop));
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await SearchSchedule.QueueDueAsync(db, Copenhagen, clock, Stop));
        db.ChangeTracker.Clear();
        SearchRunRow queued = await db.SearchRuns.OrderByDescending(r => r.Id).FirstAsync(Stop);
        await new CancelRun(queued.Id).RunAsync(context, Stop);
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, await SearchSchedule.QueueDueAsync(db, Copenhagen, clock, Stop));
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(1, await SearchSchedule.QueueDueAsync(db, Copenhagen, clock, Stop));
        db.ChangeTracker.Clear();
        Assert.Equal(at, (await db.Searches.AsNoTracking().SingleAsync(Stop)).RepeatAt);
    }

    [Theory]
    [InlineData(null, "06:00", null, "whole days")]
    [InlineData(6, "06:00", null, "whole days")]
    [InlineData(24, "06:00", DayOfWeek.Monday, "weekly search")]
    [InlineData(168, null, DayOfWeek.Monday, "weekly search")]
    [InlineData(0, null, null, "not within 1 and 8,760")]
    public async Task A_pace_that_says_nothing_is_refused(int? hours, string? at, DayOfWeek? on, string says)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var request = new CreateSearch.Request(null, ["https://shop.example/"], null, null, null, RepeatEveryHours: hours) { RepeatAt = at is null ? null : SearchPace.ParseTime(at), RepeatOn = on };
        VerbOutcome<SearchRunRow> refused = await CreateSearch.RunAsync(new VerbContext(db, "anna", new ManualClock()), request, Stop);
        Assert.Contains(says, refused.Detail, StringComparison.Ordinal);
    }
}

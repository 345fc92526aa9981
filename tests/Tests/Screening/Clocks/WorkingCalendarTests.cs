using Touchstone.Screening.Clocks;

namespace Touchstone.Tests.Screening.Clocks;

public sealed class WorkingCalendarTests
{
    /// <summary>Dates that each country's own authority publishes for 2026.</summary>
    [Theory]
    [InlineData("DK", "2026-05-14")] // Ascension Day
    [InlineData("DE", "2026-10-03")] // Unity Day
    [InlineData("DE", "2026-05-14")]
    [InlineData("FR", "2026-07-14")]
    [InlineData("ES", "2026-10-12")]
    [InlineData("IT", "2026-06-02")]
    [InlineData("NL", "2026-04-27")]
    [InlineData("PL", "2026-05-01")]
    [InlineData("SE", "2026-06-06")] // National Day
    [InlineData("BE", "2026-07-21")]
    [InlineData("AT", "2026-10-26")]
    [InlineData("IE", "2026-03-17")]
    [InlineData("CZ", "2026-10-28")]
    [InlineData("NO", "2026-05-17")]
    [InlineData("FI", "2026-12-06")]
    [InlineData("GB", "2026-12-28")] // Boxing Day falls on a Saturday.
    public void A_public_holiday_is_no_working_day(string country, string day)
    {
        var calendar = WorkingCalendar.For(country);
        Assert.True(calendar.AreHolidaysKnown);
        DateOnly date = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(calendar.IsHoliday(date), $"{day} in {country}");
        Assert.False(calendar.IsWorkingDay(date));
    }

    /// <summary>What holds in one state of a country only is a working day in the others.</summary>
    [Fact]
    public void A_regional_holiday_is_a_working_day() => Assert.True(WorkingCalendar.For("DE").IsWorkingDay(new DateOnly(2026, 1, 6)));

    [Theory]
    [InlineData("KR")]
    [InlineData("BG")]
    [InlineData("CY")]
    [InlineData("MT")]
    [InlineData("EU")]
    [InlineData(null)]
    public void Holidays_that_are_not_known_are_not_guessed(string? country)
    {
        var calendar = WorkingCalendar.For(country);
        Assert.False(calendar.AreHolidaysKnown);
        Assert.True(calendar.IsWorkingDay(new DateOnly(2026, 1, 1)));
        Assert.False(calendar.IsWorkingDay(new DateOnly(2026, 1, 3)));
    }

    [Fact]
    public void Two_working_days_step_over_a_weekend_and_a_holiday()
    {
        var denmark = WorkingCalendar.For("dk");
        // Wednesday before Ascension Day: Thursday is a holiday, then a weekend.
        Assert.Equal(new DateOnly(2026, 5, 18), denmark.AddWorkingDays(new DateOnly(2026, 5, 13), 2));
        Assert.Equal(new DateOnly(2026, 5, 15), denmark.AddWorkingDays(new DateOnly(2026, 5, 14), 0));
        Assert.Equal(2, denmark.WorkingDaysBetween(new DateOnly(2026, 5, 13), new DateOnly(2026, 5, 18)));
        Assert.Equal(-2, denmark.WorkingDaysBetween(new DateOnly(2026, 5, 18), new DateOnly(2026, 5, 13)));
    }

    [Fact]
    public void The_operators_own_days_count_too()
    {
        DateOnly ours = new(2026, 6, 9);
        Assert.True(WorkingCalendar.For("DK").IsWorkingDay(ours));
        Assert.False(WorkingCalendar.For("DK", [ours]).IsWorkingDay(ours));
        Assert.False(WorkingCalendar.For("KR", [new DateOnly(2026, 10, 9)]).IsWorkingDay(new DateOnly(2026, 10, 9)));
    }

    [Fact]
    public void Every_known_country_has_holidays_in_every_year()
    {
        foreach (string country in WorkingCalendar.KnownCountries)
            foreach (int year in (int[])[2024, 2026, 2030, 2040])
                Assert.True(Enumerable.Range(0, 365).Count(x => WorkingCalendar.For(country).IsHoliday(new DateOnly(year, 1, 1).AddDays(x))) >= 4, $"{country} {year}");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(367)]
    public void A_deadline_has_bounds(int days) => Assert.Throws<ArgumentOutOfRangeException>(() => WorkingCalendar.For("DK").AddWorkingDays(new DateOnly(2026, 1, 1), days));
}

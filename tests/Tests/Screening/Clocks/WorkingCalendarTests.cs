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
    [InlineData("BG", "2026-03-03")]
    [InlineData("BG", "2026-04-13")] // Monday of the Orthodox Easter
    [InlineData("BG", "2026-05-25")] // The day of letters falls on a Sunday.
    [InlineData("BG", "2026-12-28")] // The second day of Christmas falls on a Saturday.
    [InlineData("BG", "2021-05-04")] // 1 May fell on the Saturday before Easter, and Monday was Easter's.
    [InlineData("CY", "2026-02-23")] // Green Monday
    [InlineData("CY", "2026-06-01")] // Monday of Pentecost
    [InlineData("MT", "2026-04-03")]
    [InlineData("MT", "2026-09-21")]
    [InlineData("KR", "2026-02-16")] // The day before the New Year of the moon
    [InlineData("KR", "2026-03-02")] // 1 March falls on a Sunday.
    [InlineData("KR", "2026-05-25")] // Buddha's birthday falls on a Sunday.
    [InlineData("KR", "2026-08-17")] // Liberation Day falls on a Saturday.
    [InlineData("KR", "2026-09-25")]
    [InlineData("KR", "2025-05-06")] // Children's Day and Buddha's birthday fall on one day.
    [InlineData("KR", "2025-10-08")] // The first of the harvest's three days falls on a Sunday.
    [InlineData("KR", "2027-02-09")] // Two of the New Year's three days are a weekend, of which the Sunday counts.
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
    [InlineData("KR", "2026-09-28")] // The last of the harvest's days falls on a Saturday, which is not made up for.
    [InlineData("KR", "2026-06-08")] // Nor is Memorial Day.
    [InlineData("KR", "2027-02-10")]
    [InlineData("KR", "2013-05-06")]
    [InlineData("BG", "2026-04-14")]
    [InlineData("MT", "2026-02-09")]
    [InlineData("CY", "2026-04-06")] // The western Easter
    public void The_day_beside_a_holiday_is_a_working_day(string country, string day) =>
        Assert.True(WorkingCalendar.For(country).IsWorkingDay(DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Also where a table of the moon ends.</summary>
    [Fact]
    public void Every_year_has_an_answer()
    {
        foreach (string country in WorkingCalendar.KnownCountries)
            for (int year = 1999; year <= 2101; year++) Assert.False(WorkingCalendar.For(country).IsWorkingDay(new DateOnly(year, 1, 1)) && year is >= 2000 and <= 2050, $"{country} {year}");
    }

    [Theory]
    [InlineData("IN")]
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
        Assert.False(WorkingCalendar.For("IN", [new DateOnly(2026, 10, 9)]).IsWorkingDay(new DateOnly(2026, 10, 9)));
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

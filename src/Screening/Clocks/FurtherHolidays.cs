using System.Globalization;
using PublicHoliday;

namespace Touchstone.Screening.Clocks;

/// <summary>
/// The public holidays of countries that the package lacks. Sources: Bulgaria, Labour Code, article 154; Cyprus, public holidays of the civil service; Malta, National Holidays and other Public Holidays
/// Act, chapter 252; Korea, Act on Public Holidays and its decree, with the substitute days that held in the year. Election days, and days that a government sets for one year, are for the operator to add.
/// Pure; safe for concurrent use.
/// </summary>
internal static class FurtherHolidays
{
    // A holiday on a weekend, other than Easter's, is made up for by the next day that is not off: since 2017.
    public static IEnumerable<DateOnly> OfBulgaria(int year)
    {
        DateOnly[] set = Fixed(year, (1, 1), (3, 3), (5, 1), (5, 6), (5, 24), (9, 6), (9, 22), (12, 24), (12, 25), (12, 26));
        DateOnly easter = OrthodoxEaster(year);
        HashSet<DateOnly> off = [.. set, easter.AddDays(-2), easter.AddDays(-1), easter, easter.AddDays(1)];
        if (year >= 2017)
            foreach (DateOnly day in set.Where(IsWeekend)) off.Add(NextOpen(day, off));
        return off;
    }

    public static IEnumerable<DateOnly> OfCyprus(int year)
    {
        DateOnly easter = OrthodoxEaster(year);
        // Green Monday, Good Friday, Easter, and the Monday of Pentecost.
        return [.. Fixed(year, (1, 1), (1, 6), (3, 25), (4, 1), (5, 1), (8, 15), (10, 1), (10, 28), (12, 25), (12, 26)), easter.AddDays(-48), easter.AddDays(-2), easter, easter.AddDays(1), easter.AddDays(50)];
    }

    public static IEnumerable<DateOnly> OfMalta(int year) =>
        [.. Fixed(year, (1, 1), (2, 10), (3, 19), (3, 31), (5, 1), (6, 7), (6, 29), (8, 15), (9, 8), (9, 21), (12, 8), (12, 13), (12, 25)), DateOnly.FromDateTime(GermanPublicHoliday.EasterSunday(year)).AddDays(-2)];

    public static IEnumerable<DateOnly> OfKorea(int year)
    {
        // Of each day: from when a weekend or another holiday on it is made up for, and whether a Saturday is.
        List<(DateOnly Day, DateOnly MadeUpFrom, bool Saturday)> set = [];
        Add(DateOnly.MaxValue, false, Fixed(year, (1, 1), (6, 6)));
        Add(new DateOnly(2014, 1, 1), true, Fixed(year, (5, 5)));
        Add(new DateOnly(2021, 8, 1), true, Fixed(year, (3, 1), (8, 15), (10, 3), (10, 9)));
        Add(new DateOnly(2023, 5, 1), true, Fixed(year, (12, 25)));
        Add(new DateOnly(2023, 5, 1), true, LunarDay(year, 4, 8));
        foreach (DateOnly feast in (DateOnly[])[LunarDay(year, 1, 1), LunarDay(year, 8, 15)]) Add(new DateOnly(2014, 1, 1), false, feast.AddDays(-1), feast, feast.AddDays(1));
        HashSet<DateOnly> off = [.. set.Select(x => x.Day)];
        foreach (IGrouping<DateOnly, (DateOnly Day, DateOnly MadeUpFrom, bool Saturday)> met in set.GroupBy(x => x.Day).OrderBy(x => x.Key).ToList())
        {
            if (!met.Any(x => x.MadeUpFrom <= x.Day)) continue;
            bool weekend = met.Key.DayOfWeek == DayOfWeek.Sunday || (met.Key.DayOfWeek == DayOfWeek.Saturday && met.Any(x => x.Saturday && x.MadeUpFrom <= x.Day));
            for (int owed = met.Count() - (weekend ? 0 : 1); owed > 0; owed--) off.Add(NextOpen(met.Key, off));
        }
        return off;

        void Add(DateOnly madeUpFrom, bool saturday, params DateOnly[] days) => set.AddRange(days.Select(x => (x, madeUpFrom, saturday)));
    }

    private static DateOnly LunarDay(int year, int month, int day)
    {
        var calendar = new KoreanLunisolarCalendar();
        int leap = calendar.GetLeapMonth(year);
        return DateOnly.FromDateTime(calendar.ToDateTime(year, leap > 0 && month >= leap ? month + 1 : month, day, 0, 0, 0, 0));
    }

    private static DateOnly OrthodoxEaster(int year) => DateOnly.FromDateTime(SerbianPublicHoliday.Easter(year));

    private static DateOnly[] Fixed(int year, params (int Month, int Day)[] days) => [.. days.Select(x => new DateOnly(year, x.Month, x.Day))];

    private static DateOnly NextOpen(DateOnly day, HashSet<DateOnly> off)
    {
        do day = day.AddDays(1);
        while (IsWeekend(day) || off.Contains(day));
        return day;
    }

    private static bool IsWeekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}

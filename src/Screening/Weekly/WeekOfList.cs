using System.Globalization;

namespace Touchstone.Screening.Weekly;

/// <summary>A week by ISO 8601, from Monday to Sunday in the installation's time zone, written <c>2026-W48</c>. Immutable.</summary>
public sealed record WeekOfList(int Year, int Number, DateTimeOffset From, DateTimeOffset Until)
{
    private const int LeastYear = 2000, MostYear = 2200;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Number:00}");

    /// <summary>The week of an instant.</summary>
    public static WeekOfList Of(DateTimeOffset at, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        return Of(ISOWeek.GetYear(local), ISOWeek.GetWeekOfYear(local), zone);
    }

    /// <summary>The week of that name; null where there is none.</summary>
    public static WeekOfList? Parse(string? text, TimeZoneInfo zone)
    {
        if (text is not { Length: 8 } || text[4..6] != "-W" || !int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out int year) || !int.TryParse(text[6..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
        return year is >= LeastYear and <= MostYear && number >= 1 && number <= ISOWeek.GetWeeksInYear(year) ? Of(year, number, zone) : null;
    }

    /// <summary>The week before, or so many weeks on.</summary>
    public WeekOfList Add(int weeks, TimeZoneInfo zone) => Of(From.AddDays((7 * weeks) + 3), zone);

    private static WeekOfList Of(int year, int number, TimeZoneInfo zone)
    {
        DateTime monday = ISOWeek.ToDateTime(year, number, DayOfWeek.Monday);
        return new WeekOfList(year, number, Midnight(monday, zone), Midnight(monday.AddDays(7), zone));
    }

    /// <summary>The first instant of a day: where clocks are set forward at midnight, the day begins later.</summary>
    internal static DateTimeOffset Midnight(DateTime day, TimeZoneInfo zone)
    {
        DateTime local = DateTime.SpecifyKind(day.Date, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}

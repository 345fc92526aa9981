using System.Globalization;
using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// Reads the date of a cookie as browsers do: time, day, month and year in whatever order and with whatever around them; zones mean nothing. Source: RFC 6265,
/// section 5.1.1. Pure; thread-safe.
/// </summary>
internal static partial class CookieDate
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    private const int EarliestYear = 1601;

    /// <summary>The date; null where it is none.</summary>
    public static DateTimeOffset? Read(string text)
    {
        int? day = null, month = null, year = null;
        TimeSpan? time = null;
        foreach (Match token in Token().Matches(text))
        {
            if (time is null && Time().Match(token.Value) is { Success: true } clock)
            {
                (int hour, int minute, int second) = (Number(clock.Groups[1]), Number(clock.Groups[2]), Number(clock.Groups[3]));
                if (hour > 23 || minute > 59 || second > 59) return null;
                time = new TimeSpan(hour, minute, second);
            }
            else if (day is null && DayOfMonth().Match(token.Value) is { Success: true } days) day = Number(days.Groups[1]);
            else if (month is null && MonthOf(token.Value) is { } named) month = named;
            else if (year is null && Year().Match(token.Value) is { Success: true } years) year = Century(Number(years.Groups[1]));
        }
        if (time is not { } at || day is not { } d || month is not { } m || year is not { } y || y < EarliestYear || d < 1 || d > DateTime.DaysInMonth(y, m)) return null;
        return new DateTimeOffset(y, m, d, 0, 0, 0, TimeSpan.Zero) + at;
    }

    private static int? MonthOf(string token) =>
        token.Length >= 3 && Months.IndexOf(token[..3], StringComparison.OrdinalIgnoreCase) is >= 0 and var at && at % 3 == 0 ? (at / 3) + 1 : null;

    private static int Century(int year) => year switch { >= 70 and <= 99 => 1900 + year, <= 69 => 2000 + year, _ => year };

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[^\t\x20-\x2F\x3B-\x40\x5B-\x60\x7B-\x7E]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"^([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"^([0-9]{1,2})(?![0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DayOfMonth();

    [GeneratedRegex(@"^([0-9]{2,4})(?![0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Year();
}

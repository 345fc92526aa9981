using System.Globalization;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>How often a search repeats: each so many hours, or each so many days at a time of day, on one day of the week where it is weekly. Pure; immutable.</summary>
/// <param name="EveryHours">1 to 8,760.</param>
/// <param name="At">A local time of day to the minute; null: as soon as the hours have passed. The hours are whole days then.</param>
/// <param name="On">The day of the week; null: any. The hours are a week then.</param>
public sealed record SearchPace(int EveryHours, TimeOnly? At, DayOfWeek? On)
{
    private const int Day = 24, Week = 168;

    /// <summary>How a saved search repeats; null: it does not.</summary>
    public static SearchPace? Of(SearchRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.RepeatEveryHours is { } hours ? new SearchPace(hours, row.RepeatAt, row.RepeatOn) : null;
    }

    /// <summary>A time of day as people and programs write it, <c>HH:MM</c>; null where it is none.</summary>
    public static TimeOnly? ParseTime(string text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly at) ? at : null;

    /// <summary>
    /// When the run after one that was queued then is due. By the clock on the wall: it is the same time of day before and after clocks change. A time that a day lacks, because clocks are set
    /// forward, is the first moment after the gap; one that a day has twice is its first.
    /// </summary>
    /// <param name="zone">The installation's time zone.</param>
    public DateTimeOffset After(DateTimeOffset last, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (At is not { } at) return last.AddHours(EveryHours);
        // Counted from the day of the last run, so a daily search that somebody began by hand in between still begins at its time.
        DateTime from = TimeZoneInfo.ConvertTime(last, zone).DateTime.AddDays(On is null ? (EveryHours / Day) - 1 : 0);
        for (DateTime wall = from.Date + at.ToTimeSpan(); ; wall = wall.AddDays(1))
        {
            if (wall <= from || (On is { } on && wall.DayOfWeek != on)) continue;
            // In the hour that is there twice, the first one may be past though the clock on the wall shows less.
            DateTimeOffset due = Instant(wall, zone);
            if (due > last) return due;
        }
    }

    /// <summary>What is wrong and how to mend it; null: nothing.</summary>
    internal static string? Problem(int? everyHours, TimeOnly? at, DayOfWeek? on)
    {
        if (everyHours is < 1 or > 8_760) return $"The interval of {everyHours} hours is not within 1 and 8,760.";
        if (at is not null && (everyHours is null || everyHours % Day != 0)) return "A time of day goes with a search that repeats by whole days: 24 hours, 168 hours, and so on.";
        if (on is not null && (at is null || everyHours != Week)) return "A day of the week goes with a weekly search (168 hours) that has a time of day.";
        return at is { } time && time.Ticks % TimeSpan.TicksPerMinute != 0 ? "A time of day is to the minute." : null;
    }

    /// <summary>For the audit log: <c>every 24 h at 06:00</c>.</summary>
    internal string Said => $"every {EveryHours} h{(On is { } on ? $" on {on}" : "")}{(At is { } at ? $" at {at.ToString("HH:mm", CultureInfo.InvariantCulture)}" : "")}";

    private static DateTimeOffset Instant(DateTime wall, TimeZoneInfo zone)
    {
        DateTime local = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

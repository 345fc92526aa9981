namespace Touchstone.Screening.Weekly;

/// <summary>When a week, and a day, begin. Immutable.</summary>
public sealed record WeeklyOptions
{
    /// <summary>The installation's time zone by its IANA name, such as <c>Europe/Copenhagen</c>. Default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The local hour from which the message of the week or day that ended is sent. 0 to 23, default 6.</summary>
    public int Hour { get; init; } = 6;

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)) yield return $"Weekly:TimeZone is {TimeZone}; it is the IANA name of a time zone, such as Europe/Copenhagen.";
        if (Hour is < 0 or > 23) yield return $"Weekly:Hour is {Hour}; it is within 0 and 23.";
    }
}

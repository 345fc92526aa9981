using System.Globalization;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Queries;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Searches;

/// <summary>How a run is spoken of: what it came to, and where it stands.</summary>
internal static class RunWords
{
    /// <summary>What the run came to, and its colour. One that read nothing, or decided nothing, is not green.</summary>
    public static (string Text, string Tone) Of(SearchRunRow run) => run.State switch
    {
        RunState.Queued => (Words.Of(run.State), "info"),
        RunState.Running => (Words.Of(run.State), "info"),
        RunState.Paused => (Words.Of(run.State), "warn"),
        RunState.Failed => (Words.Of(run.State), "danger"),
        RunState.Cancelled => (T("stopped"), "warn"),
        _ when run.Pages == 0 => (T("read nothing"), "danger"),
        _ when run.Listings == 0 => (T("read no offer"), "warn"),
        _ when run.Undetermined >= run.Listings => (T("decided nothing"), "warn"),
        _ => (T("finished"), "good"),
    };

    /// <summary>Where a run that has not ended stands, in a sentence.</summary>
    /// <param name="current">The page that is being read; null: none.</param>
    public static string Standing(SearchRunRow run, RunStanding standing, string? current, DateTimeOffset now) => run.State switch
    {
        RunState.Paused => T("Paused: no further page is read until somebody resumes the search. What was read is kept."),
        RunState.Queued when standing.IsLeft => T("Queued, and no worker takes it. Is a node with the role “crawl” running?"),
        RunState.Queued when standing.Ahead == 0 => T("Queued: it is the next to begin."),
        RunState.Queued => T("Queued behind {0}.", Many(standing.Ahead, "{0} run", "{0} runs")),
        _ when standing.IsLeft => T("Its worker does not answer. Another takes the run up where it stopped, within a minute."),
        _ when standing.WaitsFor is { } host && standing.Until is { } until => T("Waits for {0}, which may be asked again in {1}.", host, Span(until - now)),
        _ when current is not null => T("Reads {0}", current),
        _ => T("Begins."),
    };

    /// <summary>How often a search repeats.</summary>
    public static string Repeats(int? hours) => hours switch
    {
        null => T("once"),
        24 => T("every day"),
        168 => T("every week"),
        { } h when h % 24 == 0 => T("every {0}", Many(h / 24, "{0} day", "{0} days")),
        { } h => T("every {0}", Many(h, "{0} hour", "{0} hours")),
    };

    /// <summary>What became of offers between two runs.</summary>
    public static string Of(OfferChange change) => change switch
    {
        OfferChange.New => T("New"),
        OfferChange.Changed => T("Changed"),
        OfferChange.Gone => T("Gone"),
        _ => T("Not seen again"),
    };

    /// <summary>A fact of an offer by its name.</summary>
    public static string Of(OfferFact fact) => fact switch
    {
        OfferFact.Name => T("Name"),
        OfferFact.Price => T("Price"),
        OfferFact.Availability => T("Availability"),
        OfferFact.Seller => T("Seller"),
        _ => T("Pictures"),
    };

    /// <summary>How often a search repeats, with the time of day and the day that it has.</summary>
    public static string Repeats(SearchRow search)
    {
        string pace = Repeats(search.RepeatEveryHours);
        if (search.RepeatAt is not { } at) return pace;
        string time = at.ToString("HH:mm", CultureInfo.InvariantCulture);
        return search.RepeatOn is { } on ? T("{0} on {1} at {2}", pace, Of(on), time) : T("{0} at {1}", pace, time);
    }

    /// <summary>The days of the week, from Monday.</summary>
    public static IReadOnlyList<DayOfWeek> Week { get; } = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>A day of the week by its name.</summary>
    public static string Of(DayOfWeek day) => ConsoleLanguage.Current.Culture.DateTimeFormat.GetDayName(day);

    /// <summary>A span of time that people read.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(span.TotalSeconds)):0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
    };
}

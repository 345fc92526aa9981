using System.Diagnostics;

namespace Touchstone.Screening;

/// <summary>The spans of what takes long or goes wrong far from its cause: a run, the screenings of its pages (the pages are <see cref="Touchstone.Crawling.Politeness.CrawlTraces"/>), a delivery. They cost nothing while nobody listens.</summary>
public static class Traces
{
    public const string SourceName = "Touchstone.Screening";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins a span; null where nobody listens. Dispose it to end it.</summary>
    /// <param name="name">Such as <c>run</c>; the same for all of its kind.</param>
    internal static Activity? Begin(string name, params ReadOnlySpan<(string Key, object? Value)> tags)
    {
        Activity? activity = Source.StartActivity(name);
        foreach ((string key, object? value) in tags) activity?.SetTag(key, value);
        return activity;
    }

    /// <summary>Says on the span that it failed. False, so that it stands in the filter of a catch and the error goes on.</summary>
    internal static bool Failed(Activity? span, Exception error)
    {
        span?.SetStatus(ActivityStatusCode.Error, error.Message).AddException(error);
        return false;
    }

    /// <summary>Says on the span that it ended without what it was for.</summary>
    internal static void Failed(Activity? span, string why) => span?.SetStatus(ActivityStatusCode.Error, why);
}

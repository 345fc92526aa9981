using System.Diagnostics;

namespace Touchstone.Screening;

/// <summary>The spans of what takes long or goes wrong far from its cause: a run, its pages, their screenings; a delivery. They cost nothing while nobody listens.</summary>
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
}

using System.Diagnostics;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Politeness;

/// <summary>A span for each URL of a frontier, from its first request to its end, with its error where it could not be read. They cost nothing while nobody listens.</summary>
public static class CrawlTraces
{
    public const string SourceName = "Touchstone.Crawling";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of a URL; null where nobody listens. Dispose it to end it.</summary>
    internal static Activity? Begin(FrontierUrl url) =>
        Source.StartActivity(url.Kind == FrontierKind.Sitemap ? "sitemap" : "page")?.SetTag("url.full", url.Url).SetTag("touchstone.crawl.depth", url.Depth);

    /// <summary>Says on the span of the URL that is being read what became of it.</summary>
    internal static void Ended(FrontierState state, string reason, int status)
    {
        if (Activity.Current is not { } span || span.Source != Source) return;
        span.SetTag("touchstone.crawl.state", state.ToString()).SetTag("touchstone.crawl.reason", reason);
        if (status > 0) span.SetTag("http.response.status_code", status);
        if (state == FrontierState.Failed) span.SetStatus(ActivityStatusCode.Error, reason);
    }
}

using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>
/// The words with which a fetched URL is completed in the frontier, so that the numbers of a run survive the process: <c>listing</c> or <c>page</c>,
/// with <c>:rendered</c>, <c>:needs-browser</c>, <c>:browser-broken</c> or <c>:render-timeout</c> where a browser was needed; <c>sitemap</c>, <c>sitemap:cut</c>.
/// </summary>
public static class CrawlReasons
{
    public const string Sitemap = "sitemap";
    public const string CutSitemap = "sitemap:cut";
    private const string Rendered = ":rendered";

    public static string Page(bool listing, RenderOutcome? render)
    {
        string kind = listing ? "listing" : "page";
        if (render is null) return kind;
        return kind + (render.Failure is { } failure ? ":" + Of(failure) : Rendered);
    }

    /// <summary>The stable word for a page that no browser showed.</summary>
    public static string Of(RenderFailure failure) => failure switch
    {
        RenderFailure.BrowserMissing => "needs-browser",
        RenderFailure.BrowserBroken => "browser-broken",
        RenderFailure.TimedOut => "render-timeout",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
    };

    /// <summary>Why the page was not rendered; null where it was, or needed no browser.</summary>
    public static RenderFailure? FailureOf(string? reason) => Enum.GetValues<RenderFailure>().Cast<RenderFailure?>().FirstOrDefault(x => reason?.EndsWith(":" + Of(x!.Value), StringComparison.Ordinal) == true);

    /// <summary>Every reason with which a page is completed that needed a browser and got none.</summary>
    public static IReadOnlyList<string> NotRendered { get; } = [.. from kind in (string[])["page", "listing"] from failure in Enum.GetValues<RenderFailure>() select $"{kind}:{Of(failure)}"];

    public static bool IsPage(string? reason) => reason?.StartsWith(Sitemap, StringComparison.Ordinal) != true;

    public static bool IsListing(string? reason) => reason?.StartsWith("listing", StringComparison.Ordinal) == true;

    public static bool WasRendered(string? reason) => reason?.EndsWith(Rendered, StringComparison.Ordinal) == true;

    /// <summary>Whether the page needed a browser and got none.</summary>
    public static bool NeedsBrowser(string? reason) => reason is not null && NotRendered.Contains(reason);
}

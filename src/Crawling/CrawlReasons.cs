using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>
/// The words with which a fetched URL is completed in the frontier, so that the numbers of a run survive the process: <c>listing</c> or <c>page</c>,
/// with <c>:not-modified</c> where the server said so and <c>:shared</c> where nobody was asked, because it was given since the run began, then with <c>:rendered</c>, <c>:needs-browser</c>, <c>:browser-broken</c>, <c>:render-timeout</c> or <c>:render-crash</c> where a browser was needed; <c>sitemap</c>, <c>sitemap:cut</c>, either with <c>:not-modified</c> or <c>:shared</c>.
/// </summary>
public static class CrawlReasons
{
    private const string SitemapKind = "sitemap";
    private const string NotModified = ":not-modified";
    private const string Shared = ":shared";
    private const string Rendered = ":rendered";
    private static readonly string[] PageKinds = ["page", "listing"], Sources = ["", NotModified, Shared];

    public static string Sitemap(bool cut, FetchOutcome fetched) => SitemapKind + (cut ? ":cut" : "") + Source(fetched);

    public static string Page(bool listing, FetchOutcome fetched, RenderOutcome? render)
    {
        string kind = PageKinds[listing ? 1 : 0] + Source(fetched);
        if (render is null) return kind;
        return kind + (render.Failure is { } failure ? ":" + Of(failure) : Rendered);
    }

    private static string Source(FetchOutcome fetched) => fetched.IsShared ? Shared : fetched.Remembered is not null ? NotModified : "";

    /// <summary>The stable word for a page that no browser showed.</summary>
    public static string Of(RenderFailure failure) => failure switch
    {
        RenderFailure.BrowserMissing => "needs-browser",
        RenderFailure.BrowserBroken => "browser-broken",
        RenderFailure.TimedOut => "render-timeout",
        RenderFailure.PageCrashed => "render-crash",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
    };

    /// <summary>Why the page was not rendered; null where it was, or needed no browser.</summary>
    public static RenderFailure? FailureOf(string? reason) => Enum.GetValues<RenderFailure>().Cast<RenderFailure?>().FirstOrDefault(x => reason?.EndsWith(":" + Of(x!.Value), StringComparison.Ordinal) == true);

    /// <summary>Every reason with which a page is completed that needed a browser and got none.</summary>
    public static IReadOnlyList<string> NotRendered { get; } = [.. from kind in PageKinds from source in Sources from failure in Enum.GetValues<RenderFailure>() select $"{kind}{source}:{Of(failure)}"];

    public static bool IsPage(string? reason) => reason?.StartsWith(SitemapKind, StringComparison.Ordinal) != true;

    public static bool IsListing(string? reason) => reason?.StartsWith("listing", StringComparison.Ordinal) == true;

    public static bool WasNotModified(string? reason) => reason?.Contains(NotModified, StringComparison.Ordinal) == true;

    public static bool WasRendered(string? reason) => reason?.EndsWith(Rendered, StringComparison.Ordinal) == true;

    /// <summary>Whether the page needed a browser and got none.</summary>
    public static bool NeedsBrowser(string? reason) => reason is not null && NotRendered.Contains(reason);
}

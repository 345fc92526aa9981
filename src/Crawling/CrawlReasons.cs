using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>
/// The words with which a fetched URL is completed in the frontier, so that the numbers of a run survive the process: <c>listing</c>, <c>page</c>, or <c>repeated</c> where it offers what was read under another address,
/// with <c>:not-modified</c> where the server said so and <c>:shared</c> where nobody was asked, because it was given since the run began, then with <c>:rendered</c>, <c>:needs-browser</c>, <c>:browser-broken</c>, <c>:render-timeout</c> or <c>:render-crash</c> where a browser was needed; <c>sitemap</c>, <c>sitemap:cut</c>, either with <c>:not-modified</c> or <c>:shared</c>.
/// </summary>
public static class CrawlReasons
{
    /// <summary>The page asks who is there, and shows nothing to a guest.</summary>
    public const string LogIn = "log-in";

    /// <summary>The pages or bytes that the run may take from the shop are used up.</summary>
    public const string Budget = "budget";

    /// <summary>Somebody took the shop out of the search while its run was held.</summary>
    public const string ShopRemoved = "shop-removed";

    /// <summary>The shop's software has a list of products for programs, and this shop gives none.</summary>
    public const string NoFeed = "no-feed";

    /// <summary>The server says that nothing is at the address, or nothing any more.</summary>
    public static IReadOnlyList<string> Gone { get; } = ["http-404", "http-410"];

    private const string SitemapKind = "sitemap";
    private const string NotModified = ":not-modified";
    private const string Shared = ":shared";
    private const string Rendered = ":rendered";
    private static readonly string[] PageKinds = ["page", "listing", "repeated"], Sources = ["", NotModified, Shared];

    public static string Sitemap(bool cut, FetchOutcome fetched) => SitemapKind + (cut ? ":cut" : "") + Source(fetched);

    public static string Page(ExtractionOutcome extraction, FetchOutcome fetched, RenderOutcome? render)
    {
        string kind = PageKinds[extraction.Listing is not null ? 1 : extraction.Reason == NoListingReason.AlreadyRead ? 2 : 0] + Source(fetched);
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

    /// <summary>Whether what a reason left out may have held offers that nothing else shows: a limit of ours dropped it.</summary>
    public static bool IsLoss(string? reason) =>
        reason is Budget or FrontierUrl.TooDeep or "too-many-bytes" || reason?.StartsWith("trap:", StringComparison.Ordinal) == true || reason?.StartsWith(SitemapKind + ":cut", StringComparison.Ordinal) == true
        || reason?.StartsWith(TooLong, StringComparison.Ordinal) == true;

    /// <summary>How the reason begins with which a URL is left out that no store can keep.</summary>
    public const string TooLong = "the URL is longer";

    /// <summary>A reason in words.</summary>
    public static string Explain(string reason)
    {
        if (reason.StartsWith("http-", StringComparison.Ordinal)) return $"the shop answered {reason["http-".Length..]}";
        if (FailureOf(reason) is { } failure) return $"the page shows nothing without a browser, and {RenderRemedy.Of(failure)}";
        if (reason.StartsWith(SitemapKind + ":cut", StringComparison.Ordinal)) return "the sitemap is damaged or longer than the limits; what it names after that was not seen unless a page links to it";
        return reason switch
        {
            "bad-url" => "the URL is malformed",
            "forbidden-address" => "the address is internal, and was not asked; an administrator can allow it when the server is started (touchstone serve --allow-host)",
            "robots" => "the shop's robots rules disallow it",
            "robots-unreachable" => "the shop's robots rules could not be read",
            Budget => "the budget of the shop was used up; with more pages a shop the rest is read",
            FrontierUrl.TooDeep => "it is more links away from the start than are followed",
            "trap:queries" => "many pages of the same path brought nothing new, and the rest was not asked for",
            "trap:sitemaps" => "the shop has more sitemaps than are read",
            "trap:length" => "the URL is longer than any page's",
            "trap:depth" or "trap:repeating" => "the path repeats itself or does not end, as where a link is relative by mistake",
            "trap:calendar" => "it is a calendar, which never ends",
            "trap:parameters" => "the URL has more parameters than any page's",
            "repeats" => "pages of its kind (a filter, a tag, a later page, information) showed only what other pages show",
            "empty-list" => "the shop says that the list holds nothing, as others did that were read",
            ShopRemoved => "the shop was taken out of the search",
            "same-page" => "the page was read under another address",
            LogIn => "the shop shows it only after a log-in",
            "excluded" => "it is a cart, an account or another link that does something",
            "redirect" => "it leads to another page, which was read",
            "asset" => "it is a file and no page",
            "name-not-resolved" => "the name did not resolve",
            "connection" => "the connection failed",
            "timeout" => "the shop did not answer in time",
            "too-many-bytes" => "the page was too large",
            "too-many-redirects" => "there were too many redirects",
            "no-sitemap" => "the shop has no sitemap there; its links were followed instead",
            NoFeed => "the shop gives no list of its products to programs there; its pages were followed instead",
            "ended-workers" => "the program ended twice while it read the page, so it was given up; the log of that time says over what",
            "read-timeout" => "reading the page took too long",
            "unreadable" => "the page could not be read; the log says why",
            "unknown-coding" => "the page is packed in a way that nobody asked for",
            "off-site" => "it leads to another site",
            "not-html" => "it is no page",
            _ => reason,
        };
    }

    /// <summary>Every reason with which a page is completed that needed a browser and got none.</summary>
    public static IReadOnlyList<string> NotRendered { get; } = [.. from kind in PageKinds from source in Sources from failure in Enum.GetValues<RenderFailure>() select $"{kind}{source}:{Of(failure)}"];

    public static bool IsPage(string? reason) => reason?.StartsWith(SitemapKind, StringComparison.Ordinal) != true;

    public static bool IsListing(string? reason) => reason?.StartsWith("listing", StringComparison.Ordinal) == true;

    /// <summary>Whether the page was read to its end and offers nothing, under this address or another.</summary>
    public static bool OffersNothing(string? reason) => reason?.StartsWith("page", StringComparison.Ordinal) == true && !NeedsBrowser(reason);

    /// <summary>Whether the page offers what was read under another address.</summary>
    public static bool IsRepeated(string? reason) => reason?.StartsWith("repeated", StringComparison.Ordinal) == true;

    public static bool WasNotModified(string? reason) => reason?.Contains(NotModified, StringComparison.Ordinal) == true;

    public static bool WasRendered(string? reason) => reason?.EndsWith(Rendered, StringComparison.Ordinal) == true;

    /// <summary>Whether the page needed a browser and got none.</summary>
    public static bool NeedsBrowser(string? reason) => reason is not null && NotRendered.Contains(reason);
}

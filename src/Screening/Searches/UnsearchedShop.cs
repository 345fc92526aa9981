using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Screening.Searches;

/// <summary>Why no listing of a shop was read.</summary>
public enum UnsearchedReason
{
    /// <summary>Its pages show nothing without a browser, and none is installed.</summary>
    BrowserMissing,

    /// <summary>Its pages show nothing without a browser, and the browser does not start or breaks off.</summary>
    BrowserBroken,

    /// <summary>Its pages show nothing without a browser, and did not load there in their time.</summary>
    TimedOut,

    /// <summary>Its pages show nothing without a browser, and took more than a page is given there.</summary>
    PageCrashed,

    /// <summary>It shows its pages only after a log-in.</summary>
    LogIn,

    /// <summary>It refuses the program that asks.</summary>
    Refused,

    /// <summary>Its robots rules disallow the start page.</summary>
    Robots,

    /// <summary>Its address is internal, and nobody allowed it.</summary>
    Internal,

    /// <summary>The run ended before it was asked.</summary>
    NotAsked,

    /// <summary>It did not answer, or with errors only.</summary>
    Unreachable,

    /// <summary>Its start page leads to no other page: its links, if there are any, are made by scripts.</summary>
    NoLinks,

    /// <summary>Pages were read, and none of them offers one product.</summary>
    NoListing,
}

/// <summary>A shop of which no listing was read.</summary>
/// <param name="Host">The shop's host, with its port where that is not the usual one.</param>
/// <param name="Reason">Why; the most frequent reason where there are several.</param>
/// <param name="Pages">The pages that were fetched, or that the shop did not give.</param>
public sealed record UnsearchedShop(string Host, UnsearchedReason Reason, int Pages)
{
    /// <summary>Whether its pages show nothing without a browser, and none showed them.</summary>
    public bool WantsBrowser => Reason is UnsearchedReason.BrowserMissing or UnsearchedReason.BrowserBroken or UnsearchedReason.TimedOut or UnsearchedReason.PageCrashed;

    /// <summary>What is wrong and what mends it, in plain words.</summary>
    public string Remedy => Explain(Reason);

    /// <summary>A reason and what mends it, in plain words.</summary>
    public static string Explain(UnsearchedReason reason) => reason switch
    {
        UnsearchedReason.BrowserMissing => RenderRemedy.Of(RenderFailure.BrowserMissing),
        UnsearchedReason.BrowserBroken => RenderRemedy.Of(RenderFailure.BrowserBroken),
        UnsearchedReason.TimedOut => RenderRemedy.Of(RenderFailure.TimedOut),
        UnsearchedReason.PageCrashed => RenderRemedy.Of(RenderFailure.PageCrashed),
        UnsearchedReason.LogIn => "the shop shows its pages only after a log-in, and none is evaded: nothing of it was screened",
        UnsearchedReason.Refused => "the shop refuses programs (401, 403 or 429): nothing of it was screened; its owner may let the user agent in",
        UnsearchedReason.Robots => "the shop's robots rules disallow its start page; record a mandate if the law gives you one",
        UnsearchedReason.Internal => "the shop's address is internal, so it was not asked; an administrator can allow it when the server is started (touchstone serve --allow-host)",
        UnsearchedReason.NotAsked => "the run ended before the shop was asked; run the search again",
        UnsearchedReason.Unreachable => "the shop did not answer, or with errors only; search again later, and check the address",
        UnsearchedReason.NoLinks => "the start page leads to no page that could be read: its links may be made by scripts or forms; name the page of a category or a product as the shop's address",
        UnsearchedReason.NoListing => "its pages were read and none offers one product: check that the address is a shop's, or name the page of a category or a product as the shop's address",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };

    /// <summary>What the URLs of one host tell; null where a listing was read, or the host is none of the shops that the run began with and still looks at.</summary>
    internal static UnsearchedShop? Of(string host, IReadOnlyList<HostUrls> urls)
    {
        if (urls.Any(u => u.Reason == CrawlReasons.ShopRemoved)) return null;
        HostUrls[] starts = [.. urls.Where(u => u.IsStart)], done = [.. urls.Where(u => u.State == FrontierState.Done)];
        if (done.Any(u => CrawlReasons.IsListing(u.Reason)) || (starts.All(u => u.Reason == "redirect") && done.Length == 0)) return null;
        int pages = done.Sum(u => u.Count);
        if (done.Where(u => CrawlReasons.NeedsBrowser(u.Reason)).OrderByDescending(u => u.Count).ToArray() is { Length: > 0 } unshown)
            return new(host, OfRender(CrawlReasons.FailureOf(unshown[0].Reason)!.Value), unshown.Sum(u => u.Count));
        if (starts.Any(u => u.Reason is CrawlReasons.LogIn or "excluded")) return new(host, UnsearchedReason.LogIn, 1);
        if (pages == 0) return new(host, OfStart(starts), starts.Sum(u => u.Count));
        if (urls.Where(u => u.Reason == CrawlReasons.LogIn).Sum(u => u.Count) > pages) return new(host, UnsearchedReason.LogIn, pages);
        bool leads = urls.Any(u => !u.IsStart && u.Reason is not ("excluded" or "off-site"));
        return new(host, leads ? UnsearchedReason.NoListing : UnsearchedReason.NoLinks, pages);
    }

    private static UnsearchedReason OfRender(RenderFailure failure) => failure switch
    {
        RenderFailure.BrowserMissing => UnsearchedReason.BrowserMissing,
        RenderFailure.BrowserBroken => UnsearchedReason.BrowserBroken,
        RenderFailure.TimedOut => UnsearchedReason.TimedOut,
        RenderFailure.PageCrashed => UnsearchedReason.PageCrashed,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
    };

    private static UnsearchedReason OfStart(HostUrls[] starts)
    {
        if (starts.Length > 0 && starts.All(u => u.State is FrontierState.Pending or FrontierState.Leased)) return UnsearchedReason.NotAsked;
        if (starts.Any(u => u.Reason is "http-401" or "http-403" or "http-429")) return UnsearchedReason.Refused;
        if (starts.Length > 0 && starts.All(u => u.Reason is "forbidden-address")) return UnsearchedReason.Internal;
        return starts.Any(u => u.Reason is "robots") ? UnsearchedReason.Robots : UnsearchedReason.Unreachable;
    }
}

/// <summary>Pages of one host that ended alike.</summary>
internal sealed record HostUrls(FrontierState State, string? Reason, bool IsStart, int Count);

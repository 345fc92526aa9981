using Touchstone.Crawling.Frontier;

namespace Touchstone.Screening.Finding;

/// <summary>The site of a page that a service found. Pure.</summary>
public static class FoundSite
{
    private const int LongestUrl = 2_000;

    /// <summary>The page's address in one spelling, and its site; null where it is no page of the web.</summary>
    public static (string Url, string Site)? Of(string address) =>
        CanonicalUrl.TryCreate(address) is { } url && url.Address.Length <= LongestUrl ? (url.Address, CanonicalUrl.SiteOf(url.Host)) : null;
}

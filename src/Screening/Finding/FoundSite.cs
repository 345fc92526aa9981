using Touchstone.Crawling.Frontier;

namespace Touchstone.Screening.Finding;

/// <summary>The site of a page that a service found. Pure.</summary>
public static class FoundSite
{
    private const int LongestUrl = 2_000;

    /// <summary>The host without <c>www.</c>, lower case, with its port if it is not the usual one.</summary>
    public static string SiteOf(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        string lower = host.ToLowerInvariant();
        return lower.StartsWith("www.", StringComparison.Ordinal) ? lower[4..] : lower;
    }

    /// <summary>The page's address in one spelling, and its site; null where it is no page of the web.</summary>
    public static (string Url, string Site)? Of(string address) =>
        CanonicalUrl.TryCreate(address) is { } url && url.Address.Length <= LongestUrl ? (url.Address, SiteOf(url.Host)) : null;
}

using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// Tells links that lead to another page from those that stay: pictures of a gallery, marks on the page, scripts, and the page itself under whatever of its
/// addresses. Pure; safe for concurrent calls.
/// </summary>
internal sealed partial class PageLinks
{
    private readonly Uri? _base;
    private readonly List<Uri> _own = [];

    [GeneratedRegex(@"(?:^|[?&])(?:products?|items?|goods|id|p|pid|art|artikel|article|sku|nr|no)[\w-]*=[\w-]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NamesPage();

    public PageLinks(IDocument document, Uri? address)
    {
        _base = PageContext.StartOf(document, address);
        if (address is not null) _own.Add(address);
        if (_base is not null && document.QuerySelector("link[rel~='canonical']")?.GetAttribute("href") is { } canonical && Uri.TryCreate(PageContext.Join(_base, canonical), UriKind.Absolute, out Uri? named) && named.PathAndQuery.Length > 1) _own.Add(named);
    }

    /// <summary>Whether the element is a link that leads to a page, by its spelling alone: no picture, mark or script.</summary>
    public static bool LeadsToPage(IElement element)
    {
        if (element.LocalName != "a" || element.GetAttribute("href")?.Trim() is not { Length: > 0 } href || href[0] == '#') return false;
        if (href.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || href.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || href.StartsWith("blob:", StringComparison.OrdinalIgnoreCase)) return false;
        if (PictureAddress.IsPicture(href) || element.HasAttribute("data-fancybox") || element.HasAttribute("data-lightbox") || element.HasAttribute("data-pswp-width") || element.HasAttribute("data-zoom-image")) return false;
        return element.GetAttribute("rel")?.Contains("lightbox", StringComparison.OrdinalIgnoreCase) != true && element.GetAttribute("itemprop") is not ("contentUrl" or "image");
    }

    /// <summary>Whether a link in or at the element leads to a page.</summary>
    public static bool HoldsPageLink(IElement element) => LeadsToPage(element) || element.GetDescendants().OfType<IElement>().Any(LeadsToPage);

    /// <summary>Whether the link leads to another page of the site than the one it stands on.</summary>
    public bool LeadsElsewhere(IElement element)
    {
        if (!LeadsToPage(element)) return false;
        if (_base is null) return true;
        if (!Uri.TryCreate(PageContext.Join(_base, element.GetAttribute("href")!), UriKind.Absolute, out Uri? target)) return false;
        if (_own.Count > 0 && !Bare(target.Host).Equals(Bare(_own[0].Host), StringComparison.OrdinalIgnoreCase)) return false;
        return !_own.Any(own => IsSame(own, target));
    }

    private static bool IsSame(Uri own, Uri other)
    {
        if (!own.AbsolutePath.TrimEnd('/').Equals(other.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) return false;
        HashSet<string> mine = [.. Parameters(own)], its = [.. Parameters(other)];
        if (its.IsSubsetOf(mine)) return true;
        // A variant or a print of the page has its parameters and more, unless these are what names a page.
        return mine.IsSubsetOf(its) && !its.Except(mine).Any(static p => NamesPage().IsMatch(p));
    }

    private static string[] Parameters(Uri address) => address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static string Bare(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
}

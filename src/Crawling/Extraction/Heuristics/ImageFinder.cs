using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Finds the product's pictures: in galleries, near the title, named like it, each at its best resolution.</summary>
internal static partial class ImageFinder
{
    private static readonly string[] BestFirst =
    [
        "data-zoom-image", "data-zoom", "data-large_image", "data-large-image", "data-old-hires", "data-hires", "data-high-res", "data-original", "data-full", "data-full-image", "data-image-large", "data-big", "data-magnify-src",
        "data-lazy-src", "data-lazy", "data-src", "data-original-src", "data-image", "data-flickity-lazyload", "data-echo", "content", "src",
    ];

    [GeneratedRegex(@"gallery|carousel|slider|slick|swiper|zoom|product-?(image|img|photo|media|pic)|main-?(image|img|photo|pic)|fotorama|thumb|media-?(gallery|viewer)|image-?(viewer|main|container|wrapper)|magnif|woocommerce-product-gallery|cloud-zoom|hero-?image|packshot", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex GalleryMarks();

    [GeneratedRegex(@"large|zoom|big|full|hi-?res|original|super", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LargeName();

    [GeneratedRegex(@"logo|icon|sprite|badge|banner|payment|visa|mastercard|paypal|flag|avatar|star|rating|placeholder|pixel|spacer|blank|loader|loading|social|facebook|instagram|twitter|pinterest|youtube|trust|seal|shipping|delivery|arrow|button|btn_|captcha|tracking|swatch|size-?(guide|chart)|energy-?label|lazy-?load\.(gif|png)|transparent|\.svg|noimage|no-image|no_image", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NoProduct();

    public static List<string> Find(PageView view, PageContext page, string? name)
    {
        List<(string Address, double Score, int Index)> found = [];
        foreach (PageNode node in view.Nodes)
        {
            if (node.Tag is not ("img" or "source") || node.Is(Place.Chrome | Place.Related | Place.Reviews)) continue;
            if (Best(node, page) is not { } address || NoProduct().IsMatch(address) || (node.Marks.Length > 0 && NoProduct().IsMatch(node.Marks.Replace("placeholder", string.Empty, StringComparison.Ordinal)))) continue;
            double score = Score(view, node, name);
            if (score >= 3 && !Grid.IsCell(node)) found.Add((address, score, node.Index));
        }
        if (found.Count == 0) return [];
        double best = found.Max(static f => f.Score);
        return found.Where(f => f.Score >= best - 3.5).OrderBy(static f => f.Index).Select(static f => f.Address).Distinct(StringComparer.Ordinal).Take(30).ToList();
    }

    /// <summary>The address with the best resolution that the element or the link around it names; null where it has none.</summary>
    public static string? Best(PageNode node, PageContext page)
    {
        IElement image = node.Element;
        if (node.Parent is { Tag: "a" } link && link.Element.GetAttribute("href") is { } href && IsPicture(href)) return page.Resolve(href);
        if (node.Parent is { Tag: "a" or "div" or "figure" or "li" } holder)
            foreach (string attribute in (string[])["data-zoom-image", "data-large-image", "data-full", "data-zoom", "data-image", "data-src", "data-large"])
                if (holder.Element.GetAttribute(attribute) is { } named && IsPicture(named)) return page.Resolve(named);
        foreach (IAttr attribute in image.Attributes)
            if (attribute.Name.StartsWith("data-", StringComparison.Ordinal) && LargeName().IsMatch(attribute.Name) && IsPicture(attribute.Value)) return page.Resolve(attribute.Value);
        string? fromSet = Largest(image.GetAttribute("data-srcset") ?? image.GetAttribute("srcset") ?? image.GetAttribute("data-lazy-srcset"));
        foreach (string attribute in BestFirst)
        {
            if (image.GetAttribute(attribute) is not { Length: > 4 } value || value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || value.Contains('{', StringComparison.Ordinal)) continue;
            if (attribute is "data-image" or "data-zoom" or "data-full" or "data-lazy" && !IsPicture(value) && !value.Contains('/', StringComparison.Ordinal)) continue;
            if (fromSet is not null && attribute is "src" or "data-src" or "data-lazy-src" && ImageSize.Stated(fromSet) >= ImageSize.Stated(value)) return page.Resolve(fromSet);
            if (page.Resolve(value) is { } absolute) return absolute;
        }
        return page.Resolve(fromSet);
    }

    /// <summary>The candidate of a srcset with the largest width or density.</summary>
    public static string? Largest(string? set)
    {
        if (string.IsNullOrWhiteSpace(set) || set.Length > 20_000) return null;
        string? best = null;
        double bestSize = -1;
        foreach (string candidate in Regex.Split(set, @",\s+|,(?=https?:|/)", RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            string[] parts = candidate.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith("data:", StringComparison.OrdinalIgnoreCase)) continue;
            double size = parts.Length > 1 && double.TryParse(parts[^1].TrimEnd('w', 'x', 'h'), NumberStyles.Float, CultureInfo.InvariantCulture, out double stated) ? stated : 1;
            if (size <= bestSize) continue;
            bestSize = size;
            best = parts[0].TrimEnd(',');
        }
        return best;
    }

    private static bool IsPicture(string address)
    {
        int cut = address.IndexOfAny(['?', '#']);
        string path = cut < 0 ? address : address[..cut];
        return path.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".webp", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".avif", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".gif", StringComparison.OrdinalIgnoreCase);
    }

    private static double Score(PageView view, PageNode node, string? name)
    {
        double score = 0;
        int levels = 0;
        for (PageNode? at = node; at is not null && levels < 6; at = at.Parent, levels++)
            if (at.Marks.Length > 0 && GalleryMarks().IsMatch(at.Marks))
            {
                score += levels < 4 ? 3 : 2;
                break;
            }
        string alt = node.Element.GetAttribute("alt") ?? node.Element.GetAttribute("title") ?? string.Empty;
        if (name is not null && alt.Length > 3) score += 3 * TitleWords.Likeness(alt, name);
        if (node.Element.GetAttribute("itemprop") == "image") score += 3;
        if (view.Title is { } title) score += Math.Abs(node.Index - title.Index) switch { < 60 => 2, < 150 => 1.2, < 400 => 0.3, _ => -1 };
        if (Side(node, "width") is { } width) score += width switch { >= 250 => 1.5, < 40 => -3, _ => 0 };
        return score;
    }

    private static int? Side(PageNode node, string attribute) =>
        int.TryParse(node.Element.GetAttribute(attribute)?.Replace("px", string.Empty, StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : null;
}

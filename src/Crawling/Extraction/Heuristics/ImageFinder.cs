using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Finds the product's pictures: in galleries, near the title, named like it, each at its best resolution.</summary>
internal static partial class ImageFinder
{
    [GeneratedRegex(@"gallery|carousel|slider|slick|swiper|zoom|product-?(image|img|photo|media|pic)|main-?(image|img|photo|pic)|fotorama|thumb|media-?(gallery|viewer)|image-?(viewer|main|container|wrapper)|magnif|woocommerce-product-gallery|cloud-zoom|hero-?image|packshot", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex GalleryMarks();

    [GeneratedRegex(@"logo|icon|sprite|badge|banner|payment|visa|mastercard|paypal|flag|avatar|star|rating|placeholder|pixel|spacer|blank|loader|loading|social|facebook|instagram|twitter|pinterest|youtube|trust|seal|shipping|delivery|arrow|button|btn_|captcha|tracking|swatch|size-?(guide|chart)|energy-?label|lazy-?load\.(gif|png)|transparent|\.svg|noimage|no-image|no_image", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NoProduct();

    [GeneratedRegex(@"(?<!\w)logo\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex IsLogo();

    public static List<string> Find(PageView view, PageContext page, string? name)
    {
        List<(string Address, double Score, int Index)> found = [], doubtful = [];
        IReadOnlyDictionary<IElement, string> styled = StyledBackgrounds.Of(view.Document);
        foreach (PageNode node in view.Nodes)
        {
            string? background = styled.GetValueOrDefault(node.Element);
            if ((background is null && !PictureAddress.MayShow(node.Element)) || node.Is(Place.Chrome | Place.Related | Place.Reviews) || IsOfAnother(node)) continue;
            if ((PictureAddress.Best(node, page) ?? page.ResolvePicture(background)) is not { } address) continue;
            double score = Score(view, node, name);
            if (score < 3 || Grid.IsCell(node) || OfferCard.Holds(view, node)) continue;
            bool ornament = (node.Element.GetAttribute("alt") is { } alt && IsLogo().IsMatch(alt)) || NoProduct().IsMatch(address.StartsWith("data:", StringComparison.Ordinal) ? "" : address) || (node.Marks.Length > 0 && NoProduct().IsMatch(node.Marks.Replace("placeholder", string.Empty, StringComparison.Ordinal)));
            (ornament || IsSpare(node) ? doubtful : found).Add((address, score, node.Index));
        }
        // Where there is nothing else, a picture called "star" may be of a star.
        if (found.Count == 0) found = doubtful;
        if (found.Count == 0) return [];
        double best = found.Max(static f => f.Score);
        return found.Where(f => f.Score >= best - 3.5).OrderBy(static f => f.Index).Select(static f => f.Address).Distinct(StringComparer.Ordinal).Take(30).ToList();
    }

    // What microdata calls the picture of a product beside this one.
    private static bool IsOfAnother(PageNode node)
    {
        int levels = 0;
        PageNode? item = node.Parent;
        while (item is not null && !item.Element.HasAttribute("itemscope") && levels++ < MostLevels) item = item.Parent;
        return item?.Element.GetAttribute("itemprop") is { } property && (property.Contains("isRelatedTo", StringComparison.OrdinalIgnoreCase) || property.Contains("isSimilarTo", StringComparison.OrdinalIgnoreCase) || property.Contains("related_product", StringComparison.OrdinalIgnoreCase));
    }

    // Elements around a picture that are asked.
    private const int MostLevels = 12;

    // What a script may put into the page.
    private static bool IsSpare(PageNode node)
    {
        if (!node.IsSilent) return false;
        for (PageNode? at = node; at is { IsSilent: true }; at = at.Parent)
            if (at.Tag == "template") return true;
        return false;
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
        string alt = node.Element.GetAttribute("alt") ?? node.Element.GetAttribute("title") ?? node.Element.GetAttribute("aria-label") ?? string.Empty;
        if (name is not null && alt.Length > 3) score += 3 * TitleWords.Likeness(alt, name);
        if (node.Element.GetAttribute("itemprop") == "image") score += 3;
        if (view.Title is { } title) score += Math.Abs(node.Index - title.Index) switch { < 60 => 2, < 150 => 1.2, < 400 => 0.3, _ => -1 };
        // A drawing's units are no pixels.
        if (node.Tag != "image" && Side(node, "width") is { } width) score += width switch { >= 250 => 1.5, < 40 => -3, _ => 0 };
        return score;
    }

    private static int? Side(PageNode node, string attribute) =>
        int.TryParse(node.Element.GetAttribute(attribute)?.Replace("px", string.Empty, StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : null;
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// Where an element gets its picture from: the link or holder around it, attributes of lazy loading, srcset, the attributes of HTML and SVG that name pictures,
/// and CSS backgrounds. Pure; safe for concurrent calls.
/// </summary>
internal static partial class PictureAddress
{
    private static readonly string[] BestFirst =
    [
        "data-zoom-image", "data-zoom", "data-large_image", "data-large-image", "data-old-hires", "data-hires", "data-high-res", "data-original", "data-full", "data-full-image", "data-image-large", "data-big", "data-magnify-src",
        "data-lazy-src", "data-lazy", "data-src", "data-original-src", "data-image", "data-flickity-lazyload", "data-echo", "content", "src", "poster", "data", "href", "xlink:href", "background",
    ];

    private static readonly string[] HolderAttributes = ["data-zoom-image", "data-large-image", "data-full", "data-zoom", "data-image", "data-src", "data-large"];

    private static readonly string[] SetEndings = ["srcset", "src-set", "data-set", "original-set", "bgset"];

    // The attributes of a picture that HTML itself knows, and those that hold something else than where it lies.
    private static readonly HashSet<string> OwnNames = new(StringComparer.Ordinal) { "src", "srcset", "alt", "title", "class", "id", "style", "href", "longdesc", "usemap", "poster", "data", "background", "content", "itemprop", "value" };

    // What names another picture than the one that is shown, or a smaller copy.
    [GeneratedRegex(@"thumb|small|tiny|low|lq|blur|preview|placeholder|hover|over|out|flip|back|alt|second|other|swatch|error|fallback|default|next|prev|logo|mobile|poster|title|capt|desc|gif|video|icon|sprite|share|color|colour|variant", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex OtherPicture();

    [GeneratedRegex(@"large|zoom|big|full|hi-?res|original|super", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex LargeName();

    [GeneratedRegex("""url\(\s*(?:"([^"]*)"|'([^']*)'|((?:[^()"'\s\\]|\\[0-9a-f]{1,6}\s?|\\.)+))\s*\)|image-set\(\s*(?:"([^"]*)"|'([^']*)')""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex CssUrl();

    // CSS Syntax, section 4.3.7: up to six hexadecimal digits and one white space, or the character itself.
    [GeneratedRegex(@"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex CssEscape();

    /// <summary>The address that a match of a pattern for CSS holds in one of its groups, without escapes.</summary>
    public static string InCss(Match match) =>
        CssEscape().Replace(string.Concat(match.Groups.Values.Skip(1).Select(static g => g.Value)), static e =>
            e.Groups[2].Success ? e.Groups[2].Value : int.Parse(e.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var code && Rune.IsValid(code) ? new Rune(code).ToString() : "");

    // Of a run of slashes each but the first is a part of what begins there.
    [GeneratedRegex("""(?:https?:)?\\?/(?<!/[^\s"'<>\\,/]*\\?/)[^\s"'<>\\,]*(?:\\/[^\s"'<>\\,]*)*\.(?:jpe?g|png|webp|avif|gif)(?:\?[^\s"'<>\\]*)?""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex PictureInText();

    [GeneratedRegex(@"-(?:src|href|url|image|img)$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex OpenedName();

    /// <summary>Whether the element may show a picture at all.</summary>
    public static bool MayShow(IElement element) => element.LocalName switch
    {
        "img" or "source" or "amp-img" or "image" or "embed" => true,
        "video" => element.HasAttribute("poster"),
        "object" => element.HasAttribute("data"),
        "input" => element.GetAttribute("type") is "image",
        "a" when element.GetAttribute("href") is { } href && IsPicture(href) => element.QuerySelector("img,source,image") is null,
        _ when element.LocalName.Contains('-', StringComparison.Ordinal) && element.GetAttribute("src") is { } named && IsPicture(named) => true,
        _ => (element.GetAttribute("style") is { } style && (style.Contains("url(", StringComparison.OrdinalIgnoreCase) || style.Contains("image-set(", StringComparison.OrdinalIgnoreCase))) || element.HasAttribute("background") || element.Attributes.Any(static a => IsBackground(a.Name)),
    };

    /// <summary>The address with the best resolution that the element or the link around it names; null where it has none.</summary>
    public static string? Best(PageNode node, PageContext page)
    {
        IElement image = node.Element;
        if (node.Parent is { Tag: "a" } link && link.Element.GetAttribute("href") is { } href && IsPicture(href)) return page.Resolve(href);
        if (node.Parent is { Tag: "a" or "div" or "figure" or "li" } holder)
            foreach (string attribute in HolderAttributes)
                if (holder.Element.GetAttribute(attribute) is { } named && IsPicture(named)) return page.Resolve(named);
        // What a link opens in place of a page, whatever its script calls it.
        if (node.Parent is { Tag: "a" } opener && opener.Element.Attributes.FirstOrDefault(static a => a.Name.StartsWith("data-", StringComparison.Ordinal) && OpenedName().IsMatch(a.Name) && IsPicture(a.Value) && !OtherPicture().IsMatch(a.Name)) is { } opened) return page.Resolve(opened.Value);
        foreach (IAttr attribute in image.Attributes)
            if (attribute.Name.StartsWith("data-", StringComparison.Ordinal) && LargeName().IsMatch(attribute.Name) && IsPicture(attribute.Value)) return page.Resolve(attribute.Value);
        string? fromSet = SetOf(image), late = Late(image);
        foreach (string attribute in BestFirst)
        {
            if (InSize(image, image.GetAttribute(attribute)) is not { Length: > 4 } value || value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || value.Contains('{', StringComparison.Ordinal) || ImageSize.IsPlaceholder(value)) continue;
            // What plays or embeds something else names its picture apart, or by its ending.
            if (image.LocalName is "video" && attribute is not "poster") continue;
            if (image.LocalName is "object" or "embed" && !IsPicture(value) && image.GetAttribute("type")?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true) continue;
            if (attribute is "data-image" or "data-zoom" or "data-full" or "data-lazy" && !IsPicture(value) && !value.Contains('/', StringComparison.Ordinal)) continue;
            if (late is not null && attribute is "src" && IsPreviewOf(value, late) && (fromSet is null || ImageSize.Stated(late) >= ImageSize.Stated(fromSet)) && page.Resolve(late) is { } put) return put;
            if (fromSet is not null && attribute is "src" or "data-src" or "data-lazy-src" && ImageSize.Stated(fromSet) >= ImageSize.Stated(value)) return page.Resolve(fromSet);
            if (page.Resolve(value) is { } absolute) return absolute;
        }
        return page.Resolve(fromSet) ?? Background(image, page) ?? (image.LocalName is "video" or "object" or "embed" ? null : Anywhere(image, page)) ?? page.ResolvePicture(image.GetAttribute("src") ?? fromSet);
    }

    // What scripts fill in when they know how large the picture is shown.
    [GeneratedRegex(@"(?:\{|%7B)(width|:size)(?:\}|%7D)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex SizePlace();

    [GeneratedRegex(@"\d{2,4}", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Widths();

    private const int UsualWidth = 1080, MostWidth = 2048;
    private const string UsualSize = "1280x1280";

    /// <summary>An address with the place of its size filled: with the largest of the widths that the element lists, else with a usual one.</summary>
    private static string? InSize(IElement image, string? address)
    {
        if (address is null || address.Length > MaximumText || !SizePlace().IsMatch(address)) return address;
        int[] widths = [.. Widths().Matches(image.GetAttribute("data-widths") ?? "").Select(static w => int.Parse(w.Value, CultureInfo.InvariantCulture)).Where(static w => w <= MostWidth)];
        return SizePlace().Replace(address, place => place.Groups[1].Value.StartsWith(':') ? UsualSize : widths.DefaultIfEmpty(UsualWidth).Max().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What a set names that a script or the browser chooses from; a script's comes before the one that stands there until it runs.</summary>
    private static string? SetOf(IElement image) =>
        image.Attributes.Where(static a => SetEndings.Any(ending => a.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).OrderBy(static a => a.Name == "srcset").Select(static a => SourceSet.Largest(a.Value)).FirstOrDefault(static a => a is not null);

    /// <summary>The picture that a script puts in the place of a preview: an attribute of whatever name that holds a picture's address and nothing else.</summary>
    private static string? Late(IElement image) =>
        image.LocalName is not ("img" or "amp-img") ? null : image.Attributes.FirstOrDefault(static a => a.Value.Length is > 4 and < 2_048 && !OwnNames.Contains(a.Name) && IsPicture(a.Value.Trim()) && !OtherPicture().IsMatch(a.Name) && !ImageSize.IsPlaceholder(a.Value))?.Value;

    /// <summary>Whether what stands there until a script runs is a lesser copy: of a stated size below the other's, or a file of the same name or one that says so. Another picture is none.</summary>
    private static bool IsPreviewOf(string shown, string late) => PreviewName().IsMatch(FileOf(shown)) || ImageSize.Stated(late) > ImageSize.Stated(shown) || (ImageSize.Stated(late) == ImageSize.Stated(shown) && FileOf(late) == FileOf(shown));

    [GeneratedRegex(@"blur|placeholder|preview|tiny|lqip|(?<![a-z])(?:lq|low|small|thumb|loading|lazy|blank|spacer)(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex PreviewName();

    private static string FileOf(string address)
    {
        string path = address.Split('?', '#')[0];
        return path[(path.LastIndexOf('/') + 1)..];
    }

    private const int MaximumSet = 20_000;
    private const int MaximumText = 20_000;

    private static bool IsBackground(string attribute) =>
        attribute.StartsWith("data-", StringComparison.Ordinal) && (attribute.Contains("background", StringComparison.Ordinal) || attribute.StartsWith("data-bg", StringComparison.Ordinal) || attribute.EndsWith("-bg", StringComparison.Ordinal) || attribute.EndsWith("-style", StringComparison.Ordinal));

    /// <summary>Of CSS in the style attribute, also in a variable of it, or of the attributes from which scripts make it.</summary>
    private static string? Background(IElement element, PageContext page)
    {
        foreach (IAttr attribute in element.Attributes)
        {
            bool style = attribute.Name == "style";
            if ((!style && !IsBackground(attribute.Name)) || attribute.Value.Length > MaximumSet * 100) continue;
            foreach (Match url in CssUrl().Matches(attribute.Value))
                if (page.ResolvePicture(InCss(url)) is { } absolute) return absolute;
            if (!style && !attribute.Name.EndsWith("-style", StringComparison.Ordinal) && (IsPicture(attribute.Value) || attribute.Value.Contains('/', StringComparison.Ordinal)) && page.ResolvePicture(attribute.Value) is { } plain) return plain;
        }
        return null;
    }

    /// <summary>Of an element whose known attributes name no picture: any attribute that does, such as a list for a script.</summary>
    private static string? Anywhere(IElement element, PageContext page)
    {
        foreach (IAttr attribute in element.Attributes)
        {
            if (attribute.Name is "style" or "src" or "alt" or "title" or "class" or "id" || attribute.Value.Length > MaximumText) continue;
            if (IsPicture(attribute.Value) && page.Resolve(attribute.Value) is { } whole) return whole;
            if (PictureInText().Match(InSize(element, attribute.Value)!) is { Success: true } part && page.Resolve(part.Value.Replace("\\/", "/", StringComparison.Ordinal)) is { } found) return found;
        }
        return null;
    }

    /// <summary>Whether an address ends as files of pictures do.</summary>
    public static bool IsPicture(string address)
    {
        int cut = address.IndexOfAny(['?', '#']);
        string path = cut < 0 ? address : address[..cut];
        return !path.AsSpan().ContainsAny(' ', '{', '"') && Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".jfif"];
}

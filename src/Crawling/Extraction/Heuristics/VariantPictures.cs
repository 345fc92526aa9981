using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Structured;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// Finds the pictures that scripts show in place of the first one: those of variants and galleries, in attributes of options, buttons and forms, and in the
/// data that shop programs leave beside the product. Pure; safe for concurrent calls.
/// </summary>
internal static partial class VariantPictures
{
    // Characters of one attribute or script, and levels of its objects.
    private const int MaximumText = 1_000_000, MaximumDepth = 32, Most = 60;

    // The keys of one picture's sizes, the largest first.
    private static readonly string[] Sizes = ["full_src", "full", "super_large", "superlarge", "zoom", "large_src", "large", "hires", "high_res", "original", "big", "max", "src", "url", "img", "image_src", "image", "medium"];

    [GeneratedRegex(@"image|img|pic|photo|foto|bild|full|zoom|large|media|variant|src", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex PictureName();

    [GeneratedRegex(@"product|variant|variation|galler|image|media|swatch", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ProductMark();

    [GeneratedRegex(@"related|recommend|upsell|cross|accessor|similar|icon|logo|review|brand|manufacturer|vendor|supplier|categor|seller|author|avatar|swatch_?image|thumb|video|flag|payment", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex OtherThing();

    public static IEnumerable<string> Find(PageView view, PageContext page)
    {
        List<string> found = [];
        foreach (PageNode node in view.Nodes)
        {
            if (found.Count >= Most) break;
            if (node.Is(Place.Chrome | Place.Related | Place.Reviews) || !node.Element.Attributes.Any(static a => a.Name.StartsWith("data-", StringComparison.Ordinal))) continue;
            foreach (IAttr attribute in node.Element.Attributes)
                if (attribute.Name.StartsWith("data-", StringComparison.Ordinal) && !OtherThing().IsMatch(attribute.Name)) Add(view, node, attribute, page, found);
        }
        foreach (IElement script in view.Document.QuerySelectorAll("script[type='text/x-magento-init'], script[type='application/json']"))
        {
            string marks = string.Join(' ', script.Id, script.ClassName, string.Join(' ', script.Attributes.Select(static a => a.Name)));
            string text = script.TextContent;
            bool gallery = text.Contains("mage/gallery/gallery", StringComparison.Ordinal) || text.Contains("swatch-renderer", StringComparison.Ordinal);
            if (gallery || (ProductMark().IsMatch(marks) && !OtherThing().IsMatch(marks))) AddJson(text, page, found);
        }
        return found.Take(Most);
    }

    private static void Add(PageView view, PageNode node, IAttr attribute, PageContext page, List<string> found)
    {
        string value = attribute.Value.Trim();
        if (value.Length is < 5 or > MaximumText) return;
        bool json = value[0] is '[' or '{', named = !json && node.Tag is not ("img" or "source") && PictureName().IsMatch(attribute.Name) && PictureAddress.IsPicture(value);
        if (!json && !named) return;
        if ((json && !ProductMark().IsMatch(attribute.Name)) || Grid.IsCell(node) || OfferCard.Holds(view, node)) return;
        if (json) AddJson(value, page, found);
        else if (page.Resolve(value) is { } address) found.Add(address);
    }

    private static void AddJson(string text, PageContext page, List<string> found)
    {
        if (text.Length > MaximumText) return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(WholeCharacters.MendJson(text), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaximumDepth });
            Collect(document.RootElement, page, found);
        }
        catch (JsonException)
        {
            // One that only its script reads, or that a template left a gap in.
            foreach (JsonNode node in LenientJson.ReadAll(text))
            {
                using JsonDocument document = JsonDocument.Parse(node.ToJsonString(), new JsonDocumentOptions { MaxDepth = LenientJson.MaximumDepth + 1 });
                Collect(document.RootElement, page, found);
            }
        }
    }

    // Lists that scripts keep under such a name.
    [GeneratedRegex(@"(?<![\w$-])[""']?[\w$.]{0,60}(?:galler|images|photos|pictures|slides|bilder)\w{0,40}[""']?\s{0,9}[:=]\s{0,9}(?=[\[{])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex GalleryName();

    private const int MostGalleries = 10;

    /// <summary>The pictures in lists that the page's scripts keep for their gallery, where the page itself shows none.</summary>
    public static IEnumerable<string> InScripts(IDocument document, PageContext page)
    {
        List<string> found = [];
        int looked = 0;
        foreach (IElement script in document.QuerySelectorAll("script:not([src]):not([type*=json]):not([type*=template])"))
        {
            string text = script.TextContent;
            if (text.Length > MaximumText) continue;
            foreach (Match name in GalleryName().Matches(text))
            {
                if (looked++ >= MostGalleries || found.Count > 0) return found;
                if (!OtherThing().IsMatch(name.Value) && LenientJson.ReadAt(text, name.Index + name.Length, out _) is { } list) AddJson(list.ToJsonString(), page, found);
            }
        }
        return found;
    }

    private static void Collect(JsonElement value, PageContext page, List<string> found)
    {
        if (found.Count >= Most) return;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
                if (item.ValueKind == JsonValueKind.String) Take(item, page, found);
                else Collect(item, page, found);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (string size in Sizes)
                if (value.TryGetProperty(size, out JsonElement picture) && picture.ValueKind == JsonValueKind.String && Take(picture, page, found)) break;
            foreach (JsonProperty property in value.EnumerateObject())
                if (property.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object && !OtherThing().IsMatch(property.Name)) Collect(property.Value, page, found);
        }
    }

    private static bool Take(JsonElement text, PageContext page, List<string> found)
    {
        if (text.GetString() is not { Length: > 4 and < 2000 } address || !PictureAddress.IsPicture(address) || page.Resolve(address) is not { } absolute) return false;
        found.Add(absolute);
        return true;
    }
}

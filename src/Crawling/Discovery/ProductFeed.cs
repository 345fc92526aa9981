using System.Globalization;
using System.Text.Json;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Discovery;

/// <summary>
/// Reads the lists of products that shop software hands to programs, as what a sitemap is: addresses of product pages, their titles, dates and pictures. What an offer
/// says is read from its page alone. Shopify's <c>products.json</c>, and the products of WooCommerce's Store API. Never throws on content; thread-safe.
/// </summary>
internal static class ProductFeed
{
    // What the software gives where the address does not say how many.
    private const int ShopifyPage = 30, WooPage = 10;

    /// <summary>The list; null where the text is none.</summary>
    /// <param name="url">Where it was found: its parameters say how many products a page holds, and which page it is.</param>
    public static SitemapContent? Read(string text, string url)
    {
        if (WebUrl.TryParse(url) is not { } feed) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(WholeCharacters.MendJson(text), new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object when document.RootElement.TryGetProperty("products", out JsonElement products) && products.ValueKind == JsonValueKind.Array => Shopify(products, feed),
                JsonValueKind.Array => Woo(document.RootElement, feed),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SitemapContent? Shopify(JsonElement products, WebUrl feed)
    {
        int at = feed.Path.IndexOf("/collections/", StringComparison.Ordinal);
        if (at < 0) at = feed.Path.LastIndexOf("/products.json", StringComparison.Ordinal);
        if (at < 0) return null;
        string shop = $"{feed.Scheme}://{feed.Host}{feed.Path[..at]}";
        List<SitemapEntry> pages = [];
        foreach (JsonElement product in products.EnumerateArray())
        {
            if (Text(product, "handle") is not { Length: > 0 } handle) continue;
            pages.Add(new SitemapEntry($"{shop}/products/{Uri.EscapeDataString(handle)}", Date(product, "updated_at"), Pictures(product)) { Title = Text(product, "title") });
        }
        return Content(pages, products.GetArrayLength(), ShopifyPage, "limit", feed);
    }

    private static SitemapContent? Woo(JsonElement products, WebUrl feed)
    {
        List<SitemapEntry> pages = [];
        foreach (JsonElement product in products.EnumerateArray())
            if (Text(product, "permalink") is { } page && WebUrl.TryParse(page, feed) is not null) pages.Add(new SitemapEntry(page, null, Pictures(product)) { Title = Text(product, "name") });
        // An empty list is a list; one of other things is none.
        return pages.Count == 0 && products.GetArrayLength() > 0 ? null : Content(pages, products.GetArrayLength(), WooPage, "per_page", feed);
    }

    private static SitemapContent Content(List<SitemapEntry> pages, int count, int usual, string sizeName, WebUrl feed)
    {
        int size = Number(feed, sizeName) ?? usual, page = Number(feed, "page") ?? 1;
        // A page that is not full is the last one.
        string[] next = count > 0 && count >= size ? [Turned(feed, page + 1)] : [];
        return new SitemapContent(SitemapFormat.ProductFeed, pages, next, true);
    }

    private static string Turned(WebUrl feed, int page)
    {
        IEnumerable<string> others = (feed.Query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("page=", StringComparison.Ordinal));
        return (feed with { Query = string.Join('&', others.Append(string.Create(CultureInfo.InvariantCulture, $"page={page}"))), Fragment = null }).ToString();
    }

    private static int? Number(WebUrl url, string name) =>
        (url.Query ?? "").Split('&').FirstOrDefault(p => p.StartsWith($"{name}=", StringComparison.Ordinal)) is { } found
        && int.TryParse(found.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is > 0 and < 10_000 ? value : null;

    private static IReadOnlyList<string> Pictures(JsonElement product) =>
        product.ValueKind == JsonValueKind.Object && product.TryGetProperty("images", out JsonElement images) && images.ValueKind == JsonValueKind.Array ? [.. images.EnumerateArray().Select(i => Text(i, "src")).OfType<string>()] : [];

    private static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Date(JsonElement of, string name) =>
        DateTimeOffset.TryParse(Text(of, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
}

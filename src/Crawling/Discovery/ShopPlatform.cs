using AngleSharp.Dom;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>The software that a shop runs on, where its pages tell and its own lists and search are known.</summary>
public enum ShopPlatform { Shopify, WooCommerce, OpenCart, Magento, PrestaShop }

/// <summary>Tells a shop's software from a page, and where that software lists products and is asked for words. Pure; thread-safe.</summary>
internal static class ShopPlatforms
{
    // Shopify gives 250 at most, WooCommerce 100.
    private const string ShopifyPage = "?limit=250&page=1", WooPage = "per_page=100&page=1";

    /// <summary>The software that made a page; null where nothing tells.</summary>
    public static ShopPlatform? Of(IDocument document)
    {
        string generator = document.QuerySelector("meta[name=generator i]")?.GetAttribute("content") ?? "";
        if (Has(document, "meta[name^='shopify-' i], script[src*='cdn.shopify.com'], script[src*='/cdn/shop/'], link[href*='cdn.shopify.com'], link[href*='/cdn/shop/'], #shopify-features")) return ShopPlatform.Shopify;
        if (AnyGenerator(document, "WooCommerce") || Has(document, "body.woocommerce, body.woocommerce-page, link[href*='/plugins/woocommerce/'], script[src*='/plugins/woocommerce/']")) return ShopPlatform.WooCommerce;
        if (generator.Contains("PrestaShop", StringComparison.OrdinalIgnoreCase) || Has(document, "body[class*='prestashop'], link[href*='/modules/ps_'], script[src*='/modules/ps_'], form[action*='controller=search'], link[href*='/modules/blockcart/']")) return ShopPlatform.PrestaShop;
        if (Has(document, "script[type='text/x-magento-init'], link[href*='/static/frontend/'], link[href*='/skin/frontend/'], script[src*='/static/frontend/'], form[action*='catalogsearch/result']")) return ShopPlatform.Magento;
        if (Has(document, "link[href*='catalog/view/'], script[src*='catalog/view/']") || (Has(document, "#search input[name=search]") && Has(document, "a[href*='index.php?route=']"))) return ShopPlatform.OpenCart;
        return null;
    }

    /// <summary>The address of the platform's search page, with <see cref="ShopSearch.Words"/> where the words go.</summary>
    public static string? SearchOf(ShopPlatform platform, WebUrl start) => platform switch
    {
        ShopPlatform.Shopify => $"{Root(start)}/search?type=product&q={ShopSearch.Words}",
        ShopPlatform.WooCommerce => $"{Root(start)}/?post_type=product&s={ShopSearch.Words}",
        ShopPlatform.OpenCart => $"{Root(start)}/index.php?route=product/search&search={ShopSearch.Words}",
        ShopPlatform.Magento => $"{Root(start)}/catalogsearch/result/?q={ShopSearch.Words}",
        ShopPlatform.PrestaShop => $"{Root(start)}/index.php?controller=search&s={ShopSearch.Words}",
        _ => null,
    };

    /// <summary>
    /// Where the platform hands out its products for programs: the whole list, or what it finds for words (<see cref="ShopSearch.Words"/> stands in the address). Null: it
    /// has none. A start within one of Shopify's collections has that collection's list.
    /// </summary>
    public static string? FeedOf(ShopPlatform platform, IDocument document, WebUrl page, WebUrl start)
    {
        if (platform == ShopPlatform.Shopify)
        {
            int at = page.Path.IndexOf("/collections/", StringComparison.Ordinal);
            string? collection = at < 0 ? null : page.Path[(at + "/collections/".Length)..].Split('/')[0];
            return string.IsNullOrEmpty(collection) || collection == "all" ? $"{Root(page)}/products.json{ShopifyPage}" : $"{Root(page)}{page.Path[..at]}/collections/{collection}/products.json{ShopifyPage}";
        }
        if (platform != ShopPlatform.WooCommerce) return null;
        // WordPress names where its interface is; it may lie under a folder, or behind a parameter.
        string? named = document.QuerySelector("link[rel='https://api.w.org/'][href]")?.GetAttribute("href");
        string root = named is not null && WebUrl.TryParse(named, start) is { } api && LinkFinder.IsSameSite(api.Host, page.Host) ? api.ToString() : $"{Root(page)}/wp-json/";
        char joins = root.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{root.TrimEnd('/')}/wc/store/v1/products{joins}search={ShopSearch.Words}&{WooPage}";
    }

    private static string Root(WebUrl url) => $"{url.Scheme}://{url.Host}";

    private static bool Has(IDocument document, string selector) => document.QuerySelector(selector) is not null;

    private static bool AnyGenerator(IDocument document, string name) =>
        document.QuerySelectorAll("meta[name=generator i]").Any(m => m.GetAttribute("content")?.Contains(name, StringComparison.OrdinalIgnoreCase) == true);
}

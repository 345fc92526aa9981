using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Touchstone.Market.RealShops;

/// <summary>Serves a real catalogue as a plain shop: pages of links and product pages with JSON-LD.</summary>
internal sealed class StaticShop(IReadOnlyList<RealProduct> products)
{
    private const int PageSize = 20;
    private readonly Dictionary<string, RealProduct> _products = products.ToDictionary(x => x.Key, StringComparer.Ordinal);
    private readonly Dictionary<string, string> _pictures = products.SelectMany(x => x.Pictures).Distinct(StringComparer.Ordinal).ToDictionary(NameOf, StringComparer.Ordinal);

    public static string PathOf(RealProduct product) => $"/product/{product.Key}";

    public void Map(WebApplication app)
    {
        app.MapGet("/", () => List(1));
        app.MapGet("/page/{page:int}", List);
        app.MapGet("/product/{key}", (string key, HttpContext http) => _products.TryGetValue(key, out RealProduct? product) ? Product(product, $"http://{http.Request.Host}") : Results.NotFound());
        app.MapGet("/pictures/{name}", (string name) => _pictures.TryGetValue(name, out string? file) ? Results.File(file, Path.GetExtension(file) == ".webp" ? "image/webp" : "image/jpeg") : Results.NotFound());
    }

    private static string NameOf(string file) => $"{Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(file)))}-{Path.GetFileName(file)}";

    private IResult List(int page)
    {
        int last = (products.Count + PageSize - 1) / PageSize;
        if (page < 1 || page > last) return Results.NotFound();
        string items = string.Concat(products.Skip((page - 1) * PageSize).Take(PageSize).Select(x => $"<li><a href='{PathOf(x)}'>{WebUtility.HtmlEncode(x.Title)}</a> {x.Price.ToString(CultureInfo.InvariantCulture)} {x.Currency}</li>"));
        string pages = string.Concat(Enumerable.Range(1, last).Select(x => $"<a href='/page/{x}'>{x}</a> "));
        return Html("All products", $"<ul>{items}</ul><nav>{pages}</nav>", "");
    }

    private static IResult Product(RealProduct product, string root)
    {
        string[] pictures = [.. product.Pictures.Select(x => $"{root}/pictures/{NameOf(x)}")];
        string facts = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Product",
            ["name"] = product.Title,
            ["brand"] = product.Brand,
            ["description"] = product.Description,
            ["sku"] = product.Key,
            ["image"] = pictures,
            ["offers"] = new Dictionary<string, object> { ["@type"] = "Offer", ["price"] = product.Price, ["priceCurrency"] = product.Currency },
        });
        string images = string.Concat(pictures.Select(x => $"<img src='{x}'>"));
        return Html(product.Title, $"<h1>{WebUtility.HtmlEncode(product.Title)}</h1>{images}<p>{product.Price.ToString(CultureInfo.InvariantCulture)} {product.Currency}</p><p>{WebUtility.HtmlEncode(product.Description)}</p>", $"<script type='application/ld+json'>{facts}</script>");
    }

    private static IResult Html(string title, string body, string head) =>
        Results.Content($"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{WebUtility.HtmlEncode(title)}</title>{head}</head><body><a href='/'>Shop</a>{body}</body></html>", "text/html; charset=utf-8");
}

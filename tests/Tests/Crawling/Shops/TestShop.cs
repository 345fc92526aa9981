using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>A product of a test shop: what a crawl has to find of it.</summary>
public sealed record ShopProduct(int Id, string Name, string Slug, decimal Price, string Brand, string Category, IReadOnlyList<string> Pictures)
{
    public string PriceText => Price.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>
/// A small shop on loopback whose pages are built as those of a shop program are, and that knows its own truth: its products with prices and pictures. The
/// links that would do something lead to <see cref="DoneTo"/>.
/// </summary>
public abstract class TestShop
{
    private static readonly string[] Things = ["Lantern", "Kettle", "Walnut Bowl", "Garden Chair", "Rain Jacket", "Copper Pan", "Desk Lamp", "Wool Blanket"];
    private static readonly string[] Looks = ["Amber", "Birch", "Coral", "Dune", "Ember", "Fjord", "Grove", "Heron", "Iris", "Juniper", "Kelp", "Linden", "Maple", "Nettle", "Opal"];

    protected TestShop(int products, int categories, int pictures)
    {
        Categories = [.. Enumerable.Range(0, categories).Select(i => $"{Things[i]}s")];
        Products = [.. Enumerable.Range(1, products).Select(id =>
        {
            string name = $"{Looks[id % Looks.Length]} {Things[id % categories]} {100 + id}", slug = name.ToLowerInvariant().Replace(' ', '-');
            return new ShopProduct(id, name, slug, 10 + id + 0.5m, id % 2 == 0 ? "Norrvik" : "Halden", Categories[id % categories], [.. Enumerable.Range(1, pictures).Select(n => Picture(slug, n))]);
        })];
    }

    public IReadOnlyList<ShopProduct> Products { get; }

    protected IReadOnlyList<string> Categories { get; }

    protected virtual int PerPage => 6;

    /// <summary>Every page in its frame; null where there is none.</summary>
    protected abstract string? Page(string path, IQueryCollection query);

    /// <summary>The path of a picture at its best resolution.</summary>
    protected virtual string Picture(string slug, int number) => $"/media/{slug}-{number}.jpg";

    /// <summary>Whether a request does something, or asks for what is a visitor's own.</summary>
    public abstract bool DoneTo(string request);

    public void Open(LoopbackSite site) => site.Others(async context =>
    {
        string? html = Page(context.Request.Path, context.Request.Query);
        if (html is null)
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Response.ContentType = html.StartsWith("<?xml", StringComparison.Ordinal) ? "application/xml" : "text/html; charset=utf-8";
        await context.Response.WriteAsync(html);
    });

    protected ShopProduct? ById(string? id) => Products.FirstOrDefault(p => p.Id.ToString(CultureInfo.InvariantCulture) == id);

    protected ShopProduct? BySlug(string slug) => Products.FirstOrDefault(p => p.Slug == slug);

    protected static string Each<T>(IEnumerable<T> all, Func<T, string> html) => string.Concat(all.Select(html));

    /// <summary>The products of one page of a list, and how many pages there are.</summary>
    protected (IReadOnlyList<ShopProduct> Shown, int Pages, int At) Cut(IEnumerable<ShopProduct> all, string? page)
    {
        ShopProduct[] products = [.. all];
        int at = int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : 1;
        return ([.. products.Skip((at - 1) * PerPage).Take(PerPage)], (products.Length + PerPage - 1) / PerPage, at);
    }

    protected static string Frame(string title, string head, string body) =>
        $"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{head}<script src='/theme.js'></script></head><body>{body}</body></html>";
}

using Microsoft.AspNetCore.Http;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>Each link to a product says in a parameter where it stands, so that a product has five addresses; the one that its page gives is readable, and no link uses it.</summary>
public sealed class ParameterShop() : TestShop(products: 60, categories: 3, pictures: 2)
{
    protected override int PerPage => 10;

    public override bool DoneTo(string request) => request.Contains("basket", StringComparison.Ordinal);

    protected override string? Page(string path, IQueryCollection query) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [] => Framed("Pier Shop", "", $"<h1>Pier Shop</h1>{Each(Products.Where(p => p.Id % 5 == 0), p => Card(p, "home"))}"),
        ["range", var name] when Categories.Contains(name) => List(name, Products.Where(p => p.Category == name), $"/range/{name}", query["page"]),
        ["maker", var name] => List(name, Products.Where(p => p.Brand == name), $"/maker/{name}", query["page"]),
        ["goods", var id] when ById(id) is { } product => Product(product),
        [var slug] when slug.EndsWith(".html", StringComparison.Ordinal) && BySlug(slug[..^5]) is { } product => Product(product),
        _ => null,
    };

    private string List(string name, IEnumerable<ShopProduct> products, string path, string? page)
    {
        (IReadOnlyList<ShopProduct> shown, int pages, int at) = Cut(products, page);
        return Framed(name, $"<link rel='canonical' href='{path}'>", $"<h1>{name}</h1><ul class='grid'>{Each(shown, p => Card(p, path[1..].Replace('/', '-')))}</ul><nav class='paging'>{Each(Enumerable.Range(1, pages), n => n == at ? $"<b>{n}</b>" : $"<a href='{path}?page={n}'>{n}</a>")}</nav>");
    }

    private static string Card(ShopProduct p, string place) =>
        $"<li class='tile'><a href='/goods/{p.Id}?shelf={place}'><img src='{p.Pictures[0].Replace(".jpg", "-200x200.jpg", StringComparison.Ordinal)}' alt=''><h3>{p.Name}</h3></a><span class='price'>&pound;{p.PriceText}</span></li>";

    private string Product(ShopProduct p) => Framed(
        p.Name,
        $"<link rel='canonical' href='/{p.Slug}.html'>",
        $"""
        <nav class='breadcrumb'><a href='/'>Home</a> <a href='/range/{p.Category}'>{p.Category}</a> <a href='/maker/{p.Brand}'>{p.Brand}</a></nav>
        <div class='product'><div class='gallery'>{Each(p.Pictures, picture => $"<img src='{picture}' width='800' height='800' alt='{p.Name}'>")}</div><h1>{p.Name}</h1><p class='price'>&pound;{p.PriceText}</p><p>Made to last, and easy to clean.</p><button>Add to basket</button></div>
        <section class='related'><h2>Related</h2><ul>{Each(Products.Where(o => o.Id != p.Id && o.Category == p.Category).Skip(p.Id % 7).Take(4), o => Card(o, "related"))}</ul></section>
        """);

    private string Framed(string title, string head, string content) =>
        Frame(title, head, $"<header><a href='/'>Pier Shop</a><nav>{Each(Categories, c => $"<a href='/range/{c}'>{c}</a>")}</nav><a href='/basket'>Basket</a></header><main>{content}</main>");
}

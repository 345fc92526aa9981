using Microsoft.AspNetCore.Http;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>Flat addresses that say nothing, a main gallery named as a slider of products, variants' pictures on buttons, a filter by plain names, and so many pages of one list that counting them as depth loses the last.</summary>
public sealed class SliderShop(bool sitemap) : TestShop(products: 33, categories: 1, pictures: 5)
{
    protected override int PerPage => 3;

    public override bool DoneTo(string request) => request.Contains("/customer/", StringComparison.Ordinal) || request.Contains("product_compare", StringComparison.Ordinal) || request.Contains("sendfriend", StringComparison.Ordinal) || request.Contains("productalert", StringComparison.Ordinal) || request.Contains("cart", StringComparison.Ordinal);

    protected override string? Page(string path, IQueryCollection query)
    {
        if (path == "/sitemap.xml" && sitemap)
            return $"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{Each(Products, p => $"<url><loc>/{p.Slug}.html</loc><lastmod>2026-01-{1 + (p.Id % 28):00}</lastmod></url>")}</urlset>";
        if (path is "/" or "/all.html") return List(query);
        return path.EndsWith(".html", StringComparison.Ordinal) && BySlug(path[1..^5]) is { } product ? Product(product) : null;
    }

    private string List(IQueryCollection query)
    {
        IEnumerable<ShopProduct> products = query.ContainsKey("colour") ? Products.Skip(query["colour"].ToString().Length).Take(1) : query.ContainsKey("material") ? Products.Take(2) : Products;
        (IReadOnlyList<ShopProduct> shown, int pages, int at) = Cut(products, query["p"]);
        string facets = Each(Enumerable.Range(1, 20), n => $"<li><a href='/all.html?colour={new string('x', n)}'>Colour {n}</a></li><li><a href='/all.html?material={n}'>Material {n}</a></li><li><a href='/all.html?colour={new string('x', n)}&amp;material={n}'>Both {n}</a></li>");
        string sorts = Each(["position", "name", "price"], s => $"<a href='/all.html?product_list_order={s}'>{s}</a><a href='/all.html?product_list_mode=list&amp;product_list_order={s}'>{s}</a>");
        // Only the next page is named, as where a list is long.
        string next = at < pages ? $"<a class='action next' href='/all.html?p={at + 1}' title='Next'>Next</a>" : "";
        return Framed("All", "", $"<h1 class='page-title'>All</h1>{sorts}<ol class='filter'>{facets}</ol><ol class='products list items product-items'>{Each(shown, Card)}</ol><div class='pages'>{next}</div>");
    }

    private static string Card(ShopProduct p) =>
        $"<li class='item product product-item'><div class='product-item-info'><a href='/{p.Slug}.html' class='product photo product-item-photo'><img class='product-image-photo' src='/media/cache/{p.Slug}-1.jpg' alt='{p.Name}'></a><div class='product details product-item-details'><strong class='product name product-item-name'><a class='product-item-link' href='/{p.Slug}.html'>{p.Name}</a></strong><div class='price-box price-final_price'><span class='price-container price-final_price'><span class='price-wrapper' data-price-amount='{p.PriceText}'><span class='price'>€{p.PriceText}</span></span></span></div><button type='submit' class='action tocart primary'>Add to Cart</button><a href='/catalog/product_compare/add/{p.Id}'>Compare</a></div></div></li>";

    private string Product(ShopProduct p)
    {
        string slides = Each(p.Pictures.Take(4), picture => $"<div class='slide'><a href='{(picture == p.Pictures[1] ? "#" : picture)}'><img src='{picture}' alt='{p.Name}'></a></div>");
        string swatches = Each(p.Pictures.Skip(4), picture => $"<button type='button' class='option' data-variant-image='{picture}'>Other</button>");
        return Framed(
            p.Name,
            $"<link rel='canonical' href='/{p.Slug}.html'>",
            $"""
            <div class='product-main'><div class='media'><div class='product-slider' id='slider'>{slides}</div></div><div class='info'><h1 class='title'>{p.Name}</h1><div class='amounts'><span class='price'>€{p.PriceText}</span></div>{swatches}
            <div id='manufacturerInfo'><h2>Manufacturer Info</h2></div><button type='submit' class='tocart'>Add to Cart</button><a href='/sendfriend/product/{p.Id}'>Tell</a><a href='/productalert/add/stock/{p.Id}'>Alert</a></div></div>
            <div class='block related'><h2>Related</h2><ol class='products list items product-items'>{Each(Products.Where(o => o.Id != p.Id).Take(3), Card)}</ol></div>
            """);
    }

    private static string Framed(string title, string head, string content) =>
        Frame(title, head, $"<header class='page-header'><a href='/'>Lake Shop</a><a href='/customer/account/login/'>Sign In</a><a href='/checkout/cart/'>Cart</a><nav><a href='/all.html'>All</a></nav></header><main>{content}</main>");
}

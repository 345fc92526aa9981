using Microsoft.AspNetCore.Http;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>
/// All pages under one path, told apart by parameters; the price in a heading without a class, beside its net price, in a list of a framework's class; the
/// gallery as links to pictures. One product has as many addresses as lists show it, and names one of them canonical.
/// </summary>
/// <param name="language">Each address names a language.</param>
/// <param name="readable">The canonical address of a product is a readable one, which no link uses.</param>
public sealed class FrontControllerShop(bool language = false, bool readable = false) : TestShop(products: 120, categories: 4, pictures: 4)
{
    protected override int PerPage => 15;

    public override bool DoneTo(string request)
    {
        string plain = Uri.UnescapeDataString(request);
        return plain.Contains("route=account/", StringComparison.Ordinal) || plain.Contains("route=checkout/", StringComparison.Ordinal) || plain.Contains("route=common/currency", StringComparison.Ordinal)
            || plain.Contains("route=product/compare", StringComparison.Ordinal) || plain.Contains("route=product/search", StringComparison.Ordinal) || plain.Contains("route=affiliate/", StringComparison.Ordinal);
    }

    protected override string? Page(string path, IQueryCollection query)
    {
        if (path == "/") return Framed("Corner Shop", "", $"<h3>Featured</h3><div class='row'>{Each(Products.Take(4), p => Card(p, ""))}</div>");
        if (path != "/index.php") return readable && BySlug(path[1..]) is { } named ? Product(named) : null;
        string route = query["route"].ToString();
        return route switch
        {
            "common/home" => Page("/", query),
            "product/category" => Category(query["path"].ToString(), query["page"]),
            "product/product" => ById(query["product_id"]) is { } product ? Product(product) : null,
            "product/manufacturer/info" => List(query["manufacturer_id"] == "1" ? "Norrvik" : "Halden", Products.Where(p => p.Brand == (query["manufacturer_id"] == "1" ? "Norrvik" : "Halden")), $"route=product/manufacturer/info&amp;manufacturer_id={query["manufacturer_id"]}", $"manufacturer_id={query["manufacturer_id"]}&amp;", query["page"]),
            "information/information" => Framed("About us", "", "<h1>About us</h1><p>We have sold things for many years, and we like them all.</p>"),
            _ => null,
        };
    }

    private string? Category(string path, string? page)
    {
        if (!int.TryParse(path, out int index) || index < 20 || index >= 20 + Categories.Count) return null;
        string name = Categories[index - 20];
        return List(name, Products.Where(p => p.Category == name), $"route=product/category&amp;path={path}", $"path={path}&amp;", page);
    }

    private string List(string name, IEnumerable<ShopProduct> products, string route, string prefix, string? page)
    {
        (IReadOnlyList<ShopProduct> shown, int pages, int at) = Cut(products, page);
        string sorts = Each(["pd.name", "p.price", "rating", "p.model"], s => $"<a href='/index.php?{route}&amp;sort={s}&amp;order=ASC'>{s}</a><a href='/index.php?{route}&amp;sort={s}&amp;order=DESC&amp;limit=100'>{s}</a>");
        string turns = Each(Enumerable.Range(1, pages), n => n == at ? $"<li class='active'><span>{n}</span></li>" : $"<li><a href='/index.php?{route}&amp;page={n}'>{n}</a></li>");
        string filter = Each(Enumerable.Range(1, 12), n => $"<a class='list-group-item' href='/index.php?{route}&amp;filter={n}'>Option {n}</a>");
        return Framed(name, $"<link href='/index.php?{route}' rel='canonical'>", $"<ul class='breadcrumb'><li><a href='/index.php?route=common/home'>Home</a></li><li><a href='/index.php?{route}'>{name}</a></li></ul><aside>{filter}</aside><div id='content'><h2>{name}</h2><a href='/index.php?route=product/compare' id='compare-total'>Product Compare (0)</a>{sorts}<div class='row'>{Each(shown, p => Card(p, prefix))}</div><ul class='pagination'>{turns}</ul></div>");
    }

    private static string Card(ShopProduct p, string prefix)
    {
        string link = $"/index.php?route=product/product&amp;{prefix}product_id={p.Id}";
        return $"<div class='product-layout product-grid'><div class='product-thumb'><div class='image'><a href='{link}'><img src='/media/cache/{p.Slug}-1-228x228.jpg' alt='{p.Name}' class='img-responsive'></a></div><div class='caption'><h4><a href='{link}'>{p.Name}</a></h4><p>A thing of quality.</p><p class='price'>${p.PriceText} <span class='price-tax'>Ex Tax: ${p.Price - 2:0.00}</span></p></div><div class='button-group'><button type='button' onclick=\"cart.add('{p.Id}')\">Add to Cart</button><a href='/index.php?route=account%2Fwishlist&amp;add={p.Id}'>Wish</a></div></div></div>";
    }

    private string Product(ShopProduct p)
    {
        string more = Each(p.Pictures.Skip(1), picture => $"<li class='image-additional'><a class='thumbnail' href='{picture}' title='{p.Name}'><img src='{picture.Replace(".jpg", "-74x74.jpg", StringComparison.Ordinal)}' alt='{p.Name}'></a></li>");
        string related = Each(Products.Where(o => o.Id != p.Id && o.Category == p.Category).Take(2), o => Card(o, ""));
        return Framed(
            p.Name,
            readable ? $"<link href='/{p.Slug}' rel='canonical'>" : $"<link href='/index.php?route=product/product&amp;product_id={p.Id}' rel='canonical'>",
            $"""
            <ul class='breadcrumb'><li><a href='/index.php?route=common/home'>Home</a></li><li><a href='/index.php?route=product/product&amp;product_id={p.Id}'>{p.Name}</a></li></ul>
            <div class='row'><div id='content' class='col-sm-12'><div class='row'><div class='col-sm-8'>
            <ul class='thumbnails'><li><a class='thumbnail' href='{p.Pictures[0]}' title='{p.Name}'><img src='{p.Pictures[0].Replace(".jpg", "-228x228.jpg", StringComparison.Ordinal)}' title='{p.Name}' alt='{p.Name}'></a></li>{more}</ul>
            <ul class='nav nav-tabs'><li class='active'><a href='#tab-description'>Description</a></li><li><a href='#tab-review'>Reviews (0)</a></li></ul><div id='tab-description'><p>Made to last, and easy to clean.</p></div></div>
            <div class='col-sm-4'><div class='btn-group'><button type='button' onclick="wishlist.add('{p.Id}')">Wish</button></div>
            <h1>{p.Name}</h1><ul class='list-unstyled'><li>Brand: <a href='/index.php?route=product/manufacturer/info&amp;manufacturer_id={(p.Brand == "Norrvik" ? 1 : 2)}'>{p.Brand}</a></li><li>Product Code: CS{p.Id}</li><li>Availability: In Stock</li></ul>
            <ul class='list-unstyled'><li><h2>${p.PriceText}</h2></li><li>Ex Tax: ${p.Price - 2:0.00}</li></ul>
            <div id='product'><div class='form-group'><label for='input-quantity'>Qty</label><input type='text' name='quantity' value='1' id='input-quantity'><button type='button' id='button-cart' class='btn btn-primary btn-lg btn-block'>Add to Cart</button></div></div></div></div>
            <h3>Related Products</h3><div class='row'>{related}</div></div></div>
            """);
    }

    private string Framed(string title, string head, string content)
    {
        string framed = Plain(title, head, content);
        return language ? framed.Replace("?route=", "?language=en-gb&amp;route=", StringComparison.Ordinal) : framed;
    }

    private string Plain(string title, string head, string content)
    {
        string menu = Each(Categories.Select((c, i) => (c, i)), c => $"<li><a href='/index.php?route=product/category&amp;path={20 + c.i}'>{c.c}</a></li>");
        string own = Each(["account/login", "account%2Fregister", "account/order", "checkout/cart", "checkout%2Fcheckout", "common/currency/currency&amp;code=EUR", "affiliate/login"], r => $"<li><a href='/index.php?route={r}'>{r}</a></li>");
        return Frame(title, head, $"<nav id='top'><ul class='list-inline'>{own}</ul></nav><header><h1 class='logo'><a href='/index.php?route=common/home'>Corner Shop</a></h1></header><nav id='menu'><ul>{menu}</ul></nav><div class='container'>{content}</div><footer><a href='/index.php?route=information/information&amp;information_id=4'>About Us</a></footer>");
    }
}

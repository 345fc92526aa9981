using Microsoft.AspNetCore.Http;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>
/// A small shop as the most usual free shop program sets it up: a front controller, few products in many categories of which most hold nothing, each product under the path of each category that shows it, under its
/// maker and under none, lists with sorts and limits, makers, specials, pages of information, tags that search, a wish list and a comparison.
/// </summary>
/// <param name="readable">Addresses of products, categories and makers are words; one of a product in a category begins with the category's.</param>
public sealed class DefaultCartShop(bool readable) : TestShop(products: 24, categories: 6, pictures: 3)
{
    private static readonly (string Path, string Name, int First, int Last)[] Sections =
    [
        ("20", "Desktops", 1, 12), ("20_26", "PC", 0, 0), ("20_27", "Mac", 3, 3), ("18", "Laptops", 9, 13), ("18_46", "Macs", 0, 0), ("18_45", "Windows", 0, 0),
        ("25", "Components", 0, 0), ("25_29", "Mice", 0, 0), ("25_28", "Monitors", 14, 15), ("25_30", "Printers", 0, 0), ("25_31", "Scanners", 0, 0), ("25_32", "Web Cameras", 0, 0),
        ("57", "Tablets", 16, 16), ("17", "Software", 0, 0), ("24", "Phones", 17, 19), ("33", "Cameras", 20, 21), ("34", "Players", 21, 24), ("34_43", "test 11", 0, 0), ("34_44", "test 12", 0, 0), ("34_47", "test 15", 0, 0),
        ("34_48", "test 16", 0, 0), ("34_49", "test 17", 0, 0), ("34_50", "test 18", 0, 0), ("34_51", "test 19", 0, 0), ("34_52", "test 20", 0, 0), ("34_58", "test 25", 0, 0),
    ];

    private static readonly string[] Information = ["About Us", "Delivery Information", "Privacy Policy", "Terms & Conditions"];

    protected override int PerPage => 15;

    public override bool DoneTo(string request)
    {
        string plain = Uri.UnescapeDataString(request);
        return new[] { "route=account/", "route=checkout/", "route=common/currency", "route=product/compare", "route=product/search", "route=affiliate/", "wishlist" }.Any(w => plain.Contains(w, StringComparison.Ordinal));
    }

    protected override string? Page(string path, IQueryCollection query)
    {
        if (path != "/" && path != "/index.php") return readable ? Named(path[1..].Split('/'), query) : null;
        string route = path == "/" ? "common/home" : query["route"].ToString();
        return route switch
        {
            "common/home" => Framed("Your Store", "", $"<h3>Featured</h3><div class='row'>{Each(Products.Take(4), p => Card(p, ""))}</div>"),
            "product/category" when Sections.FirstOrDefault(s => s.Path == query["path"]) is { Name: not null } section => Section(section, query["page"]),
            "product/product" => ById(query["product_id"]) is { } product ? Product(product) : null,
            "product/manufacturer" => Framed("Find Your Favourite Brand", "", $"<h1>Find Your Favourite Brand</h1><p><strong>Brand Index:</strong> <a href='/index.php?route=product/manufacturer#H'>H</a> <a href='/index.php?route=product/manufacturer#N'>N</a></p><h2 id='H'>H</h2><a href='{Maker("Halden")}'>Halden</a><h2 id='N'>N</h2><a href='{Maker("Norrvik")}'>Norrvik</a>"),
            "product/manufacturer/info" => OfMaker(query["manufacturer_id"] == "1" ? "Norrvik" : "Halden", query["page"]),
            "product/special" => List("Special Offers", Products.Skip(4).Take(3), "/index.php?route=product/special", "", "", query["page"]),
            "information/information" => int.TryParse(query["information_id"], out int id) && id is > 2 and < 7 ? Text(Information[id - 3]) : null,
            "information/contact" => Framed("Contact Us", "", "<h1>Contact Us</h1><p>Write to us.</p><form method='post'><input name='email'><textarea name='enquiry'></textarea></form>"),
            "information/sitemap" => Framed("Site Map", "", $"<h1>Site Map</h1><ul>{Each(Sections, s => $"<li><a href='{At(s.Path)}'>{s.Name}</a></li>")}</ul><ul><li><a href='/index.php?route=product/special'>Special Offers</a></li><li><a href='/index.php?route=account/account'>My Account</a></li><li><a href='/index.php?route=product/search'>Search</a></li></ul>"),
            _ => null,
        };
    }

    private string? Named(string[] words, IQueryCollection query)
    {
        string last = words[^1];
        if (BySlug(last) is { } product) return Product(product);
        if (last is "norrvik" or "halden") return OfMaker(last == "norrvik" ? "Norrvik" : "Halden", query["page"]);
        if (Information.FirstOrDefault(i => Word(i) == last) is { } information) return Text(information);
        return Sections.FirstOrDefault(s => At(s.Path) == "/" + string.Join('/', words)) is { Name: not null } section ? Section(section, query["page"]) : null;
    }

    private static string Word(string name) => name.ToLowerInvariant().Replace(" & ", " ", StringComparison.Ordinal).Replace(' ', '-');

    private string At(string path) => readable
        ? "/" + string.Join('/', path.Split('_').Select((_, i) => Word(Sections.First(s => s.Path == string.Join('_', path.Split('_').Take(i + 1))).Name)))
        : $"/index.php?route=product/category&amp;path={path}";

    private string Maker(string name) => readable ? "/" + Word(name) : $"/index.php?route=product/manufacturer/info&amp;manufacturer_id={(name == "Norrvik" ? 1 : 2)}";

    private string To(ShopProduct product, string within) => readable
        ? (within.StartsWith('/') ? within : "") + $"/{product.Slug}"
        : $"/index.php?route=product/product&amp;{within}product_id={product.Id}";

    private IEnumerable<ShopProduct> In((string Path, string Name, int First, int Last) section) => Products.Where(p => p.Id >= section.First && p.Id <= section.Last);

    private int Count((string Path, string Name, int First, int Last) section) => Sections.Where(s => s.Path == section.Path || s.Path.StartsWith(section.Path + "_", StringComparison.Ordinal)).SelectMany(In).Distinct().Count();

    private string OfMaker(string name, string? page) =>
        List(name, Products.Where(p => p.Brand == name), Maker(name), readable ? Maker(name) : $"manufacturer_id={(name == "Norrvik" ? 1 : 2)}&amp;", "", page);

    private string Section((string Path, string Name, int First, int Last) section, string? page)
    {
        string top = section.Path.Split('_')[0];
        string refine = section.Path == top ? $"<h3>Refine Search</h3><ul>{Each(Sections.Where(s => s.Path.StartsWith(top + "_", StringComparison.Ordinal)), s => $"<li><a href='{At(s.Path)}'>{s.Name} ({Count(s)})</a></li>")}</ul>" : "";
        string column = $"<aside id='column-left'><div class='list-group'>{Each(Sections.Where(s => !s.Path.Contains('_', StringComparison.Ordinal) || s.Path.StartsWith(top + "_", StringComparison.Ordinal)), s => $"<a href='{At(s.Path)}' class='list-group-item'>{s.Name} ({Count(s)})</a>")}</div></aside>";
        return List(section.Name, In(section), At(section.Path), readable ? At(section.Path) : $"path={section.Path}&amp;", column + refine, page);
    }

    private string List(string name, IEnumerable<ShopProduct> products, string address, string within, string more, string? page)
    {
        (IReadOnlyList<ShopProduct> shown, int pages, int at) = Cut(products, page);
        char and = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string And(string parameters) => $"{address}{(and == '&' ? "&amp;" : "?")}{parameters}";
        if (shown.Count == 0) return Framed(name, $"<link href='{address}' rel='canonical'>", $"{more}<div id='content'><h2>{name}</h2><p>There are no products to list in this category.</p><a href='/index.php?route=common/home' class='btn btn-primary'>Continue</a></div>");
        string sorts = Each(["sort=p.sort_order&amp;order=ASC", "sort=pd.name&amp;order=ASC", "sort=pd.name&amp;order=DESC", "sort=p.price&amp;order=ASC", "sort=p.price&amp;order=DESC", "sort=rating&amp;order=DESC", "sort=rating&amp;order=ASC", "sort=p.model&amp;order=ASC", "sort=p.model&amp;order=DESC"], s => $"<option value='{And(s)}'>{s}</option><a href='{And(s)}'>{s}</a>");
        string limits = Each([15, 25, 50, 75, 100], n => $"<a href='{And($"limit={n}")}'>{n}</a>");
        string turns = Each(Enumerable.Range(1, pages), n => n == at ? $"<li class='active'><span>{n}</span></li>" : $"<li><a href='{And($"page={n}")}'>{n}</a></li>");
        return Framed(name, $"<link href='{address}' rel='canonical'>", $"{more}<div id='content'><h2>{name}</h2><a href='/index.php?route=product/compare' id='compare-total'>Product Compare (0)</a>{sorts}{limits}<div class='row'>{Each(shown, p => Card(p, within))}</div><ul class='pagination'>{turns}</ul></div>");
    }

    private string Card(ShopProduct p, string within) =>
        $"<div class='product-layout product-grid col-lg-4'><div class='product-thumb'><div class='image'><a href='{To(p, within)}'><img src='/media/cache/{p.Slug}-1-228x228.jpg' alt='{p.Name}' class='img-responsive'></a></div><div class='caption'><h4><a href='{To(p, within)}'>{p.Name}</a></h4><p>A thing of quality..</p><p class='price'>${p.PriceText} <span class='price-tax'>Ex Tax: ${p.Price - 2:0.00}</span></p></div><div class='button-group'><button type='button' onclick=\"cart.add('{p.Id}')\">Add to Cart</button><button type='button' onclick=\"wishlist.add('{p.Id}')\">Wish</button><button type='button' onclick=\"compare.add('{p.Id}')\">Compare</button></div></div></div>";

    private string Product(ShopProduct p)
    {
        string pictures = Each(p.Pictures.Skip(1), picture => $"<li class='image-additional'><a class='thumbnail' href='{picture}' title='{p.Name}'><img src='{picture.Replace(".jpg", "-74x74.jpg", StringComparison.Ordinal)}' alt='{p.Name}'></a></li>");
        string related = p.Id % 3 == 0 ? $"<h3>Related Products</h3><div class='row'>{Each(Products.Where(o => o.Id == (p.Id % 24) + 1), o => Card(o, ""))}</div>" : "";
        return Framed(
            p.Name,
            $"<link href='{To(p, "")}' rel='canonical'>",
            $"""
            <ul class='breadcrumb'><li><a href='/index.php?route=common/home'>Home</a></li><li><a href='{To(p, "")}'>{p.Name}</a></li></ul>
            <div class='row'><div id='content' class='col-sm-12'><div class='row'><div class='col-sm-8'>
            <ul class='thumbnails'><li><a class='thumbnail' href='{p.Pictures[0]}' title='{p.Name}'><img src='{p.Pictures[0].Replace(".jpg", "-228x228.jpg", StringComparison.Ordinal)}' title='{p.Name}' alt='{p.Name}'></a></li>{pictures}</ul>
            <ul class='nav nav-tabs'><li class='active'><a href='#tab-description'>Description</a></li><li><a href='#tab-review'>Reviews (0)</a></li></ul><div id='tab-description'><p>Made to last, and easy to clean.</p></div></div>
            <div class='col-sm-4'><h1>{p.Name}</h1><ul class='list-unstyled'><li>Brand: <a href='{Maker(p.Brand)}'>{p.Brand}</a></li><li>Product Code: CS{p.Id}</li><li>Availability: In Stock</li></ul>
            <ul class='list-unstyled'><li><h2>${p.PriceText}</h2></li><li>Ex Tax: ${p.Price - 2:0.00}</li></ul>
            <div id='product'><div class='form-group'><label for='input-quantity'>Qty</label><input type='text' name='quantity' value='1' id='input-quantity'><button type='button' id='button-cart' class='btn btn-primary btn-lg btn-block'>Add to Cart</button></div></div></div></div>
            {related}<p>Tags: <a href='/index.php?route=product/search&amp;tag=thing{p.Id}'>thing{p.Id}</a></p></div></div>
            """);
    }

    private string Text(string title) => Framed(title, "", $"<h1>{title}</h1><p>We have sold things for many years, and we like them all.</p>");

    private string Framed(string title, string head, string content)
    {
        string menu = Each(Sections.Where(s => !s.Path.Contains('_', StringComparison.Ordinal)), top => Each(Sections.Where(s => s.Path.StartsWith(top.Path + "_", StringComparison.Ordinal)), s => $"<li><a href='{At(s.Path)}'>{s.Name} ({Count(s)})</a></li>") + $"<li><a href='{At(top.Path)}'>{(Sections.Any(s => s.Path.StartsWith(top.Path + "_", StringComparison.Ordinal)) ? "Show All " : "")}{top.Name}</a></li>");
        string own = Each(["account/account", "account/register", "account/login", "account/order", "account/transaction", "account/download", "account/wishlist", "checkout/cart", "checkout/checkout"], r => $"<li><a href='/index.php?route={r}'>{r}</a></li>");
        string about = Each(Information.Select((name, i) => (name, i)), x => $"<li><a href='{(readable ? "/" + Word(x.name) : $"/index.php?route=information/information&amp;information_id={x.i + 3}")}'>{x.name}</a></li>");
        string foot = Each(["information/contact", "account/return/add", "information/sitemap", "product/manufacturer", "account/voucher", "affiliate/login", "product/special", "account/newsletter"], r => $"<li><a href='/index.php?route={r}'>{r}</a></li>");
        return Frame(title, head, $"<nav id='top'><ul class='list-inline'><li><a href='/index.php?route=information/contact'>Call</a></li>{own}</ul></nav><header><h1 class='logo'><a href='/index.php?route=common/home'>Your Store</a></h1></header><nav id='menu'><ul>{menu}</ul></nav><div class='container'>{content}</div><footer><ul>{about}{foot}</ul></footer>");
    }
}

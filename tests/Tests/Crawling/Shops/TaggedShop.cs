using Microsoft.AspNetCore.Http;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>Readable addresses, a filter widget, sorts, more tag pages than products, each with one or two of them, and pictures of variants in the data of a form.</summary>
public sealed class TaggedShop() : TestShop(products: 40, categories: 2, pictures: 5)
{
    protected override int PerPage => 4;

    public override bool DoneTo(string request)
    {
        string plain = Uri.UnescapeDataString(request);
        return new[] { "add-to-cart", "yith-woocompare", "add_to_wishlist", "my-account", "/cart", "/checkout", "buy_now", "notify", "remove_item", "orderby=", "wp-login" }.Any(w => plain.Contains(w, StringComparison.Ordinal));
    }

    protected override string? Page(string path, IQueryCollection query)
    {
        string[] at = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string? page = at is [.., "page", var number] ? number : null;
        return at switch
        {
            [] or ["shop"] or ["shop", "page", _] => List("Shop", Narrowed(Products, query), "/shop/", page, query),
            ["product-category", var slug, ..] when Categories.FirstOrDefault(c => Slug(c) == slug) is { } category => List(category, Narrowed(Products.Where(p => p.Category == category), query), $"/product-category/{slug}/", page, query),
            ["product-tag", var tag, ..] when int.TryParse(tag[4..], out int index) => List($"Tag {index}", Products.Where(p => p.Id == index || (index % 2 == 0 && p.Id == index + 1)), $"/product-tag/{tag}/", page, query),
            ["product", var slug] => BySlug(slug) is { } product ? Product(product) : null,
            _ => null,
        };
    }

    private static IEnumerable<ShopProduct> Narrowed(IEnumerable<ShopProduct> products, IQueryCollection query) =>
        query.TryGetValue("filter_brand", out var brand) ? products.Where(p => p.Brand.Equals(brand, StringComparison.OrdinalIgnoreCase)) : query.ContainsKey("filter_color") ? products.Take(2) : query.ContainsKey("rating_filter") ? products.Take(1) : products;

    private static string Slug(string name) => name.ToLowerInvariant().Replace(' ', '-');

    private string List(string name, IEnumerable<ShopProduct> products, string path, string? page, IQueryCollection query)
    {
        (IReadOnlyList<ShopProduct> shown, int pages, int at) = Cut(products, page);
        string asked = query.Count == 0 ? "" : "?" + string.Join('&', query.Select(q => $"{q.Key}={q.Value}"));
        string sorts = Each(["popularity", "rating", "date", "price", "price-desc"], s => $"<a href='{path}?orderby={s}'>{s}</a>");
        string facets = Each(Enumerable.Range(1, 15), n => $"<li class='woocommerce-widget-layered-nav-list__item'><a rel='nofollow' href='{path}?filter_color=c{n}&amp;query_type_color=or'>Colour {n}</a></li>")
            + Each(["norrvik", "halden"], b => $"<li><a href='{path}?filter_brand={b}'>{b}</a></li>") + Each(Enumerable.Range(1, 5), n => $"<li><a href='{path}?rating_filter={n}'>{n} stars</a></li><li><a href='{path}?min_price={n}0&amp;max_price={n}9'>{n}0 to {n}9</a></li>");
        string turns = Each(Enumerable.Range(1, pages), n => n == at ? $"<li><span class='page-numbers current'>{n}</span></li>" : $"<li><a class='page-numbers' href='{path}page/{n}/{asked}'>{n}</a></li>");
        return Framed(name, $"<link rel='canonical' href='{path}'>", $"<aside class='widget-area'><ul>{facets}</ul></aside><main id='main'><header class='woocommerce-products-header'><h1 class='page-title'>{name}</h1></header>{sorts}<ul class='products columns-4'>{Each(shown, Card)}</ul><nav class='woocommerce-pagination'><ul class='page-numbers'>{turns}</ul></nav></main>");
    }

    private static string Card(ShopProduct p) =>
        $"<li class='product type-product post-{p.Id} instock'><a href='/product/{p.Slug}/' class='woocommerce-LoopProduct-link woocommerce-loop-product__link'><img width='324' height='324' src='/media/{p.Slug}-1-324x324.jpg' alt=''><h2 class='woocommerce-loop-product__title'>{p.Name}</h2><span class='price'><span class='woocommerce-Price-amount amount'><bdi><span class='woocommerce-Price-currencySymbol'>&pound;</span>{p.PriceText}</bdi></span></span></a><a href='?add-to-cart={p.Id}' class='button product_type_simple add_to_cart_button ajax_add_to_cart' rel='nofollow'>Add to cart</a><a href='?action=yith-woocompare-add-product&amp;id={p.Id}'>Compare</a><a href='?action=buy_now&amp;id={p.Id}'>Buy</a></li>";

    private string Product(ShopProduct p)
    {
        // Three slides; the other pictures are those of variants, which the form's data names.
        string slides = Each(p.Pictures.Take(3), picture => $"<div data-thumb='{picture.Replace(".jpg", "-100x100.jpg", StringComparison.Ordinal)}' class='woocommerce-product-gallery__image'><a href='{picture}'><img width='416' height='416' src='{picture.Replace(".jpg", "-416x416.jpg", StringComparison.Ordinal)}' class='wp-post-image' alt='' data-src='{picture}' data-large_image='{picture}'></a></div>");
        string variants = string.Join(',', p.Pictures.Skip(3).Select((picture, i) => $"{{\"attributes\":{{\"attribute_pa_colour\":\"c{i}\"}},\"display_price\":{p.PriceText},\"image\":{{\"title\":\"{p.Slug}\",\"url\":\"{picture}\",\"src\":\"{picture.Replace(".jpg", "-416x416.jpg", StringComparison.Ordinal)}\",\"full_src\":\"{picture}\",\"gallery_thumbnail_src\":\"{picture.Replace(".jpg", "-100x100.jpg", StringComparison.Ordinal)}\"}}}}"));
        string tags = Each(Enumerable.Range(p.Id, 3), n => $"<a href='/product-tag/tag-{n}/' rel='tag'>Tag {n}</a>");
        string related = Each(Products.Where(o => o.Id != p.Id && o.Category == p.Category).Take(3), Card);
        return Framed(
            p.Name,
            $"<link rel='canonical' href='/product/{p.Slug}/'>",
            $"""
            <nav class='woocommerce-breadcrumb'><a href='/'>Home</a>&nbsp;/&nbsp;<a href='/product-category/{Slug(p.Category)}/'>{p.Category}</a>&nbsp;/&nbsp;{p.Name}</nav>
            <div id='product-{p.Id}' class='product type-product post-{p.Id}'><div class='woocommerce-product-gallery woocommerce-product-gallery--columns-4 images'><figure class='woocommerce-product-gallery__wrapper'>{slides}</figure></div>
            <div class='summary entry-summary'><h1 class='product_title entry-title'>{p.Name}</h1><p class='price'><span class='woocommerce-Price-amount amount'><bdi><span class='woocommerce-Price-currencySymbol'>&pound;</span>{p.PriceText}</bdi></span></p><p>Made to last.</p>
            <form class='variations_form cart' method='post' data-product_id='{p.Id}' data-product_variations='[{variants}]'><select name='attribute_pa_colour'><option value=''>Choose</option><option value='c0'>First</option></select><button type='submit' class='single_add_to_cart_button button alt'>Add to cart</button></form>
            <a href='?add_to_wishlist={p.Id}'>Wish</a><a href='/product/{p.Slug}/?action=notify'>Tell me</a><div class='product_meta'><span class='sku_wrapper'>SKU: <span class='sku'>TS-{p.Id}</span></span> <span class='tagged_as'>Tags: {tags}</span></div></div>
            <section class='related products'><h2>Related products</h2><ul class='products columns-3'>{related}</ul></section></div>
            """);
    }

    private string Framed(string title, string head, string content)
    {
        string menu = Each(Categories, c => $"<li><a href='/product-category/{Slug(c)}/'>{c}</a></li>");
        return Frame($"{title} – Hill Shop", head, $"<header class='site-header'><a href='/'>Hill Shop</a><nav><ul><li><a href='/shop/'>Shop</a></li>{menu}<li><a href='/my-account/'>Account</a></li><li><a href='/cart/?remove_item=abc'>Cart</a></li><li><a href='/checkout/'>Checkout</a></li><li><a href='/en%2Fcart/'>Basket</a></li></ul></nav></header><div id='content'>{content}</div>");
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Touchstone.Market.Catalogue;

namespace Touchstone.Market.Shops;

/// <summary>A shop that sends an empty page and a script; what it sells is fetched as JSON and drawn by the browser.</summary>
internal sealed class ClientRenderedShop(IReadOnlyList<DemoListing> listings, DemoPictures pictures)
{
    private const int PageSize = 15;

    private const string Shell = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Klik &amp; Go</title></head><body><div id=\"app\"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=\"/app.js\"></script></body></html>";

    private const string Script = """
        const app = document.getElementById('app');
        const element = (name, text, attributes = {}) => Object.assign(document.createElement(name), attributes, text ? { textContent: text } : {});
        async function list(page) {
          const found = await (await fetch(`/api/products?page=${page}`)).json();
          app.append(element('h1', 'Klik & Go'));
          for (const item of found.items) app.append(element('a', `${item.title} ${item.price} EUR`, { href: `/p/${item.id}` }), element('br'));
          for (let i = 1; i <= found.pages; i++) app.append(element('a', `Page ${i}`, { href: `/?page=${i}` }), element('span', ' '));
          app.append(element('a', 'Help', { href: '/help' }));
        }
        async function product(id) {
          const item = await (await fetch(`/api/products/${id}`)).json();
          document.title = `${item.title} | Klik & Go`;
          app.append(element('a', 'All products', { href: '/' }), element('h1', item.title));
          for (const url of item.images) app.append(element('img', '', { src: url, width: 512, height: 512, alt: item.title }));
          app.append(element('p', `${item.price} EUR`), element('p', item.description), element('button', 'Buy now'));
          const facts = { '@context': 'https://schema.org', '@type': 'Product', name: item.title, description: item.description, sku: `KG${item.id}`,
            image: item.images.map(x => new URL(x, location.href).href), brand: item.brand ?? undefined, gtin13: item.gtin ?? undefined,
            offers: { '@type': 'Offer', price: item.price, priceCurrency: 'EUR', availability: 'https://schema.org/InStock' } };
          document.head.append(element('script', JSON.stringify(facts), { type: 'application/ld+json' }));
        }
        const path = location.pathname.match(/^\/p\/(\d+)$/);
        if (path) product(path[1]);
        else if (location.pathname === '/') list(new URLSearchParams(location.search).get('page') ?? 1);
        else app.append(element('h1', 'Help'), element('p', 'Write to us and we answer within a day.'), element('a', 'All products', { href: '/' }));
        """;

    public void Map(WebApplication app)
    {
        app.MapGet("/app.js", () => Results.Text(Script, "text/javascript"));
        app.MapGet("/robots.txt", () => Results.Text("User-agent: *\nDisallow: /api/admin\n"));
        app.MapGet("/api/products", (int? page) => Results.Json(new
        {
            Pages = (listings.Count + PageSize - 1) / PageSize,
            Items = listings.Skip(((page ?? 1) - 1) * PageSize).Take(PageSize).Select(x => new { Id = x.Number, x.Title, x.Price }),
        }));
        app.MapGet("/api/products/{id:int}", (int id) => listings.FirstOrDefault(x => x.Number == id) is { } listing
            ? Results.Json(new
            {
                Id = id,
                listing.Title,
                listing.Description,
                listing.Price,
                Brand = listing.StatesIdentifiers ? listing.Design.Brand : null,
                Gtin = listing.StatesIdentifiers ? listing.Design.Gtin : null,
                Images = listing.Pictures.Select((_, i) => $"/img/{listing.PictureName(i)}"),
            })
            : Results.NotFound());
        app.MapGet("/img/{name}", (string name) => DemoShop.Picture(listings, pictures, name));
        foreach (string path in (string[])["/", "/help", "/p/{id:int}"]) app.MapGet(path, () => DemoShop.Html(Shell));
    }
}
